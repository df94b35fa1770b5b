// Lives here: one card on the screen, drawn from its photo: picture, state, names of its parts, texts.
// Not here: other cards (grid.js), requests, when anything happens.

import { savedText, stateOf } from "./state.js";
import { photoName, say, saysNothing } from "./words.js";

let hints = 0;

/** Only what changes is written: what is written again is read out again, or loses what somebody types. */
export function set(element, values) {
  for (const [name, value] of Object.entries(values)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

export function setText(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

/** The photo that a card shows which the server has rendered. */
export function readImage(root) {
  const thumb = root.querySelector("[data-thumb]");
  const badge = root.querySelector("[data-advice]");
  // On a form that came back the field has what was posted, and its twin what is saved.
  const caption = root.querySelector('[name^="initial-"][name$="-caption"]')?.value ?? root.querySelector("[data-caption]").defaultValue;
  const advice = [...badge.querySelectorAll("[data-advice-code]")];
  return {
    id: Number(root.dataset.photoId),
    url: thumb.dataset.url,
    thumbnail_url: thumb.getAttribute("src"),
    srcset: thumb.srcset,
    caption: caption.trim(),
    alternative_text: root.querySelector("[data-alternative]").defaultValue.trim(),
    kind: root.querySelector("[data-kind-choice] option[selected]")?.value ?? "",
    advice: advice.map((reason) => ({ code: reason.dataset.adviceCode, text: reason.textContent })),
    advice_declined: badge.dataset.declined.split(" ").filter(Boolean),
  };
}

/** The name by which messages call this photo. */
export const nameOf = (photo, place) => fileNameOf(photo) || savedText(photo, "caption") || photoName(place);

const fileNameOf = ({ upload, fileName }) => upload?.file.name ?? fileName;

export class Card {
  /** Around a card that is in the page already: one the server rendered, or a clone of its template. */
  constructor(root, { formats, labels, kinds, room, keysId }) {
    Object.assign(this, { root, formats, labels, kinds, room });
    this.thumb = this.part("[data-thumb]");
    this.fields = {
      caption: this.part("[data-caption]"), alternative_text: this.part("[data-alternative]"), kind: this.part("[data-kind-choice]"),
    };
    this.fields.caption.placeholder = gettext("Caption");
    // What is shown: the address of the server's version, or the file that is to come.
    this.shown = this.thumb.dataset.url ?? null;
    this.preview = null;
    this.isWorkedOn = false;
    // The arrow keys reach a slider in every screen reader.
    set(this.part("[data-grip]"), { role: "slider", tabindex: 0, "aria-valuemin": 1, "aria-describedby": keysId });
    this.part("[data-caption-hint]").id = `caption-hint-${hints += 1}`;
    this.listenForMore();
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  draw(photo, { place, total, isCover, advice }) {
    set(this.root, { "data-photo-id": photo.image?.id ?? "", "data-state": stateOf(photo) });
    this.root.toggleAttribute("data-cover", isCover);
    this.root.toggleAttribute("data-rotating", photo.rotation !== null);
    this.drawPicture(photo, place);
    this.drawUpload(photo);
    this.drawPlace(place, total);
    this.drawNames(place, total, isCover);
    for (const field of Object.keys(this.fields)) this.drawText(photo, field);
    this.drawHint(photo);
    this.drawAdvice(advice);
    set(this.part("[data-action=select]"), { "aria-checked": photo.isSelected });
  }

  // --- the picture ---

  drawPicture(photo, place) {
    set(this.thumb, { alt: this.standIn(photo, place) });
    setText(this.part("[data-file-name]"), fileNameOf(photo));
    setText(this.part("[data-note]"), photo.isSmaller ? gettext("Resized") : "");
    const { image, upload } = photo;
    const wanted = upload?.file ?? image?.url ?? null;
    if (wanted === this.shown) return;
    const before = this.shown;
    this.shown = wanted;
    if (upload) this.showFile(upload.file);
    // No flicker, and nothing blank if it never comes.
    else if (this.thumb.src && before !== null) this.showOnceLoaded(image);
    else if (image) this.showImage(image);
  }

  /** What stands for the photo where it is not seen: a text, else what it shows, and where. */
  standIn(photo, place) {
    const shown = [this.kinds[savedText(photo, "kind")], this.room].filter(Boolean);
    const kind = savedText(photo, "kind") && shown.join(", ");
    return savedText(photo, "alternative_text") || savedText(photo, "caption") || kind || photoName(place);
  }

  showFile(file) {
    this.forgetPreview();
    this.preview = URL.createObjectURL(file);
    this.thumb.removeAttribute("srcset");
    this.thumb.src = this.preview;
  }

  showImage({ width, height, srcset, thumbnail_url: src }) {
    if (width && height) Object.assign(this.thumb, { width, height });
    Object.assign(this.thumb, { srcset, src });
    this.forgetPreview();
  }

  showOnceLoaded(image) {
    const loaded = new Image();
    loaded.onload = () => {
      // Another one may have come meanwhile.
      if (this.shown === image.url) this.showImage(image);
    };
    Object.assign(loaded, { sizes: this.thumb.sizes, srcset: image.srcset, src: image.thumbnail_url });
  }

  forgetPreview() {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.preview = null;
  }

  /** What the large view shows. */
  large({ upload, image }) {
    return upload ? { src: this.preview, srcset: "" } : { src: image.url, srcset: image.srcset };
  }

  // --- on its way up ---

  drawUpload({ upload }) {
    setText(this.part("[data-state-text]"), upload ? this.uploadWords(upload) : "");
    this.part("[data-action=retry]").hidden = upload?.error?.permanent ?? false;
    const progress = this.part("[data-progress]");
    const share = upload ? shareOf(upload) : 1;
    if (share === null) progress.removeAttribute("value");
    else set(progress, { value: share });
  }

  uploadWords({ state, error, phase, share, words }) {
    if (state === "failed") return words;
    if (phase === "shrinking") return gettext("Making it smaller…");
    if (phase === "sending" && share === 1) return gettext("Checking…");
    if (phase === "sending") return say(gettext("Uploading, %(percent)s"), { percent: this.formats.percent(share) });
    if (navigator.onLine === false) return gettext("Waiting for the connection");
    return error === null ? gettext("Waiting") : gettext("Trying again…");
  }

  // --- its place ---

  drawPlace(place, total) {
    const label = say(gettext("Photo %(position)s of %(total)s"), { position: place, total });
    set(this.root, { "aria-label": label });
    setText(this.part("[data-position]"), place);
    set(this.part("[data-grip]"), {
      "aria-label": say(gettext("Place of photo %(position)s"), { position: place }),
      "aria-valuenow": place, "aria-valuemax": total, "aria-valuetext": label,
    });
    const places = this.part("[data-place]");
    if (places.length !== total) {
      places.replaceChildren(...Array.from({ length: total }, (_, index) => new Option(index + 1, index + 1)));
    }
    places.value = place;
    set(places, { "aria-label": say(gettext("Move photo %(position)s to place"), { position: place }) });
  }

  drawNames(place, total, isCover) {
    const names = namesOfParts();
    for (const [action, text] of Object.entries(names.buttons)) {
      set(this.part(`[data-action=${action}]`), { "aria-label": say(text, { position: place }) });
    }
    for (const [selector, text] of Object.entries(names.others)) {
      set(this.part(selector), { "aria-label": say(text, { position: place }) });
    }
    // Not `disabled`: that would throw the focus away from a button that was just pressed.
    const off = { "move-earlier": place === 1, "move-later": place === total, "make-cover": isCover };
    for (const [action, isOff] of Object.entries(off)) set(this.part(`[data-action=${action}]`), { "aria-disabled": isOff });
  }

  // --- its texts ---

  drawText(photo, name) {
    const field = this.fields[name];
    if (field.value !== photo.typed[name] && field !== document.activeElement) field.value = photo.typed[name];
    drawTextState(field, photo.textState[name]);
  }

  /** Only once somebody works on the caption: a page that is read does not jump. */
  drawHint(photo) {
    if (!this.isWorkedOn) return;
    const hint = this.part("[data-caption-hint]");
    hint.hidden = !saysNothing(savedText(photo, "caption"));
    // What is hidden would be read out all the same.
    if (hint.hidden) this.fields.caption.removeAttribute("aria-describedby");
    else set(this.fields.caption, { "aria-describedby": hint.id });
  }

  /** What the form carries must look unchanged to the server where it has been saved already. */
  markSaved(photo, placeOnServer) {
    const places = this.part("input._reorder_");
    if (placeOnServer) this.markField(places, placeOnServer, placeOnServer);
    for (const name of Object.keys(this.fields)) this.markField(this.fields[name], photo.typed[name], savedText(photo, name));
  }

  // The form takes a posted value only where that differs from its "initial-" twin.
  markField(field, value, saved) {
    field.value = value;
    const twin = field.name && this.part(`[name="initial-${field.name}"]`);
    if (twin) twin.value = saved;
  }

  // --- advice ---

  drawAdvice(said) {
    const badge = this.part("[data-advice]");
    const isLeft = said.length === 0 && badge.contains(document.activeElement);
    badge.hidden = said.length === 0;
    if (badge.hidden) badge.open = false;
    setText(this.part("[data-advice-labels]"), said.map(({ code }) => this.labels[code]).join(" · "));
    const reasons = this.part("[data-advice-reasons]");
    if (reasons.textContent !== said.map(({ text }) => text).join("")) reasons.replaceChildren(...said.map(reasonOf));
    if (isLeft) this.part("[data-action=more]").focus();
  }

  // --- the sheet with what is rarer ---

  listenForMore() {
    const [opener, sheet] = [this.part("[data-action=more]"), this.part("[data-more]")];
    opener.popoverTargetElement = sheet;
    sheet.addEventListener("beforetoggle", ({ newState }) => {
      set(opener, { "aria-expanded": newState === "open" });
      const { bottom, right } = opener.getBoundingClientRect();
      sheet.style.setProperty("--below", `${bottom + scrollY}px`);
      sheet.style.setProperty("--beside", `${document.documentElement.clientWidth - right}px`);
    });
    sheet.addEventListener("toggle", ({ newState }) => newState === "open" && sheet.scrollIntoView({ block: "nearest" }));
  }
}

/** Beside a text's field: whether it is saved. */
export function drawTextState(field, state = "") {
  const label = field.closest("[data-text-state]");
  const { mark, text } = textMarks()[state] ?? { mark: "", text: "" };
  set(label, { "data-text-state": text ? state : "", title: text });
  setText(label.querySelector("[data-text-mark]"), mark);
  set(field, { "aria-invalid": state === "failed" });
}

function reasonOf({ code, text }) {
  const reason = document.createElement("p");
  reason.dataset.adviceCode = code;
  reason.textContent = text;
  return reason;
}

/** How much of the file has gone up; null while the server, or this device, is at work for nobody knows how long. */
function shareOf({ state, phase, share }) {
  if (state !== "uploading" || phase === "waiting") return 0;
  return phase === "shrinking" || share === 1 ? null : share;
}

const textMarks = () => ({
  saving: { mark: "sync", text: gettext("Saving…") },
  saved: { mark: "check", text: gettext("Saved") },
  failed: { mark: "error", text: gettext("Not saved") },
});

const namesOfParts = () => ({
  buttons: {
    "move-earlier": gettext("Move photo %(position)s earlier"),
    "move-later": gettext("Move photo %(position)s later"),
    "make-cover": gettext("Make photo %(position)s the cover"),
    remove: gettext("Remove photo %(position)s"),
    view: gettext("View photo %(position)s large"),
    more: gettext("More for photo %(position)s: rotate, replace, alternative text"),
    "rotate-left": gettext("Rotate photo %(position)s left"),
    "rotate-right": gettext("Rotate photo %(position)s right"),
    replace: gettext("Replace photo %(position)s"),
    keep: gettext("Keep anyway, photo %(position)s"),
    select: gettext("Select photo %(position)s"),
    retry: gettext("Try photo %(position)s again"),
  },
  others: {
    "[data-caption]": gettext("Caption of photo %(position)s"),
    "[data-alternative]": gettext("Alternative text of photo %(position)s"),
    "[data-kind-choice]": gettext("What photo %(position)s shows"),
    "[data-progress]": gettext("Upload of photo %(position)s"),
    "[data-more]": gettext("More for photo %(position)s: rotate, replace, alternative text"),
  },
});
