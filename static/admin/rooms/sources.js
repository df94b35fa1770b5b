// Lives here: the files of a folder or a ZIP that is dropped or chosen, each with its path. A ZIP that is built to do harm is
// refused as a whole, before anything of it is read.
// Not here: which of them go where (matching.js), what is in them: the server judges that.

import { say } from "./words.js";

const MAX_ENTRIES = 20000;
// Photos hardly shrink in a ZIP: what grows so much, and to so many photos' size, is a bomb.
const BOMB_RATIO = 100;
const BOMB_PHOTOS = 4;
const END_BYTES = 65557;
const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const [STORED, DEFLATED] = [0, 8];
const [IS_LOCKED, IS_UTF8] = [0x41, 0x800];
const [FILE_KIND, FOLDER_KIND] = [0o100000, 0o040000];
const CP437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Nothing of the source may be taken; the message says why. */
export class SourceRefused extends Error {}

/** One file of a ZIP cannot be unpacked; the others may. */
export class EntryDamaged extends Error {}

const refuse = (text, values = {}) => { throw new SourceRefused(say(text, values)); };
const refuseNumber = () =>
  refuse(gettext("There are more than %(limit)s files in it: import it in parts. Nothing of it was taken."), { limit: MAX_ENTRIES });

// A source is a list of `{ path, size, open() }`; `open` resolves to a File, and rejects where it cannot be read.

/** Of the files of a chosen folder. */
export function fromFolderInput(files) {
  if (files.length > MAX_ENTRIES) refuseNumber();
  return [...files].map((file) => fromFile(file, file.webkitRelativePath || file.name));
}

const fromFile = (file, path) => ({ path, size: file.size, open: async () => file });

/** What may be asked only while it is dropped: to be handed to `fromDrop` afterwards. */
export function takeDropped({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return { entries, files: [...files] };
}

/** Of all that was dropped: folders with what is in them, ZIPs, single files. `maxBytes` is a photo's. */
export async function fromDrop({ entries, files }, maxBytes) {
  const found = [];
  const waiting = entries.length ? [...entries] : [];
  while (waiting.length) {
    const entry = waiting.pop();
    if (entry.isDirectory) waiting.push(...(await readFolder(entry)));
    else found.push(fromFile(await fileOf(entry), entry.fullPath.replace(/^\//, "")));
    if (found.length > MAX_ENTRIES) refuseNumber();
  }
  const all = entries.length ? found : files.map((file) => fromFile(file, file.name));
  const unpacked = await Promise.all(all.map(async (one) => (isZip(one) ? fromZip(await one.open(), maxBytes) : [one])));
  return unpacked.flat();
}

// One that lies in a folder is no source: the server says so of it.
const isZip = ({ path }) => /\.zip$/i.test(path) && !path.includes("/");

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function readFolder(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) { // a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    found.push(...some);
    if (found.length > MAX_ENTRIES) refuseNumber();
  }
}

// --- ZIP ---

/** Of a ZIP: only its list is read; each photo by itself when it is opened. */
export async function fromZip(zip, maxBytes) {
  if (typeof DecompressionStream === "undefined") {
    refuse(gettext("This browser cannot open a ZIP: unpack it, and choose the folder."));
  }
  const entries = await readList(zip);
  entries.forEach((entry) => refuseHarm(entry, maxBytes));
  const files = entries.filter(({ path }) => !path.endsWith("/"));
  refuseDoubles(files);
  return files.map((entry) => ({ path: entry.path, size: entry.size, open: () => openEntry(zip, entry) }));
}

const refuseDamaged = () =>
  refuse(gettext("This is no ZIP file, or it is damaged: make it or download it again. Nothing of it was taken."));

const bytesOf = async (blob, from, to) => new DataView(await blob.slice(from, to).arrayBuffer());

async function readList(zip) {
  const start = Math.max(0, zip.size - END_BYTES);
  const tail = await bytesOf(zip, start, zip.size);
  let place = tail.byteLength - 22;
  while (place >= 0 && tail.getUint32(place, true) !== END) place -= 1;
  if (place < 0) refuseDamaged();
  const [count, size, offset] = [tail.getUint16(place + 10, true), tail.getUint32(place + 12, true), tail.getUint32(place + 16, true)];
  if (count === 0xffff || offset === 0xffffffff) {
    refuse(gettext("This ZIP is too large for this page: import it in parts, or choose its folder."));
  }
  if (count > MAX_ENTRIES) refuseNumber();
  if (offset + size > start + place) refuseDamaged();
  return readEntries(await bytesOf(zip, offset, offset + size), count);
}

function readEntries(list, count) {
  const entries = [];
  let place = 0;
  while (entries.length < count) {
    if (place + 46 > list.byteLength || list.getUint32(place, true) !== ENTRY) refuseDamaged();
    const lengths = [28, 30, 32].map((field) => list.getUint16(place + field, true));
    const flags = list.getUint16(place + 8, true);
    if (place + 46 + lengths[0] > list.byteLength) refuseDamaged();
    entries.push({
      path: readName(new Uint8Array(list.buffer, place + 46, lengths[0]), flags),
      flags,
      method: list.getUint16(place + 10, true),
      checksum: list.getUint32(place + 16, true),
      packed: list.getUint32(place + 20, true),
      size: list.getUint32(place + 24, true),
      kind: (list.getUint32(place + 38, true) >>> 16) & 0o170000,
      offset: list.getUint32(place + 42, true),
    });
    place += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  // Its number has two bytes: of 70,000 an old program writes 4,464.
  if (place + 4 <= list.byteLength && list.getUint32(place, true) === ENTRY) refuseNumber();
  return entries;
}

/** With `/`; a name that does not say that it is UTF-8 is read so where it can be. */
function readName(bytes, flags) {
  let name;
  try {
    name = new TextDecoder("utf-8", { fatal: !(flags & IS_UTF8) }).decode(bytes);
  } catch {
    name = [...bytes].map((byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])).join("");
  }
  return name.replace(/\0.*$/, "").replaceAll("\\", "/").replace(/^(\.\/)+/, "").replace(/\/{2,}/g, "/");
}

function refuseHarm({ path, flags, kind, size, packed }, maxBytes) {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.split("/").includes("..")) {
    refuse(gettext("This ZIP was refused, nothing of it was taken: %(name)s leads out of its folder."), { name: path });
  }
  if (![0, FILE_KIND, FOLDER_KIND].includes(kind)) {
    refuse(gettext("This ZIP was refused, nothing of it was taken: %(name)s is a link, not a photo."), { name: path });
  }
  if (flags & IS_LOCKED) refuse(gettext("This ZIP was refused, nothing of it was taken: it has a password. Make one without."));
  if (size > BOMB_PHOTOS * maxBytes && size > BOMB_RATIO * packed) refuseBomb(path);
}

const refuseBomb = (name) =>
  refuse(gettext("This ZIP was refused, nothing of it was taken: %(name)s is far larger than it pretends to be."), { name });

function refuseDoubles(files) {
  const seen = new Set();
  for (const { path } of files) {
    if (seen.has(path)) refuse(gettext("This ZIP was refused, nothing of it was taken: %(name)s is in it twice."), { name: path });
    seen.add(path);
  }
  let end = 0;
  for (const { path, offset, packed } of [...files].sort((one, other) => one.offset - other.offset)) {
    if (offset < end) refuseBomb(path);
    end = offset + packed;
  }
}

async function openEntry(zip, { path, offset, packed, method, size, checksum }) {
  const head = await bytesOf(zip, offset, offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) throw new EntryDamaged();
  const start = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const bytes = await unpack(zip.slice(start, start + packed), method, size);
  if (bytes.length !== size || crc32(bytes) !== checksum) throw new EntryDamaged();
  return new File([bytes], path.split("/").at(-1));
}

/** No more than `size` bytes, whatever a stream pretends. */
async function unpack(blob, method, size) {
  if (method === STORED) return new Uint8Array(await blob.arrayBuffer());
  if (method !== DEFLATED) throw new EntryDamaged();
  const reader = blob.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const bytes = new Uint8Array(size);
  let place = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw new EntryDamaged(); });
    if (done) return bytes.subarray(0, place);
    if (place + value.length > size) throw new EntryDamaged();
    bytes.set(value, place);
    place += value.length;
  }
}

let table = null;

function crc32(bytes) {
  table ??= Uint32Array.from({ length: 256 }, (_, number) => {
    let value = number;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff];
  return (sum ^ 0xffffffff) >>> 0;
}
