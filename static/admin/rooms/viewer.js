// Lives here: one photo large, over the page: to the next one, nearer, its caption, and back to where it was opened.
// Not here: cards, and their order; rotating (editing.js).

import { drawTextState } from "./card.js";
import { say } from "./words.js";

// Less is a touch, or a finger that scrolls.
const SWIPE_PX = 48;
const KEYS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

/** `rotate(photo, quarters)` is asked for from here too. */
export function createViewer({ panel, state, grid, captions, rotate }) {
  const dialog = panel.querySelector("[data-viewer]");
  const part = (name) => dialog.querySelector(`[data-view=${name}]`);
  const picture = part("picture");
  const stage = part("stage");
  const caption = part("caption");
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
    if (caption.value !== shown.typed.caption) caption.value = shown.typed.caption;
    drawTextState(caption, shown.textState.caption);
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
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || isZoomed() || event.target === caption) return;
    event.preventDefault();
    step(by);
  });
  caption.addEventListener("input", () => captions.type(shown, "caption", caption));
  caption.addEventListener("change", () => captions.write(shown, "caption", caption.value));
  caption.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    captions.write(shown, "caption", caption.value);
    step(1);
    caption.select();
  });
  listenForSwipes(stage, picture, { isOff: isZoomed, onSwipe: step });
  // Closed, it follows nothing.
  dialog.addEventListener("close", () => { shown = null; });
  grid.element.addEventListener("click", ({ target }) => {
    if (target.matches("[data-thumb]")) open(grid.photoOf(target));
  });
  state.onChange(draw);

  return { open };
}

/** A finger takes the picture along, and far enough to the next. A second one means something else. */
function listenForSwipes(stage, picture, { isOff, onSwipe }) {
  let startX = null;

  function follow(x) {
    picture.style.translate = startX === null ? "" : `${x - startX}px`;
  }

  function end(by) {
    startX = null;
    follow(0);
    if (Math.abs(by) > SWIPE_PX) onSwipe(by < 0 ? 1 : -1);
  }

  stage.addEventListener("pointerdown", ({ pointerType, isPrimary, clientX }) => {
    startX = pointerType === "touch" && isPrimary && !isOff() ? clientX : null;
    follow(clientX);
  });
  stage.addEventListener("pointermove", ({ clientX }) => follow(clientX));
  stage.addEventListener("pointerup", ({ clientX }) => end(startX === null ? 0 : clientX - startX));
  stage.addEventListener("pointercancel", () => end(0));
}
