// The rules of bringing in folders, by the table of cases that Python keeps to as well.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";

import {
  compareNaturally, findRooms, innermostFolder, isPassedOver, isReport, isTable, makeKey, makeUploadId, readTable, sha256, sortByTable,
} from "../../../static/admin/rooms/matching.js";

const cases = JSON.parse(readFileSync(new URL("../transfer_cases.json", import.meta.url)));
const sha = (text) => createHash("sha256").update(text).digest("hex");

test("case, accents, blanks and dashes do not count, all else does", () => {
  for (const [one, other] of cases.same) assert.equal(makeKey(one), makeKey(other), one);
  for (const [one, other] of cases.different) assert.notEqual(makeKey(one), makeKey(other), one);
});

test("a folder matches a number, then a name", () => {
  for (const { folder, keys, found } of cases.matches) {
    const rooms = keys.map(([numbers, names], id) => ({ id, numbers, names }));
    assert.deepEqual(findRooms(folder, rooms).map(({ id }) => id), found, folder);
  }
});

test("the innermost folder counts", () => {
  for (const [path, folder] of cases.innermost) assert.equal(innermostFolder(path), folder);
});

test("2 comes before 10", () => {
  const [mixed, sorted] = cases.order;
  assert.deepEqual([...mixed].sort(compareNaturally), sorted);
});

test("files of systems are passed over", () => {
  for (const [path, isSo] of cases.passed_over) assert.equal(isPassedOver(path), isSo, path);
});

test("the table is read", () => {
  for (const { text, folder, rows } of cases.tables) {
    const read = readTable(text, folder ? `${folder}/photos.csv` : "photos.csv");
    assert.deepEqual(Object.fromEntries(read), rows);
  }
  assert.equal(readTable("a,b\n1,2\n", "photos.csv"), null);
  assert.equal(readTable("", "photos.csv"), null);
});

test("files without a row come behind those with one", () => {
  const rows = { b: { order: 1 }, a: { order: null }, c: { order: 0 } };
  const files = ["2", "10", "a", "b", "c"].map((path) => ({ path }));
  assert.deepEqual(sortByTable(files, ({ path }) => rows[path]).map(({ path }) => path), ["c", "b", "a", "2", "10"]);
});

test("a table is known wherever it lies, and the report beside it", () => {
  assert.equal(isTable("Hotel/Photos.CSV"), true);
  assert.equal(isReport("Hotel/report.txt", ["Hotel/photos.csv"]), true);
  assert.equal(isReport("101/report.txt", ["photos.csv"]), false);
});

test("a photo is told again by room and content", async () => {
  for (const { room, content, occurrence, id } of cases.upload_ids) {
    assert.equal(await makeUploadId(room, sha(content), occurrence), id);
  }
});

test("the checksum is the same without the browser's", async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 1000, 70000]) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 7) % 256);
    assert.equal(await sha256(bytes, null), sha(bytes), String(length));
    assert.equal(await sha256(bytes), sha(bytes));
  }
});
