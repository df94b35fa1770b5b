// Lives here: the photos of an import on their way: a room is made where one is needed, each photo goes up like any other, and at
// the end the new ones stand in the order of their source.
// Not here: which photo goes where (import_plan.js), the page.

import { createApi } from "./api.js";
import { textsOf } from "./import_plan.js";
import { makeUploadId, sha256 } from "./matching.js";
import { createQueue, isOffline, pauseUnlessOnline } from "./sending.js";
import { createShrinker, FileRefused } from "./shrink.js";

/**
 * `changed()` hears after every step, `failed(job)` and `textsLeftOut(file, names)` tell what did not work. A job has `file`,
 * `state`, `error` and `result` as the queue writes them.
 */
export function createSending({ config, csrfToken, changed, failed, textsLeftOut, onSession, onRoom }) {
  const shrinker = createShrinker(config);
  const queue = createQueue({ parallel: config.parallel, send, changed: follow, pause: pauseUnlessOnline, isOffline });
  const rooms = createApi({ urls: { addRoom: config.urls.addRoom }, csrfToken, onSession });
  const jobs = [];

  /** Sends all; resolves once nothing is under way any more. */
  async function start(targets) {
    for (const target of targets) {
      const gallery = { target, api: null, before: null, seen: new Map(), opening: null };
      const its = target.files.map((file) => ({ file, gallery, uploadId: null, ready: null }));
      gallery.jobs = its;
      jobs.push(...its);
      its.forEach(queue.add);
    }
    await finish();
  }

  async function finish() {
    await queue.idle();
    for (const gallery of new Set(jobs.map((job) => job.gallery))) await arrange(gallery).catch(() => {});
    changed();
  }

  // --- one photo ---

  async function send(job) {
    const { gallery, file } = job;
    gallery.opening ??= open(gallery).catch((error) => { gallery.opening = null; throw error; });
    await gallery.opening;
    const content = await file.open().catch(() => { throw new FileRefused("unreadable"); });
    job.uploadId ??= await identify(gallery, content);
    // Also one that somebody else brought in: under their name the server would take it once more.
    if (gallery.present.has(job.uploadId)) return { image: gallery.present.get(job.uploadId) };
    const { texts, leftOut } = textsOf(file, config);
    // Made ready anew at each try: a whole hotel's photos would not fit into memory.
    const ready = await shrinker.prepare(content, () => {});
    const { answer, abort } = gallery.api.upload(ready.file, { uploadId: job.uploadId, texts }, () => {});
    job.abort = abort;
    const result = await answer;
    if (leftOut.length) textsLeftOut(file, leftOut);
    return result;
  }

  async function open(gallery) {
    const { target } = gallery;
    if (target.roomId === null) {
      const { room } = await rooms.post(config.urls.addRoom, { name: target.name });
      target.roomId = room.id;
      onRoom(target, room);
    }
    const urls = Object.fromEntries(Object.entries(config.urls).map(([name, url]) => [name, url.replace("/0/", `/${target.roomId}/`)]));
    gallery.api = createApi({ urls, csrfToken, onSession });
    const { images } = await gallery.api.list();
    gallery.before ??= new Set(images.map(({ id }) => id));
    gallery.present = new Map(images.map((image) => [image.upload_id, image]));
  }

  /** The same for the same photo, whenever it is dropped again: pictures that stand twice have two. */
  async function identify({ target, seen }, content) {
    const bytes = await content.arrayBuffer().catch(() => { throw new FileRefused("unreadable"); });
    const hash = await sha256(new Uint8Array(bytes));
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    return makeUploadId(target.roomId, hash, occurrence);
  }

  function follow(job) {
    if (job.state === "failed") {
      const { error } = job;
      if (error.signedOut || error.rateLimited) queue.failWaiting(error);
      // Too many in a short time: it goes on by itself.
      if (error.rateLimited) setTimeout(retry, error.retryAfterMs);
      else failed(job);
    }
    changed();
  }

  // --- their order ---

  /** The new ones behind those that were there, as they stand in the source. */
  async function arrange({ api, before, jobs: its }) {
    const ours = its.filter(({ state }) => state === "ready").map(({ result }) => result.image.id).filter((id) => !before?.has(id));
    if (ours.length < 2) return;
    const present = (await api.list()).images.map(({ id }) => id);
    const known = ours.filter((id) => present.includes(id));
    const wanted = [...present.filter((id) => !known.includes(id)), ...known];
    if (wanted.some((id, place) => id !== present[place])) await api.reorder(wanted);
  }

  const isAgainWorth = ({ state, error }) => state === "failed" && !error.permanent && error.code !== "invalid_request";

  function retry() {
    jobs.filter(isAgainWorth).forEach(queue.add);
    return finish();
  }

  return {
    start, retry,
    get busy() { return queue.size > 0; },
    get total() { return jobs.length; },
    get done() { return jobs.filter(({ state }) => state === "ready").length; },
    get failed() { return jobs.filter(({ state }) => state === "failed").length; },
    get retryable() { return jobs.filter(isAgainWorth).length; },
  };
}
