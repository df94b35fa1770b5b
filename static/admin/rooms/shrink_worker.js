// Lives here: one photo decoded, made smaller and encoded again, off the page's own thread.
// Not here: whether to, and to what size (shrink_plan.js). It answers `{ blob }`, or `{}` where it could not.

import { nextQuality } from "./shrink_plan.js";

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ blob: await shrink(data) });
  } catch {
    // Damaged, too large for this device, or of a kind it does not know: the page decides what becomes of it.
    self.postMessage({});
  }
});

async function shrink({ file, width, height, maxBytes }) {
  // One side alone: the browser works out the other one, so that no photo is ever stretched.
  const side = width >= height ? { resizeWidth: width } : { resizeHeight: height };
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image", resizeQuality: "high", ...side });
  const canvas = draw(bitmap, Math.max(width, height));
  bitmap.close();
  return encode(canvas, maxBytes);
}

/** On white, in sRGB; smaller still where the browser took the one side for the other. */
function draw(bitmap, maxSide) {
  const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function encode(canvas, maxBytes) {
  let quality = nextQuality(null);
  let blob = null;
  while (quality !== null) {
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
    quality = nextQuality(quality, blob.size, maxBytes);
  }
  // A browser that cannot write JPEG writes PNG, and does not say so.
  return blob.type === "image/jpeg" && blob.size <= maxBytes ? blob : undefined;
}
