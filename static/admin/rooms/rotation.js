// Lives here: turning photos by quarters, and turning them back.
// Not here: the new picture, which the server makes; the large view (viewer.js).

export function createRotation({ board, transport, messages, undo, say }) {
  // By card: the quarters, clockwise, that are asked for and not sent yet, and the end of all of it.
  const underWay = new Map();
  let lastTurn = null;
  const offer = { takeBack: turnBack, forget: () => { lastTurn = null; } };

  /** Resolves to the sentence that says what came of it. Pressed again meanwhile, all is one turn. */
  function turn(card, quarters) {
    if (card.state !== "ready") return Promise.resolve("");
    return start(card, quarters, "turned", (done) => offerUndo(card, done));
  }

  function turnBack() {
    const { card, quarters } = lastTurn;
    lastTurn = null;
    card.part("[data-action=more]").focus();
    start(card, 4 - quarters, "turned_back", () => {});
  }

  function start(card, quarters, key, onDone) {
    const work = underWay.get(card);
    if (work) {
      work.wanted = (work.wanted + quarters) % 4;
      return work.end;
    }
    const begun = { wanted: quarters };
    underWay.set(card, begun);
    begun.end = turnUntilDone(card, begun, key, onDone);
    return begun.end;
  }

  async function turnUntilDone(card, work, key, onDone) {
    let done = 0;
    card.root.toggleAttribute("data-turning", true);
    try {
      while (work.wanted) {
        const quarters = work.wanted;
        work.wanted = 0;
        card.picture.takeVersions(await send(card, quarters));
        done += quarters;
      }
      messages.settle(card);
      messages.announce(key);
      return say(key);
    } catch (error) {
      const words = say("turn_failed", { reason: messages.explain(error) });
      messages.report(card, card.name, words);
      return words;
    } finally {
      underWay.delete(card);
      card.root.toggleAttribute("data-turning", false);
      if (done % 4) onDone(done % 4);
    }
  }

  async function send(card, quarters) {
    try {
      return (await transport.rotate(card.id, quarters)).image;
    } catch (error) {
      // Where the answer was lost the photo may be turned all the same.
      const kept = error.unanswered ? await findKept(card.id) : null;
      if (kept && kept.url !== card.picture.large.src) return kept;
      throw error;
    }
  }

  const findKept = (id) =>
    transport.list().then(({ images }) => images.find((image) => image.id === id), () => null);

  // Turned again, a photo still goes back to how it was at first.
  function offerUndo(card, quarters) {
    if (!board.cards.includes(card)) return;
    const all = ((lastTurn?.card === card ? lastTurn.quarters : 0) + quarters) % 4;
    if (all === 0) undo.withdraw(offer);
    else undo.show(offer, "turned");
    lastTurn = all === 0 ? null : { card, quarters: all };
  }

  return { turn };
}
