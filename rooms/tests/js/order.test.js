import assert from "node:assert/strict";
import { test } from "node:test";

import { indexOfPlace, sameOrder, sameSet, targetIndex, withImage } from "../../../static/admin/rooms/order.js";

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
