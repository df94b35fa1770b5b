// Lives here: moving cards, by keys, places and sortable2's drag, and keeping the server's order equal to the screen's.
// Not here: the sums (order.js), dragging itself (sortable2), what places look like (board.js).

import { known, sameOrder, sameSet, targetIndex, withImage } from "./order.js";
import { createSaver } from "./saver.js";

const GLIDE_MS = 150;
const ACTIONS = {
  ArrowLeft: "move-earlier", ArrowUp: "move-earlier",
  ArrowRight: "move-later", ArrowDown: "move-later",
  Home: "make-cover", End: "move-last",
};
const WAIT_MS = 400;
// What passes by itself has mostly passed by then; after that an order nobody keeps must not be shown.
const RETRY_MS = [500, 1500];

export function createOrdering({ board, transport, messages, uploads, undo, showImages }) {
  let onServer = board.readyIds;
  // The photo moved last and the order before: moved again it still goes back to where it came from.
  let lastMove = null;
  let orderBeforeDrag = [];
  const offer = { takeBack: moveBack, forget: () => { lastMove = null; } };
  const saver = createSaver({
    read: () => board.readyIds,
    isSaved: (ids) => sameOrder(ids, known(onServer)),
    save,
    changed: tell,
    waitMs: WAIT_MS,
  });

  async function save(ids) {
    try {
      await send(ids);
      onServer = ids;
      settlePlaces();
    } catch (error) {
      if (error.images) return settleStale(error, ids);
      if (!isOffline(error)) await showWhatIsKept(error);
      throw error;
    }
  }

  async function send(ids) {
    for (const pauseMs of RETRY_MS) {
      const error = await transport.reorder(ids).then(() => null, (failure) => failure);
      if (error === null) return;
      if (!error.transient || isOffline(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await transport.reorder(ids);
  }

  /** The gallery was not what we thought. By the time of the answer it may be: then our order is sent again. */
  function settleStale(error, sent) {
    // Photos have come or gone here since this order was sent: the answer is about the past. Ask again.
    if (!sameSet(sent, board.readyIds)) return;
    const ids = error.images.map(({ id }) => id);
    if (sameSet(ids, board.readyIds)) {
      onServer = ids;
      return;
    }
    // While photos go up the server may know one more than we do; its answer will bring us level.
    if (!uploads.busy) {
      undo.withdraw(offer);
      showImages(error.images);
    }
    throw error;
  }

  function tell(state, error) {
    if (state === "saved") messages.settle(board);
    if (state !== "failed" || (error.images && uploads.busy)) return;
    const words = messages.say(whatBecameOf(error), { reason: messages.explain(error) });
    messages.report(board, messages.say("order_name"), words);
  }

  // Where no answer came the server may have the new order, and only it can tell.
  async function showWhatIsKept(error) {
    undo.withdraw(offer);
    const answer = error.transient && !uploads.busy ? await transport.list().catch(() => null) : null;
    if (answer) return showImages(answer.images);
    arrange(known(onServer).map((id) => board.cardById(id)));
    return settlePlaces();
  }

  /** Cards that are not (any more) in the gallery are left out; those not named come last. */
  function arrange(cards) {
    const present = board.cards;
    glide(present.map(({ root }) => root), () => {
      cards.filter((card) => present.includes(card)).forEach((card, index) => board.place(card, index));
    });
    board.refresh();
  }

  function settlePlaces() {
    board.readyCards.forEach((card, index) => card.settlePlace(index + 1));
  }

  function move(action, card, control) {
    const { cards } = board;
    moveTo(targetIndex(action, cards.indexOf(card), cards.length), card, control);
  }

  function moveTo(index, card, control) {
    const before = board.cards;
    if (before[index] === card) return;
    glide(before.map(({ root }) => root), () => board.place(card, index));
    // Moving an element in the page takes the focus from it.
    control.focus();
    moved(card, before);
  }

  function moved(card, before) {
    board.refresh();
    messages.announce("position", { position: card.place, total: board.cards.length });
    offerUndo(card, before);
    saver.touch();
  }

  function offerUndo(card, before) {
    const first = lastMove?.card === card ? lastMove.before : before;
    if (sameOrder(first, board.cards)) return undo.withdraw(offer);
    undo.show(offer, "moved", { position: card.place });
    lastMove = { card, before: first };
    return undefined;
  }

  function moveBack() {
    const { card, before } = lastMove;
    lastMove = null;
    arrange(before);
    card.part("[data-grip]").focus();
    messages.announce("position", { position: card.place, total: board.cards.length });
    saver.touch();
  }

  board.grid.addEventListener("start", () => { orderBeforeDrag = board.cards; });
  // sortable2 numbers its own fields right after this event, hence the wait until it is through.
  board.grid.addEventListener("end", ({ item }) => queueMicrotask(() => {
    const card = board.cardOf(item);
    if (card && !sameOrder(orderBeforeDrag, board.cards)) moved(card, orderBeforeDrag);
    if (!saver.pending) settlePlaces();
  }));

  return {
    move,
    moveTo,
    touch: saver.touch,
    flush: saver.flush,
    /** The server has taken a photo in, or back. */
    added(image) { onServer = withImage(onServer, image); saver.touch(); },
    removed(id) { onServer = onServer.filter((other) => other !== id); saver.touch(); },
    /** A photo has come, on the server, into the place of another. */
    replaced(oldId, id) { onServer = onServer.map((other) => (other === oldId ? id : other)); saver.touch(); },
    /** The page shows what the server said: nothing is left to save. */
    settled(ids) { onServer = ids; settlePlaces(); },
    get pending() { return saver.pending; },
  };
}

function whatBecameOf(error) {
  if (error.images) return "order_stale";
  if (isOffline(error)) return "order_waits";
  return error.code === "network" ? "order_lost" : "order_failed";
}

const isOffline = (error) => error.transient && navigator.onLine === false;

/** Moving without dragging, beside the buttons: by keys on the handle, and by choosing a place. */
export function listenForPlaces({ board, ordering }) {
  board.grid.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const action = ACTIONS[event.key];
    // The arrows with any modifier: people know several, and one of them would leave the page.
    if (!grip || !action || event.metaKey) return;
    event.preventDefault();
    ordering.move(action, board.cardOf(grip), grip);
  });
  board.grid.addEventListener("change", ({ target }) => {
    if (target.matches("[data-place]")) ordering.moveTo(Number(target.value) - 1, board.cardOf(target), target);
  });
}

/** Rearranged at once, the elements glide to their new places, so that the eye can follow. */
function glide(elements, rearrange) {
  const before = elements.map((element) => element.getBoundingClientRect());
  rearrange();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  elements.forEach((element, index) => {
    const after = element.getBoundingClientRect();
    const [x, y] = [before[index].left - after.left, before[index].top - after.top];
    if (x || y) element.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], { duration: GLIDE_MS, easing: "ease-out" });
  });
}
