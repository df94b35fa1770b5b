import assert from "node:assert/strict";
import { test } from "node:test";

import { createRotation } from "../../../static/admin/rooms/rotation.js";

const BEFORE = { id: 7, url: "/before.jpg" };
const AFTER = { id: 7, url: "/after.jpg" };

/** A photo 7 and a server that does as `rotate(quarters)` and `list()` say; `said` is all that was told. */
function setUp({ rotate = async () => ({ image: AFTER }), list = async () => ({ images: [AFTER] }) } = {}) {
  const sent = [];
  const said = [];
  const offers = [];
  const card = {
    id: 7, state: "ready", name: "Sea", picture: { large: { src: BEFORE.url } }, isTurning: false,
    root: { toggleAttribute: (_name, on) => { card.isTurning = on; } },
    part: () => ({ focus: () => {} }),
  };
  card.picture.takeVersions = ({ url }) => { card.picture.large = { src: url }; };
  const rotation = createRotation({
    board: { cards: [card] },
    transport: { rotate: (id, quarters) => { sent.push([id, quarters]); return rotate(quarters); }, list },
    messages: {
      settle: () => {}, announce: (key) => said.push(key), explain: (error) => error.message,
      report: (_about, name, text) => said.push(`${name}: ${text}`),
    },
    undo: { show: (offer) => { offers.push(offer); }, withdraw: () => { offers.push(null); } },
    say: (key, { reason = "" } = {}) => `${key} ${reason}`.trim(),
  });
  return { card, rotation, sent, said, offers };
}

test("what is pressed while a turn is under way becomes one more turn", async () => {
  const { card, rotation, sent, said, offers } = setUp();
  const ends = [rotation.turn(card, 1), rotation.turn(card, 1), rotation.turn(card, 1)];
  assert.equal(card.isTurning, true);
  assert.deepEqual(await Promise.all(ends), ["turned", "turned", "turned"]);
  assert.deepEqual([sent, said, card.isTurning], [[[7, 1], [7, 2]], ["turned"], false]);
  offers[0].takeBack();
  assert.deepEqual(sent.at(-1), [7, 1]);
});

test("a photo turned all the way round has no way back to offer", async () => {
  const { card, rotation, offers } = setUp();
  await rotation.turn(card, 1);
  await rotation.turn(card, 3);
  assert.equal(offers.at(-1), null);
});

test("what cannot be turned says why, keeps its picture and offers nothing", async () => {
  const { card, rotation, said, offers } = setUp({ rotate: async () => { throw new Error("No room."); } });
  assert.equal(await rotation.turn(card, 1), "turn_failed No room.");
  assert.deepEqual([said, offers, card.picture.large.src], [["Sea: turn_failed No room."], [], BEFORE.url]);
});

test("after a lost answer the server's list tells whether it was turned", async () => {
  const lost = async () => { throw Object.assign(new Error("Lost."), { unanswered: true }); };
  const turned = setUp({ rotate: lost });
  assert.equal(await turned.rotation.turn(turned.card, 1), "turned");
  assert.equal(turned.card.picture.large.src, AFTER.url);
  for (const list of [async () => ({ images: [BEFORE] }), lost]) {
    const { card, rotation } = setUp({ rotate: lost, list });
    assert.equal(await rotation.turn(card, 1), "turn_failed Lost.");
  }
});

test("a photo that is on its way up is not turned", async () => {
  const { card, rotation, sent } = setUp();
  card.state = "uploading";
  await rotation.turn(card, 1);
  assert.deepEqual(sent, []);
});
