// Lives here: making one photo smaller: whether to, to what size, how strongly to compress it; decoding and encoding, and
// whether this browser does so truly.
// Not here: where it runs (shrink_worker.js, shrink.js), what the page says of it.

// --- the plan: numbers and bytes only ---

// What the server would write itself is 0.82: at 0.85 nothing is lost to it, and it keeps our file as it is.
const QUALITIES = [0.85, 0.75, 0.65, 0.5];
// What a photo of the size we keep weighs at the first of these.
const USUAL_BYTES_A_PIXEL = 0.15;
// Decoded, a photo takes four bytes a pixel: half a gigabyte is what a good phone can spare.
const DECODABLE_PIXELS = 120_000_000;

/** `[width, height]` of a photo within the limits: upright, in its own proportions, never larger than it is. */
export function fit({ width, height }, { maxSide, maxPixels }) {
  // A row less than there may be: browsers round a half one up.
  const fewerPixels = Math.sqrt((maxPixels - maxSide) / (width * height));
  const scale = Math.min(1, maxSide / Math.max(width, height), fewerPixels);
  return [width, height].map((side) => Math.max(1, Math.round(side * scale)));
}

/**
 * What to do with a photo of `size` bytes and, upright, `width` x `height` pixels (0 where nobody knows):
 * "send" it as it is, "shrink" it, or "try" to, and else send it as it is; null where nothing helps.
 */
export function decide(photo, limits) {
  const { size, width, height, isAnimated, isForeign } = photo;
  const isOver = size > limits.maxBytes || width * height > limits.maxPixels;
  // The first frame alone would be another picture, and nobody was asked.
  if (isAnimated) return isOver ? null : "send";
  if (!width) return isOver || isForeign ? null : "send";
  if (width * height > DECODABLE_PIXELS) return null;
  if (isOver || isForeign) return "shrink";
  return isWorthIt(photo, limits) ? "try" : "send";
}

// The server shrinks it to that size anyway. On a slow line half the bytes are far more than the second it takes.
function isWorthIt({ size, width, height }, limits) {
  if (Math.max(width, height) <= limits.maxSide) return false;
  const [fitWidth, fitHeight] = fit({ width, height }, limits);
  return size > 2 * fitWidth * fitHeight * USUAL_BYTES_A_PIXEL;
}

/** How strongly to compress next, after `bytes` came out at `quality`; null when they fit, or cannot be made to. */
export function nextQuality(quality, bytes, maxBytes) {
  if (quality === undefined) return QUALITIES[0];
  if (bytes <= maxBytes) return null;
  return QUALITIES[QUALITIES.indexOf(quality) + 1] ?? null;
}

/** The side of the picture by which a canvas is tried. */
export const TEST_SIDE = 64;
// A JPEG of it differs by less than one on average; what Brave adds is hardly more. Stripes differ by fifty.
const TRUE_MEAN_DIFFERENCE = 4;

/** A picture of plain squares in shades of brown, as RGBA: what JPEG keeps well. */
export function testPixels() {
  const pixels = new Uint8ClampedArray(4 * TEST_SIDE * TEST_SIDE);
  for (let index = 0; index < TEST_SIDE * TEST_SIDE; index += 1) {
    const column = (index % TEST_SIDE) >> 4;
    const row = Math.floor(index / TEST_SIDE) >> 4;
    const shade = ((column * 5 + row * 7) % 16) * 9;
    pixels.set([90 + shade, 60 + shade, 30 + shade, 255], 4 * index);
  }
  return pixels;
}

/** Whether `copy` shows what was `drawn`: both RGBA, of one size. */
export function isTrueCopy(drawn, copy) {
  const total = drawn.reduce((sum, value, index) => sum + Math.abs(value - copy[index]), 0);
  return total / ((drawn.length * 3) / 4) <= TRUE_MEAN_DIFFERENCE;
}

/** Whether these first bytes of a file are of a moving picture. GIFs are taken for one: photos they are not. */
export function isAnimated(head) {
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("GIF8")) return true;
  if (text.startsWith("RIFF") && text.startsWith("WEBPVP8X", 8)) return (head[20] & 0x02) !== 0;
  // The chunk that makes a PNG move comes before its pixels.
  return text.startsWith("PNG", 1) && text.split("IDAT")[0].includes("acTL");
}

// --- the work ---

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
