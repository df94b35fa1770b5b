// Lives here: the badges with what there is to say about photos, and "keep anyway".
// Not here: what is said, and when (the server judges).

export function createAdvice({ board, transport, messages, say }) {
  // By photo: what is said, as the server told last, and the codes that it is not to say.
  const saidById = new Map();
  const declinedById = new Map();

  /** `told` names photos, with what there is to say about each of them by now. Some may have no card yet. */
  function take(told) {
    for (const [id, said] of Object.entries(told)) saidById.set(Number(id), said);
    show();
  }

  // What the page was made with stays until the server says otherwise.
  function show() {
    for (const card of board.readyCards) {
      if (saidById.has(card.id)) showOn(card, saidById.get(card.id));
    }
  }

  function showOn(card, said) {
    const badge = card.part("[data-advice]");
    const isLeft = said.length === 0 && badge.contains(document.activeElement);
    badge.hidden = said.length === 0;
    if (badge.hidden) badge.open = false;
    card.part("[data-advice-labels]").textContent = said.map(({ code }) => say(`advice_${code}`)).join(" · ");
    card.part("[data-advice-reasons]").replaceChildren(...said.map(paragraph));
    if (isLeft) card.part("[data-action=more]").focus();
  }

  function paragraph({ code, text }) {
    const reason = document.createElement("p");
    reason.dataset.adviceCode = code;
    reason.textContent = text;
    return reason;
  }

  const codesOn = (card) => [...card.root.querySelectorAll("[data-advice-code]")].map((reason) => reason.dataset.adviceCode);

  async function keep(card) {
    const declined = new Set([...(declinedById.get(card.id) ?? []), ...codesOn(card)]);
    try {
      await transport.decline(card.id, [...declined]);
      declinedById.set(card.id, declined);
      messages.settle(card);
      messages.announce("kept");
    } catch (error) {
      messages.report(card, card.name, say("keep_failed", { reason: messages.explain(error) }));
    }
  }

  for (const card of board.readyCards) {
    declinedById.set(card.id, new Set(card.part("[data-advice]").dataset.declined.split(" ").filter(Boolean)));
  }
  board.listeners.push(show);
  return { take, keep };
}
