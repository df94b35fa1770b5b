// Lives here: saving what is typed into one kind of field, on every card, while it is typed.
// Not here: when a text counts as saved, how it is sent (captions.js, alternatives.js), how a state looks (card.js).

import { createSaver } from "./saver.js";

const WAIT_MS = 600;

/**
 * `selector` finds the field on a card, `complaint` names the text that says why it is not saved.
 * `isSaved(card, text)` says whether the server has `text`, `save(card, text)` sends it.
 */
export function createTextFields({ board, messages, say, selector, complaint, isSaved, save }) {
  const savers = new Map();

  function saverOf(card) {
    if (!savers.has(card)) savers.set(card, createCardSaver(card));
    return savers.get(card);
  }

  const createCardSaver = (card) => createSaver({
    read: () => card.part(selector).value.trim(),
    isSaved: (text) => isSaved(card, text),
    save: (text) => save(card, text),
    changed: (state, error) => show(card, state, error),
    waitMs: WAIT_MS,
  });

  function show(card, state, error) {
    const field = card.part(selector);
    card.showTextState(field, state, state && say(`caption_${state}`));
    if (state === "saved") messages.settle(field);
    if (state === "failed") {
      const name = say("photo_name", { position: card.place });
      messages.report(field, name, say(complaint, { reason: messages.explain(error) }));
    }
  }

  /** Listens to `kind` of event, on these fields alone. */
  function on(kind, act) {
    board.grid.addEventListener(kind, (event) => {
      if (event.target.matches(selector)) act(board.cardOf(event.target), event);
    });
  }

  on("input", (card) => {
    show(card, "", null);
    saverOf(card).touch();
  });
  on("focusout", (card) => saverOf(card).flush());

  const flush = (card) => saverOf(card).flush();
  const unsaved = () => board.cards.filter((card) => saverOf(card).pending);
  return {
    on,
    flush,
    unsaved,
    flushAll: () => Promise.all(unsaved().map(flush)),
    get pending() { return unsaved().length > 0; },
  };
}
