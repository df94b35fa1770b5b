// Lives here: sums on lists of photos: where a move leads, whether two orders are the same.
// Not here: cards, requests.

export const sameOrder = (one, other) =>
  one.length === other.length && one.every((id, index) => id === other[index]);

export const sameSet = (one, other) => sameOrder([...one].sort(), [...other].sort());

/** Where `action` takes the item at `index`: an index inside the list, its own when it cannot go. */
export function targetIndex(action, index, length) {
  const target = { "move-earlier": index - 1, "move-later": index + 1, "make-cover": 0, "move-last": length - 1 }[action];
  return target === undefined ? index : Math.min(Math.max(target, 0), length - 1);
}

/**
 * The server's order once it has taken `image` in at its place (`order` counts from 1). Answers may cross:
 * null stands for a photo before it that we have not heard of yet.
 */
export function withImage(ids, image) {
  const others = ids.filter((id) => id !== image.id);
  const place = image.order > 0 ? image.order - 1 : others.length;
  while (others.length < place) others.push(null);
  return [...others.slice(0, place), image.id, ...others.slice(others[place] === null ? place + 1 : place)];
}

/** Without the photos we have not heard of. */
export const known = (ids) => ids.filter((id) => id !== null);

/** Where to put a card so that it becomes number `place`, from 1, of those that are ready. */
export function indexOfPlace(cards, place) {
  const next = cards.filter((card) => card.isReady)[place - 1];
  return next ? cards.indexOf(next) : cards.length;
}
