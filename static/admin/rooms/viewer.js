// Lives here: one photo large, over the page: to the next one, nearer, and back to where it was opened.
// Not here: cards, and their order; turning (rotation.js).

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

export function createViewer({ panel, board, rotation, say }) {
  const dialog = panel.querySelector("[data-viewer]");
  const part = (name) => dialog.querySelector(`[data-view=${name}]`);
  const picture = part("picture");
  const stage = part("stage");
  let shown = null;

  function open(card) {
    show(card);
    // So that the focus comes back to the card, though its picture was clicked.
    card.part("[data-action=view]").focus();
    dialog.showModal();
  }

  function show(card) {
    const { cards } = board;
    const index = cards.indexOf(card);
    shown = card;
    zoom(false);
    picture.alt = card.standIn;
    // Hidden until it has come: else the photo before would stay, under the words for this one.
    picture.toggleAttribute("data-loading", true);
    Object.assign(picture, { srcset: card.picture.large.srcset, src: card.picture.large.src });
    part("caption").textContent = card.savedCaption;
    part("said").textContent = "";
    for (const side of ["left", "right"]) part(side).setAttribute("aria-disabled", card.state !== "ready");
    part("position").textContent = say("position", { position: index + 1, total: cards.length });
    part("previous").setAttribute("aria-disabled", index === 0);
    part("next").setAttribute("aria-disabled", index === cards.length - 1);
  }

  function step(by) {
    const { cards } = board;
    const index = Math.min(Math.max(cards.indexOf(shown) + by, 0), cards.length - 1);
    if (cards[index] !== shown) show(cards[index]);
  }

  // Said here too: what is behind the dialog, nobody hears.
  async function turn(quarters) {
    const card = shown;
    const said = await rotation.turn(card, quarters);
    if (shown !== card) return;
    show(card);
    part("said").textContent = said;
  }

  /** `at` is the point to look at, as shares of the picture's width and height. */
  function zoom(on, at = { x: 0.5, y: 0.5 }) {
    stage.toggleAttribute("data-zoomed", on);
    part("zoom").setAttribute("aria-pressed", on);
    if (!on) return;
    // The versions end at 1280 pixels; near by all of it is wanted.
    picture.removeAttribute("srcset");
    stage.scrollTo(at.x * stage.scrollWidth - stage.clientWidth / 2, at.y * stage.scrollHeight - stage.clientHeight / 2);
  }

  const isZoomed = () => stage.hasAttribute("data-zoomed");
  const acts = {
    previous: () => step(-1),
    next: () => step(1),
    close: () => dialog.close(),
    left: () => turn(3),
    right: () => turn(1),
    zoom: () => zoom(!isZoomed()),
    picture: ({ offsetX, offsetY }) =>
      zoom(!isZoomed(), { x: offsetX / picture.clientWidth, y: offsetY / picture.clientHeight }),
    stage: () => dialog.close(),
  };
  for (const kind of ["load", "error"]) picture.addEventListener(kind, () => picture.removeAttribute("data-loading"));
  dialog.addEventListener("click", (event) => acts[event.target.closest("[data-view]")?.dataset.view]?.(event));
  dialog.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    // Near by the arrows scroll.
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || isZoomed()) return;
    event.preventDefault();
    step(by);
  });
  board.grid.addEventListener("click", ({ target }) => {
    if (target.matches("[data-thumb]")) open(board.cardOf(target));
  });

  return { open };
}
