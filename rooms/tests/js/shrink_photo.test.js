import assert from "node:assert/strict";
import { test } from "node:test";

import { exifSegment } from "../../../static/admin/rooms/shrink_photo.js";

const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const chunk = (name, text) => bytes(`${name}${String.fromCharCode(text.length)}\0\0\0${text}${text.length % 2 ? "\0" : ""}`);
const webp = (...chunks) => new Blob([bytes("RIFF\0\0\0\0WEBP"), ...chunks]);
const segment = async (file) => Buffer.from(await (await exifSegment(file)).arrayBuffer()).toString("latin1");

test("a WebP's EXIF is put as a JPEG keeps it, whichever way it was marked", async () => {
  const before = [chunk("VP8X", "\x08\0\0\0\0\0\0\0\0\0"), chunk("VP8 ", "odd")];
  const expected = "\xff\xe1\0\x0dExif\0\0II*\0\x08";
  assert.equal(await segment(webp(...before, chunk("EXIF", "II*\0\x08"))), expected);
  assert.equal(await segment(webp(...before, chunk("EXIF", "Exif\0\0II*\0\x08"))), expected);
});

test("all else has none: no EXIF, too much of it, another kind of file, one that is cut or goes in circles", async () => {
  const large = new Uint8Array(70_000 + 8);
  large.set(bytes("EXIF"));
  new DataView(large.buffer).setUint32(4, 70_000, true);
  for (const file of [
    webp(chunk("VP8 ", "even")),
    webp(large),
    webp(bytes("EXI")),
    webp(...Array.from({ length: 100 }, () => chunk("VP8 ", "")), chunk("EXIF", "II*\0")),
    new Blob([bytes("\xff\xd8\xff\xe1 EXIF")]),
    new Blob(),
  ]) assert.equal(await segment(file), "");
});
