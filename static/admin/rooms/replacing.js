// Lives here: choosing another file for a photo's place, and taking that back.
// Not here: how the file goes up, on the photo's own card (uploads.js).

export function createReplacing({ board, transport, messages, undo, uploads, ordering, captions, removed, rules, showImages }) {
  const chooser = Object.assign(document.createElement("input"), { type: "file", accept: rules.types.join() });
  let chosenFor = null;
  let last = null;
  const offer = { takeBack, forget: () => { last = null; } };

  function choose(card) {
    if (card.state !== "ready") return;
    chosenFor = card;
    // Emptied, so that choosing the same file again is a change again.
    chooser.value = "";
    chooser.click();
  }

  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    if (file && chosenFor.state === "ready" && board.cards.includes(chosenFor)) uploads.replace(chosenFor, file);
  });

  /** The server has put `image` into the place of the photo that `old` tells of. */
  function done(card, image, old) {
    removed.add(old);
    ordering.replaced(old.id, image.id);
    card.savedCaption = image.caption;
    captions.flush(card);
    undo.show(offer, "replaced");
    last = { card, old };
    messages.announce("replaced");
  }

  async function takeBack() {
    const { card, old } = last;
    const made = card.snapshot;
    last = null;
    card.part("[data-action=more]").focus();
    try {
      await transport.remove(made.id);
      removed.add(made);
      // Only now: a full gallery has no place for both.
      const { image } = await transport.restore(old.id);
      comeBack(card, image, made.id);
    } catch (error) {
      messages.report(card, card.name, messages.say("replace_back_failed", { reason: messages.explain(error) }));
      transport.list().then(({ images }) => showImages(images), () => {});
    }
  }

  function comeBack(card, image, madeId) {
    card.becomeReady(image);
    card.nameFile(undefined);
    card.takeAlternative(image.alternative_text);
    card.part("[data-note]").textContent = "";
    ordering.replaced(madeId, image.id);
    card.savedCaption = image.caption;
    captions.flush(card);
    removed.drop(image.id);
    board.refresh();
    messages.announce("replaced_back");
  }

  return { choose, done };
}
