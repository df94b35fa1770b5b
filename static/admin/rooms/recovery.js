// Lives here: noticing that what stood in the way is gone (no connection, an ended session), so that all goes on by itself.
// Not here: the pauses between the tries of one upload (queue.js), how anything is sent.

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
