// Lives here: what a source would bring to which room: a row for each folder, which a person may correct.
// Not here: the page, and how photos are sent.

import {
  compareNaturally, findRooms, innermostFolder, isPassedOver, isReport, isTable, makeKey, pathKey, readTable, sortByTable,
} from "./matching.js";

export const NEW = "new";
export const LEFT_OUT = "";

/**
 * Resolves to `{ rows, badTables }`. A row is `{ folder, files, fits, choice }`: `fits` are the rooms its name fits, `choice` is a
 * room's id, `NEW` or `LEFT_OUT`. Each file has a `said`: its row in photos.csv, if any.
 */
export async function makePlan(sources, rooms) {
  const tables = sources.filter(({ path }) => isTable(path) && !isPassedOver(path));
  const { rows, bad } = await readTables(tables);
  const paths = tables.map(({ path }) => path);
  const files = sources
    .filter(({ path }) => !isPassedOver(path) && !isTable(path) && !isReport(path, paths))
    .map((file) => ({ ...file, said: rows.get(pathKey(file.path)) ?? null }));
  const folders = gatherFolders(files);
  const names = [...folders.keys()].sort(compareNaturally);
  return { rows: names.map((folder) => makeRow(folder, folders.get(folder), rooms)), badTables: bad };
}

async function readTables(tables) {
  const [rows, bad] = [new Map(), []];
  for (const table of tables) {
    const read = await table.open().then(async (file) => readTable(decode(await file.arrayBuffer()), table.path)).catch(() => null);
    if (read === null) bad.push(table.path);
    else read.forEach((row, key) => rows.set(key, row));
  }
  return { rows, bad };
}

const decode = (buffer) => new TextDecoder("utf-8", { fatal: true }).decode(buffer);

function gatherFolders(files) {
  const folders = new Map();
  for (const file of files) {
    const folder = innermostFolder(file.path);
    if (!folders.has(folder)) folders.set(folder, []);
    folders.get(folder).push(file);
  }
  return folders;
}

function makeRow(folder, files, rooms) {
  const fits = folder === "" ? [] : findRooms(folder, rooms);
  return { folder, files: sortByTable(files, ({ said }) => said), fits, choice: fits.length === 1 ? fits[0].id : LEFT_OUT };
}

export const stateOf = ({ choice }) => ({ [LEFT_OUT]: "unmatched", [NEW]: "new" })[choice] ?? "matched";

/** What a room that is to be made is called: as photos.csv has it, where the folder only bears it as file systems allow. */
export function newName({ folder, files }) {
  const said = [...new Set(files.map(({ said: row }) => row?.room).filter(Boolean))];
  const isIt = said.length === 1 && makeKey(said[0].replace(/[<>:"/\\|?*]/g, "-").replace(/[ .]+$/, "")) === makeKey(folder);
  return isIt ? said[0] : folder;
}

/** Rows that go to the same room belong together: `{ roomId, name, files }`, `roomId` null for one that is to be made. */
export function gatherTargets(rows) {
  const targets = new Map();
  for (const row of rows.filter(({ choice }) => choice !== LEFT_OUT)) {
    const key = row.choice === NEW ? `${NEW} ${makeKey(row.folder)}` : row.choice;
    if (!targets.has(key)) targets.set(key, { roomId: row.choice === NEW ? null : row.choice, name: newName(row), files: [], rows: [] });
    targets.get(key).files.push(...row.files);
    targets.get(key).rows.push(row);
  }
  return [...targets.values()];
}

/** How many photos of a target have no place in its room. Those that are there already are counted too: nobody knows yet. */
export function countOver({ roomId, files }, rooms, limit) {
  const present = rooms.find(({ id }) => id === roomId)?.count ?? 0;
  return Math.max(0, files.length - Math.max(0, limit - present));
}

/** What photos.csv says of a file, as it can be kept, and the names of what cannot. */
export function textsOf({ said }, { captionMaxLength, kinds }) {
  const [texts, leftOut] = [{}, []];
  for (const name of ["caption", "alternative_text", "kind"]) {
    const text = said?.[name]?.trim() ?? "";
    const isGood = name === "kind" ? kinds.includes(text) : [...text].length <= captionMaxLength && !text.includes("\0");
    if (!isGood) leftOut.push(name);
    else if (text !== "") texts[name] = text;
  }
  return { texts, leftOut };
}
