// What goes where, as the list of an import shows it and a person corrects it.

import assert from "node:assert/strict";
import test from "node:test";

import "./catalogue.js";
import { countOver, gatherTargets, LEFT_OUT, makePlan, NEW, newName, stateOf, textsOf } from "../../../static/admin/rooms/import_plan.js";

const rooms = [
  { id: 1, numbers: ["101"], names: ["suite"], count: 8 },
  { id: 2, numbers: [], names: ["lac"], count: 0 },
  { id: 3, numbers: [], names: ["lac"], count: 0 },
];
const source = (path, text = "x") => ({ path, size: text.length, open: async () => new Blob([text]) });

async function plan(...sources) {
  const { rows, badTables } = await makePlan(sources, rooms);
  return { rows, badTables, states: rows.map((row) => [row.folder, stateOf(row)]) };
}

test("a folder goes to the one room it fits, to none where it fits several", async () => {
  const { rows, states } = await plan(source("H/101/1.jpg"), source("Lac/1.jpg"), source("New/1.jpg"), source("top.jpg"), source(".DS_Store"));
  assert.deepEqual(states, [["", "unmatched"], ["101", "matched"], ["Lac", "unmatched"], ["New", "unmatched"]]);
  assert.equal(rows[2].fits.length, 2);
});

test("the table gives the order, and is no photo; nor is the report beside it", async () => {
  const table = source("H/photos.csv", "file,order,caption\n101/b.jpg,1,Lit\n");
  const { rows } = await plan(source("H/101/a.jpg"), source("H/101/b.jpg"), table, source("H/report.txt"));
  assert.deepEqual(rows.map(({ files }) => files.map(({ path }) => path)), [["H/101/b.jpg", "H/101/a.jpg"]]);
  assert.equal(rows[0].files[0].said.caption, "Lit");
});

test("a table that cannot be read is told, and the photos come in without it", async () => {
  const { badTables, rows } = await plan({ ...source("photos.csv"), open: async () => new Blob([Uint8Array.of(0xff, 0)]) }, source("101/1.jpg"));
  assert.deepEqual([badTables, rows.length], [["photos.csv"], 1]);
});

test("folders of one room go together, and so do those of one new room", async () => {
  const { rows } = await plan(source("a/101/1.jpg"), source("b/Suite/2.jpg"), source("Étoile/1.jpg"), source("etoile/2.jpg"), source("x/1.jpg"));
  rows.filter(({ folder }) => /toile/.test(folder)).forEach((row) => { row.choice = NEW; });
  const targets = gatherTargets(rows).map(({ roomId, files }) => [roomId, files.length]);
  assert.deepEqual(targets.sort(), [[1, 2], [null, 2]].sort());
});

test("what has no place is counted before anything is sent", () => {
  assert.equal(countOver({ roomId: 1, files: [1, 2, 3] }, rooms, 10), 1);
  assert.equal(countOver({ roomId: null, files: Array(12) }, rooms, 10), 2);
  assert.equal(countOver({ roomId: 2, files: [1] }, rooms, 10), 0);
});

test("a new room is called as the table has it where the folder bears that name", () => {
  const files = (room) => [{ said: { room } }, { said: null }];
  assert.equal(newName({ folder: "A-B", files: files("A/B") }), "A/B");
  assert.equal(newName({ folder: "A-B", files: files("C") }), "A-B");
  assert.equal(newName({ folder: "A-B", files: [{ said: null }] }), "A-B");
});

test("a text that cannot be kept is left out", () => {
  const said = { caption: "x".repeat(201), alternative_text: " ok ", kind: "pool" };
  const { texts, leftOut } = textsOf({ said }, { captionMaxLength: 200, kinds: ["", "bed"] });
  assert.deepEqual([texts, leftOut], [{ alternative_text: "ok" }, ["caption", "kind"]]);
  assert.equal(LEFT_OUT, "");
});
