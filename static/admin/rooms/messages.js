// Lives here: what is said to the person: the live region, a line for each thing that failed, and the notice that offers the
// way back from what was done last.
// Not here: the sentences, the cards' own states, what a way back does, the Save bar (leaving.js).

import { named } from "./words.js";

const OFFERED_MS = 8000;

export class Messages {
  constructor(panel) {
    this.panel = panel;
    this.status = panel.querySelector("[data-status]");
    this.box = panel.querySelector("[data-errors-box]");
    this.list = panel.querySelector("[data-errors]");
    this.template = panel.querySelector("[data-error-template]");
    this.lines = new Map();
    this.closeAll = panel.querySelector("[data-action=dismiss-errors]");
    this.closeAll.addEventListener("click", () => {
      this.dismissAll();
      this.panel.querySelector("input[type=file]").focus();
    });
  }

  announce(...sentences) {
    this.status.textContent = sentences.join(" ");
  }

  /** Takes back what was announced, once it is no longer so. */
  unsay(sentence) {
    if (this.status.textContent === sentence) this.status.textContent = "";
  }

  /** One line for `about` (a file, a photo, a field): a new one takes the place of the old. */
  report(about, name, text) {
    this.dismiss(about);
    const line = this.template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-error-name]").textContent = name;
    line.querySelector("[data-error-text]").textContent = named("", text);
    line.querySelector("button").addEventListener("click", () => this.dismiss(about));
    this.lines.set(about, line);
    this.list.append(line);
    this.showBox();
  }

  /** The way back in, beside what failed for want of it. */
  offerSignIn(isNeeded) {
    this.box.querySelector("[data-sign-in]").hidden = !isNeeded;
  }

  /** What went wrong with `about` does not matter any more. */
  dismiss(about) {
    if (!this.lines.has(about)) return;
    this.lines.get(about).remove();
    this.lines.delete(about);
    this.showBox();
  }

  dismissAll() {
    [...this.lines.keys()].forEach((about) => this.dismiss(about));
  }

  showBox() {
    this.box.hidden = this.lines.size === 0;
    this.closeAll.hidden = this.lines.size < 2;
  }

  /** Shows the lines; where they were closed, the photo that failed. */
  show() {
    const place = this.box.hidden ? this.panel.querySelector("[data-photo][data-state=failed]") : this.box;
    place?.scrollIntoView({ block: "center" });
    this.list.querySelector("button")?.focus({ preventScroll: true });
  }
}

/** The way back. An offer is `{ takeBack(), forget() }`: just one of the two is called, once. */
export function createUndo(panel) {
  const notice = panel.querySelector("[data-notice]");
  let offer = null;
  let timer = null;

  /** Shown again, an offer only changes its words; another one takes its place. */
  function show(newOffer, words) {
    if (offer !== newOffer) forget();
    offer = newOffer;
    notice.querySelector("[data-notice-text]").textContent = words;
    notice.hidden = false;
    startTimer();
  }

  function hide() {
    clearTimeout(timer);
    notice.hidden = true;
    offer = null;
  }

  function forget() {
    offer?.forget();
    hide();
  }

  function takeBack() {
    const taken = offer;
    hide();
    taken?.takeBack();
  }

  function startTimer() {
    clearTimeout(timer);
    if (offer) timer = setTimeout(forget, OFFERED_MS);
  }

  // Nobody loses the way back while reading or reaching for it.
  for (const kind of ["pointerenter", "focusin"]) notice.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "focusout"]) notice.addEventListener(kind, startTimer);

  // In a field the keys take back what was typed.
  panel.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    if (!isUndo || !offer || event.target.matches("input, textarea")) return;
    event.preventDefault();
    takeBack();
  });

  /** What an offer would take back has come to nothing. */
  const withdraw = (gone) => { if (offer === gone) hide(); };

  return { show, takeBack, withdraw };
}
