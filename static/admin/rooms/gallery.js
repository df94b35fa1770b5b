// Lives here: the gallery put together: the state from the page, the views that draw it, the acts that change it, and which
// button does what.
// Not here: how any of it is done; each part is a module of its own.

import { createApi } from "./api.js";
import { createCaptions } from "./captions.js";
import { readImage } from "./card.js";
import { listenForFiles } from "./choosing.js";
import { createChooser, createEditing } from "./editing.js";
import { Grid } from "./grid.js";
import { gatherWork, guardLeaving } from "./leaving.js";
import { createUndo, Messages } from "./messages.js";
import { createMoving } from "./moving.js";
import { createOrdering } from "./ordering.js";
import { createReadiness } from "./readiness.js";
import { createAbandoned, createRemovedList, createRemoving, readRemoved } from "./removing.js";
import { createSelection } from "./selection.js";
import { watchForRecovery } from "./sending.js";
import { GalleryState } from "./state.js";
import { createUploads } from "./uploads.js";
import { createViewer } from "./viewer.js";
import { createFormats } from "./words.js";

function start(panel, config) {
  const form = panel.closest("form");
  const formats = createFormats(document.documentElement.lang || "en");
  const roots = [...panel.querySelectorAll("[data-photos] [data-photo]")];
  const state = new GalleryState({ limit: config.limit, images: roots.map(readImage), removed: readRemoved(panel) });
  // What was filled in before the script was there, or by the browser, counts as typed.
  roots.forEach((root, index) => {
    const { typed } = state.photos[index];
    Object.assign(typed, { caption: root.querySelector("[data-caption]").value, alternative_text: root.querySelector("[data-alternative]").value });
  });
  const messages = new Messages(panel);
  const undo = createUndo(panel);
  const api = createApi({
    ...config,
    csrfToken: () => currentToken(form),
    onSession: (isAlive) => messages.offerSignIn(!isAlive),
    onAdvice: (told) => state.tell(told),
  });

  const grid = new Grid({ panel, state, formats, labels: config.adviceLabels, kinds: config.kindLabels, room: config.roomName, roots });
  const base = { panel, form, state, grid, api, messages, undo, formats };
  const editing = createEditing(base);
  const uploads = createUploads({ ...base, rules: config, onReplaced: editing.replaced });
  const captions = createCaptions(base);
  const ordering = createOrdering(base);
  const removedList = createRemovedList(base);
  const removing = createRemoving({ ...base, uploads });
  const selection = createSelection({ ...base, removing, captions });
  const viewer = createViewer({ ...base, captions, rotate: editing.rotate });
  const abandoned = createAbandoned(base);
  const readiness = createReadiness({ ...base, kinds: config.kindLabels, place: config.draft ?? config.urls.readiness });
  const chooseAnother = createChooser({ state, types: config.types, onChosen: uploads.replace });
  const work = gatherWork({ api, uploads, captions, ordering });
  guardLeaving({
    ...base,
    work,
    isPending: () => state.traffic > 0 || captions.pending || ordering.pending || api.changesUnderWay > 0,
    wouldBeLost: () => uploads.wouldBeLost,
  });

  const moving = createMoving({ ...base, selection, urls: config.urls, flush: work.flush });

  listenForFiles({ panel, onFiles: uploads.take });
  listenForButtons(panel, grid, {
    "move-earlier": (photo, button) => ordering.move("move-earlier", photo, button),
    "move-later": (photo, button) => ordering.move("move-later", photo, button),
    "make-cover": (photo, button) => ordering.move("make-cover", photo, button),
    remove: removing.remove,
    view: viewer.open,
    "rotate-left": (photo) => editing.rotate(photo, 3),
    "rotate-right": (photo) => editing.rotate(photo, 1),
    replace: (photo) => { grid.cardOf(photo).part("[data-more]").hidePopover?.(); chooseAnother(photo); },
    keep: editing.keep,
    select: selection.flip,
    "select-photos": selection.turn,
    "select-all": selection.selectAll,
    "caption-selected": selection.giveCaption,
    "remove-selected": selection.removeSelected,
    "move-selected": moving.move,
    "copy-selected": moving.copy,
    "dismiss-slot": (_photo, button) => readiness.dismiss(button),
    "channel-step": (_photo, button) => readiness.takeStep(button),
    discard: (_photo, button) => abandoned.discard(button),
    undo: undo.takeBack,
    restore: (_photo, button) => removedList.restore(button),
    // Its own button goes away with the failure: the focus stays on the card.
    retry: (photo) => { uploads.retry(photo); grid.focus(photo, "[data-action=remove]"); },
    "retry-all": uploads.retryAll,
  });
  watchForRecovery({
    isHeldBack: () => uploads.isHeldBack || captions.pending || ordering.pending,
    isCutOff: () => uploads.isCutOff,
    look: api.list,
    goOn: () => { uploads.retryUnsent(); work.flush(); readiness.ask(); },
    lineChanged: (line) => {
      messages.announce(line === "online"
        ? gettext("The connection is back.")
        : gettext("You are offline. Photos go up as soon as the connection is back."));
      uploads.lineChanged();
    },
  });
  window.addEventListener("pagehide", uploads.reportLeft);
  // From the browser's cache the page comes back as it was left, and the gallery may have changed since.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) api.list().then(({ images }) => state.adopt(images), () => {});
  });

  if (config.draft) keepDraftInAddress(config.draft);
  state.changed();
  panel.setAttribute("data-live", "");
}

function listenForButtons(panel, grid, acts) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    if (!button) return;
    // "Discard" would send a form where there is no script.
    if (button.type === "submit") event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    acts[button.dataset.action]?.(grid.photoOf(button), button);
  });
}

// Signing in again in another tab brings a new token, and then only the cookie knows it: the page takes it over.
function currentToken(form) {
  const field = form.elements.csrfmiddlewaretoken;
  const cookie = document.cookie.match(/(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/);
  if (cookie) field.value = cookie[1];
  return field.value;
}

// So that a reload comes back to this draft, and to its photos.
function keepDraftInAddress(draft) {
  const address = new URL(location.href);
  address.searchParams.set("draft", draft);
  history.replaceState(history.state, "", address);
}

for (const panel of document.querySelectorAll("[data-gallery][data-editable]")) {
  start(panel, JSON.parse(document.getElementById("gallery-config").textContent));
}
