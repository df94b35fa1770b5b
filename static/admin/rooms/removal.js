// Lives here: taking photos out of the gallery at once, and putting them back by undo.
// Not here: where cards go on the screen (board.js), the notice (undo.js), the list of those removed (removed.js).

export function createRemoval({ panel, board, transport, messages, uploads, ordering, captions, undo, removed }) {
  // Removals in quick succession share one notice, and come back together.
  let removals = [];
  const offer = { takeBack: comeBackTogether, forget };

  function remove(card) {
    // What is on its way goes first; the photo that it was to replace stays.
    if (uploads.stopReplacing(card)) {
      messages.announce("replaced_back");
      return;
    }
    const index = board.cards.indexOf(card);
    removeAll([card]);
    focusNear(index);
  }

  function removeAll(cards) {
    cards.forEach(takeOut);
    if (removals.length > 0) offerUndo();
  }

  function takeOut(card) {
    uploads.stopReplacing(card);
    const removal = { card, index: board.cards.indexOf(card), wasSent: card.isReady };
    board.remove(card);
    if (!removal.wasSent) uploads.drop(card);
    if (card.state === "failed") return;
    removals.push(removal);
    if (removal.wasSent) removal.done = removeOnServer(removal);
  }

  /** Resolves to whether the photo is gone. */
  async function removeOnServer(removal) {
    const { card } = removal;
    try {
      await transport.remove(card.id);
    } catch (error) {
      // Someone else was faster: what was wanted is so.
      if (error.code !== "not_found") {
        stay(removal);
        report(card, "remove_failed", error);
        return false;
      }
    }
    // Brought level with the server meanwhile, the page may have it back.
    board.remove(card);
    ordering.removed(card.id);
    removed.add(card.snapshot);
    return true;
  }

  function report(card, key, error) {
    messages.report(card, card.name, messages.say(key, { reason: messages.explain(error) }));
  }

  function stay(removal) {
    removals = removals.filter((other) => other !== removal);
    board.putBack(removal.card, removal.index);
    ordering.touch();
    if (removals.length === 0) undo.withdraw(offer);
  }

  async function comeBackTogether() {
    const undone = removals.reverse();
    removals = [];
    for (const removal of undone) await comeBack(removal);
    const back = undone.filter(({ card }) => board.cards.includes(card));
    if (back.length > 0) messages.announce("restored", { count: back.length });
    back.at(-1)?.card.part("[data-action=remove]").focus();
  }

  async function comeBack({ card, index, wasSent, done }) {
    if (!wasSent) {
      board.putBack(card, index);
      return uploads.resume(card);
    }
    if (!(await done)) return undefined;
    try {
      const { image } = await transport.restore(card.id);
      board.putBack(card, index);
      ordering.added(image);
      captions.flush(card);
      removed.drop(card.id);
    } catch (error) {
      report(card, "restore_failed", error);
    }
    return undefined;
  }

  function offerUndo() {
    const count = removals.length;
    undo.show(offer, "removed", { count });
    messages.announce("removed", { count });
  }

  function forget() {
    removals.forEach(({ card }) => card.picture.forgetPreview());
    removals = [];
  }

  function focusNear(index) {
    const { cards } = board;
    const near = cards[index] ?? cards.at(-1);
    (near?.part("[data-action=remove]") ?? panel.querySelector("[data-photo-input]")).focus();
  }

  return { remove, removeAll };
}
