import assert from "node:assert/strict";
import { test } from "node:test";

import { sameSet, targetIndex } from "../../../static/admin/rooms/ordering.js";
import { GalleryState, indexOfPlace, isUnsaved, sameOrder, stateOf, withImage } from "../../../static/admin/rooms/state.js";

test("moves stay inside the list", () => {
  assert.equal(targetIndex("move-earlier", 2, 4), 1);
  assert.equal(targetIndex("move-earlier", 0, 4), 0);
  assert.equal(targetIndex("move-later", 2, 4), 3);
  assert.equal(targetIndex("move-later", 3, 4), 3);
  assert.equal(targetIndex("make-cover", 3, 4), 0);
  assert.equal(targetIndex("move-last", 1, 4), 3);
  assert.equal(targetIndex("anything else", 2, 4), 2);
});

test("an order and a set are not the same thing", () => {
  assert.equal(sameOrder([1, 2], [1, 2]), true);
  assert.equal(sameOrder([1, 2], [2, 1]), false);
  assert.equal(sameOrder([1, 2], [1, 2, 3]), false);
  assert.equal(sameSet([10, 9], [9, 10]), true);
  assert.equal(sameSet([10, 9], [9, 11]), false);
});

test("a photo that comes in or back takes the place the server gave it", () => {
  assert.deepEqual(withImage([1, 2], { id: 3, order: 3 }), [1, 2, 3]);
  assert.deepEqual(withImage([1, 2], { id: 3, order: 1 }), [3, 1, 2]);
  assert.deepEqual(withImage([1, 2], { id: 3, order: 0 }), [1, 2, 3]);
});

test("answers that cross leave the order the server has", () => {
  const images = [{ id: 151, order: 1 }, { id: 152, order: 2 }, { id: 153, order: 3 }];
  for (const arrival of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const ids = arrival.map((index) => images[index]).reduce(withImage, []);
    assert.deepEqual(ids, [151, 152, 153], `arrival ${arrival}`);
  }
});

test("what is not known yet keeps its place", () => {
  assert.deepEqual(withImage([1], { id: 4, order: 4 }), [1, null, null, 4]);
  assert.deepEqual(withImage([1, null, null, 4], { id: 3, order: 3 }), [1, null, 3, 4]);
  assert.deepEqual(withImage([1, null, 3], { id: 3, order: 3 }), [1, null, 3]);
});

test("the same photo twice is one photo", () => {
  assert.deepEqual(withImage([1, 2, 3], { id: 2, order: 2 }), [1, 2, 3]);
});

test("a place counts only the photos that are there", () => {
  const [a, b, c] = [{ image: { id: 1 } }, { image: null }, { image: { id: 2 } }];
  assert.equal(indexOfPlace([a, b, c], 1), 0);
  assert.equal(indexOfPlace([a, b, c], 2), 2);
  assert.equal(indexOfPlace([a, b, c], 3), 3);
  assert.equal(indexOfPlace([], 1), 0);
});

// --- the gallery ---

const image = (id, order, more = {}) => ({ id, order, url: `/${id}.jpg`, caption: "", alternative_text: "", kind: "", ...more });
const gallery = (...ids) => new GalleryState({ limit: 4, images: ids.map((id, index) => image(id, index + 1)) });

/** A file on its way up, as the queue has it. */
function uploading(state, name = "a.jpg", replaces = null) {
  const photo = replaces ?? state.add({ name });
  photo.upload = { photo, file: { name }, state: "uploading", error: null };
  return photo;
}

test("answers of two uploads that cross leave the order in which the files were chosen", () => {
  for (const first of [0, 1]) {
    const state = gallery(1);
    const photos = [uploading(state, "a.jpg"), uploading(state, "b.jpg")];
    const answers = [image(2, 2), image(3, 3)];
    for (const which of [first, 1 - first]) state.take(answers[which], { photo: photos[which] });
    assert.deepEqual([state.readyIds, state.keptOrder, state.orderIsSaved], [[1, 2, 3], [1, 2, 3], true]);
  }
});

test("the server's order is not ours where it took the second file first", () => {
  const state = gallery();
  const [a, b] = [uploading(state, "a.jpg"), uploading(state, "b.jpg")];
  state.take(image(7, 1), { photo: b });
  state.take(image(8, 2), { photo: a });
  assert.deepEqual([state.readyIds, state.keptOrder, state.orderIsSaved], [[8, 7], [7, 8], false]);
});

test("the same answer twice changes nothing the second time", () => {
  const state = gallery(1);
  const photo = uploading(state);
  state.take(image(2, 2), { photo });
  const before = JSON.stringify([state.photos, state.removed, state.serverOrder]);
  state.take(image(2, 2), { photo });
  state.take(image(2, 2));
  assert.equal(JSON.stringify([state.photos, state.removed, state.serverOrder]), before);
});

test("an answer that was lost and came as somebody else's photo leaves one card, the person's own", () => {
  const state = gallery(1);
  const photo = uploading(state);
  state.adopt([image(1, 1), image(2, 2)]);
  assert.equal(state.photos.length, 3);
  state.take(image(2, 2), { photo });
  assert.deepEqual([state.readyIds, state.photos.at(-1) === photo], [[1, 2], true]);
});

test("a removal while another photo goes up waits for nothing, and the new photo stays behind the others", () => {
  const state = gallery(1, 2);
  const photo = uploading(state);
  const [removal] = state.takeOut([state.photos[0]]);
  assert.deepEqual([state.readyIds, state.orderIsSaved, state.placesLeft], [[2], true, 2]);
  state.take(image(3, 3), { photo });
  state.leave(removal);
  assert.deepEqual([state.readyIds, state.keptOrder, state.removed.map((one) => one.image.id)], [[2, 3], [2, 3], [1]]);
});

test("a removal that failed puts the photo back where it was", () => {
  const state = gallery(1, 2, 3);
  const [removal] = state.takeOut([state.photos[1]]);
  state.putBack(removal);
  assert.deepEqual([state.readyIds, state.orderIsSaved, state.removed], [[1, 2, 3], true, []]);
});

test("a stale order shows the gallery as it is, but not what is being removed, and keeps what goes up", () => {
  const state = gallery(1, 2, 3);
  const photo = uploading(state);
  const [removal] = state.takeOut([state.photos[0]]);
  state.adopt([image(9, 1), image(1, 2), image(3, 3)]);
  assert.deepEqual([state.readyIds, state.photos.at(-1) === photo], [[9, 3], true]);
  state.leave(removal);
  assert.deepEqual([state.keptOrder, state.orderIsSaved], [[9, 3], true]);
});

test("an undo while an upload goes on puts each into its place", () => {
  const state = gallery(1, 2, 3);
  const photo = uploading(state);
  const removals = state.takeOut([state.photos[0], state.photos[1]]);
  removals.forEach((removal) => state.leave(removal));
  state.take(image(4, 2), { photo });
  for (const { photo: one, index } of removals.reverse()) state.take(image(one.image.id, index + 1), { photo: one, index });
  assert.deepEqual([state.readyIds, state.keptOrder, state.removed], [[1, 2, 3, 4], [1, 2, 3, 4], []]);
});

test("photos removed together come back together, in their order", () => {
  const state = gallery(1, 2, 3, 4);
  const removals = state.takeOut([state.photos[1], state.photos[2]]);
  for (const removal of removals.reverse()) state.putBack(removal);
  assert.deepEqual(state.readyIds, [1, 2, 3, 4]);
});

test("a replacement answered after a removal takes the place on the removed card, and comes back as the new photo", () => {
  const state = gallery(1, 2);
  const [photo] = state.photos;
  uploading(state, "new.jpg", photo);
  assert.deepEqual([stateOf(photo), state.placesLeft], ["uploading", 2]);
  photo.upload = null; // given up
  const [removal] = state.takeOut([photo]);
  state.leave(removal);
  assert.deepEqual([state.readyIds, state.keptOrder], [[2], [2]]);
  state.take(image(1, 1), { photo, index: 0 });
  assert.deepEqual([state.readyIds, state.keptOrder, state.removed], [[1, 2], [1, 2], []]);
});

test("a replacement keeps its place in both orders, and the old photo is listed as removed", () => {
  const state = gallery(1, 2, 3);
  const photo = state.photos[1];
  uploading(state, "new.jpg", photo);
  state.move(photo, 0);
  state.take(image(9, 2), { photo });
  assert.deepEqual([state.readyIds, state.keptOrder], [[9, 1, 3], [1, 9, 3]]);
  assert.deepEqual(state.removed.map((one) => one.image.id), [2]);
  state.take(image(2, 2), { photo });
  assert.deepEqual([state.readyIds, state.removed.map((one) => one.image.id)], [[2, 1, 3], [9]]);
});

test("a photo that comes back into its place has its own texts again, but for what is not saved", () => {
  const state = gallery(1);
  const [photo] = state.photos;
  state.take(image(9, 1), { photo });
  state.edit(photo, "caption", "A table");
  state.textSaved(photo, 9, "caption", "A table");
  state.edit(photo, "alternative_text", "A round table");
  state.take(image(1, 1, { caption: "A bed" }), { photo });
  assert.deepEqual([photo.typed.caption, photo.typed.alternative_text], ["A bed", "A round table"]);
});

test("a restore that the full gallery refuses changes nothing, and works once there is a place", () => {
  const state = new GalleryState({ limit: 2, images: [image(1, 1), image(2, 2)], removed: [{ image: { id: 3 } }] });
  assert.equal(state.placesLeft, 0);
  state.leave(state.takeOut([state.photos[0]])[0]);
  state.take(image(3, 1));
  assert.deepEqual([state.readyIds, state.keptOrder, state.removed.map((one) => one.image.id)], [[3, 2], [3, 2], [1]]);
});

test("a caption typed while its photo goes up is saved where it went along, and unsaved where it was changed after", () => {
  const state = gallery();
  const [a, b] = [uploading(state, "a.jpg"), uploading(state, "b.jpg")];
  state.edit(a, "caption", "Bed");
  assert.equal(isUnsaved(a, "caption"), false);
  state.edit(b, "caption", "View of the sea");
  state.take(image(1, 1, { caption: "Bed" }), { photo: a });
  state.take(image(2, 2, { caption: "View" }), { photo: b });
  assert.deepEqual([isUnsaved(a, "caption"), isUnsaved(b, "caption")], [false, true]);
  assert.deepEqual([a.typed.caption, b.typed.caption], ["Bed", "View of the sea"]);
});

test("a caption that was taken away again while its photo went up is not brought back by the answer", () => {
  const state = gallery();
  const photo = uploading(state);
  state.edit(photo, "caption", "");
  state.take(image(1, 1, { caption: "Bed" }), { photo });
  assert.deepEqual([photo.typed.caption, isUnsaved(photo, "caption")], ["", true]);
});

test("what was typed and is not saved wins over the server's text, and a saved one gives way to it", () => {
  const state = gallery(1, 2);
  state.edit(state.photos[0], "caption", "Mine");
  state.adopt([image(1, 1, { caption: "Theirs" }), image(2, 2, { caption: "Theirs" })]);
  assert.deepEqual(state.photos.map(({ typed }) => typed.caption), ["Mine", "Theirs"]);
  assert.equal(isUnsaved(state.photos[0], "caption"), true);
});

test("a text saved on the photo that was replaced meanwhile is still to be saved on the new one", () => {
  const state = gallery(1);
  const [photo] = state.photos;
  state.edit(photo, "caption", "Bed");
  state.take(image(9, 1), { photo });
  state.textSaved(photo, 1, "caption", "Bed");
  assert.equal(isUnsaved(photo, "caption"), true);
  state.textSaved(photo, 9, "caption", "Bed");
  assert.equal(isUnsaved(photo, "caption"), false);
});

test("rotations in a row add up to what was asked for, and an answer about an older photo is passed over", () => {
  const state = gallery(1);
  const [photo] = state.photos;
  assert.deepEqual([state.rotate(photo, 1), state.takeQuarters(photo)], [false, 1]);
  assert.deepEqual([state.rotate(photo, 3), state.rotate(photo, 3), state.takeQuarters(photo)], [true, true, 2]);
  state.textSaved(photo, 1, "caption", "Bed");
  state.redrawn(photo, image(1, 1, { url: "/rotated.jpg", caption: "older" }));
  assert.deepEqual([photo.image.url, photo.image.caption], ["/rotated.jpg", "Bed"]);
  state.redrawn(photo, image(8, 1, { url: "/another.jpg" }));
  assert.equal(photo.image.url, "/rotated.jpg");
});

test("advice that comes before its photo waits for it, and an answer's own is the latest", () => {
  const state = gallery(1);
  const photo = uploading(state);
  state.tell({ 1: [{ code: "duplicate", text: "Twin" }], 2: [{ code: "dark", text: "Dark" }] });
  const { advice, ...without } = image(2, 2, { advice: [] });
  state.take(without, { photo });
  assert.deepEqual([state.adviceOf(photo).length, state.adviceOf(state.photos[0]).length, advice.length], [1, 1, 0]);
  state.take(image(2, 2, { advice: [] }), { photo });
  assert.deepEqual(state.adviceOf(photo), []);
});

test("moves stay moves whatever comes and goes meanwhile", () => {
  const state = gallery(1, 2, 3);
  const before = state.photos;
  assert.equal(state.move(state.photos[2], 0), true);
  assert.equal(state.move(state.photos[0], 0), false);
  state.leave(state.takeOut([before[0]])[0]);
  const photo = uploading(state);
  state.arrange(before);
  assert.deepEqual([state.readyIds, state.photos.at(-1) === photo], [[2, 3], true]);
});

test("views hear of each change", () => {
  const state = gallery(1);
  let heard = 0;
  state.onChange(() => { heard += 1; });
  state.edit(state.photos[0], "caption", "a");
  state.noteTraffic(1);
  state.noteTraffic(1);
  assert.equal(heard, 2);
});
