// Lives here: photos made smaller off the page's own thread, one message each.
// Not here: how (shrink_photo.js). It answers as that does, and `{}` where a photo could not be made smaller.

import { createPhotoShrinker } from "./shrink_photo.js";

const shrink = createPhotoShrinker({ createCanvas: (width, height) => new OffscreenCanvas(width, height), decode });

function decode(file, width, height) {
  // One side alone: the browser works out the other one, so that no photo is ever stretched.
  const side = width >= height ? { resizeWidth: width } : { resizeHeight: height };
  return createImageBitmap(file, { imageOrientation: "from-image", resizeQuality: "high", ...side });
}

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage(await shrink(data));
  } catch {
    // Damaged, too large for this device, or of a kind it does not know: the page decides what becomes of it.
    self.postMessage({});
  }
});
