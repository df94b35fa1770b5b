// Lives here: the texts of photos, saved while they are typed; those typed before their photo is up go up with it.
// Not here: what their fields look like in each state (card.js).

import { createSaver } from "./sending.js";
import { isUnsaved, typedText } from "./state.js";
import { explain, photoName, say } from "./words.js";

const WAIT_MS = 600;
// Texts that are saved in their time, or were tried and wait for their reason to go.
const BUSY = ["typing", "saving", "failed"];

export function createCaptions({ state, grid, api, messages }) {
  const fields = { caption: "[data-caption]", alternative_text: "[data-alternative]", kind: "[data-kind-choice]" };
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
      const { image } = await api.update(id, { [field]: text });
      state.textSaved(photo, id, field, text, image.kind);
    },
    changed: (outcome, error) => tell(photo, field, outcome, error),
    waitMs: WAIT_MS,
  });

  function tell(photo, field, outcome, error) {
    state.noteText(photo, field, outcome);
    if (outcome === "saved") messages.dismiss(keyOf(photo, field));
    if (outcome !== "failed") return;
    const words = say(notSaved()[field], { reason: explain(error) });
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

  on("input", (photo, field, { target }) => type(photo, field, target));
  // Chosen, it is said: nobody goes on typing.
  on("change", (photo, field) => saverOf(photo, field).flush());
  on("focusout", (photo, field) => saverOf(photo, field).flush());
  on("focusin", (photo, field) => {
    if (field === "caption") grid.workOn(photo);
  });
  on("keydown", (photo, field, event) => {
    // Enter would save the whole page; in a caption it means "this one is done, the next".
    if (event.key !== "Enter" || event.isComposing || field === "kind") return;
    event.preventDefault();
    const next = field === "caption" && state.photos[state.photos.indexOf(photo) + 1];
    if (next) grid.focus(next, fields.caption);
    else saverOf(photo, field).flush();
  });

  /** What `target` holds by now was typed, here or in another place that shows the photo. */
  function type(photo, field, target) {
    // Pasted lines become one: a caption is a line, however many its field shows.
    if (target.value.includes("\n")) target.value = target.value.replace(/\s*\n\s*/g, " ");
    state.edit(photo, field, target.value);
    saverOf(photo, field).touch();
  }

  /** As if it had been typed, or chosen, in the photo's own field. */
  function write(photo, field, text) {
    state.edit(photo, field, text);
    saverOf(photo, field).flush();
  }

  const unsaved = (field) => state.photos.filter((photo) => isUnsaved(photo, field));
  return {
    type,
    write,
    flush: () => Promise.all(names.flatMap((field) => unsaved(field).map((photo) => saverOf(photo, field).flush()))),
    problems: () => names.flatMap((field) => unsaved(field).map((photo) => say(whose()[field], { position: state.placeOf(photo) }))),
    get pending() { return names.some((field) => unsaved(field).length > 0); },
  };
}

const notSaved = () => ({
  caption: gettext("The caption is not saved. %(reason)s"),
  alternative_text: gettext("The alternative text is not saved. %(reason)s"),
  kind: gettext("What it shows is not saved. %(reason)s"),
});

const whose = () => ({
  caption: gettext("caption of photo %(position)s"),
  alternative_text: gettext("alternative text of photo %(position)s"),
  kind: gettext("what photo %(position)s shows"),
});
