import assert from "node:assert/strict";
import { test } from "node:test";

import { indexOfPlace, known, sameOrder, sameSet, targetIndex, withImage } from "../../../static/admin/rooms/order.js";

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

test("what is not known yet keeps its place, and is no photo", () => {
  assert.deepEqual(withImage([1], { id: 4, order: 4 }), [1, null, null, 4]);
  assert.deepEqual(withImage([1, null, null, 4], { id: 3, order: 3 }), [1, null, 3, 4]);
  assert.deepEqual(withImage([1, null, 3], { id: 3, order: 3 }), [1, null, 3]);
  assert.deepEqual(known([1, null, 3]), [1, 3]);
});

test("the same photo twice is one photo", () => {
  assert.deepEqual(withImage([1, 2, 3], { id: 2, order: 2 }), [1, 2, 3]);
});

test("a place counts only the photos that are there", () => {
  const [a, b, c] = [{ isReady: true }, { isReady: false }, { isReady: true }];
  assert.equal(indexOfPlace([a, b, c], 1), 0);
  assert.equal(indexOfPlace([a, b, c], 2), 2);
  assert.equal(indexOfPlace([a, b, c], 3), 3);
  assert.equal(indexOfPlace([], 1), 0);
});
