// Lives here: what a file must be before it is worth looking at. The server checks all of it again.
// Not here: its size, which can be helped (shrink.js), showing the refusal.

const PHOTO_HEADS = [/^\xff\xd8\xff/, /^\x89PNG\r\n\x1a\n/, /^GIF8[79]a/, /^RIFF[^]{4}WEBP/];
const HEAD_BYTES = 12;
const HEIC_HEAD = /^[^]{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)/;
// A photo that lies in a cloud is fetched first: nobody waits for that only to hear what kind it is.
const PATIENCE_MS = 3000;

/**
 * Why this file cannot go up: the key of a text, or null when it can. `head` are its first bytes, null where nobody
 * could read them: only then name and type decide, for phones and cameras give odd ones.
 */
export function findRefusal({ file, head = null, isFolder = false }, rules) {
  if (isFolder) return "refused_folder";
  if (file.size === 0) return "refused_empty";
  const isPhoto = head ? matches(head, PHOTO_HEADS) : hasPhotoType(file, rules);
  return isPhoto || isHeic(file, head) ? null : "refused_type";
}

/** Splits a choice of files; `places` is how many more photos the gallery takes, `waiting` lack one. Keeps their order. */
export function sortFiles(choice, rules, places) {
  const checked = choice.map((one) => ({ file: one.file, reason: findRefusal(one, rules) }));
  const good = checked.filter(({ reason }) => reason === null).map(({ file }) => file);
  return {
    accepted: good.slice(0, places),
    waiting: good.slice(places),
    refused: checked.filter(({ reason }) => reason !== null),
  };
}

/** What iPhones make. Booking sites cannot show it, and few browsers can read it: it is converted or explained. */
export function isHeic(file, head = null) {
  if (head) return matches(head, [HEIC_HEAD]);
  return /^image\/hei[cf]/.test(file.type) || /^hei[cf]$/.test(extensionOf(file.name));
}

function matches(head, patterns) {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  return patterns.some((pattern) => pattern.test(text));
}

function hasPhotoType(file, { types, extensions }) {
  const known = extensions.map((extension) => extension.replace(/^\./, "").toLowerCase());
  return types.includes(file.type) || known.includes(extensionOf(file.name));
}

function extensionOf(name) {
  return name.includes(".") ? name.split(".").pop().toLowerCase() : "";
}

/** At most `bytes` of them; null where the file cannot be read. */
export function readHead(file, bytes) {
  return file.slice(0, bytes).arrayBuffer().then((buffer) => new Uint8Array(buffer), () => null);
}

/** The bytes that tell what a file is; null too where that takes too long. */
export function glanceAtHead(file) {
  const tooLong = new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE_MS); });
  return Promise.race([readHead(file, HEAD_BYTES), tooLong]);
}
