// Lives here: the cards in their order, drawn from the state; those out of sight; the count; the order's glide.
// Not here: one card (card.js), what made a photo come, go or move.

import { Card, set, setText } from "./card.js";
import { sayCount } from "./words.js";

const GLIDE_MS = 150;

export class Grid {
  /** `roots` are the cards the server rendered, in the order of the state's photos. */
  constructor({ panel, state, formats, labels, kinds, room, roots }) {
    Object.assign(this, { panel, state, formats });
    this.element = panel.querySelector("[data-photos]");
    // Behind the photos: what asks for more of them.
    this.end = panel.querySelector("[data-slots]");
    this.drawer = panel.querySelector("[data-drawer]");
    this.template = panel.querySelector("[data-photo-template]");
    this.wording = { formats, labels, kinds, room, keysId: panel.querySelector("[data-keys]").id };
    this.cards = new Map();
    this.photoByRoot = new WeakMap();
    // sortable2 has the order in hand.
    this.isDragging = false;
    roots.forEach((root, index) => this.enrol(state.photos[index], root));
    state.onChange(() => this.draw());
  }

  enrol(photo, root) {
    const card = new Card(root, this.wording);
    this.cards.set(photo, card);
    this.photoByRoot.set(root, photo);
    return card;
  }

  cardOf(photo) {
    return this.cards.get(photo) ?? this.enrol(photo, this.template.content.firstElementChild.cloneNode(true));
  }

  photoOf(element) {
    return this.photoByRoot.get(element.closest("[data-photo]"));
  }

  /** As they stand on the screen. Without the ghost that a drag shows for a while. */
  get onScreen() {
    return [...this.element.children].map((root) => this.photoByRoot.get(root)).filter(Boolean);
  }

  focus(photo, selector) {
    this.cards.get(photo)?.part(selector)?.focus();
  }

  /** The same part of the card that stands at `index` now, or of the last; the file button where there is none. */
  focusNear(index, selector) {
    const photo = this.state.photos[index] ?? this.state.photos.at(-1);
    if (photo) this.focus(photo, selector);
    else this.panel.querySelector("[data-photo-input]").focus();
  }

  /** Somebody is in the photo's caption: from now on it may be told what a good one says. */
  workOn(photo) {
    const card = this.cards.get(photo);
    card.isWorkedOn = true;
    card.drawHint(photo);
  }

  draw() {
    const { photos, cover } = this.state;
    this.putAway();
    // Drawn before it is put in: a card comes with its state.
    photos.forEach((photo, index) => this.cardOf(photo).draw(photo, {
      place: index + 1, total: photos.length, isCover: photo === cover, advice: this.state.adviceOf(photo),
    }));
    this.arrange(photos.map((photo) => this.cards.get(photo).root));
    this.drawCount();
  }

  // A removed card of the form stays in the page, out of sight: the form counts its fields, and undo needs them.
  putAway() {
    const { photos, away } = this.state;
    for (const [photo, card] of this.cards) {
      if (photos.includes(photo)) continue;
      card.root.removeAttribute("data-photo");
      if (away.includes(photo)) {
        if (card.root.parentNode !== this.drawer) this.drawer.append(card.root);
      } else {
        card.forgetPreview();
        card.root.remove();
        this.cards.delete(photo);
      }
    }
  }

  arrange(roots) {
    const added = roots.filter(({ parentNode }) => parentNode !== this.element);
    for (const root of added) set(root, { "data-photo": "" });
    this.end.before(...added);
    const present = this.onScreen.map((photo) => this.cards.get(photo).root);
    if (this.isDragging || isSame(present, roots)) return;
    const active = document.activeElement;
    // What has just come stands where it belongs: only what was seen elsewhere glides.
    if (added.length > 0) this.reorder(present, roots);
    else glide(roots, () => this.reorder(present, roots));
    // Moving an element in the page takes the focus from it.
    if (active !== document.activeElement && this.element.contains(active)) active.focus();
  }

  // Where one has moved only that one is moved in the page, and rather not the one somebody works in.
  reorder(present, wanted) {
    const movers = wanted.filter((root) => isSame(without(present, root), without(wanted, root)));
    const mover = movers.find((root) => !root.contains(document.activeElement)) ?? movers[0];
    if (mover) this.element.insertBefore(mover, wanted[wanted.indexOf(mover) + 1] ?? this.end);
    else this.end.before(...wanted);
  }

  drawCount() {
    const { state, panel } = this;
    const isFull = state.placesLeft === 0;
    const underWay = state.underWay.length;
    set(panel, { "data-count": state.ready.length });
    panel.toggleAttribute("data-full", isFull);
    setText(panel.querySelector("[data-count-text]"), `${state.ready.length} / ${state.limit}`);
    setText(
      panel.querySelector("[data-under-way]"),
      underWay ? sayCount(ngettext("%(count)s under way", "%(count)s under way", underWay), underWay) : "",
    );
    panel.querySelector("[data-photo-input]").disabled = isFull;
    panel.querySelector("[data-action=retry-all]").hidden =
      state.failed.filter(({ upload }) => !upload.error.permanent).length < 2;
  }

  /** Before the form is sent: what the server has already must not look like a change. */
  markSaved() {
    const kept = this.state.orderIsSaved ? this.state.keptOrder : [];
    for (const [photo, card] of this.cards) card.markSaved(photo, photo.image && kept.indexOf(photo.image.id) + 1);
  }
}

const isSame = (one, other) => one.length === other.length && one.every((root, index) => root === other[index]);
const without = (roots, root) => roots.filter((other) => other !== root);

/** Rearranged at once, the elements glide to their new places, so that the eye can follow. */
function glide(elements, rearrange) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return rearrange();
  const before = elements.map((element) => element.getBoundingClientRect());
  rearrange();
  return elements.forEach((element, index) => {
    const after = element.getBoundingClientRect();
    const [x, y] = [before[index].left - after.left, before[index].top - after.top];
    if (x || y) element.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], { duration: GLIDE_MS, easing: "ease-out" });
  });
}
