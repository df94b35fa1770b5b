// Lives here: one card on the screen: what it shows in each state, and its form fields.
// Not here: its picture (picture.js), requests, other cards, when anything happens.

import { saysNothing } from "./caption_words.js";
import { Picture } from "./picture.js";

let hints = 0;

export class Card {
  /** Around a card that is in the page already: one the server rendered, or a clone of its template. */
  constructor(root, { say, formats }) {
    this.root = root;
    this.say = say;
    this.formats = formats;
    this.picture = new Picture(root.querySelector("[data-thumb]"));
    this.caption = root.querySelector("[data-caption]");
    this.caption.placeholder = say("caption_placeholder");
    this.alternative = root.querySelector("[data-alternative]");
    this.savedAlternative = this.alternative.value.trim();
    this.grip = root.querySelector("[data-grip]");
    // The arrow keys reach a slider in every screen reader.
    for (const [name, value] of Object.entries({ role: "slider", tabindex: 0, "aria-valuemin": 1 })) {
      this.grip.setAttribute(name, value);
    }
    root.querySelector("[data-caption-hint]").id = `caption-hint-${hints += 1}`;
    this.place = Number(root.querySelector("[data-position]").textContent);
    this.takeCaption(this.caption.value.trim());
  }

  /** For a file that has been chosen and is yet to go up; shows the file itself at once. */
  static forFile(template, file, wording) {
    const card = new Card(template.content.firstElementChild.cloneNode(true), wording);
    card.showFile(file);
    return card;
  }

  /** For a photo the server has and this page has not seen yet. */
  static forImage(template, image, wording) {
    const card = new Card(template.content.firstElementChild.cloneNode(true), wording);
    card.takeCaption(image.caption);
    card.takeAlternative(image.alternative_text);
    card.becomeReady(image);
    return card;
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  get id() {
    return Number(this.root.dataset.photoId) || null;
  }

  get state() {
    return this.root.dataset.state;
  }

  /** Whether the server has a photo for it, be it one that is just being replaced. */
  get isReady() {
    return this.id !== null;
  }

  /** What is told of its photo once another one has come in its place. */
  get snapshot() {
    return { id: this.id, savedCaption: this.savedCaption, place: this.place, thumbnailUrl: this.picture.thumbnailUrl };
  }

  /** A file that is yet to go up, instead of what the card shows. */
  showFile(file) {
    this.nameBehind = this.fileName;
    this.picture.showFile(file);
    this.nameFile(file.name);
  }

  /** Back to what was shown before that file. */
  dropFile() {
    this.picture.dropFile();
    this.nameFile(this.nameBehind);
    this.showState("ready", "");
  }

  nameFile(name) {
    this.part("[data-file-name]").textContent = name ?? "";
    this.fileName = name;
  }

  showState(state, text, isRetryable = true) {
    this.root.dataset.state = state;
    this.part("[data-state-text]").textContent = text;
    this.part("[data-action=retry]").hidden = !isRetryable;
  }

  showQueued(isRetry) {
    this.showState("queued", this.say(isRetry ? "state_again" : "state_queued"));
    this.part("[data-progress]").value = 0;
  }

  /** `share` of the file that has gone up; at 1 the server is at work, for nobody knows how long. */
  showProgress(share) {
    const progress = this.part("[data-progress]");
    if (share < 1) progress.value = share;
    else progress.removeAttribute("value");
    const text = share < 1
      ? this.say("state_uploading", { percent: this.formats.percent(share) })
      : this.say("state_checking");
    this.showState("uploading", text);
  }

  showFailure(error, text) {
    this.showState("failed", text, !error.hopeless);
  }

  becomeReady(image) {
    this.root.dataset.photoId = image.id;
    this.showState("ready", "");
    this.part("[data-progress]").value = 1;
    this.picture.takeVersions(image);
  }

  /** `place` counts from 1 among `total`. */
  showPlace(place, total, isCover) {
    this.place = place;
    this.showAlternative();
    this.showPlaceAmong(place, total);
    this.root.toggleAttribute("data-cover", isCover);
    this.part("[data-position]").textContent = place;
    const buttons = { "move-earlier": place === 1, "move-later": place === total, "make-cover": isCover };
    for (const [action, isOff] of Object.entries(buttons)) {
      // Not `disabled`: that would throw the focus away from a button that was just pressed.
      this.part(`[data-action=${action}]`).setAttribute("aria-disabled", isOff);
    }
    for (const button of this.root.querySelectorAll("[data-action]")) {
      button.setAttribute("aria-label", this.say(button.dataset.action, { position: place }));
    }
    this.caption.setAttribute("aria-label", this.say("caption_label", { position: place }));
    this.alternative.setAttribute("aria-label", this.say("alternative_label", { position: place }));
    this.part("[data-progress]").setAttribute("aria-label", this.say("progress_label", { position: place }));
  }

  showPlaceAmong(place, total) {
    const label = this.say("position", { position: place, total });
    this.root.setAttribute("aria-label", label);
    const values = { "aria-label": this.say("grip", { position: place }), "aria-valuenow": place,
      "aria-valuemax": total, "aria-valuetext": label };
    for (const [name, value] of Object.entries(values)) this.grip.setAttribute(name, value);
    const places = this.part("[data-place]");
    if (places.length !== total) {
      places.replaceChildren(...Array.from({ length: total }, (_, index) => new Option(index + 1, index + 1)));
    }
    places.value = place;
    places.setAttribute("aria-label", this.say("place", { position: place }));
  }

  // Photos that were here when the page was made have form fields. What the script saved must look unchanged
  // to the form: it takes a posted value only where that differs from its "initial-" twin.
  settleField(field, value) {
    if (!field) return;
    if (field !== document.activeElement) field.value = value;
    const twin = field.name && this.part(`[name="initial-${field.name}"]`);
    if (twin) twin.value = value;
  }

  settlePlace(place) {
    this.settleField(this.part("input._reorder_"), place);
  }

  takeCaption(caption) {
    this.savedCaption = caption;
    this.settleField(this.caption, caption);
    // The field is often narrower than what is in it.
    this.caption.title = caption;
    this.showAlternative();
  }

  takeAlternative(text) {
    this.savedAlternative = text;
    this.settleField(this.alternative, text);
    this.showAlternative();
  }

  /** What stands for the photo where it is not seen. */
  get standIn() {
    const name = this.place ? this.say("photo_name", { position: this.place }) : "";
    return this.savedAlternative || this.savedCaption || name;
  }

  showAlternative() {
    this.part("[data-thumb]").alt = this.standIn;
  }

  toggleMore() {
    const more = this.part("[data-more]");
    more.hidden = !more.hidden;
    this.part("[data-action=more]").setAttribute("aria-expanded", !more.hidden);
  }

  /** Only once somebody works on the caption: a page that is read does not jump. */
  suggestWords() {
    const hint = this.part("[data-caption-hint]");
    const isNeeded = saysNothing(this.savedCaption);
    hint.hidden = !isNeeded;
    // What is hidden would be read out all the same.
    if (isNeeded) this.caption.setAttribute("aria-describedby", hint.id);
    else this.caption.removeAttribute("aria-describedby");
  }

  get isSelected() {
    return this.part("[data-action=select]").getAttribute("aria-checked") === "true";
  }

  select(on) {
    this.part("[data-action=select]").setAttribute("aria-checked", on);
  }

  /** What becomes of the text in `field`, the caption's or the other one. */
  showTextState(field, state, text) {
    const label = field.closest("[data-text-state]");
    label.dataset.textState = state;
    label.title = text;
    const marks = { saving: "sync", saved: "check", failed: "error" };
    label.querySelector("[data-text-mark]").textContent = marks[state] ?? "";
    field.setAttribute("aria-invalid", state === "failed");
  }

  /** The name by which messages call this photo. */
  get name() {
    return this.fileName ?? (this.savedCaption || this.say("photo_name", { position: this.place }));
  }
}
