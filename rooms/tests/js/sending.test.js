import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createQueue, createSaver, pauseBeforeRetryMs, pauseInCrowdMs } from "../../../static/admin/rooms/sending.js";

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

const BUSY = { transient: true, busy: true, retryAfterMs: 8000 };

/** A queue in a crowd; `goOn()` ends the pause. */
function makeCrowd() {
  let goOn = null;
  const pauses = [];
  const crowds = [];
  const pause = (ms) => { pauses.push(ms); return new Promise((resolve) => { goOn = resolve; }); };
  const made = makeQueue({ pause, crowded: () => crowds.push(made.started.length) });
  const resume = async () => { goOn(); await new Promise(setImmediate); };
  return { ...made, crowds, crowdPauses: pauses, resume };
}

test("a crowd is waited for as long as it lasts, one photo at a time, and then all go on in their order", async () => {
  const { queue, started, end, jobs, crowds, crowdPauses, resume } = makeCrowd();
  Object.values(jobs).forEach(queue.add);
  for (const name of ["b", "c", "a"]) await end(name, "reject", BUSY);
  assert.deepEqual([jobs.a, jobs.b, jobs.c].map(({ state, error }) => [state, error]), Array(3).fill(["queued", null]));
  for (let tries = 0; tries < 20; tries += 1) {
    await resume();
    await end("a", "reject", BUSY);
  }
  assert.deepEqual(started, ["a", "b", "c", ...Array(20).fill("a")]);
  assert.equal(crowdPauses.length, 21);
  assert.deepEqual(crowds, [3]);
  await resume();
  await end("a", "resolve");
  assert.deepEqual(started.slice(-4), ["a", "b", "c", "d"]);
  assert.equal(jobs.a.state, "ready");
});

test("those that are under way in a crowd may finish, and start none while all wait", async () => {
  const { queue, started, end, jobs, resume } = makeCrowd();
  Object.values(jobs).forEach(queue.add);
  await end("a", "reject", BUSY);
  await end("b", "resolve");
  await end("c", "reject", FINAL);
  assert.deepEqual([started, jobs.b.state, jobs.c.state], [["a", "b", "c"], "ready", "failed"]);
  await resume();
  assert.deepEqual(started, ["a", "b", "c", "a", "d", "e"]);
});

test("one that is cancelled in a crowd is not sent again, and idle waits for the rest", async () => {
  const { queue, started, end, jobs, resume } = makeCrowd();
  [jobs.a, jobs.b].forEach(queue.add);
  let isIdle = false;
  queue.idle().then(() => { isIdle = true; });
  for (const name of ["a", "b"]) await end(name, "reject", BUSY);
  queue.cancel(jobs.a);
  await resume();
  assert.deepEqual([started, isIdle], [["a", "b", "b"], false]);
  await end("b", "resolve");
  assert.equal(isIdle, true);
});

test("in a crowd a page comes back when it was told to, or a little later", () => {
  assert.equal(pauseInCrowdMs(BUSY, 0), 8000);
  assert.equal(pauseInCrowdMs(BUSY, 1), 12000);
  const pause = pauseInCrowdMs(BUSY);
  assert.ok(pause >= 8000 && pause <= 12000);
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
