// Lives here: making the screen show the gallery as the server says it is, after it changed elsewhere.
// Not here: asking the server. Photos still going up, and captions being typed, are left alone.

export function createReconciler({ board, ordering, removed }) {
  return (images) => {
    const ids = images.map(({ id }) => id);
    // One that is being replaced may be on the server under its new id: the answer is still to come.
    const settled = board.readyCards.filter((card) => card.state === "ready");
    settled.filter((card) => !ids.includes(card.id)).forEach((card) => board.remove(card));
    images.forEach((image, index) => {
      const card = board.cardById(image.id) ?? board.removedById(image.id) ?? board.addImage(image);
      updateCaption(card, image.caption);
      board.putBack(card, index);
      removed.drop(image.id);
    });
    ordering.settled(ids);
    board.refresh();
  };
}

function updateCaption(card, caption) {
  const isBeingEdited = card.caption.value.trim() !== card.savedCaption;
  if (isBeingEdited) card.savedCaption = caption;
  else card.takeCaption(caption);
}
