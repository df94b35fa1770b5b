// Lives here: one photo decoded, made smaller and encoded again, and whether this browser does so truly.
// Not here: whether to, and to what size (shrink_plan.js); where it runs (shrink_worker.js, shrink.js).

import { isTrueCopy, nextQuality, TEST_SIDE, testPixels } from "./shrink_plan.js";

const EXIF_MARK = "Exif\0\0";
// A still photo has a handful of them.
const CHUNKS_AT_MOST = 64;
const latin1 = new TextDecoder("latin1");

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
    const exif = await exifSegment(file);
    const blob = await encode(canvas, maxBytes - exif.size);
    return { blob: blob && new Blob([blob.slice(0, 2), exif, blob.slice(2)], { type: blob.type }) };
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

/**
 * What a WebP says in EXIF, as a JPEG keeps it; empty for all else. Browsers turn JPEGs and PNGs as they draw them, and
 * WebPs never: so that small files and large ones come out alike, the server turns what was made of a WebP.
 */
export async function exifSegment(file) {
  const read = (from, length) => file.slice(from, from + length).arrayBuffer();
  if (/^RIFF[^]{4}WEBP/.test(latin1.decode(await read(0, 12)))) {
    for (let at = 12, chunks = 0; at < file.size && chunks < CHUNKS_AT_MOST; chunks += 1) {
      const header = await read(at, 8);
      if (header.byteLength < 8) break;
      const bytes = new DataView(header).getUint32(4, true);
      at += 8;
      if (latin1.decode(header).startsWith("EXIF")) return asSegment(file.slice(at, at + bytes));
      at += bytes + (bytes % 2);
    }
  }
  return new Blob();
}

async function asSegment(exif) {
  const hasMark = latin1.decode(await exif.slice(0, 6).arrayBuffer()) === EXIF_MARK;
  const marked = hasMark ? exif : new Blob([EXIF_MARK, exif]);
  const length = marked.size + 2;
  return length > 0xffff ? new Blob() : new Blob([Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff), marked]);
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
