// Lives here: what the booking channels say about the gallery, kept live: a line for each, and the places that ask for a photo.
// Not here: the rules and their sentences, which are the server's; how a file goes up (uploads.js).

import { set, setText } from "./card.js";

const WAIT_MS = 300;

/** `place` names the gallery: what is sent away here stays away in it, on this device. */
export function createReadiness({ panel, state, grid, api, kinds, place }) {
  const slots = panel.querySelector("[data-slots]");
  const template = panel.querySelector("[data-slot-template]");
  const dismissed = createMemory(`slots ${place}`);
  let asked = state.judged;
  let timer = null;
  let round = 0;
  let wanted = [...slots.children].map(({ dataset }) => dataset.kind);

  // --- what the server says ---

  function ask() {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT_MS);
  }

  async function send() {
    const mine = round += 1;
    const answer = await api.readiness().catch((error) => ({ error }));
    // A newer question has the newer answer; without one the line that comes back asks again.
    if (answer.error || mine !== round) return;
    wanted = answer.slots;
    drawSlots();
    answer.channels.forEach(drawChannel);
  }

  function follow() {
    drawSlots();
    if (state.judged === asked) return;
    asked = state.judged;
    ask();
  }

  // --- the places ---

  function drawSlots() {
    const shown = wanted.filter((kind) => !dismissed.has(kind) && !state.kindsUnderWay.includes(kind)).slice(0, state.placesLeft);
    const present = [...slots.children];
    const leaving = present.filter(({ dataset }) => !shown.includes(dataset.kind));
    if (leaving.some((slot) => slot.contains(document.activeElement))) panel.querySelector("[data-photo-input]").focus();
    leaving.forEach((slot) => slot.remove());
    // Those that stay are left alone, for one of them may have the focus.
    shown.forEach((kind, index) => {
      if (slotOf(kind) === null) slots.insertBefore(makeSlot(kind), slots.children[index] ?? null);
    });
  }

  const slotOf = (kind) => slots.querySelector(`[data-kind="${kind}"]`);

  function makeSlot(kind) {
    const slot = template.content.firstElementChild.cloneNode(true);
    set(slot, { "data-kind": kind, "aria-label": kinds[kind] });
    setText(slot.querySelector("[data-slot-name]"), kinds[kind]);
    for (const part of slot.querySelectorAll("input, button")) set(part, { "aria-label": part.getAttribute("aria-label") + kinds[kind] });
    return slot;
  }

  function dismiss(button) {
    const slot = button.closest("[data-slot]");
    const next = slot.nextElementSibling ?? slot.previousElementSibling;
    dismissed.add(slot.dataset.kind);
    (next?.querySelector("[data-action=dismiss-slot]") ?? panel.querySelector("[data-photo-input]")).focus();
    drawSlots();
  }

  for (const kind of ["dragover", "dragleave", "drop"]) {
    slots.addEventListener(kind, ({ target }) => target.closest("[data-slot]")?.toggleAttribute("data-over", kind === "dragover"));
  }

  // --- the lines ---

  function drawChannel({ channel, name, ready, needs }) {
    const line = panel.querySelector(`[data-channel="${channel}"]`);
    if (line === null) return;
    const [need] = needs;
    set(line, { "data-ready": ready, "data-needs": needs.length });
    setText(line.querySelector("[data-channel-icon]"), ready ? "check_circle" : "radio_button_unchecked");
    setText(line.querySelector("[data-channel-words]"), need?.text ?? gettext("Ready."));
    line.querySelector("[data-channel-needs]").replaceChildren(...needs.map(({ text }) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
    drawStep(line.querySelector("[data-action=channel-step]"), name, need);
  }

  function drawStep(button, name, need) {
    if (!need && button === document.activeElement) panel.querySelector("[data-photo-input]").focus();
    button.hidden = !need;
    if (!need) return;
    const words = stepWords(need);
    setText(button, words);
    set(button, { "data-code": need.code, "data-kind": need.kind, "data-images": need.images.join(" "), "aria-label": `${words} (${name})` });
  }

  function stepWords({ images }) {
    if (images.length > 0) return gettext("Show the photo");
    return state.placesLeft === 0 ? gettext("Say what a photo shows") : gettext("Add photos");
  }

  /** The next thing to do, or to the place where it is done. */
  function takeStep({ dataset: { kind, images } }) {
    const photo = state.byId(Number(images.split(" ")[0]));
    if (photo) return goTo(grid.cardOf(photo).part("[data-grip]"));
    if (state.placesLeft === 0) return goTo(grid.element.querySelector("[data-kind-choice]"));
    if (kind === "") return panel.querySelector("[data-photo-input]").click();
    dismissed.delete(kind);
    drawSlots();
    return goTo((slotOf(kind) ?? panel).querySelector("input[type=file]"));
  }

  function goTo(element) {
    element?.closest("[data-photo], [data-slot]")?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
  }

  state.onChange(follow);
  return { ask, dismiss, takeStep };
}

/** A set of words that outlives the page. */
function createMemory(key) {
  const words = new Set(JSON.parse(localStorage.getItem(key) ?? "[]"));
  const keep = () => (words.size ? localStorage.setItem(key, JSON.stringify([...words])) : localStorage.removeItem(key));
  return {
    has: (word) => words.has(word),
    add: (word) => { words.add(word); keep(); },
    delete: (word) => { words.delete(word); keep(); },
  };
}
