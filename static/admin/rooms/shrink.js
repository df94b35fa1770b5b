// Lives here: a chosen file made ready for sending: measured, and made smaller by the worker where that helps.
// Not here: when it helps (shrink_plan.js), how it is done (shrink_worker.js), what the card shows meanwhile.

import { isHeic } from "./checks.js";
import { decide, fit, isAnimated } from "./shrink_plan.js";

// The name of a PNG's chunks, and the flags of a WebP, come early.
const HEAD_BYTES = 65536;
// A phone that has not shrunk a photo by then never will.
const LONGEST_MS = 60000;

/** The file cannot go up from here; `reason` is the key of a text. */
export class FileRefused extends Error {
  constructor(reason) {
    super(reason);
    Object.assign(this, { name: "FileRefused", reason });
  }

  get hopeless() {
    return true;
  }
}

/** `rules` are the page's limits; `rules.shrinkWorker` is the worker's address. */
export function createShrinker(rules) {
  let worker = null;
  let lastTurn = Promise.resolve();

  /**
   * Resolves to `{ file, isSmaller }`: the file to send. `onShrinking()` hears when it is being made smaller.
   * Rejects with `FileRefused` where it is over the limits and nothing helps.
   */
  function prepare(file, onShrinking) {
    // One at a time: each takes the memory of a whole decoded photo. And in the order chosen, so that they go up in it.
    const turn = lastTurn.then(() => prepareNow(file, onShrinking));
    lastTurn = turn.catch(() => {});
    return turn;
  }

  async function prepareNow(file, onShrinking) {
    const photo = { ...(await look(file)), size: file.size, isForeign: isHeic(file) };
    const decision = decide(photo, rules);
    if (decision === null) throw refusalOf(photo);
    if (decision === "send") return { file, isSmaller: false };
    onShrinking();
    const smaller = await shrink(file, ...fit(photo, rules));
    if (smaller && (decision === "shrink" || smaller.size < file.size)) return { file: smaller, isSmaller: true };
    if (decision === "shrink") throw refusalOf(photo);
    return { file, isSmaller: false };
  }

  function refusalOf({ isForeign, size }) {
    if (isForeign) return new FileRefused("refused_heic");
    return new FileRefused(size > rules.maxBytes ? "refused_size" : "refused_pixels");
  }

  /** A smaller file, or null where this browser could not make one. */
  async function shrink(file, width, height) {
    const blob = await askWorker({ file, width, height, maxBytes: rules.maxBytes });
    if (blob) return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
    // Whatever it is still busy with, the next photo gets a fresh one.
    stop();
    return null;
  }

  function askWorker(question) {
    return new Promise((resolve) => {
      if (!start()) {
        resolve(null);
        return;
      }
      const tooLong = setTimeout(() => resolve(null), LONGEST_MS);
      const answer = (blob) => { clearTimeout(tooLong); resolve(blob); };
      worker.onmessage = ({ data }) => answer(data.blob);
      worker.onerror = () => answer(null);
      worker.postMessage(question);
    });
  }

  function start() {
    if (typeof OffscreenCanvas === "undefined" || typeof createImageBitmap === "undefined") return false;
    if (worker) return true;
    try {
      worker = new Worker(rules.shrinkWorker, { type: "module" });
    } catch {
      // Static files on another host than the page's: browsers allow no worker from there.
      return false;
    }
    // It could not even be fetched.
    worker.onerror = stop;
    return true;
  }

  function stop() {
    worker?.terminate();
    worker = null;
  }

  // Fetched while there is a connection: offline is when photos wait longest.
  start();
  return { prepare };
}

/** Width and height, upright, without decoding the pixels; zeros where the browser cannot read the file. */
async function look(file) {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer().catch(() => new ArrayBuffer(0)));
  return { ...(await measure(file)), isAnimated: isAnimated(head) };
}

function measure(file) {
  const url = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => resolve({ width: 0, height: 0 });
    image.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}
