// Lives here: one photo decoded, made smaller and encoded again, and whether this browser does so truly.
// Not here: whether to, and to what size (shrink_plan.js); where it runs (shrink_worker.js, shrink.js).

import { isTrueCopy, nextQuality, TEST_SIDE, testPixels } from "./shrink_plan.js";

/**
 * `createCanvas(width, height)` and `decode(file, width, height)` are the thread's own; what `decode` gives is drawn.
 * The answer takes `{ file, width, height, maxBytes }` and gives `{ blob }`; without a blob where that could not be
 * done, and `{ isUntrue: true }` in a browser that puts noise into what a canvas gives back.
 */
export function createPhotoShrinker({ createCanvas, decode }) {
  let checked = null;

  return async ({ file, width, height, maxBytes }) => {
    checked ??= isTrue();
    if (!(await checked)) return { isUntrue: true };
    const picture = await decode(file, width, height);
    const canvas = draw(picture, Math.max(width, height));
    picture.close?.();
    return { blob: await encode(canvas, maxBytes) };
  };

  /** On white, in sRGB; smaller still where the browser took the one side for the other. */
  function draw(picture, maxSide) {
    const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
    const canvas = createCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    const context = canvas.getContext("2d", { alpha: false });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // Protection against fingerprinting: what was drawn is not what comes out, and nobody is told.
  async function isTrue() {
    const drawn = testPixels();
    const canvas = createCanvas(TEST_SIDE, TEST_SIDE);
    canvas.getContext("2d", { alpha: false }).putImageData(new ImageData(drawn, TEST_SIDE), 0, 0);
    const blob = await toJpeg(canvas, 0.9);
    const copy = draw(await decode(blob, TEST_SIDE, TEST_SIDE), TEST_SIDE);
    return isTrueCopy(drawn, copy.getContext("2d").getImageData(0, 0, TEST_SIDE, TEST_SIDE).data);
  }
}

async function encode(canvas, maxBytes) {
  let quality = nextQuality();
  let blob = null;
  while (quality !== null) {
    blob = await toJpeg(canvas, quality);
    quality = nextQuality(quality, blob.size, maxBytes);
  }
  // A browser that cannot write JPEG writes PNG, and does not say so.
  return blob.type === "image/jpeg" && blob.size <= maxBytes ? blob : undefined;
}

function toJpeg(canvas, quality) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no memory"))), "image/jpeg", quality);
  });
}
