// Lives here: one photo large, over the page: to the next one, nearer, and back to where it was opened.
// Not here: cards, and their order; rotating (editing.js).

import { savedText } from "./state.js";
import { say } from "./words.js";

const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** `rotate(photo, quarters)` is asked for from here too. */
export function createViewer({ panel, state, grid, rotate }) {
  const dialog = panel.querySelector("[data-viewer]");
  const part = (name) => dialog.querySelector(`[data-view=${name}]`);
  const picture = part("picture");
  const stage = part("stage");
  let shown = null;
  let source = "";

  function open(photo) {
    photo.said = "";
    show(photo);
    // So that the focus comes back to the card, though its picture was clicked.
    grid.focus(photo, "[data-action=view]");
    dialog.showModal();
  }

  function show(photo) {
    shown = photo;
    source = "";
    draw();
  }

  function draw() {
    if (shown === null || !state.has(shown)) return;
    const index = state.photos.indexOf(shown);
    showPicture(grid.cardOf(shown).large(shown));
    picture.alt = grid.cardOf(shown).standIn(shown, index + 1);
    part("caption").textContent = savedText(shown, "caption");
    // Said here too: what is behind the dialog, nobody hears.
    if (part("said").textContent !== shown.said) part("said").textContent = shown.said;
    for (const side of ["left", "right"]) part(side).setAttribute("aria-disabled", shown.upload !== null);
    const values = { position: index + 1, total: state.photos.length };
    part("position").textContent = say(gettext("Photo %(position)s of %(total)s"), values);
    part("previous").setAttribute("aria-disabled", index === 0);
    part("next").setAttribute("aria-disabled", index === state.photos.length - 1);
  }

  function showPicture({ src, srcset }) {
    if (src === source) return;
    source = src;
    zoom(false);
    // Hidden until it has come: else the photo before would stay, under the words for this one.
    picture.toggleAttribute("data-loading", true);
    Object.assign(picture, { srcset, src });
  }

  function step(by) {
    const { photos } = state;
    const photo = photos[Math.min(Math.max(photos.indexOf(shown) + by, 0), photos.length - 1)];
    if (photo === shown) return;
    photo.said = "";
    show(photo);
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
    left: () => rotate(shown, 3),
    right: () => rotate(shown, 1),
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
  // Closed, it follows nothing.
  dialog.addEventListener("close", () => { shown = null; });
  grid.element.addEventListener("click", ({ target }) => {
    if (target.matches("[data-thumb]")) open(grid.photoOf(target));
  });
  state.onChange(draw);

  return { open };
}
