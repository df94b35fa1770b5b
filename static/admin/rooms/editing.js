// Lives here: making one photo better: rotating it, replacing it by another file, keeping it in spite of advice; and the ways back.
// Not here: the new picture, which the server makes; how a file goes up (uploads.js); the large view (viewer.js).

import { nameOf } from "./card.js";
import { explain, say } from "./words.js";

export function createEditing({ state, grid, api, messages, undo }) {
  const report = (photo, words) => messages.report(photo, nameOf(photo, state.placeOf(photo)), words);
  return {
    ...createRotating({ state, grid, api, messages, undo, report }),
    ...createReplacing({ state, grid, api, messages, undo, report }),
    ...createKeeping({ state, api, messages, report }),
  };
}

function createRotating({ state, grid, api, messages, undo, report }) {
  let last = null;
  const offer = { takeBack, forget: () => { last = null; } };

  const doneWords = () => gettext("Photo rotated.");
  const backWords = () => gettext("The photo is rotated back.");

  /** Pressed again meanwhile, all is one rotation. */
  async function rotate(photo, quarters) {
    if (photo.upload || !photo.image) return;
    const done = await rotateUntilDone(photo, quarters, doneWords);
    if (done) offerUndo(photo, done);
  }

  function takeBack() {
    const { photo, quarters } = last;
    last = null;
    grid.focus(photo, "[data-action=more]");
    rotateUntilDone(photo, 4 - quarters, backWords);
  }

  /** Resolves to the quarters that were made of it all; 0 also where another rotation under way took these along. */
  async function rotateUntilDone(photo, wanted, words) {
    if (state.rotate(photo, wanted)) return 0;
    let done = 0;
    let said = words();
    try {
      for (let quarters = state.takeQuarters(photo); quarters; quarters = state.takeQuarters(photo)) {
        state.redrawn(photo, await send(photo, quarters));
        done += quarters;
      }
      messages.dismiss(photo);
      messages.announce(said);
    } catch (error) {
      said = say(gettext("The photo could not be rotated and is as it was. %(reason)s"), { reason: explain(error) });
      report(photo, said);
    }
    state.rotated(photo, said);
    return done % 4;
  }

  async function send({ image }, quarters) {
    try {
      return (await api.rotate(image.id, quarters)).image;
    } catch (error) {
      // Where the answer was lost the photo may be rotated all the same.
      const kept = error.unanswered ? await findKept(image.id) : null;
      if (kept && kept.url !== image.url) return kept;
      throw error;
    }
  }

  const findKept = (id) => api.list().then(({ images }) => images.find((image) => image.id === id), () => null);

  // Rotated again, a photo still goes back to how it was at first.
  function offerUndo(photo, quarters) {
    if (!state.has(photo)) return;
    const all = ((last?.photo === photo ? last.quarters : 0) + quarters) % 4;
    if (all === 0) undo.withdraw(offer);
    else undo.show(offer, doneWords());
    last = all === 0 ? null : { photo, quarters: all };
  }

  return { rotate };
}

function createReplacing({ state, grid, api, messages, undo, report }) {
  let last = null;
  const offer = { takeBack, forget: () => { last = null; } };

  /** The server has put another file into the place of the photo that showed `old`. */
  function replaced(photo, old) {
    const words = photo.typed.caption
      ? gettext("Photo replaced. Does the caption still fit? The old photo is under “Removed photos”.")
      : gettext("Photo replaced. The old one is under “Removed photos”.");
    askForCaption(photo);
    undo.show(offer, words);
    last = { photo, old };
    messages.announce(words);
  }

  // Its words were the old photo's. Whoever works elsewhere by now is left in peace.
  function askForCaption(photo) {
    const active = document.activeElement;
    if (!photo.typed.caption || (active !== document.body && grid.photoOf(active) !== photo)) return;
    grid.focus(photo, "[data-caption]");
    document.activeElement.select();
  }

  async function takeBack() {
    const { photo, old } = last;
    const made = photo.image;
    last = null;
    grid.focus(photo, "[data-action=more]");
    try {
      await api.remove(made.id);
      // Only now: a full gallery has no place for both.
      const { image } = await api.restore(old.id);
      Object.assign(photo, { isSmaller: false, fileName: "" });
      state.take(image, { photo });
      messages.announce(gettext("The old photo is back."));
    } catch (error) {
      report(photo, say(gettext("Not all came back: look under “Removed photos”. %(reason)s"), { reason: explain(error) }));
      api.list().then(({ images }) => state.adopt(images), () => {});
    }
  }

  return { replaced };
}

/** A button that asks for another file for a photo. */
export function createChooser({ state, types, onChosen }) {
  const chooser = Object.assign(document.createElement("input"), { type: "file", accept: types.join() });
  let chosenFor = null;

  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    if (file && chosenFor.upload === null && state.has(chosenFor)) onChosen(chosenFor, file);
  });

  return (photo) => {
    if (photo.upload) return;
    chosenFor = photo;
    // Emptied, so that choosing the same file again is a change again.
    chooser.value = "";
    chooser.click();
  };
}

function createKeeping({ state, api, messages, report }) {
  /** "Keep anyway": what is said of the photo by now is not said again. */
  async function keep(photo) {
    const declined = [...(photo.image.advice_declined ?? []), ...state.adviceOf(photo).map(({ code }) => code)];
    try {
      await api.decline(photo.image.id, [...new Set(declined)]);
      photo.image = { ...photo.image, advice_declined: declined };
      messages.dismiss(photo);
      messages.announce(gettext("The photo is kept as it is."));
    } catch (error) {
      report(photo, say(gettext("This could not be saved. %(reason)s"), { reason: explain(error) }));
    }
  }

  return { keep };
}
