// Lives here: the cards on the screen in their order, and what depends on all of them: places, cover, count.
// Not here: requests, what made a card come, go or move.

import { Card } from "./card.js";

export class Board {
  constructor(panel, { say, formats, limit }) {
    this.panel = panel;
    this.grid = panel.querySelector("[data-photos]");
    this.drawer = panel.querySelector("[data-drawer]");
    this.template = panel.querySelector("[data-photo-template]");
    this.wording = { say, formats };
    this.limit = limit;
    this.byRoot = new Map();
    this.listeners = [];
    for (const root of this.grid.querySelectorAll("[data-photo]")) this.enrol(new Card(root, this.wording));
  }

  enrol(card) {
    card.grip.setAttribute("aria-describedby", this.panel.querySelector("[data-keys]").id);
    this.byRoot.set(card.root, card);
    return card;
  }

  /** In the order of the screen. Without the ghost that a drag shows for a while. */
  get cards() {
    return [...this.grid.children].map((root) => this.byRoot.get(root)).filter(Boolean);
  }

  get readyCards() {
    return this.cards.filter((card) => card.isReady);
  }

  get readyIds() {
    return this.readyCards.map((card) => card.id);
  }

  /** Cards whose photo is neither here for good nor given up: it will need a place. */
  get underWay() {
    return this.cards.filter((card) => card.state === "queued" || card.state === "uploading");
  }

  get placesLeft() {
    // One that is being replaced is both.
    return Math.max(0, this.limit - new Set([...this.readyCards, ...this.underWay]).size);
  }

  cardOf(element) {
    return this.byRoot.get(element.closest("[data-photo]"));
  }

  cardById(id) {
    return this.cards.find((card) => card.id === id);
  }

  addFile(file) {
    return this.add(Card.forFile(this.template, file, this.wording));
  }

  addImage(image) {
    return this.add(Card.forImage(this.template, image, this.wording));
  }

  add(card) {
    this.grid.append(card.root);
    return this.enrol(card);
  }

  /** Puts the card at `index` among the others. */
  place(card, index) {
    const others = this.cards.filter((other) => other !== card);
    const next = others[index]?.root ?? null;
    // What is moved loses the focus: only where it has to.
    const isThere = card.root.parentNode === this.grid && card.root.nextElementSibling === next;
    if (!isThere) this.grid.insertBefore(card.root, next);
  }

  // A removed card of the form stays in the page, out of sight: the form counts its fields, and undo needs them.
  remove(card) {
    card.root.removeAttribute("data-photo");
    this.drawer.append(card.root);
    this.refresh();
  }

  /** The card of a photo that was removed in this page. */
  removedById(id) {
    return [...this.drawer.children].map((root) => this.byRoot.get(root)).find((card) => card.id === id);
  }

  putBack(card, index) {
    card.root.setAttribute("data-photo", "");
    this.place(card, index);
    this.refresh();
  }

  refresh() {
    const { cards } = this;
    const cover = cards.find((card) => card.isReady || card.state !== "failed");
    cards.forEach((card, index) => card.showPlace(index + 1, cards.length, card === cover));
    this.showCount();
    this.listeners.forEach((listener) => listener());
  }

  showCount() {
    const count = this.readyCards.length;
    const underWay = this.underWay.length;
    const isFull = this.placesLeft === 0;
    const { say } = this.wording;
    this.panel.dataset.count = count;
    this.panel.toggleAttribute("data-full", isFull);
    this.panel.querySelector("[data-count-text]").textContent = `${count} / ${this.limit}`;
    this.panel.querySelector("[data-under-way]").textContent = underWay ? say("under_way", { count: underWay }) : "";
    this.panel.querySelector("[data-photo-input]").disabled = isFull;
  }
}
