import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createSaver } from "../../../static/admin/rooms/saver.js";

/** A value on the page and its copy on a server that answers when the test says so. */
function makeSaver() {
  const world = { page: "", server: "", sent: [], states: [], answer: null };
  world.saver = createSaver({
    read: () => world.page,
    isSaved: (value) => value === world.server,
    save: (value) => {
      world.sent.push(value);
      return new Promise((resolve, reject) => {
        world.answer = { ok: () => { world.server = value; resolve(); }, fail: reject };
      });
    },
    changed: (state) => world.states.push(state),
    waitMs: 600,
  });
  return world;
}

const turn = () => new Promise(setImmediate);

test("it waits until the value has been left alone", async (context) => {
  context.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ["setTimeout"] });
  const world = makeSaver();
  for (const page of ["s", "se", "sea"]) {
    world.page = page;
    world.saver.touch();
    mock.timers.tick(500);
  }
  assert.deepEqual(world.sent, []);
  mock.timers.tick(100);
  assert.deepEqual(world.sent, ["sea"]);
});

test("what is typed during a request is sent after it: the last value wins", async () => {
  const world = makeSaver();
  world.page = "sea";
  const done = world.saver.flush();
  world.page = "sea view";
  assert.equal(world.saver.flush(), done);
  world.answer.ok();
  await turn();
  assert.deepEqual(world.sent, ["sea", "sea view"]);
  world.answer.ok();
  assert.equal(await done, true);
  assert.deepEqual(world.states, ["saving", "saving", "saved"]);
  assert.equal(world.saver.pending, false);
});

test("a failure is kept and said; the next flush tries again", async () => {
  const world = makeSaver();
  world.page = "sea";
  const first = world.saver.flush();
  world.answer.fail(new Error("offline"));
  assert.equal(await first, false);
  assert.equal(world.saver.pending, true);
  const second = world.saver.flush();
  world.answer.ok();
  assert.equal(await second, true);
  assert.deepEqual(world.states, ["saving", "failed", "saving", "saved"]);
});

test("nothing is sent where nothing changed", async () => {
  const world = makeSaver();
  assert.equal(await world.saver.flush(), true);
  assert.deepEqual([world.sent, world.states], [[], []]);
});
