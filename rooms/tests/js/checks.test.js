import assert from "node:assert/strict";
import { test } from "node:test";

import { findRefusal, isHeic, sortFiles } from "../../../static/admin/rooms/checks.js";

const RULES = {
  types: ["image/jpeg", "image/png"],
  extensions: [".jpg", ".jpeg", ".png"],
};
const file = (name, type, size = 1000) => ({ name, type, size });

test("either the type or the extension will do", () => {
  assert.equal(findRefusal(file("IMG_1.JPG", ""), RULES), null);
  assert.equal(findRefusal(file("pasted", "image/png"), RULES), null);
  assert.equal(findRefusal(file("notes.txt", "text/plain"), RULES), "refused_type");
  assert.equal(findRefusal(file("jpg", ""), RULES), "refused_type");
});

test("an iPhone's HEIC is worth a look: some browsers can convert it", () => {
  assert.equal(findRefusal(file("IMG_1.HEIC", ""), RULES), null);
  assert.equal(findRefusal(file("IMG_1", "image/heif"), RULES), null);
  assert.deepEqual([isHeic(file("IMG_1.HEIC", "")), isHeic(file("IMG_1.jpg", "image/jpeg"))], [true, false]);
});

test("a photo over the size limit is taken: it can be made smaller", () => {
  assert.equal(findRefusal(file("a.jpg", "image/jpeg", 50_000_000), RULES), null);
});

test("an empty file is refused", () => {
  assert.equal(findRefusal(file("a.jpg", "image/jpeg", 0), RULES), "refused_empty");
});

test("files beyond the last place are refused, and a bad one takes no place", () => {
  const files = [file("1.jpg", ""), file("2.txt", "text/plain"), file("3.jpg", ""), file("4.jpg", "")];
  const { accepted, refused } = sortFiles(files, RULES, 2);
  assert.deepEqual(accepted.map(({ name }) => name), ["1.jpg", "3.jpg"]);
  assert.deepEqual(refused.map(({ file: { name }, reason }) => [name, reason]), [
    ["2.txt", "refused_type"],
    ["4.jpg", "refused_limit"],
  ]);
});
