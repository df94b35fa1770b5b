// Lives here: which room a folder is meant for, in which order its files come, what photos.csv says of them, and by what a photo
// is told again. Python keeps to the same rules: rooms/services/transfer/.
// Not here: where the files come from (sources.js), the page.

const MARKS = /[\u0300-\u036f]+/g;
const UNCOUNTED = /[\s\u00ad\u2010-\u2015\u2212-]+/g;
const LETTERS = {
  œ: "oe", æ: "ae", ß: "ss", þ: "th", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i", ς: "σ", "’": "'", "‐": "-",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const PASSED_OVER = ["__macosx", "thumbs.db", "desktop.ini"];
const TEXTS = ["caption", "alternative_text", "kind"];
const GUARDED = /^'+[=+\-@\t\r]/;
const TABLE_NAME = "photos.csv";
const REPORT_NAME = "report.txt";

const plain = (text) => text.normalize("NFKD").replace(MARKS, "").toLowerCase().replace(LETTER, (letter) => LETTERS[letter]);

/** What is left where case, accents, blanks and dashes do not count. */
export const makeKey = (text) => plain(text).replace(UNCOUNTED, "");

/** The rooms a folder fits: a number wins over a name. More than one means that it goes to neither. */
export function findRooms(folder, rooms) {
  const key = makeKey(folder);
  const byNumber = rooms.filter(({ numbers }) => numbers.includes(key));
  return byNumber.length ? byNumber : rooms.filter(({ names }) => names.includes(key));
}

/** The name of the folder that a file lies in; empty at the top. */
export const innermostFolder = (path) => path.split("/").at(-2) ?? "";

const nameOf = (path) => path.split("/").at(-1);
const folderOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Whether a path is a system's own: .DS_Store, __MACOSX, Thumbs.db and the like. */
export const isPassedOver = (path) =>
  path.split("/").some((part) => part.startsWith(".") || PASSED_OVER.includes(part.toLowerCase()));

/** As people count: 2 before 10. */
export function compareNaturally(one, other) {
  const [left, right] = [one, other].map((path) => plain(path).match(/[0-9]+|[^0-9]+/g) ?? []);
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const order = compareParts(left[place], right[place]);
    if (order) return order;
  }
  return left.length - right.length || compare(one, other);
}

const compare = (one, other) => (one < other ? -1 : Number(one > other));

function compareParts(one, other) {
  const [isNumber, isOtherNumber] = [one, other].map((part) => /^[0-9]/.test(part));
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return isNumber ? compare(BigInt(one), BigInt(other)) : compare(one, other);
}

// --- photos.csv ---

export const isTable = (path) => nameOf(path).toLowerCase() === TABLE_NAME;

/** The report of an export lies beside its table. */
export const isReport = (path, tables) => nameOf(path) === REPORT_NAME && tables.some((table) => folderOf(table) === folderOf(path));

/** What two spellings of one path have in common: systems differ in accents, case and slashes. */
export const pathKey = (path) =>
  path.split(/[\\/]/).filter((part) => part !== "" && part !== ".").join("/").normalize("NFC").toLowerCase();

/** Rows by `pathKey` of their file, told from the folder of `path`, where the table lies; null for what is no such table. */
export function readTable(text, path) {
  const whole = text.replace(/^\ufeff/, "");
  const first = whole.split("\n", 1)[0];
  const [titles, ...lines] = readCells(whole, first.split(";").length > first.split(",").length ? ";" : ",");
  if (!titles?.includes("file")) return null;
  const rows = lines.map((cells) => Object.fromEntries(titles.map((title, place) => [title, unguarded(cells[place] ?? "")])));
  return new Map(rows.filter(({ file }) => file).map((row) => [pathKey(`${folderOf(path)}/${row.file}`), readRow(row)]));
}

function readRow(row) {
  const order = (row.order ?? "").trim();
  const texts = TEXTS.filter((name) => name in row).map((name) => [name, row[name]]);
  return { room: (row.room ?? "").trim(), order: /^[0-9]{1,9}$/.test(order) ? Number(order) : null, ...Object.fromEntries(texts) };
}

const unguarded = (cell) => (GUARDED.test(cell) ? cell.slice(1) : cell);

function readCells(text, delimiter) {
  const rows = [];
  let [cells, cell, isQuoted] = [[], "", false];
  const endRow = () => {
    cells.push(cell);
    if (cells.length > 1 || cells[0] !== "") rows.push(cells);
    [cells, cell] = [[], ""];
  };
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[place + 1] === '"') { cell += '"'; place += 1; }
      else isQuoted = false;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === delimiter) { cells.push(cell); cell = ""; }
    else if (letter === "\n") endRow();
    else if (letter !== "\r" || text[place + 1] !== "\n") cell += letter;
  }
  if (cell !== "" || cells.length) endRow();
  return rows;
}

/** Sorts files: those with a row first, as it says; then the others in natural order. */
export function sortByTable(files, rowOf) {
  const rank = (file) => {
    const row = rowOf(file);
    return [row ? 0 : 1, row && row.order !== null ? 0 : 1, row?.order ?? 0];
  };
  return [...files].sort((one, other) => {
    const [left, right] = [rank(one), rank(other)];
    const differing = left.findIndex((value, place) => value !== right[place]);
    return differing < 0 ? compareNaturally(one.path, other.path) : left[differing] - right[differing];
  });
}

// --- by what a photo is told again ---

/** By its room and its content (SHA-256 in hexadecimal), and which of several alike it is. */
export async function makeUploadId(roomId, contentHash, occurrence) {
  const hash = await sha256(new TextEncoder().encode(`${roomId}/${contentHash}/${occurrence}`));
  const variant = ((parseInt(hash[16], 16) & 0x3) | 0x8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** In hexadecimal. Browsers lend theirs to pages on https alone, and a hotel's own server may well be without. */
export async function sha256(bytes, subtle = globalThis.crypto?.subtle) {
  return toHex(subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : digest(bytes));
}

const isPrime = (number) => {
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return true;
};
const PRIMES = Array.from({ length: 310 }, (_, place) => place + 2).filter(isPrime).slice(0, 64);
const fraction = (number) => ((number % 1) * 2 ** 32) | 0;

function digest(bytes) {
  const rounds = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
  const state = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const words = new Int32Array(64);
  for (let start = 0; start < padded.length; start += 64) digestBlock(view, start, words, rounds, state);
  const result = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => result.setInt32(place * 4, word));
  return new Uint8Array(result.buffer);
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function digestBlock(view, start, words, rounds, state) {
  for (let place = 0; place < 16; place += 1) words[place] = view.getInt32(start + place * 4);
  for (let place = 16; place < 64; place += 1) {
    const [early, late] = [words[place - 15], words[place - 2]];
    const one = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const two = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[place] = (words[place - 16] + one + words[place - 7] + two) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 64; place += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[place] + words[place]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] = (state[place] + word) | 0; });
}
