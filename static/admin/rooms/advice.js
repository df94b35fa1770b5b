// Lives here: the badges with what there is to say about photos, and "keep anyway".
// Not here: what is said, and when (the server judges).

export function createAdvice({ board, transport, messages, say }) {
  let latest = null;

  /** `advice` names every photo of the gallery, as the server has it. */
  function take(advice) {
    // Not at once: the answer it came with has yet to change the cards.
    setTimeout(() => {
      // Answers overtake each other: one that does not know all photos is an earlier one.
      if (board.readyIds.some((id) => !(id in advice))) return;
      latest = advice;
      show();
    });
  }

  function show() {
    if (latest) board.readyCards.forEach((card) => showOn(card, latest[card.id] ?? []));
  }

  function showOn(card, said) {
    const badge = card.part("[data-advice]");
    const isLeft = said.length === 0 && badge.contains(document.activeElement);
    badge.hidden = said.length === 0;
    if (badge.hidden) badge.open = false;
    card.part("[data-advice-labels]").textContent = said.map(({ label }) => label).join(" · ");
    card.part("[data-advice-reasons]").replaceChildren(...said.map(paragraph));
    if (isLeft) card.part("[data-action=more]").focus();
  }

  function paragraph({ code, text }) {
    const reason = document.createElement("p");
    reason.dataset.adviceCode = code;
    reason.textContent = text;
    return reason;
  }

  async function keep(card) {
    try {
      await transport.keep(card.id);
      messages.settle(card);
      messages.announce("kept");
    } catch (error) {
      messages.report(card, card.name, say("keep_failed", { reason: messages.explain(error) }));
    }
  }

  board.listeners.push(show);
  return { take, keep };
}
