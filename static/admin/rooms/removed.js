// Lives here: the list of removed photos under the grid, and bringing one back from there.
// Not here: removing, and its notice (removal.js).

import { indexOfPlace } from "./order.js";
import { onFirstUse } from "./texts.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export function createRemoved({ panel, board, transport, messages, ordering, captions, say }) {
  const section = panel.querySelector("[data-removed]");
  const list = section.querySelector("[data-removed-list]");
  const keptMs = Number(section.dataset.restorableDays) * DAY_MS;
  const template = panel.querySelector("[data-removed-template]");
  const language = document.documentElement.lang || "en";
  const moments = onFirstUse(
    () => new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }),
  );

  /** `photo` is what a card tells of the one it had (`snapshot`). */
  function add(photo) {
    const entry = template.content.firstElementChild.cloneNode(true);
    const part = (selector) => entry.querySelector(selector);
    const name = photo.savedCaption || say("photo_name", { position: photo.place });
    entry.dataset.removedPhoto = photo.id;
    part("[data-removed-thumb]").src = photo.thumbnailUrl;
    part("[data-removed-name]").textContent = name;
    part("[data-action=restore]").setAttribute("aria-label", say("restore", { name }));
    part("[data-removed-at]").dateTime = new Date().toISOString();
    part("[data-restorable-until]").dateTime = new Date(Date.now() + keptMs).toISOString();
    showTimes(entry);
    list.prepend(entry);
    showCount();
  }

  function drop(id) {
    list.querySelector(`[data-removed-photo="${id}"]`)?.remove();
    showCount();
  }

  function showCount() {
    section.querySelector("[data-removed-count]").textContent = list.children.length;
    section.hidden = list.children.length === 0;
  }

  // The server does not know where its reader is.
  function showTimes(root) {
    for (const time of root.querySelectorAll("time")) time.textContent = moments().format(new Date(time.dateTime));
  }

  async function restore(button) {
    const entry = button.closest("[data-removed-photo]");
    const complaint = entry.querySelector("[data-removed-error]");
    complaint.textContent = "";
    button.setAttribute("aria-disabled", true);
    const answer = await transport.restore(Number(entry.dataset.removedPhoto)).catch((error) => ({ error }));
    button.setAttribute("aria-disabled", false);
    if (answer.error) {
      complaint.textContent = messages.explain(answer.error);
      return;
    }
    leave(entry, show(answer.image));
    messages.announce("restored", { count: 1 });
  }

  function show(image) {
    const known = board.removedById(image.id);
    const card = known ?? board.addImage(image);
    // Where this page last had it: that order may not have reached the server before it was removed.
    const place = known?.place ?? image.order;
    board.putBack(card, indexOfPlace(board.cards.filter((other) => other !== card), place));
    if (card.caption.value.trim() === card.savedCaption) card.takeCaption(image.caption);
    ordering.added(image);
    captions.flush(card);
    return card;
  }

  /** The focus goes on to the next that can be restored, or else to the photo that is back. */
  function leave(entry, card) {
    const near = entry.nextElementSibling ?? entry.previousElementSibling;
    (near ?? card.root).querySelector(near ? "[data-action=restore]" : "[data-action=remove]").focus();
    drop(Number(entry.dataset.removedPhoto));
  }

  showTimes(list);
  return { add, drop, restore };
}
