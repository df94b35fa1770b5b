// Lives here: moving cards by button and by sortable2's drag, and keeping the server's order equal to the screen's.
// Not here: the sums (order.js), dragging itself (sortable2), what places look like (board.js).

import { glide } from "./glide.js";
import { sameOrder, sameSet, targetIndex, withImage } from "./order.js";
import { createSaver } from "./saver.js";

const WAIT_MS = 400;

export function createOrdering({ board, transport, messages, uploads, showImages }) {
  let onServer = board.readyIds;
  const saver = createSaver({
    read: () => board.readyIds,
    isSaved: (ids) => sameOrder(ids, onServer),
    save,
    changed: tell,
    waitMs: WAIT_MS,
  });

  async function save(ids) {
    try {
      await transport.reorder(ids);
      onServer = ids;
      settlePlaces();
    } catch (error) {
      if (error.images) return settleStale(error);
      if (!error.transient) putOldOrderBack();
      throw error;
    }
  }

  /** The gallery was not what we thought. By the time of the answer it may be: then our order is sent again. */
  function settleStale(error) {
    const ids = error.images.map(({ id }) => id);
    if (sameSet(ids, board.readyIds)) {
      onServer = ids;
      return;
    }
    // While photos go up the server may know one more than we do; its answer will bring us level.
    if (!uploads.busy) showImages(error.images);
    throw error;
  }

  function tell(state, error) {
    if (state === "saved") messages.settle(board);
    if (state !== "failed" || (error.images && uploads.busy)) return;
    const key = error.images ? "order_stale" : "order_failed";
    messages.report(board, messages.say("order_name"), messages.say(key, { reason: messages.explain(error) }));
  }

  function putOldOrderBack() {
    onServer.map((id) => board.cardById(id)).filter(Boolean).forEach((card, index) => board.place(card, index));
    board.refresh();
  }

  function settlePlaces() {
    board.readyCards.forEach((card, index) => card.settlePlace(index + 1));
  }

  function move(action, card, button) {
    const { cards } = board;
    const from = cards.indexOf(card);
    const to = targetIndex(action, from, cards.length);
    if (to === from) return;
    glide(cards.map(({ root }) => root), () => board.place(card, to));
    // Moving an element in the page takes the focus from it.
    button.focus();
    moved(card);
  }

  function moved(card) {
    board.refresh();
    const { cards } = board;
    messages.announce("position", { position: cards.indexOf(card) + 1, total: cards.length });
    saver.touch();
  }

  // sortable2 numbers its own fields right after this event, hence the wait until it is through.
  board.grid.addEventListener("end", ({ item }) => queueMicrotask(() => {
    const card = board.cardOf(item);
    if (card) moved(card);
    if (!saver.pending) settlePlaces();
  }));

  return {
    move,
    touch: saver.touch,
    flush: saver.flush,
    /** The server has taken a photo in, or back. */
    added(image) { onServer = withImage(onServer, image); saver.touch(); },
    removed(id) { onServer = onServer.filter((other) => other !== id); saver.touch(); },
    /** The page shows what the server said: nothing is left to save. */
    settled(ids) { onServer = ids; settlePlaces(); },
    get pending() { return saver.pending; },
  };
}
