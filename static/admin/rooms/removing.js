// Lives here: taking photos out of the gallery at once, the list of those removed, and the ways back; also for the photos of an
// abandoned draft.
// Not here: where cards go on the screen (grid.js), the notice (messages.js).

import { nameOf } from "./card.js";
import { indexOfPlace, stateOf } from "./state.js";
import { explain, photoName, say, sayCount } from "./words.js";

const DAY_MS = 24 * 60 * 60 * 1000;

const removedWords = (count) => (count === 1 ? gettext("Photo removed.") : removedMany(count));
const removedMany = (count) => sayCount(ngettext("%(count)s photo removed.", "%(count)s photos removed.", count), count);
const backWords = (count) => (count === 1 ? gettext("The photo is back.") : backMany(count));
const backMany = (count) => sayCount(ngettext("%(count)s photo is back.", "%(count)s photos are back.", count), count);
const notRemoved = (error) => say(gettext("The photo could not be removed. %(reason)s"), { reason: explain(error) });
const notBack = (error) => say(gettext("The photo could not be restored. %(reason)s"), { reason: explain(error) });

export function createRemoving({ state, grid, api, messages, uploads, undo }) {
  // Removals in quick succession share one notice, and come back together.
  let removals = [];
  const offer = { takeBack: comeBackTogether, forget };

  function remove(photo) {
    // What is on its way goes first; the photo that it was to replace stays.
    if (uploads.stopReplacing(photo)) {
      messages.announce(gettext("The old photo is back."));
      return;
    }
    const index = state.photos.indexOf(photo);
    removeAll([photo]);
    grid.focusNear(index, "[data-action=remove]");
  }

  function removeAll(photos) {
    photos.forEach(uploads.stopReplacing);
    for (const removal of state.takeOut(photos)) send(removal);
    if (removals.length === 0) return;
    undo.show(offer, removedWords(removals.length));
    messages.announce(removedWords(removals.length));
  }

  function send(removal) {
    const { photo } = removal;
    const hadFailed = stateOf(photo) === "failed";
    removal.wasSent = photo.image !== null;
    if (!removal.wasSent) uploads.stop(photo);
    if (hadFailed) {
      state.drop(photo);
      return;
    }
    removals.push(removal);
    if (removal.wasSent) removal.done = removeOnServer(removal);
  }

  /** Resolves to whether the photo is gone. */
  async function removeOnServer(removal) {
    try {
      await api.remove(removal.photo.image.id);
    } catch (error) {
      // Someone else was faster: what was wanted is so.
      if (error.code !== "not_found") {
        stay(removal);
        report(removal.photo, notRemoved(error));
        return false;
      }
    }
    state.leave(removal);
    return true;
  }

  const report = (photo, words) => messages.report(photo, nameOf(photo, state.placeOf(photo)), words);

  function stay(removal) {
    removals = removals.filter((other) => other !== removal);
    state.putBack(removal);
    if (removals.length === 0) undo.withdraw(offer);
  }

  async function comeBackTogether() {
    const undone = removals.reverse();
    removals = [];
    for (const removal of undone) await comeBack(removal);
    const back = undone.filter(({ photo }) => state.has(photo));
    if (back.length > 0) messages.announce(backWords(back.length));
    if (back.length > 0) grid.focus(back.at(-1).photo, "[data-action=remove]");
  }

  async function comeBack(removal) {
    const { photo, index, wasSent, done } = removal;
    if (!wasSent) {
      state.putBack(removal);
      uploads.resume(photo);
    } else if (await done) {
      await api.restore(photo.image.id).then(
        ({ image }) => state.take(image, { photo, index }),
        (error) => report(photo, notBack(error)),
      );
    }
  }

  function forget() {
    removals.filter(({ wasSent }) => !wasSent).forEach(({ photo }) => state.drop(photo));
    removals = [];
  }

  return { remove, removeAll };
}

/** The list under the grid. It draws what the state says was removed; one of its buttons brings a photo back. */
export function createRemovedList({ panel, state, grid, api, messages, formats }) {
  const section = panel.querySelector("[data-removed]");
  const list = section.querySelector("[data-removed-list]");
  const template = panel.querySelector("[data-removed-template]");
  const keptMs = Number(section.dataset.restorableDays) * DAY_MS;
  const entries = new Map([...list.children].map((entry) => [Number(entry.dataset.removedPhoto), entry]));

  function draw() {
    for (const [id, entry] of entries) {
      if (state.removed.some(({ image }) => image.id === id)) continue;
      entry.remove();
      entries.delete(id);
    }
    state.removed.forEach((one, index) => {
      const entry = entries.get(one.image.id) ?? create(one);
      if (list.children[index] !== entry) list.insertBefore(entry, list.children[index] ?? null);
    });
    section.querySelector("[data-removed-count]").textContent = entries.size;
  }

  function create({ image, place, removedAt }) {
    const entry = template.content.firstElementChild.cloneNode(true);
    const part = (selector) => entry.querySelector(selector);
    const name = image.caption || photoName(place);
    entry.dataset.removedPhoto = image.id;
    part("[data-removed-thumb]").src = image.thumbnail_url;
    part("[data-removed-name]").textContent = name;
    part("[data-action=restore]").setAttribute("aria-label", say(gettext("Restore %(name)s"), { name }));
    part("[data-removed-at]").dateTime = removedAt.toISOString();
    part("[data-restorable-until]").dateTime = new Date(removedAt.getTime() + keptMs).toISOString();
    showTimes(entry);
    entries.set(image.id, entry);
    return entry;
  }

  // The server does not know where its reader is.
  function showTimes(root) {
    for (const time of root.querySelectorAll("time")) time.textContent = formats.moment(new Date(time.dateTime));
  }

  async function restore(button) {
    const entry = button.closest("[data-removed-photo]");
    const id = Number(entry.dataset.removedPhoto);
    const complaint = entry.querySelector("[data-removed-error]");
    complaint.textContent = "";
    button.setAttribute("aria-disabled", true);
    const answer = await api.restore(id).catch((error) => ({ error }));
    button.setAttribute("aria-disabled", false);
    if (answer.error) {
      complaint.textContent = explain(answer.error);
      return;
    }
    const near = entry.nextElementSibling ?? entry.previousElementSibling;
    const photo = show(answer.image, id);
    // The focus goes on to the next that can be restored, or else to the photo that is back.
    if (near) near.querySelector("[data-action=restore]").focus();
    else grid.focus(photo, "[data-action=remove]");
    messages.announce(backWords(1));
  }

  function show(image, id) {
    // Where this page last had it: that order may not have reached the server before it was removed.
    const place = state.removed.find((one) => one.image.id === id)?.place ?? image.order;
    return state.take(image, { index: indexOfPlace(state.photos, place) });
  }

  showTimes(list);
  state.onChange(draw);
  return { restore };
}

/** What the list shows that the server has rendered. */
export const readRemoved = (panel) => [...panel.querySelectorAll("[data-removed-photo]")]
  .map((entry) => ({ image: { id: Number(entry.dataset.removedPhoto) } }));

/** Discarding an abandoned draft that the add form offers, and taking that back. Using it is a link. */
export function createAbandoned({ panel, api, messages, undo }) {
  // Discarded in quick succession they share one notice, and come back together.
  let discarded = [];
  const offer = { takeBack, forget: () => { discarded = []; } };

  async function discard(button) {
    const draft = button.closest("[data-abandoned]");
    button.setAttribute("aria-disabled", true);
    try {
      const { count } = await api.post(button.formAction);
      leave(draft);
      if (count > 0) offerUndo({ draft, button, count });
    } catch (error) {
      // Its room was saved meanwhile: there is nothing to discard.
      if (error.status === 404) leave(draft);
      else report(draft, notRemoved(error));
    }
    button.setAttribute("aria-disabled", false);
  }

  function leave(draft) {
    draft.hidden = true;
    messages.dismiss(draft);
    const next = panel.querySelector("[data-abandoned]:not([hidden]) [data-action=discard]");
    (next ?? panel.querySelector("[data-photo-input]")).focus();
  }

  function offerUndo(one) {
    discarded.push(one);
    const count = discarded.reduce((sum, other) => sum + other.count, 0);
    undo.show(offer, removedWords(count));
    messages.announce(removedWords(count));
  }

  async function takeBack() {
    const undone = discarded;
    discarded = [];
    for (const one of undone) await comeBack(one);
  }

  async function comeBack({ draft, button }) {
    draft.hidden = false;
    try {
      const { count } = await api.post(button.dataset.restoreUrl);
      messages.announce(backWords(count));
      button.focus();
    } catch (error) {
      draft.hidden = true;
      report(draft, notBack(error));
    }
  }

  function report(draft, words) {
    messages.report(draft, draft.querySelector("[data-offer-words]").firstChild.textContent.trim(), words);
  }

  return { discard };
}
