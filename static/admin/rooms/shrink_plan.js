// Lives here: which photos are made smaller before they are sent, to what size, how strongly they are compressed.
// Not here: decoding and encoding (shrink_worker.js), reading files (shrink.js). No DOM: numbers and bytes only.

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
