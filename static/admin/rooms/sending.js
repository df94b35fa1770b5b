// Lives here: when something is sent: the queue of uploads, the wait before a value is saved, and going on once what stood in
// the way is gone.
// Not here: the page, and how anything is sent.

// --- uploads ---

const BACKOFF_MS = [1000, 4000, 10000];
const LONGEST_PAUSE_MS = 60000;

/** How long to wait before trying again, or null to leave it to the person. `triesSoFar` are those that failed. */
export function pauseBeforeRetryMs(error, triesSoFar) {
  if (!error.transient || triesSoFar >= BACKOFF_MS.length) return null;
  const pauseMs = Math.max(BACKOFF_MS[triesSoFar], error.retryAfterMs ?? 0);
  return pauseMs > LONGEST_PAUSE_MS ? null : pauseMs;
}

/** Never sooner than a crowded server said, and not all pages at the same moment. */
export const pauseInCrowdMs = (error, chance = Math.random()) => error.retryAfterMs * (1 + chance / 2);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A job is an object of the caller's; the queue writes `state` ("queued", "uploading", "ready",
 * "failed"), `result` and `error` into it and calls `changed(job)` each time. While `isOffline()` nothing
 * is given up: `pause(ms)` may end early when the connection is back. A server that is `busy` with others is waited for
 * without end, and asked for one job at a time until it takes one: `crowded()` hears of it once before all is idle again.
 */
export function createQueue({ parallel, send, changed, pause = sleep, isOffline = () => false, crowded = () => {} }) {
  const waiting = [];
  const underWay = new Set();
  let idleListeners = [];
  let added = 0;
  let isCrowded = false;
  let crowdIsTold = false;
  let isPausing = false;

  function enter(job, state, outcome = {}) {
    Object.assign(job, { state, error: null, ...outcome });
    changed(job);
  }

  function add(job) {
    Object.assign(job, { cancelled: false, number: added += 1 });
    waiting.push(job);
    enter(job, "queued");
    startNext();
  }

  function startNext() {
    const most = isCrowded ? 1 : parallel;
    while (!isPausing && underWay.size < most && waiting.length > 0) run(waiting.shift());
    if (size() > 0) return;
    crowdIsTold = false;
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
    if (outcome[1].error?.busy && !job.cancelled) return standBack(job, outcome[1].error);
    if (outcome[0] === "ready") isCrowded = false;
    if (!job.cancelled) enter(job, ...outcome);
    return startNext();
  }

  /** All wait as long as the server told one of them: their photos would go up in vain. */
  async function standBack(job, error) {
    waiting.push(job);
    waiting.sort((one, other) => one.number - other.number);
    enter(job, "queued");
    if (!crowdIsTold) crowded();
    crowdIsTold = isCrowded = true;
    if (isPausing) return;
    isPausing = true;
    await pause(pauseInCrowdMs(error));
    isPausing = false;
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
        if (job.cancelled || error.busy || pauseMs === null) throw error;
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

// --- values that change: a caption, the order ---

/**
 * `read()` gives the page's value, `isSaved(value)` says whether the server has it, `save(value)` sends
 * it. `changed(state, error)` hears "saving", "saved", "failed".
 */
export function createSaver({ read, isSaved, save, changed = () => {}, waitMs }) {
  let timer = null;
  let running = null;

  const isPending = () => !isSaved(read());

  /** The value may have changed: save it once it has been left alone for `waitMs`. */
  function touch() {
    clearTimeout(timer);
    timer = isPending() ? setTimeout(flush, waitMs) : null;
  }

  /** Saves at once; resolves to whether the server now has the value. */
  function flush() {
    clearTimeout(timer);
    timer = null;
    running ??= saveUntilEqual().finally(() => { running = null; });
    return running;
  }

  async function saveUntilEqual() {
    let sent = false;
    while (isPending()) {
      changed("saving", null);
      try {
        await save(read());
        sent = true;
      } catch (error) {
        changed("failed", error);
        return false;
      }
    }
    if (sent) changed("saved", null);
    return true;
  }

  return { touch, flush, get pending() { return isPending(); } };
}

// --- the line, and the session ---

const LOOK_MS = 20000;
const LONGEST_LOOK_MS = 300000;

export const isOffline = () => navigator.onLine === false;

/** Ends after `ms`, or as soon as the connection is back. */
export function pauseUnlessOnline(ms) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
  });
}

/**
 * `isHeldBack()` tells whether anything failed that may work by now, `isCutOff()` whether for want of an answer;
 * `look()` asks the server whether it answers this person, and `goOn()` tries again.
 */
export function watchForRecovery({ isHeldBack, isCutOff, look, goOn, lineChanged }) {
  let isLooking = false;

  function lookAgain() {
    if (isLooking || isOffline() || !isHeldBack()) return;
    isLooking = true;
    // Where it fails nothing has changed: what failed is on the screen already.
    look().then(goOn, () => {}).finally(() => { isLooking = false; });
  }

  for (const kind of ["online", "offline"]) {
    window.addEventListener(kind, () => {
      lineChanged(kind);
      lookAgain();
    });
  }
  // Back from signing in, in another tab.
  window.addEventListener("focus", lookAgain);
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain());
  // Wi-Fi without internet behind it never tells that it is better: more and more rarely, for each try costs bytes.
  (function lookNowAndThen(waitMs) {
    setTimeout(() => {
      const isNeeded = isCutOff() && !document.hidden;
      if (isNeeded) lookAgain();
      lookNowAndThen(isNeeded ? Math.min(2 * waitMs, LONGEST_LOOK_MS) : LOOK_MS);
    }, waitMs);
  })(LOOK_MS);
}
