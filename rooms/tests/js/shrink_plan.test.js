import assert from "node:assert/strict";
import { test } from "node:test";

import { decide, fit, isAnimated, isTrueCopy, nextQuality, testPixels } from "../../../static/admin/rooms/shrink_photo.js";

const LIMITS = { maxBytes: 5_242_880, maxPixels: 50_000_000, maxSide: 2880 };
const photo = (size, width, height, more = {}) => ({ size, width, height, ...more });
const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a photo over the byte limit is made smaller, one of exactly the limit need not be", () => {
  assert.equal(decide(photo(5_242_881, 2000, 1500), LIMITS), "shrink");
  assert.equal(decide(photo(5_242_880, 2000, 1500), LIMITS), "send");
});

test("a photo over the pixel limit is made smaller, however few its bytes", () => {
  assert.equal(decide(photo(100_000, 8000, 6251), LIMITS), "shrink");
  assert.equal(decide(photo(100_000, 8000, 6250), LIMITS), "send");
});

test("a phone's 12 megapixels go up in a third of the bytes, if that works", () => {
  assert.equal(decide(photo(3_600_000, 4000, 3000), LIMITS), "try");
  assert.equal(decide(photo(3_600_000, 3000, 4000), LIMITS), "try");
});

test("a photo already small enough travels untouched", () => {
  assert.equal(decide(photo(1_500_000, 4000, 3000), LIMITS), "send");
  assert.equal(decide(photo(4_900_000, 2880, 2160), LIMITS), "send");
  assert.equal(decide(photo(200_000, 800, 600), LIMITS), "send");
});

test("what the browser cannot read is left to the server, unless it would refuse it", () => {
  assert.equal(decide(photo(5_000_000, 0, 0), LIMITS), "send");
  assert.equal(decide(photo(6_000_000, 0, 0), LIMITS), null);
  assert.equal(decide(photo(1_000_000, 0, 0, { isForeign: true }), LIMITS), null);
});

test("HEIC is always converted where the browser can read it", () => {
  assert.equal(decide(photo(1_000_000, 2000, 1500, { isForeign: true }), LIMITS), "shrink");
});

test("an animation is never made a still without being asked", () => {
  assert.equal(decide(photo(4_000_000, 4000, 3000, { isAnimated: true }), LIMITS), "send");
  assert.equal(decide(photo(9_000_000, 4000, 3000, { isAnimated: true }), LIMITS), null);
});

test("no phone is asked to decode 200 megapixels", () => {
  assert.equal(decide(photo(12_000_000, 12000, 9000), LIMITS), "shrink");
  assert.equal(decide(photo(40_000_000, 16320, 12240), LIMITS), null);
});

test("the longest side is what is kept, in the photo's own proportions", () => {
  assert.deepEqual(fit({ width: 8064, height: 6048 }, LIMITS), [2880, 2160]);
  assert.deepEqual(fit({ width: 3000, height: 4000 }, LIMITS), [2160, 2880]);
  assert.deepEqual(fit({ width: 20000, height: 3 }, LIMITS), [2880, 1]);
});

test("nothing is made larger", () => {
  assert.deepEqual(fit({ width: 2000, height: 1500 }, LIMITS), [2000, 1500]);
});

test("fewer pixels than the side allows are kept to, with a row to spare", () => {
  const [width, height] = fit({ width: 4000, height: 4000 }, { ...LIMITS, maxPixels: 4_000_000 });
  assert.equal(width, height);
  assert.ok(width * (height + 1) <= 4_000_000 && width > 1990);
});

test("the first quality that fits is taken", () => {
  const first = nextQuality();
  assert.equal(nextQuality(first, 1_000_000, LIMITS.maxBytes), null);
  const second = nextQuality(first, 6_000_000, LIMITS.maxBytes);
  assert.ok(second < first);
  assert.equal(nextQuality(second, 5_242_880, LIMITS.maxBytes), null);
});

test("quality is not lowered for ever", () => {
  const tried = [];
  for (let quality = nextQuality(); quality !== null; quality = nextQuality(quality, 9e9, LIMITS.maxBytes)) {
    tried.push(quality);
  }
  assert.ok(tried.length <= 5 && tried.at(-1) >= 0.5);
});

test("moving pictures are told by their first bytes", () => {
  const webp = (flags) => bytes(`RIFF\x10\x27\x00\x00WEBPVP8X\x0a\x00\x00\x00${String.fromCharCode(flags)}\x00\x00\x00`);
  assert.equal(isAnimated(bytes("GIF89a...")), true);
  assert.equal(isAnimated(webp(0x12)), true);
  assert.equal(isAnimated(webp(0x10)), false);
  assert.equal(isAnimated(bytes("RIFF\x10\x27\x00\x00WEBPVP8 ....")), false);
  assert.equal(isAnimated(bytes("\x89PNG\r\n\x1a\n....IHDR....acTL....IDAT")), true);
  assert.equal(isAnimated(bytes("\x89PNG\r\n\x1a\n....IHDR....IDATacTL")), false);
  assert.equal(isAnimated(bytes("\xff\xd8\xff\xe0JFIFacTL")), false);
  assert.equal(isAnimated(bytes("")), false);
});

test("a copy that JPEG, or one in a hundred of noise, changed a little is true; stripes, white and noise are not", () => {
  const drawn = testPixels();
  const changed = (change) => drawn.map((value, index) => (index % 4 === 3 ? value : change(value, index)));
  assert.equal(isTrueCopy(drawn, drawn), true);
  assert.equal(isTrueCopy(drawn, changed((value, index) => value + (index % 5) - 2)), true);
  assert.equal(isTrueCopy(drawn, changed((_value, index) => ((index >> 2) % 8 < 4 ? 0 : 255))), false);
  assert.equal(isTrueCopy(drawn, changed(() => 255)), false);
  assert.equal(isTrueCopy(drawn, changed((value, index) => value ^ ((index * 37) % 32))), false);
  assert.equal(isTrueCopy(drawn, changed((value, index) => drawn[index - (index % 4) + 2 - (index % 4)])), false);
});
