// Lives here: saving captions while they are typed, also those typed before their photo is up.
// Not here: what a caption's field looks like in each state (card.js).

import { createSaver } from "./saver.js";

const WAIT_MS = 600;

export function createCaptions({ board, transport, messages, say }) {
  const savers = new Map();

  function saverOf(card) {
    if (!savers.has(card)) savers.set(card, createCaptionSaver(card));
    return savers.get(card);
  }

  const createCaptionSaver = (card) => createSaver({
    read: () => card.caption.value.trim(),
    // Before the photo is up there is nothing to save to; it is asked again once it is.
    isSaved: (caption) => card.id === null || caption === card.savedCaption,
    save: async (caption) => {
      await transport.caption(card.id, caption);
      card.takeCaption(caption);
      card.suggestWords();
    },
    changed: (state, error) => show(card, state, error),
    waitMs: WAIT_MS,
  });

  function show(card, state, error) {
    card.showCaptionState(state, say(`caption_${state}`));
    if (state === "saved") messages.settle(card.caption);
    if (state === "failed") {
      const name = say("photo_name", { position: card.place });
      messages.report(card.caption, name, say("caption_error", { reason: messages.explain(error) }));
    }
  }

  /** As if it had been typed. */
  function write(card, text) {
    card.caption.value = text;
    saverOf(card).flush();
  }

  const onField = (act) => (event) => {
    if (event.target.matches("[data-caption]")) act(board.cardOf(event.target), event);
  };
  board.grid.addEventListener("input", onField((card) => {
    card.showCaptionState("", "");
    saverOf(card).touch();
  }));
  board.grid.addEventListener("focusin", onField((card) => card.suggestWords()));
  board.grid.addEventListener("focusout", onField((card) => saverOf(card).flush()));
  board.grid.addEventListener("keydown", onField((card, event) => {
    // Enter would save the whole page; here it means "this one is done, the next".
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const { cards } = board;
    const next = cards[cards.indexOf(card) + 1];
    if (next) next.caption.focus();
    else saverOf(card).flush();
  }));

  const unsaved = () => board.cards.filter((card) => saverOf(card).pending);
  return {
    unsaved,
    write,
    flush: (card) => saverOf(card).flush(),
    flushAll: () => Promise.all(unsaved().map((card) => saverOf(card).flush())),
    get pending() { return unsaved().length > 0; },
  };
}
