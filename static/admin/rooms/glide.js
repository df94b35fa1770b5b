// Lives here: letting elements glide to their new places, so that the eye can follow a move.

const GLIDE_MS = 150;

export function glide(elements, rearrange) {
  const before = elements.map((element) => element.getBoundingClientRect());
  rearrange();
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  elements.forEach((element, index) => {
    const after = element.getBoundingClientRect();
    const [x, y] = [before[index].left - after.left, before[index].top - after.top];
    if (x || y) element.animate([{ transform: `translate(${x}px, ${y}px)` }, {}], { duration: GLIDE_MS, easing: "ease-out" });
  });
}
