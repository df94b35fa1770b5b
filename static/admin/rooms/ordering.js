// Lives here: moving photos, by buttons, keys, places and sortable2's drag, and keeping the server's order equal to the page's.
// Not here: dragging itself (sortable2), what places look like (card.js).

import { createSaver } from "./sending.js";
import { sameOrder } from "./state.js";
import { explain, say } from "./words.js";

const KEYS = {
  ArrowLeft: "move-earlier", ArrowUp: "move-earlier",
  ArrowRight: "move-later", ArrowDown: "move-later",
  Home: "make-cover", End: "move-last",
};
const WAIT_MS = 400;
const EDGE_PX = 80;
const SCROLL_PX = 10;
// What passes by itself has mostly passed by then; after that an order nobody keeps must not be shown.
const RETRY_MS = [500, 1500];

/** Where `action` takes the item at `index`: an index inside the list, its own when it cannot go. */
export function targetIndex(action, index, length) {
  const target = { "move-earlier": index - 1, "move-later": index + 1, "make-cover": 0, "move-last": length - 1 }[action];
  return target === undefined ? index : Math.min(Math.max(target, 0), length - 1);
}

export const sameSet = (one, other) => sameOrder([...one].sort(), [...other].sort());

export function createOrdering({ state, grid, api, messages, undo }) {
  // The photo moved last and the order before: moved again it still goes back to where it came from.
  let lastMove = null;
  let seen = "";
  const offer = { takeBack: moveBack, forget: () => { lastMove = null; } };
  const saver = createSaver({
    read: () => state.readyIds,
    isSaved: () => state.orderIsSaved,
    save,
    changed: tell,
    waitMs: WAIT_MS,
  });

  // --- moving ---

  /** `control` is what was pressed: it keeps the focus, or gets it in a browser that does not give it to buttons. */
  function move(action, photo, control) {
    moveTo(targetIndex(action, state.photos.indexOf(photo), state.photos.length), photo, control);
  }

  function moveTo(index, photo, control) {
    const before = state.photos;
    if (!state.move(photo, index)) return;
    control.focus();
    moved(photo, before);
  }

  function moved(photo, before) {
    announcePlace(photo);
    const first = lastMove?.photo === photo ? lastMove.before : before;
    if (sameOrder(first, state.photos)) {
      undo.withdraw(offer);
      return;
    }
    undo.show(offer, say(gettext("Photo moved to place %(position)s."), { position: state.placeOf(photo) }));
    lastMove = { photo, before: first };
  }

  function announcePlace(photo) {
    const values = { position: state.placeOf(photo), total: state.photos.length };
    messages.announce(say(gettext("Photo %(position)s of %(total)s"), values));
  }

  function moveBack() {
    const { photo, before } = lastMove;
    lastMove = null;
    state.arrange(before);
    grid.focus(photo, "[data-grip]");
    announcePlace(photo);
  }

  // --- the server's order ---

  // Whatever changed either order: what is the same as before was tried, and waits for its reason to go.
  state.onChange(() => {
    const now = JSON.stringify([state.readyIds, state.keptOrder, state.traffic > 0]);
    if (now === seen) return;
    seen = now;
    saver.touch();
  });

  async function save(ids) {
    try {
      await send(ids);
      state.orderKept(ids);
    } catch (error) {
      if (error.images) return adoptStale(error, ids);
      if (!isOfflineError(error)) await showWhatIsKept(error);
      throw error;
    }
  }

  async function send(ids) {
    for (const pauseMs of RETRY_MS) {
      const error = await api.reorder(ids).then(() => null, (failure) => failure);
      if (error === null) return;
      if (!error.transient || isOfflineError(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await api.reorder(ids);
  }

  /** The gallery was not what we thought. By the time of the answer it may be: then our order is sent again. */
  function adoptStale(error, sent) {
    // Photos have come or gone here since this order was sent: the answer is about the past. Ask again.
    if (!sameSet(sent, state.readyIds)) return;
    const ids = error.images.map(({ id }) => id);
    if (sameSet(ids, state.readyIds)) {
      state.orderKept(ids);
      return;
    }
    // While photos go up the server may know one more than we do; its answer will bring us level.
    if (state.traffic === 0) {
      undo.withdraw(offer);
      state.adopt(error.images);
    }
    throw error;
  }

  // Where no answer came the server may have the new order, and only it can tell.
  async function showWhatIsKept(error) {
    undo.withdraw(offer);
    const answer = error.transient && state.traffic === 0 ? await api.list().catch(() => null) : null;
    if (answer) state.adopt(answer.images);
    else state.arrange(state.keptOrder.map((id) => state.byId(id)));
  }

  function tell(outcome, error) {
    if (outcome === "saved") messages.dismiss("order");
    if (outcome !== "failed" || (error.images && state.traffic > 0)) return;
    messages.report("order", gettext("Order of the photos"), whatBecameOf(error));
  }

  // --- the hands ---

  grid.element.addEventListener("start", () => { grid.isDragging = true; });
  scrollAtTheEdges(grid);
  grid.element.addEventListener("end", ({ item }) => {
    const [before, photo] = [state.photos, grid.photoOf(item)];
    grid.isDragging = false;
    if (state.arrange(grid.onScreen) && photo) moved(photo, before);
  });
  grid.element.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const action = KEYS[event.key];
    // The arrows with any modifier: people know several, and one of them would leave the page.
    if (!grip || !action || event.metaKey) return;
    event.preventDefault();
    move(action, grid.photoOf(grip), grip);
  });
  grid.element.addEventListener("change", ({ target }) => {
    if (target.matches("[data-place]")) moveTo(Number(target.value) - 1, grid.photoOf(target), target);
  });
  keepFingersOnTheGrip(grid.element);

  return { move, flush: saver.flush, get pending() { return saver.pending; } };
}

function whatBecameOf(error) {
  const reason = explain(error);
  if (error.images) return gettext("The gallery was changed elsewhere. You see it as it is now; move the photos again.");
  if (isOfflineError(error)) return gettext("You are offline. The new order is saved once the connection is back.");
  if (error.code !== "network") return say(gettext("The new order could not be saved, so the old one is back. %(reason)s"), { reason });
  return gettext("The connection was lost and the new order is not saved. You see the last one that is; move the photos again when the connection is better.");
}

const isOfflineError = (error) => error.transient && navigator.onLine === false;

// Held at the edge of the screen, a finger takes the page along; for a mouse the browser does that itself.
function scrollAtTheEdges(grid) {
  let y = null;

  function scroll() {
    if (y === null || !grid.isDragging) return;
    if (y < EDGE_PX) scrollBy(0, -SCROLL_PX);
    if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    requestAnimationFrame(scroll);
  }

  document.addEventListener("touchmove", ({ touches: [{ clientY }] }) => {
    const begins = y === null && grid.isDragging;
    y = grid.isDragging ? clientY : null;
    if (begins) scroll();
  }, { passive: true });
  grid.element.addEventListener("end", () => { y = null; });
}

// A finger drags by the grip only, so that on the picture it scrolls the page; a mouse may take hold anywhere.
// sortable2 starts on one event or the other, depending on the browser.
function keepFingersOnTheGrip(element) {
  for (const kind of ["pointerdown", "touchstart"]) {
    element.addEventListener(kind, (event) => {
      if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) event.stopImmediatePropagation();
    }, { capture: true, passive: true });
  }
}
