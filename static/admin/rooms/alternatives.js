// Lives here: alternative texts, for people who do not see the photos: saving them.
// Not here: what stands for a photo where there is none (card.js).

import { createTextFields } from "./text_fields.js";

export function createAlternatives({ board, transport, messages, say }) {
  const fields = createTextFields({
    board,
    messages,
    say,
    selector: "[data-alternative]",
    complaint: "alternative_error",
    isSaved: (card, text) => card.id === null || text === card.savedAlternative,
    save: async (card, text) => {
      await transport.update(card.id, { alternative_text: text });
      card.takeAlternative(text);
    },
  });

  fields.on("keydown", (card, event) => {
    // Enter would save the whole page.
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    fields.flush(card);
  });

  return { ...fields, get pending() { return fields.pending; } };
}
