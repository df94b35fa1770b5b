import assert from "node:assert/strict";
import { test } from "node:test";

import "./catalogue.js";
import { createEditing } from "../../../static/admin/rooms/editing.js";
import { GalleryState } from "../../../static/admin/rooms/state.js";

const BEFORE = { id: 7, url: "/before.jpg", caption: "Sea", alternative_text: "", kind: "", order: 1 };
const AFTER = { ...BEFORE, url: "/after.jpg" };

/** A photo 7 and a server that does as `rotate(quarters)` and `list()` say; `said` is all that was told. */
function setUp({ rotate = async () => ({ image: AFTER }), list = async () => ({ images: [AFTER] }) } = {}) {
  const sent = [];
  const said = [];
  const offers = [];
  const state = new GalleryState({ limit: 10, images: [BEFORE] });
  const editing = createEditing({
    state,
    grid: { focus: () => {} },
    api: { rotate: (id, quarters) => { sent.push([id, quarters]); return rotate(quarters); }, list },
    messages: { dismiss: () => {}, announce: (text) => said.push(text), report: (_about, name, text) => said.push(`${name}: ${text}`) },
    undo: { show: (offer) => { offers.push(offer); }, withdraw: () => { offers.push(null); } },
  });
  return { state, photo: state.photos[0], editing, sent, said, offers };
}

test("what is pressed while a rotation is under way becomes one more", async () => {
  const { photo, editing, sent, said, offers } = setUp();
  const ends = [editing.rotate(photo, 1), editing.rotate(photo, 1), editing.rotate(photo, 1)];
  assert.notEqual(photo.rotation, null);
  await Promise.all(ends);
  assert.deepEqual([sent, said, photo.rotation], [[[7, 1], [7, 2]], ["Photo rotated."], null]);
  assert.equal(photo.said, "Photo rotated.");
  offers[0].takeBack();
  assert.deepEqual(sent.at(-1), [7, 1]);
});

test("a photo rotated all the way round has no way back to offer", async () => {
  const { photo, editing, offers } = setUp();
  await editing.rotate(photo, 1);
  await editing.rotate(photo, 3);
  assert.equal(offers.at(-1), null);
});

test("what cannot be rotated says why, keeps its picture and offers nothing", async () => {
  const { photo, editing, said, offers } = setUp({ rotate: async () => { throw new Error("No room."); } });
  await editing.rotate(photo, 1);
  assert.equal(photo.said, "The photo could not be rotated and is as it was. No room.");
  assert.deepEqual([said, offers, photo.image.url], [[`Sea: ${photo.said}`], [], BEFORE.url]);
});

test("after a lost answer the server's list tells whether it was rotated", async () => {
  const lost = async () => { throw Object.assign(new Error("Lost."), { unanswered: true }); };
  const rotated = setUp({ rotate: lost });
  await rotated.editing.rotate(rotated.photo, 1);
  assert.deepEqual([rotated.photo.said, rotated.photo.image.url], ["Photo rotated.", AFTER.url]);
  for (const list of [async () => ({ images: [BEFORE] }), lost]) {
    const { photo, editing } = setUp({ rotate: lost, list });
    await editing.rotate(photo, 1);
    assert.match(photo.said, /Lost\.$/);
  }
});

test("a photo that is on its way up is not rotated", async () => {
  const { photo, editing, sent } = setUp();
  photo.upload = { state: "uploading" };
  await editing.rotate(photo, 1);
  assert.deepEqual(sent, []);
});

test("a photo removed while it is rotated stays removed, and is no longer offered its way back", async () => {
  const { state, photo, editing, offers } = setUp();
  const end = editing.rotate(photo, 1);
  const [removal] = state.takeOut([photo]);
  await end;
  assert.deepEqual([state.photos, offers, photo.image.url], [[], [], AFTER.url]);
  state.putBack(removal);
  assert.deepEqual(state.readyIds, [7]);
});
