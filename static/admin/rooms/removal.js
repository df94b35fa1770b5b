// Lives here: taking photos out of the gallery at once, and the way back while the notice shows.
// Not here: where cards go on the screen (board.js).

const UNDO_MS = 8000;

export function createRemoval({ panel, board, transport, messages, uploads, ordering, captions }) {
  const notice = panel.querySelector("[data-notice]");
  const noticeText = notice.querySelector("[data-notice-text]");
  // Removals in quick succession share one notice, and come back together.
  let removals = [];
  let timer = null;

  function remove(card) {
    const { cards } = board;
    const index = cards.indexOf(card);
    const removal = { card, index, wasSent: card.isReady };
    board.remove(card);
    focusNear(index);
    if (card.state === "failed") return uploads.drop(card);
    removals.push(removal);
    if (removal.wasSent) removal.done = removeOnServer(removal);
    else uploads.drop(card);
    return offerUndo();
  }

  /** Resolves to whether the photo is gone. */
  async function removeOnServer(removal) {
    const { card } = removal;
    try {
      await transport.remove(card.id);
    } catch (error) {
      // Someone else was faster: what was wanted is so.
      if (error.code !== "not_found") {
        comeBack(removal);
        report(card, "remove_failed", error);
        return false;
      }
    }
    ordering.removed(card.id);
    return true;
  }

  function report(card, key, error) {
    messages.report(card, card.name, messages.say(key, { reason: messages.explain(error) }));
  }

  function comeBack(removal) {
    removals = removals.filter((other) => other !== removal);
    board.putBack(removal.card, removal.index);
    ordering.touch();
    if (removals.length === 0) hideNotice();
  }

  async function undo() {
    const undone = removals.reverse();
    removals = [];
    hideNotice();
    for (const removal of undone) await undoOne(removal);
    messages.announce("restored", { count: undone.length });
    undone.at(-1)?.card.part("[data-action=remove]").focus();
  }

  async function undoOne({ card, index, wasSent, done }) {
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
    } catch (error) {
      report(card, "restore_failed", error);
    }
    return undefined;
  }

  function offerUndo() {
    noticeText.textContent = messages.say("removed", { count: removals.length });
    messages.announce("removed", { count: removals.length });
    notice.hidden = false;
    startTimer();
  }

  function hideNotice() {
    clearTimeout(timer);
    notice.hidden = true;
  }

  function startTimer() {
    clearTimeout(timer);
    timer = setTimeout(forget, UNDO_MS);
  }

  function forget() {
    removals.forEach(({ card }) => card.forgetPreview());
    removals = [];
    hideNotice();
  }

  function focusNear(index) {
    const { cards } = board;
    const near = cards[index] ?? cards.at(-1);
    (near?.part("[data-action=remove]") ?? panel.querySelector("[data-photo-input]")).focus();
  }

  // Nobody loses the way back while reading or reaching for it.
  for (const kind of ["pointerenter", "focusin"]) notice.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "focusout"]) notice.addEventListener(kind, startTimer);

  return { remove, undo };
}
