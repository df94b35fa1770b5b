import assert from "node:assert/strict";
import { test } from "node:test";

import { createApi, longestWaitMs, RequestFailed } from "../../../static/admin/rooms/api.js";

const URLS = {
  report: "/rooms/report-failure/", rotate: "/rooms/0/rotate-image/0/", update: "/rooms/update-image-temp/0/", remove: "/rooms/0/delete-image/0/", reorder: "/rooms/reorder-images-temp/",
};

/** A api whose server is `answer(url, options)`. */
function makeTransport(answer) {
  const calls = [];
  const sessions = [];
  const advices = [];
  const onAdvice = (told) => advices.push(told);
  const onSession = (isAlive) => sessions.push(isAlive);
  globalThis.fetch = async (url, options) => {
    calls.push({ url, ...options, body: options.body && JSON.parse(options.body) });
    return answer(url, options);
  };
  const api = createApi({ urls: URLS, draft: "d-1", csrfToken: () => "token", onSession, onAdvice });
  return { advices, calls, sessions, api };
}

const json = (status, body, headers = {}) => new Response(JSON.stringify(body), { status, headers });

test("the photo's id takes the place of the last 0 of the address only", async () => {
  const { calls, api } = makeTransport(() => json(200, { success: true }));
  await api.remove(10);
  assert.equal(calls[0].url, "/rooms/0/delete-image/10/");
  assert.equal(calls[0].headers["X-CSRFToken"], "token");
});

test("advice is heard about the photos an answer shows and about others it names", async () => {
  const dark = [{ code: "dark", text: "Dark." }];
  const answers = [
    { image: { id: 10, advice: [] }, advice_by_id: { 11: dark } },
    { images: [{ id: 10, advice: dark }, { id: 11, advice: [] }], advice_by_id: { 11: [] } },
    {},
  ];
  const { advices, api } = makeTransport(() => json(200, { success: true, ...answers.shift() }));
  await api.rotate(10, 3);
  await api.reorder([10, 11]);
  await api.remove(12);
  assert.deepEqual(advices, [{ 10: [], 11: dark }, { 10: dark, 11: [] }, {}]);
});

test("a stale order's photos tell of their advice too", async () => {
  const images = [{ id: 1, advice: [{ code: "small", text: "Small." }] }];
  const { advices, api } = makeTransport(() => json(409, { success: false, code: "stale_order", images }));
  await assert.rejects(api.reorder([2]));
  assert.deepEqual(advices, [{ 1: images[0].advice }]);
});

test("what is declined goes up as the whole list of codes", async () => {
  const { calls, api } = makeTransport(() => json(200, { success: true, image: { id: 3, advice: [] } }));
  await api.decline(3, ["small", "dark"]);
  assert.deepEqual([calls[0].url, calls[0].body], ["/rooms/update-image-temp/3/", { advice_declined: ["small", "dark"] }]);
});

test("an order names its draft", async () => {
  const { calls, api } = makeTransport(() => json(200, { success: true, images: [] }));
  await api.reorder([2, 1]);
  assert.deepEqual(calls[0].body, { draft: "d-1", order: [2, 1] });
});

test("an error keeps the server's code, sentence, pause and photos", async () => {
  const body = { success: false, code: "stale_order", error: "Changed elsewhere.", images: [{ id: 1 }] };
  const { api } = makeTransport(() => json(409, body, { "Retry-After": "3" }));
  await assert.rejects(api.reorder([2]), (error) => {
    assert.ok(error instanceof RequestFailed);
    assert.deepEqual(
      [error.status, error.code, error.message, error.retryAfterMs, error.images, error.transient],
      [409, "stale_order", "Changed elsewhere.", 3000, [{ id: 1 }], false],
    );
    return true;
  });
});

test("a proxy's page and a lost connection are errors like any other", async () => {
  const proxy = makeTransport(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await assert.rejects(proxy.api.update(1, { caption: "sea" }), { code: "unreadable", status: 502, transient: true });
  const offline = makeTransport(() => { throw new TypeError("Failed to fetch"); });
  await assert.rejects(offline.api.update(1, { caption: "sea" }), { code: "network", status: 0, transient: true });
});

test("every answer tells whether the person is signed in, and no answer tells nothing", async () => {
  const answers = [
    () => json(401, { success: false, code: "not_authenticated", error: "Ended." }),
    () => { throw new TypeError("Failed to fetch"); },
    () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
    () => json(404, { success: false, code: "not_found", error: "Gone." }),
    () => json(200, { success: true }),
  ];
  const { sessions, api } = makeTransport(() => answers.shift()());
  for (let calls = 0; calls < 5; calls += 1) await api.update(1, { caption: "sea" }).catch(() => {});
  assert.deepEqual(sessions, [false, true, true]);
});

test("too many requests pass by themselves where the server says when, too many photos do not", () => {
  const error = (code, retryAfterMs) => new RequestFailed({ status: 429, code, retryAfterMs });
  assert.equal(error("rate_limited", 30000).transient, true);
  assert.equal(error("rate_limited", 0).transient, false);
  assert.equal(error("quota_exceeded", 30000).transient, false);
});

test("changes of the gallery go one after the other, also past one that fails", async () => {
  const answers = [];
  const { calls, api } = makeTransport(() => new Promise((resolve) => answers.push(resolve)));
  const removal = api.remove(1);
  const order = api.reorder([2]);
  await new Promise(setImmediate);
  assert.equal(calls.length, 1);
  assert.equal(api.changesUnderWay, 2);
  answers[0](json(404, { success: false, code: "not_found", error: "Gone." }));
  await assert.rejects(removal, { code: "not_found" });
  await new Promise(setImmediate);
  assert.equal(calls.length, 2);
  answers[1](json(200, { success: true, images: [] }));
  await order;
  await api.changesDone();
  assert.equal(api.changesUnderWay, 0);
});

test("a server's failure passes by itself, as one that is too busy does", () => {
  const isTransient = (status) => new RequestFailed({ status, code: "unreadable" }).transient;
  assert.deepEqual([500, 502, 503, 504, 400, 404, 501].map(isTransient), [true, true, true, true, false, false, false]);
});

test("a 413 that is not ours is a proxy's", async () => {
  const proxy = makeTransport(() => new Response("<h1>413 Request Entity Too Large</h1>", { status: 413 }));
  await assert.rejects(proxy.api.update(1, { caption: "sea" }), { code: "proxy_too_large", transient: false, permanent: true });
  const ours = makeTransport(() => json(413, { success: false, code: "file_too_large", error: "Too large." }));
  await assert.rejects(ours.api.update(1, { caption: "sea" }), { code: "file_too_large", permanent: true });
});

test("an answer may take a minute, and a second more for each 10 kB that was sent", () => {
  assert.deepEqual([0, 10_000, 3_640_000].map(longestWaitMs), [60_000, 61_000, 424_000]);
});

/** Stands for the browser's: it goes up at once, and answers when the test says so. */
class SlowRequest {
  upload = {};
  open() {}
  setRequestHeader() {}
  getResponseHeader() { return null; }
  send() { SlowRequest.last = this; }
  abort() { this.isAborted = true; this.onabort(); }
}

test("what has gone up is waited for by its size, what stands still is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.XMLHttpRequest = SlowRequest;
  const api = createApi({ urls: { upload: "/up/" }, csrfToken: () => "token" });
  const file = new File([new Uint8Array(100_000)], "a.jpg");
  const gone = api.upload(file, { uploadId: "u-1" }, () => {});
  SlowRequest.last.upload.onload();
  t.mock.timers.tick(69_999);
  assert.equal(SlowRequest.last.isAborted, undefined);
  t.mock.timers.tick(1);
  await assert.rejects(gone.answer, { code: "network" });
  const standing = api.upload(file, { uploadId: "u-2" }, () => {});
  SlowRequest.last.upload.onprogress({ loaded: 10, total: 100 });
  t.mock.timers.tick(60_000);
  await assert.rejects(standing.answer, { code: "network" });
});

test("an upload that was given up is told once, with the draft and no name", async () => {
  const { calls, api } = makeTransport(() => json(200, { success: true }));
  api.report("too_slow", 5000);
  await Promise.resolve();
  assert.equal(calls.length, 1);
  assert.deepEqual([calls[0].method, calls[0].keepalive, calls[0].body], ["POST", true, { draft: "d-1", code: "too_slow", bytes: 5000 }]);
});

test("what the server knows itself is not reported", () => {
  const reported = (options) => new RequestFailed(options).reportedAs;
  assert.deepEqual(
    [{ code: "network" }, { code: "network", tooSlow: true }, { code: "unreadable", status: 502 }, { code: "limit_reached", status: 409 }].map(reported),
    ["network", "too_slow", "bad_answer", null],
  );
});

test("a server that is busy with others says so, and when to come again", async () => {
  const refused = { success: false, code: "storage_unavailable", error: "Come again." };
  const answers = [json(503, refused, { "Retry-After": "7", "X-Busy": "true" }), json(503, refused, { "Retry-After": "5" })];
  const { api } = makeTransport(() => answers.shift());
  const [crowded, broken] = [await api.remove(1).catch((error) => error), await api.remove(1).catch((error) => error)];
  assert.deepEqual([crowded.busy, crowded.retryAfterMs, crowded.transient], [true, 7000, true]);
  assert.deepEqual([broken.busy, broken.retryAfterMs, broken.transient], [false, 5000, true]);
});
