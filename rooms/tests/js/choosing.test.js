import assert from "node:assert/strict";
import { test } from "node:test";

import { findRefusal, isHeic, sortFiles } from "../../../static/admin/rooms/choosing.js";

const RULES = {
  types: ["image/jpeg", "image/png"],
  extensions: [".jpg", ".jpeg", ".png"],
};
const bytes = (text) => Uint8Array.from(text.padEnd(32, "\0"), (letter) => letter.charCodeAt(0));
const JPEG = bytes("\xff\xd8\xff\xe0\0\x10JFIF");
const HEIC = bytes("\0\0\0\x18ftypheic");
const PDF = bytes("%PDF-1.7");
const file = (name, type, size = 1000) => ({ name, type, size });
const refusal = (name, type, head, size) => findRefusal({ file: file(name, type, size), head }, RULES);

const ODD_NAMES = [
  ["plain.jfif", ""], ["plain.jfif", "image/pjpeg"], ["plain.jfif", "image/jpeg"], ["photo.jpe", ""], ["IMG_0001", ""],
  ["image:1000012345", "application/octet-stream"], ["1000012345", "image/jpg"], ["photo.jpg.", ""],
  ["photo.jpeg ", ""], ["photo.jpg_large", ""], ["plain.JPG", "application/octet-stream"],
];
for (const [name, type] of ODD_NAMES) {
  test(`a photo is one by its first bytes, be it called "${name}", "${type}"`, () => {
    assert.equal(refusal(name, type, JPEG), null);
    assert.equal(refusal(name, type, PDF), "type");
  });
}

test("all kinds that the server takes are known by their first bytes", () => {
  for (const head of ["\x89PNG\r\n\x1a\n", "GIF87a", "GIF89a", "RIFF\n\n\n\nWEBPVP8 "]) assert.equal(refusal("a", "", bytes(head)), null);
  for (const head of ["RIFF\n\n\n\nWAVE", "BM", "\0\0\0\x18ftypavif", "\xff\xd8 no", "<svg", "GIF88a"]) {
    assert.equal(refusal("a.jpg", "image/jpeg", bytes(head)), "type");
  }
});

test("where the first bytes cannot be read, either the type or the extension will do", () => {
  assert.equal(refusal("IMG_1.JPG", "", null), null);
  assert.equal(refusal("pasted", "image/png", null), null);
  assert.equal(refusal("notes.txt", "text/plain", null), "type");
  assert.equal(refusal("jpg", "", null), "type");
  assert.equal(refusal("IMG_1.HEIC", "", null), null);
  assert.equal(refusal("IMG_1", "image/heif", null), null);
});

test("an iPhone's HEIC is worth a look, and is one whatever it is called", () => {
  assert.equal(refusal("IMG_1.jpg", "image/jpeg", HEIC), null);
  assert.equal(isHeic(file("IMG_1.jpg", "image/jpeg"), HEIC), true);
  assert.equal(isHeic(file("IMG_1.HEIC", "image/heic"), JPEG), false);
  assert.deepEqual([isHeic(file("IMG_1.HEIC", "")), isHeic(file("IMG_1.jpg", "image/jpeg"))], [true, false]);
});

test("a photo over the size limit is taken: it can be made smaller", () => {
  assert.equal(refusal("a.jpg", "image/jpeg", JPEG, 50_000_000), null);
});

test("an empty file is refused, and a folder, whatever it is called", () => {
  assert.equal(refusal("a.jpg", "image/jpeg", new Uint8Array(), 0), "empty");
  const folder = { file: file("Photos.jpg", "", 4096), head: null, isFolder: true };
  assert.equal(findRefusal(folder, RULES), "folder");
});

test("files beyond the last place wait, and a bad one takes no place", () => {
  const choice = [["1.jpg", JPEG], ["2.txt", PDF], ["3.jpg", JPEG], ["4.jpg", JPEG], ["5.pdf", PDF]];
  const files = choice.map(([name, head]) => ({ file: file(name, ""), head }));
  const { accepted, waiting, refused } = sortFiles(files, RULES, 2);
  assert.deepEqual(accepted.map(({ name }) => name), ["1.jpg", "3.jpg"]);
  assert.deepEqual(waiting.map(({ name }) => name), ["4.jpg"]);
  assert.deepEqual(refused.map(({ file: { name }, reason }) => [name, reason]), [
    ["2.txt", "type"],
    ["5.pdf", "type"],
  ]);
});
