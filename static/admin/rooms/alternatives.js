// Lives here: alternative texts, for people who do not see the photos: saving them, and taking in what the server has.
// Not here: what stands for a photo where there is none (card.js).

import { createTextFields } from "./text_fields.js";

export function createAlternatives({ board, transport, messages, say }) {
  const fields = createTextFields({
    board,
    messages,
    say,
    selector: "[data-alternative]",
    complaint: "alternative_error",
    isSaved: (card, text) => card.id === null || text === (card.savedAlternative ?? ""),
    save: async (card, text) => {
      await transport.describe(card.id, text);
      card.takeAlternative(text);
    },
  });

  fields.on("keydown", (card, event) => {
    // Enter would save the whole page.
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    fields.flush(card);
  });

  /** `texts` by photo: for cards that this page made of what the server told, and which came without. */
  function take(texts) {
    // Not at once: the answer it came with has yet to make the cards.
    setTimeout(() => {
      const unknown = board.readyCards.filter((card) => card.savedAlternative === null && card.id in texts);
      unknown.forEach((card) => card.takeAlternative(texts[card.id]));
    });
  }

  return { ...fields, take, get pending() { return fields.pending; } };
}
