// Lives here: making the screen show the gallery as the server says it is, after it changed elsewhere.
// Not here: asking the server. Photos still going up, and texts being typed, are left alone.

export function createReconciler({ board, ordering, removed }) {
  return (images) => {
    const ids = images.map(({ id }) => id);
    // One that is being replaced may be on the server under its new id: the answer is still to come.
    const settled = board.readyCards.filter((card) => card.state === "ready");
    settled.filter((card) => !ids.includes(card.id)).forEach((card) => board.remove(card));
    images.forEach((image, index) => {
      const card = board.cardById(image.id) ?? board.removedById(image.id) ?? board.addImage(image);
      updateTexts(card, image);
      board.putBack(card, index);
      removed.drop(image.id);
    });
    ordering.settled(ids);
    board.refresh();
  };
}

function updateTexts(card, { caption, alternative_text: alternative }) {
  if (card.caption.value.trim() === card.savedCaption) card.takeCaption(caption);
  else card.savedCaption = caption;
  if (card.alternative.value.trim() === card.savedAlternative) card.takeAlternative(alternative);
  else card.savedAlternative = alternative;
}
