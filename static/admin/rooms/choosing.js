// Lives here: files coming in, dropped, pasted or chosen, and what one must be before it is worth looking at. The server
// checks all of it again.
// Not here: its size, which can be helped (shrink.js), what becomes of it; cards being dragged, which are sortable2's.

const PHOTO_HEADS = [/^\xff\xd8\xff/, /^\x89PNG\r\n\x1a\n/, /^GIF8[79]a/, /^RIFF[^]{4}WEBP/];
const HEAD_BYTES = 12;
const HEIC_HEAD = /^[^]{4}ftyp(hei[cxms]|hev[cx]|mif1|msf1)/;
// A photo that lies in a cloud is fetched first: nobody waits for that only to hear what kind it is.
const PATIENCE_MS = 3000;

/**
 * Why this file cannot go up: its reason, see `refusal`, or null when it can. `head` are its first bytes, null where nobody
 * could read them: only then name and type decide, for phones and cameras give odd ones.
 */
export function findRefusal({ file, head = null, isFolder = false }, rules) {
  if (isFolder) return "folder";
  if (file.size === 0) return "empty";
  const isPhoto = head ? matches(head, PHOTO_HEADS) : hasPhotoType(file, rules);
  return isPhoto || isHeic(file, head) ? null : "type";
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

// --- the ways in ---

/**
 * Calls `onFiles(files, kind, folders)`: `kind` is what the place they landed in asks for, `folders` the names of those that
 * are no files but folders.
 */
export function listenForFiles({ panel, onFiles }) {
  listenForDrops(panel, onFiles);
  listenForPaste(onFiles);
  panel.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("[type=file]")) return;
    // Before it gets there: Unfold would write the file's name into the nearest text field, one of our captions.
    event.stopImmediatePropagation();
    onFiles([...input.files], kindOf(input));
    // Emptied, so that choosing the same file again is a change again.
    input.value = "";
  }, { capture: true });
}

function listenForDrops(panel, onFiles) {
  const mark = (isOver) => panel.toggleAttribute("data-dragging", isOver);
  panel.addEventListener("dragover", (event) => carriesFiles(event) && mark(true));
  // Also fired on the way from one child to another: then it has not left the panel.
  panel.addEventListener("dragleave", ({ relatedTarget }) => panel.contains(relatedTarget) || mark(false));
  panel.addEventListener("drop", (event) => {
    mark(false);
    if (carriesFiles(event)) onFiles([...event.dataTransfer.files], kindOf(event.target), foldersIn(event.dataTransfer));
    // A link or a piece of another page: neither follow it nor take it.
    if (!isTextField(event.target)) event.preventDefault();
  });
  // Also beside the panel: a photo dropped an inch too far must not replace the page by itself.
  window.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = panel.contains(event.target) ? "copy" : "none";
  });
  window.addEventListener("drop", (event) => carriesFiles(event) && event.preventDefault());
}

function listenForPaste(onFiles) {
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const meantAsText = isTextField(event.target) && types.includes("text/plain");
    if (files.length === 0 || meantAsText) return;
    event.preventDefault();
    onFiles([...files], "");
  });
}

// Only while it is dropped: afterwards a folder looks like a file that cannot be read.
function foldersIn({ items }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.());
  return new Set(entries.filter((entry) => entry?.isDirectory).map(({ name }) => name));
}

const kindOf = (element) => element.closest("[data-slot]")?.dataset.kind ?? "";
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
const isTextField = (element) => element.matches?.("input, textarea, select, [contenteditable]") ?? false;
