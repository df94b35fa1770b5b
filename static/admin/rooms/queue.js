// Lives here: which upload goes next, how many at once, and when a failed one is tried again.
// Not here: the page, and how a file is sent: `send(job)` is given.

const BACKOFF_MS = [1000, 4000, 10000];
const LONGEST_PAUSE_MS = 60000;

/** How long to wait before trying again, or null to leave it to the person. `triesSoFar` are those that failed. */
export function pauseBeforeRetryMs(error, triesSoFar) {
  if (!error.transient || triesSoFar >= BACKOFF_MS.length) return null;
  const pauseMs = Math.max(BACKOFF_MS[triesSoFar], error.retryAfterMs ?? 0);
  return pauseMs > LONGEST_PAUSE_MS ? null : pauseMs;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A job is an object of the caller's; the queue writes `state` ("queued", "uploading", "ready",
 * "failed"), `result` and `error` into it and calls `changed(job)` each time. While `isOffline()` nothing
 * is given up: `pause(ms)` may end early when the connection is back.
 */
export function createQueue({ parallel, send, changed, pause = sleep, isOffline = () => false }) {
  const waiting = [];
  const underWay = new Set();
  let idleListeners = [];

  function enter(job, state, outcome = {}) {
    Object.assign(job, { state, error: null, ...outcome });
    changed(job);
  }

  function add(job) {
    job.cancelled = false;
    waiting.push(job);
    enter(job, "queued");
    startNext();
  }

  function startNext() {
    while (underWay.size < parallel && waiting.length > 0) run(waiting.shift());
    if (size() > 0) return;
    const listeners = idleListeners;
    idleListeners = [];
    listeners.forEach((listener) => listener());
  }

  async function run(job) {
    underWay.add(job);
    const outcome = await sendPatiently(job).then(
      (result) => ["ready", { result }],
      (error) => ["failed", { error }],
    );
    underWay.delete(job);
    if (!job.cancelled) enter(job, ...outcome);
    startNext();
  }

  async function sendPatiently(job) {
    for (let tries = 0; ;) {
      enter(job, "uploading");
      try {
        return await send(job);
      } catch (error) {
        const waitsForLine = isOffline() && error.transient;
        const pauseMs = waitsForLine ? LONGEST_PAUSE_MS : pauseBeforeRetryMs(error, tries);
        if (job.cancelled || pauseMs === null) throw error;
        if (!waitsForLine) tries += 1;
        enter(job, "queued", { error });
        await pause(pauseMs);
        if (job.cancelled) throw error;
      }
    }
  }

  /** Forgets a job; one under way is told to stop through its own `abort`. */
  function cancel(job) {
    job.cancelled = true;
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    else if (underWay.has(job)) job.abort?.();
    startNext();
  }

  /** Fails all that wait: for a reason that would stop each of them, like an ended session. */
  function failWaiting(error) {
    waiting.splice(0).forEach((job) => enter(job, "failed", { error }));
    startNext();
  }

  const size = () => waiting.length + underWay.size;
  const idle = () =>
    size() === 0 ? Promise.resolve() : new Promise((resolve) => idleListeners.push(resolve));

  return { add, cancel, failWaiting, idle, get size() { return size(); } };
}
