// Lives here: the photos of an import on their way: a room is made where one is needed, each photo goes up like any other, and at
// the end the new ones stand in the order of their source.
// Not here: which photo goes where (import_plan.js), the page.

import { createApi } from "./api.js";
import { textsOf } from "./import_plan.js";
import { makeUploadId, sha256 } from "./matching.js";
import { createQueue, isOffline, pauseUnlessOnline } from "./sending.js";
import { createShrinker, FileRefused, throwLoss } from "./shrink.js";
import { EntryDamaged } from "./sources.js";

/**
 * `changed(job)` hears after every step, `ended()` once nothing is under way any more, `heldBack(error)` when it goes on by itself
 * later, `failed(job)` and `textsLeftOut(file, names)` tell what did not work. A job has `file`, `state`, `error` and `result` as
 * the queue writes them; stopped by the person, its state is "stopped".
 */
export function createSending({ config, csrfToken, changed, ended, failed, heldBack, crowded, textsLeftOut, onSession, onRoom }) {
  const shrinker = createShrinker(config);
  const queue = createQueue({ parallel: config.parallel, send, changed: follow, pause: pauseUnlessOnline, isOffline, crowded });
  const { addRoom, report } = config.urls;
  const rooms = createApi({ urls: { addRoom, report }, csrfToken, onSession });
  const jobs = [];
  const jobOf = new Map();
  let goingOn = null;

  /** Sends all. */
  function start(targets) {
    for (const target of targets) {
      const gallery = { target, api: null, before: null, seen: new Map(), opening: null };
      const its = target.files.map((file) => ({ file, gallery, uploadId: null, bytes: file.size }));
      gallery.jobs = its;
      jobs.push(...its);
      its.forEach((job) => jobOf.set(job.file, job));
    }
    return sendAll(jobs);
  }

  async function sendAll(some) {
    some.forEach(queue.add);
    await queue.idle();
    for (const gallery of new Set(jobs.map((job) => job.gallery))) await arrange(gallery).catch(() => {});
    changed();
    if (!isBusy()) ended();
  }

  const isBusy = () => queue.size > 0 || goingOn !== null;

  // --- one photo ---

  async function send(job) {
    const { gallery, file } = job;
    gallery.opening ??= open(gallery).catch((error) => { gallery.opening = null; throw error; });
    await gallery.opening;
    const content = await file.open().catch((error) => { throw new FileRefused(error instanceof EntryDamaged ? "packed" : "unreadable"); });
    job.uploadId ??= await identify(gallery, content);
    // Also one that somebody else brought in: under their name the server would take it once more.
    if (gallery.present.has(job.uploadId)) return { image: gallery.present.get(job.uploadId) };
    const { texts, leftOut } = textsOf(file, config);
    // Made ready anew at each try: a whole hotel's photos would not fit into memory.
    const result = await sendReady(job, (await shrinker.prepare(content, () => {})).file, texts)
      .catch((error) => sendSmallest(job, content, texts, error));
    if (leftOut.length) textsLeftOut(file, leftOut);
    return result;
  }

  async function sendReady(job, ready, texts) {
    if (job.cancelled) return null;
    const { answer, abort } = job.gallery.api.upload(ready, { uploadId: job.uploadId, texts }, () => {});
    Object.assign(job, { abort, bytes: ready.size });
    return answer.catch((error) => throwLoss(ready, error));
  }

  /** Where it was too large for a proxy, once more as small as it can be. */
  async function sendSmallest(job, content, texts, error) {
    if (error.code !== "proxy_too_large") throw error;
    const smallest = await shrinker.prepareSmallest(content);
    if (!smallest || smallest.file.size >= job.bytes) throw new FileRefused("proxy");
    return sendReady(job, smallest.file, texts).catch((again) => {
      throw again.code === "proxy_too_large" ? new FileRefused("proxy") : again;
    });
  }

  async function open(gallery) {
    const { target } = gallery;
    if (target.roomId === null) {
      const { room } = await rooms.post(addRoom, { name: target.name });
      target.roomId = room.id;
      onRoom(target, room);
    }
    const urls = Object.fromEntries(Object.entries(config.urls).map(([name, url]) => [name, url.replace("/0/", `/${target.roomId}/`)]));
    gallery.api = createApi({ urls, room: target.roomId, csrfToken, onSession });
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
    if (job.state === "failed") fail(job);
    changed(job);
  }

  function fail(job) {
    const { error } = job;
    reportOf(job);
    if (error.signedOut || error.rateLimited) queue.failWaiting(error);
    if (!error.rateLimited) return failed(job);
    if (goingOn === null) heldBack(error);
    clearTimeout(goingOn);
    goingOn = setTimeout(() => { goingOn = null; retryUnsent(); }, error.retryAfterMs);
    return undefined;
  }

  // What the server has refused it knows by itself.
  function reportOf({ gallery, bytes, error }) {
    if (error?.reportedAs) (gallery.api ?? rooms).report(error.reportedAs, bytes);
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

  // --- again, or not any more ---

  const isIn = (state) => (job) => job.state === state;
  const failedFor = (isSo) => jobs.filter((job) => isIn("failed")(job) && isSo(job.error));
  const retryable = () => [
    ...failedFor((error) => !error.permanent && error.code !== "invalid_request"),
    ...jobs.filter(isIn("stopped")),
  ];
  // What failed for a reason that goes by without the photo being touched.
  const unsent = () => failedFor((error) => error.transient || error.signedOut);
  const retryUnsent = () => sendAll(unsent());

  /** Stops all that is not in yet. */
  function stop() {
    clearTimeout(goingOn);
    goingOn = null;
    const stopped = jobs.filter(({ state, error }) => state === "queued" || state === "uploading" || error?.rateLimited);
    // The last ones first: what waits would go up in the place of what is stopped.
    for (const job of stopped.reverse()) {
      queue.cancel(job);
      job.state = "stopped";
    }
    changed();
  }

  /** Of a line that is gone a browser may hear nothing for minutes. */
  function lineChanged() {
    if (isOffline()) jobs.filter(isIn("uploading")).forEach((job) => job.abort?.());
  }

  return {
    start, stop, lineChanged, retryUnsent,
    retry: () => sendAll(retryable()),
    /** Asks the server whether it answers this person. */
    look: async () => jobs.find(({ gallery }) => gallery.api)?.gallery.api.list(),
    /** Those that failed and were to be tried again: nobody will, once the page is left. */
    reportLeft: () => jobs.filter(isIn("queued")).forEach(reportOf),
    doneOf: (files) => files.filter((file) => jobOf.get(file)?.state === "ready").length,
    get busy() { return isBusy(); },
    get isHeldBack() { return !isBusy() && unsent().length > 0; },
    get isCutOff() { return failedFor((error) => error.transient && error.unanswered).length > 0; },
    get total() { return jobs.length; },
    get done() { return jobs.filter(isIn("ready")).length; },
    get failed() { return jobs.filter(isIn("failed")).length; },
    get stopped() { return jobs.filter(isIn("stopped")).length; },
    get retryable() { return retryable().length; },
  };
}
