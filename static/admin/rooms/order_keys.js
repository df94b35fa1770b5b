// Lives here: moving a photo without dragging, beside the buttons: by keys on its handle, and by choosing its place.
// Not here: what a move does (ordering.js).

const ACTIONS = {
  ArrowLeft: "move-earlier", ArrowUp: "move-earlier",
  ArrowRight: "move-later", ArrowDown: "move-later",
  Home: "make-cover", End: "move-last",
};

export function listenForPlaces({ board, ordering }) {
  board.grid.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const action = ACTIONS[event.key];
    // The arrows with any modifier: people know several, and one of them would leave the page.
    if (!grip || !action || event.metaKey) return;
    event.preventDefault();
    ordering.move(action, board.cardOf(grip), grip);
  });
  board.grid.addEventListener("change", ({ target }) => {
    if (target.matches("[data-place]")) ordering.moveTo(Number(target.value) - 1, board.cardOf(target), target);
  });
}
