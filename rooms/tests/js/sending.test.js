import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createQueue, createSaver, pauseBeforeRetryMs } from "../../../static/admin/rooms/sending.js";

const PASSING = { transient: true };
const FINAL = { transient: false };

/** A queue whose uploads end when the test says so. */
function makeQueue(options = {}) {
  const uploads = new Map();
  const started = [];
  const pauses = [];
  const queue = createQueue({
    parallel: 3,
    send: (job) => {
      started.push(job.name);
      return new Promise((resolve, reject) => uploads.set(job.name, { resolve, reject }));
    },
    changed: () => {},
    pause: async (ms) => { pauses.push(ms); },
    ...options,
  });
  const end = async (name, how, value) => {
    uploads.get(name)[how](value);
    // Two turns of the event loop: one for the answer, one for what it sets off.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  };
  const jobs = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { name }]));
  return { queue, started, pauses, end, jobs };
}

test("three at a time, in the order chosen", async () => {
  const { queue, started, end, jobs } = makeQueue();
  Object.values(jobs).forEach(queue.add);
  assert.deepEqual(started, ["a", "b", "c"]);
  await end("b", "resolve");
  assert.deepEqual(started, ["a", "b", "c", "d"]);
  assert.deepEqual([jobs.b.state, jobs.d.state, jobs.e.state], ["ready", "uploading", "queued"]);
});

test("one that fails for good does not stop the others", async () => {
  const { queue, started, end, jobs } = makeQueue();
  Object.values(jobs).forEach(queue.add);
  await end("a", "reject", FINAL);
  assert.equal(jobs.a.state, "failed");
  assert.equal(jobs.a.error, FINAL);
  assert.deepEqual(started, ["a", "b", "c", "d"]);
});

test("a passing failure is tried again three times, with longer and longer pauses", async () => {
  const { queue, started, pauses, end, jobs } = makeQueue();
  queue.add(jobs.a);
  for (let tries = 0; tries < 4; tries += 1) await end("a", "reject", PASSING);
  assert.deepEqual(started, ["a", "a", "a", "a"]);
  assert.deepEqual(pauses, [1000, 4000, 10000]);
  assert.equal(jobs.a.state, "failed");
});

test("the server's Retry-After is respected, unless it is too long to sit through", () => {
  assert.equal(pauseBeforeRetryMs({ transient: true, retryAfterMs: 7000 }, 0), 7000);
  assert.equal(pauseBeforeRetryMs({ transient: true, retryAfterMs: 500 }, 0), 1000);
  assert.equal(pauseBeforeRetryMs({ transient: true, retryAfterMs: 600000 }, 0), null);
  assert.equal(pauseBeforeRetryMs(FINAL, 0), null);
});

test("a failed one can be added again", async () => {
  const { queue, end, jobs } = makeQueue();
  queue.add(jobs.a);
  await end("a", "reject", FINAL);
  queue.add(jobs.a);
  await end("a", "resolve", "photo");
  assert.deepEqual([jobs.a.state, jobs.a.result, jobs.a.error], ["ready", "photo", null]);
});

test("a cancelled one is told to stop, and says nothing any more", async () => {
  const { queue, started, end, jobs } = makeQueue();
  Object.values(jobs).forEach(queue.add);
  let stopped = false;
  jobs.a.abort = () => { stopped = true; };
  queue.cancel(jobs.a);
  queue.cancel(jobs.d);
  assert.equal(stopped, true);
  await end("a", "reject", PASSING);
  assert.deepEqual(started, ["a", "b", "c", "e"]);
  assert.deepEqual([jobs.a.state, jobs.d.state], ["uploading", "queued"]);
});

test("idle waits for all, whatever becomes of them", async () => {
  const { queue, end, jobs } = makeQueue();
  [jobs.a, jobs.b].forEach(queue.add);
  let isIdle = false;
  queue.idle().then(() => { isIdle = true; });
  await end("a", "resolve");
  assert.equal(isIdle, false);
  await end("b", "reject", FINAL);
  assert.equal(isIdle, true);
  await queue.idle();
});

test("an ended session fails those that wait, instead of sending each of them", async () => {
  const { queue, started, end, jobs } = makeQueue();
  Object.values(jobs).forEach(queue.add);
  queue.failWaiting(FINAL);
  assert.deepEqual([jobs.d.state, jobs.e.state], ["failed", "failed"]);
  await end("a", "resolve");
  assert.deepEqual(started, ["a", "b", "c"]);
});

test("without a connection nothing is given up, and no try is counted", async () => {
  let isOffline = true;
  const { queue, pauses, end, jobs } = makeQueue({ isOffline: () => isOffline });
  queue.add(jobs.a);
  for (let tries = 0; tries < 5; tries += 1) await end("a", "reject", PASSING);
  assert.equal(jobs.a.state, "uploading");
  assert.deepEqual(pauses, [60000, 60000, 60000, 60000, 60000]);
  isOffline = false;
  await end("a", "reject", PASSING);
  assert.equal(pauses.at(-1), 1000);
  await end("a", "resolve");
  assert.equal(jobs.a.state, "ready");
});

test("what is refused for good is refused without a connection too", async () => {
  const { queue, end, jobs } = makeQueue({ isOffline: () => true });
  queue.add(jobs.a);
  await end("a", "reject", FINAL);
  assert.equal(jobs.a.state, "failed");
});

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
