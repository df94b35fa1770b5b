// Lives here: the texts of photos, saved while they are typed; those typed before their photo is up go up with it.
// Not here: what their fields look like in each state (card.js).

import { createSaver } from "./sending.js";
import { isUnsaved, typedText } from "./state.js";
import { explain, photoName, say } from "./words.js";

const WAIT_MS = 600;
// Texts that are saved in their time, or were tried and wait for their reason to go.
const BUSY = ["typing", "saving", "failed"];

export function createCaptions({ state, grid, api, messages }) {
  const fields = { caption: "[data-caption]", alternative_text: "[data-alternative]" };
  const names = Object.keys(fields);
  const savers = new WeakMap();

  function saverOf(photo, field) {
    if (!savers.has(photo)) savers.set(photo, Object.fromEntries(names.map((name) => [name, createFieldSaver(photo, name)])));
    return savers.get(photo)[field];
  }

  const createFieldSaver = (photo, field) => createSaver({
    read: () => typedText(photo, field),
    isSaved: () => !isUnsaved(photo, field),
    save: async (text) => {
      const { id } = photo.image;
      await api.update(id, { [field]: text });
      state.textSaved(photo, id, field, text);
    },
    changed: (outcome, error) => tell(photo, field, outcome, error),
    waitMs: WAIT_MS,
  });

  function tell(photo, field, outcome, error) {
    state.noteText(photo, field, outcome);
    if (outcome === "saved") messages.dismiss(keyOf(photo, field));
    if (outcome !== "failed") return;
    const reason = explain(error);
    const words = field === "caption"
      ? say(gettext("the caption is not saved. %(reason)s"), { reason })
      : say(gettext("the alternative text is not saved. %(reason)s"), { reason });
    messages.report(keyOf(photo, field), photoName(state.placeOf(photo)), words);
  }

  const keyOf = (photo, field) => `${field} ${photo.key}`;

  // What was typed before its photo was up, or while another came in its place, and did not go with it.
  state.onChange(() => {
    for (const photo of state.ready) {
      for (const field of names.filter((name) => isUnsaved(photo, name))) {
        if (!BUSY.includes(photo.textState[field])) saverOf(photo, field).flush();
      }
    }
  });

  // --- the hands ---

  function on(kind, act) {
    grid.element.addEventListener(kind, (event) => {
      const field = names.find((name) => event.target.matches(fields[name]));
      if (field) act(grid.photoOf(event.target), field, event);
    });
  }

  on("input", (photo, field, { target }) => {
    state.edit(photo, field, target.value);
    saverOf(photo, field).touch();
  });
  on("focusout", (photo, field) => saverOf(photo, field).flush());
  on("focusin", (photo, field) => {
    if (field === "caption") grid.workOn(photo);
  });
  on("keydown", (photo, field, event) => {
    // Enter would save the whole page; in a caption it means "this one is done, the next".
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const next = field === "caption" && state.photos[state.photos.indexOf(photo) + 1];
    if (next) grid.focus(next, fields.caption);
    else saverOf(photo, field).flush();
  });

  /** As if it had been typed into the caption's field. */
  function write(photo, text) {
    state.edit(photo, "caption", text);
    saverOf(photo, "caption").flush();
  }

  const unsaved = (field) => state.photos.filter((photo) => isUnsaved(photo, field));
  return {
    write,
    flush: () => Promise.all(names.flatMap((field) => unsaved(field).map((photo) => saverOf(photo, field).flush()))),
    problems: () => [
      ...unsaved("caption").map((photo) => say(gettext("caption of photo %(position)s"), { position: state.placeOf(photo) })),
      ...unsaved("alternative_text").map((photo) =>
        say(gettext("alternative text of photo %(position)s"), { position: state.placeOf(photo) })),
    ],
    get pending() { return names.some((field) => unsaved(field).length > 0); },
  };
}
