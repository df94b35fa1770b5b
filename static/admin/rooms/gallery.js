// Lives here: the gallery put together from its parts, and what each button does.
// Not here: how any of it is done; each part is a module of its own.

import { createAbandoned } from "./abandoned.js";
import { createAdvice } from "./advice.js";
import { createAlternatives } from "./alternatives.js";
import { Board } from "./board.js";
import { createCaptions } from "./captions.js";
import { listenForFiles } from "./drop_target.js";
import { Messages } from "./messages.js";
import { createOrdering, listenForPlaces } from "./ordering.js";
import { createReconciler } from "./reconcile.js";
import { watchForRecovery } from "./recovery.js";
import { createRemoval } from "./removal.js";
import { createRemoved } from "./removed.js";
import { createReplacing } from "./replacing.js";
import { createRotation } from "./rotation.js";
import { guardSave } from "./save_guard.js";
import { createSelection } from "./selection.js";
import { createFormats, createTexts } from "./texts.js";
import { createTransport } from "./transport.js";
import { createUndo } from "./undo.js";
import { createUploads } from "./uploads.js";
import { createViewer } from "./viewer.js";

function start(panel, config) {
  const language = document.documentElement.lang || "en";
  const form = panel.closest("form");
  const say = createTexts(config.texts, language);
  const formats = createFormats(language);
  const messages = new Messages(panel, say);
  const board = new Board(panel, { say, formats, limit: config.limit });
  const transport = createTransport({
    ...config,
    csrfToken: () => currentToken(form),
    onSession: (isAlive) => messages.offerSignIn(!isAlive),
    onAdvice: (told) => advice.take(told),
  });
  const undo = createUndo({ panel, say });
  const base = { panel, form, say, formats, messages, board, transport, undo };

  const captions = createCaptions(base);
  const alternatives = createAlternatives(base);
  const advice = createAdvice(base);
  const rotation = createRotation(base);
  const uploads = createUploads({
    ...base,
    rules: config,
    onReady: photoIsUp,
    onReplaced: (...replacement) => replacing.done(...replacement),
    onSettled: () => ordering.touch(),
  });
  const ordering = createOrdering({ ...base, uploads, showImages: (images) => showImages(images) });
  const removed = createRemoved({ ...base, ordering, captions });
  const showImages = createReconciler({ board, ordering, removed });
  const removal = createRemoval({ ...base, uploads, ordering, captions, removed });
  const replacing = createReplacing({ ...base, rules: config, uploads, ordering, captions, removed, showImages });
  const selection = createSelection({ ...base, removal, captions });
  const viewer = createViewer({ ...base, rotation });
  const abandoned = createAbandoned(base);
  const work = gatherWork({ ...base, uploads, captions, alternatives, ordering });
  guardSave({ ...base, work });

  function photoIsUp(card, image) {
    ordering.added(image);
    captions.flush(card);
  }

  listenForFiles({ panel, input: panel.querySelector("[data-photo-input]"), onFiles: uploads.take });
  listenForButtons(panel, board, {
    "move-earlier": (card, button) => ordering.move("move-earlier", card, button),
    "move-later": (card, button) => ordering.move("move-later", card, button),
    "make-cover": (card, button) => ordering.move("make-cover", card, button),
    remove: removal.remove,
    view: viewer.open,
    more: (card) => card.toggleMore(),
    "turn-left": (card) => rotation.turn(card, 3),
    "turn-right": (card) => rotation.turn(card, 1),
    replace: replacing.choose,
    keep: advice.keep,
    select: selection.flip,
    "select-photos": selection.turn,
    "select-all": selection.selectAll,
    "caption-selected": selection.giveCaption,
    "remove-selected": selection.removeSelected,
    discard: abandoned.discard,
    undo: undo.takeBack,
    restore: (_card, button) => removed.restore(button),
    // Its own button goes away with the failure: the focus stays on the card.
    retry: (card) => { uploads.retry(card); card.part("[data-action=remove]").focus(); },
    "retry-all": uploads.retryAll,
  });
  listenForPlaces({ board, ordering });
  keepFingersOnTheGrip(board.grid);
  watchForRecovery({
    isHeldBack: () => uploads.isHeldBack || captions.pending || alternatives.pending || ordering.pending,
    isCutOff: () => uploads.isCutOff,
    look: transport.list,
    goOn: () => { uploads.retryUnsent(); work.flush(); },
    lineChanged: (line) => { messages.announce(line); uploads.lineChanged(); },
  });
  // From the browser's cache the page comes back as it was left, and the gallery may have changed since.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) transport.list().then(({ images }) => showImages(images), () => {});
  });

  if (config.draft) keepDraftInAddress(config.draft);
  board.refresh();
  panel.setAttribute("data-live", "");
}

/** All that is on its way to the server, whichever part it belongs to. */
function gatherWork({ board, transport, uploads, captions, alternatives, ordering, say }) {
  const flush = async () => {
    await Promise.all([captions.flushAll(), alternatives.flushAll()]);
    await transport.changesSettled();
    await ordering.flush();
  };
  return {
    flush,
    settle: () => uploads.idle().then(flush),
    remaining: () => board.underWay.length,
    problems: () => [
      ...uploads.failedCards().map((card) => card.name),
      ...captions.unsaved().map((card) => say("caption_of", { position: card.place })),
      ...alternatives.unsaved().map((card) => say("alternative_of", { position: card.place })),
      ...(ordering.pending ? [say("order_name")] : []),
    ],
    get pending() {
      return uploads.busy || captions.pending || alternatives.pending || ordering.pending || transport.changesUnderWay > 0;
    },
    get wouldBeLost() { return this.pending || uploads.wouldBeLost; },
  };
}

function listenForButtons(panel, board, acts) {
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    if (!button) return;
    // One of them, "discard", would send a form where there is no script.
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    acts[button.dataset.action]?.(board.cardOf(button), button);
  });
}

// A finger drags by the grip only, so that on the picture it scrolls the page; a mouse may take hold anywhere.
// sortable2 starts on one event or the other, depending on the browser.
function keepFingersOnTheGrip(grid) {
  for (const kind of ["pointerdown", "touchstart"]) {
    grid.addEventListener(kind, (event) => {
      if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) event.stopImmediatePropagation();
    }, { capture: true, passive: true });
  }
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
