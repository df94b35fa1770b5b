// Lives here: choosing several photos, and what is done to all of them at once.
// Not here: removing (removing.js), saving captions (captions.js).

import { sayCount } from "./words.js";

export function createSelection({ panel, state, messages, removing, captions, undo }) {
  const toggle = panel.querySelector("[data-action=select-photos]");
  const bar = panel.querySelector("[data-selection]");
  const field = bar.querySelector("[data-group-caption]");
  const kinds = bar.querySelector("[data-group-kind]");
  // What was given to all last, and what each had before.
  let given = null;
  const offer = { takeBack, forget: () => { given = null; } };

  const isOn = () => panel.hasAttribute("data-selecting");

  function turn(on) {
    if (!on && bar.contains(document.activeElement)) toggle.focus();
    panel.toggleAttribute("data-selecting", on);
    toggle.setAttribute("aria-pressed", on);
    bar.hidden = !on;
    state.select([...state.photos, ...state.away], false);
  }

  function draw() {
    if (!isOn()) return;
    const count = state.selected.length;
    const words = sayCount(ngettext("%(count)s photo selected", "%(count)s photos selected", count), count);
    const told = bar.querySelector("[data-selected-count]");
    if (told.textContent !== words) told.textContent = words;
    kinds.disabled = count === 0;
    for (const button of bar.querySelectorAll("[data-needs-photos]")) button.setAttribute("aria-disabled", count === 0);
  }

  const flip = (photo) => state.select([photo], !photo.isSelected);
  const selectAll = () => state.select(state.photos, state.selected.length < state.photos.length);

  function removeSelected() {
    const photos = state.selected;
    turn(false);
    removing.removeAll(photos);
    toggle.focus();
    if (state.photos.length === 0) panel.querySelector("[data-photo-input]").focus();
  }

  function give(name, text, words, backWords) {
    const before = state.selected.map((photo) => [photo, photo.typed[name]]);
    before.forEach(([photo]) => captions.write(photo, name, text));
    undo.show(offer, words(before.length));
    given = { name, before, backWords };
    messages.announce(words(before.length));
  }

  function giveCaption() {
    const text = field.value.trim();
    if (text === "") return field.focus();
    return give("caption", text, captionGiven, captionBack);
  }

  function giveKind() {
    if (state.selected.length > 0) give("kind", kinds.value, kindGiven, kindBack);
    kinds.selectedIndex = 0;
  }

  function takeBack() {
    const { name, before, backWords } = given;
    given = null;
    before.forEach(([photo, text]) => captions.write(photo, name, text));
    messages.announce(backWords(before.length));
    (isOn() ? field : toggle).focus();
  }

  kinds.addEventListener("change", giveKind);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (state.selected.length > 0) giveCaption();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOn() || event.isComposing || event.target.closest("dialog")) return;
    turn(false);
    toggle.focus();
  });
  state.onChange(draw);

  return { turn: () => turn(!isOn()), flip, selectAll, removeSelected, giveCaption };
}

const captionGiven = (count) => sayCount(ngettext("Caption given to %(count)s photo.", "Caption given to %(count)s photos.", count), count);
const captionBack = (count) => sayCount(ngettext("%(count)s caption is as before.", "%(count)s captions are as before.", count), count);
const kindGiven = (count) => sayCount(ngettext("Said what %(count)s photo shows.", "Said what %(count)s photos show.", count), count);
const kindBack = (count) =>
  sayCount(ngettext("What %(count)s photo shows is as before.", "What %(count)s photos show is as before.", count), count);
