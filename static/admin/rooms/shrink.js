// Lives here: a chosen file made ready for sending: measured, and made smaller where that helps, by the worker or,
// in a browser that cannot draw there, in the page.
// Not here: when it helps and how it is done (shrink_photo.js), what the card shows meanwhile.

import { isHeic, readHead } from "./choosing.js";
import { createPhotoShrinker, decide, fit, isAnimated } from "./shrink_photo.js";

// The name of a PNG's chunks, and the flags of a WebP, come early.
const HEAD_BYTES = 65536;
// A phone that has not shrunk a photo by then never will.
const LONGEST_MS = 60000;
// What passes a proxy that nobody set up: most of them take a megabyte, with all that comes around the photo.
const SMALLEST_BYTES = 1_000_000;
const SMALLEST_SIDE = 1920;

/** The file cannot go up from here; `reason` as in `refusal`. */
export class FileRefused extends Error {
  constructor(reason) {
    super(reason);
    Object.assign(this, { name: "FileRefused", reason });
  }

  get permanent() {
    return true;
  }

  /** What platform staff are told of it, as of a request that failed; null for what is refused as soon as it is chosen. */
  get reportedAs() {
    return { unreadable: "unreadable", packed: "unreadable", proxy: "proxy_too_large" }[this.reason] ?? null;
  }
}

/** A file that is gone from the device, or changed there, breaks off a request just as a dead line does. */
export async function throwLoss(file, error) {
  if (error.code === "network" && (await readHead(file, 1)) === null) throw new FileRefused("unreadable");
  throw error;
}

/** `rules` are the page's limits; `rules.shrinkWorker` is the worker's address. */
export function createShrinker(rules) {
  let worker = null;
  let isUntrue = false;
  const shrinkHere = createPhotoShrinker({ createCanvas, decode: loadImage });
  let lastTurn = Promise.resolve();

  /**
   * Resolves to `{ file, isSmaller }`: the file to send. `onShrinking()` hears when it is being made smaller.
   * Rejects with `FileRefused` where it is over the limits and nothing helps.
   */
  const prepare = (file, onShrinking) => inTurn(() => prepareNow(file, onShrinking));

  /** A version for a server that takes hardly anything, in the same shape; null where there is none. */
  const prepareSmallest = (file) => inTurn(async () => {
    const photo = await look(file);
    if (!photo.width || photo.isAnimated) return null;
    const limits = { ...rules, maxSide: Math.min(rules.maxSide, SMALLEST_SIDE) };
    const smaller = await shrink(file, ...fit(photo, limits), Math.min(rules.maxBytes, SMALLEST_BYTES));
    return smaller && { file: smaller, isSmaller: true };
  });

  // One at a time: each takes the memory of a whole decoded photo. And in the order chosen, so that they go up in it.
  function inTurn(act) {
    const turn = lastTurn.then(act);
    lastTurn = turn.catch(() => {});
    return turn;
  }

  async function prepareNow(file, onShrinking) {
    const photo = await look(file);
    const decision = decide(photo, rules);
    if (decision === null) throw refusalOf(photo);
    if (decision === "send" || (decision === "try" && isUntrue)) return { file, isSmaller: false };
    onShrinking();
    const smaller = await shrink(file, ...fit(photo, rules));
    if (smaller && (decision === "shrink" || smaller.size < file.size)) return { file: smaller, isSmaller: true };
    if (decision === "shrink") throw refusalOf(photo);
    return { file, isSmaller: false };
  }

  function refusalOf({ isForeign, size }) {
    if (isForeign) return new FileRefused("heic");
    if (isUntrue) return new FileRefused("canvas");
    return new FileRefused(size > rules.maxBytes ? "size" : "pixels");
  }

  /** A smaller file, or null where this browser could not make one. */
  async function shrink(file, width, height, maxBytes = rules.maxBytes) {
    if (isUntrue) return null;
    const question = { file, width, height, maxBytes };
    const answer = start() ? await askWorker(question) : await shrinkHere(question).catch(() => ({}));
    isUntrue = answer.isUntrue ?? false;
    const { blob } = answer;
    if (blob) return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
    // Whatever it is still busy with, the next photo gets a fresh one.
    stop();
    return null;
  }

  function askWorker(question) {
    return new Promise((resolve) => {
      const tooLong = setTimeout(() => resolve({}), LONGEST_MS);
      const answer = (data) => { clearTimeout(tooLong); resolve(data); };
      worker.onmessage = ({ data }) => answer(data);
      worker.onerror = () => answer({});
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
  return { prepare, prepareSmallest };
}

/** Width and height, upright, without decoding the pixels; zeros where the browser cannot tell. */
async function look(file) {
  const head = await readHead(file, HEAD_BYTES);
  if (head === null) throw new FileRefused("unreadable");
  return { ...(await measure(file)), size: file.size, isAnimated: isAnimated(head), isForeign: isHeic(file, head) };
}

const measure = (file) => loadImage(file).then(({ width, height }) => ({ width, height }), () => ({ width: 0, height: 0 }));

/** An image is upright by itself, and decoded only when it is drawn. */
function loadImage(file) {
  const url = URL.createObjectURL(file);
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = url;
  }).finally(() => URL.revokeObjectURL(url));
}

function createCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}
