// Lives here: captions, also those typed before their photo is up.
// Not here: saving while somebody types (text_fields.js), what a caption's field looks like in each state (card.js).

import { createTextFields } from "./text_fields.js";

export function createCaptions({ board, transport, messages, say }) {
  const fields = createTextFields({
    board,
    messages,
    say,
    selector: "[data-caption]",
    complaint: "caption_error",
    // Before the photo is up there is nothing to save to; it is asked again once it is.
    isSaved: (card, caption) => card.id === null || caption === card.savedCaption,
    save: async (card, caption) => {
      await transport.update(card.id, { caption });
      card.takeCaption(caption);
      card.suggestWords();
    },
  });

  fields.on("focusin", (card) => card.suggestWords());
  fields.on("keydown", (card, event) => {
    // Enter would save the whole page; here it means "this one is done, the next".
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const { cards } = board;
    const next = cards[cards.indexOf(card) + 1];
    if (next) next.caption.focus();
    else fields.flush(card);
  });

  /** As if it had been typed. */
  function write(card, text) {
    card.caption.value = text;
    fields.flush(card);
  }

  return { ...fields, write, get pending() { return fields.pending; } };
}
