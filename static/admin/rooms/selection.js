// Lives here: choosing several photos, and what is done to all of them at once.
// Not here: removing (removal.js), saving captions (captions.js).

export function createSelection({ panel, board, messages, removal, captions, undo, say }) {
  const toggle = panel.querySelector("[data-action=select-photos]");
  const bar = panel.querySelector("[data-selection]");
  const field = bar.querySelector("[data-group-caption]");
  let recaptioned = [];
  const offer = { takeBack: takeCaptionsBack, forget: () => { recaptioned = []; } };

  const isOn = () => panel.hasAttribute("data-selecting");
  const selected = () => board.cards.filter((card) => card.isSelected);

  function turn(on) {
    if (!on && bar.contains(document.activeElement)) toggle.focus();
    panel.toggleAttribute("data-selecting", on);
    toggle.setAttribute("aria-pressed", on);
    bar.hidden = !on;
    board.cards.forEach((card) => card.select(false));
    showCount();
  }

  function showCount() {
    const count = selected().length;
    bar.querySelector("[data-selected-count]").textContent = say("selected", { count });
    for (const button of bar.querySelectorAll("[data-needs-photos]")) button.setAttribute("aria-disabled", count === 0);
  }

  function flip(card) {
    card.select(!card.isSelected);
    showCount();
  }

  function selectAll() {
    const { cards } = board;
    const on = !cards.every((card) => card.isSelected);
    cards.forEach((card) => card.select(on));
    showCount();
  }

  function removeSelected() {
    const cards = selected();
    turn(false);
    removal.removeAll(cards);
    toggle.focus();
    if (board.cards.length === 0) panel.querySelector("[data-photo-input]").focus();
  }

  function giveCaption() {
    const text = field.value.trim();
    if (text === "") return field.focus();
    const cards = selected();
    const before = cards.map((card) => [card, card.caption.value]);
    cards.forEach((card) => captions.write(card, text));
    undo.show(offer, "captioned", { count: cards.length });
    recaptioned = before;
    return messages.announce("captioned", { count: cards.length });
  }

  function takeCaptionsBack() {
    recaptioned.forEach(([card, text]) => captions.write(card, text));
    messages.announce("captions_back", { count: recaptioned.length });
    (isOn() ? field : toggle).focus();
    recaptioned = [];
  }

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (selected().length > 0) giveCaption();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOn() || event.isComposing || event.target.closest("dialog")) return;
    turn(false);
    toggle.focus();
  });
  // What is gone, or new, changes how many there are.
  board.listeners.push(() => { if (isOn()) showCount(); });

  return { turn: () => turn(!isOn()), flip, selectAll, removeSelected, giveCaption };
}
