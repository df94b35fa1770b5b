// Lives here: files coming in, dropped, pasted or chosen, as one call `onFiles(files, folders)`,
// `folders` being the names of those that are no files but folders.
// Not here: what becomes of them; cards being dragged, which are sortable2's.

export function listenForFiles({ panel, input, onFiles }) {
  listenForDrops(panel, onFiles);
  listenForPaste(onFiles);
  input.addEventListener("change", (event) => {
    // Unfold would write the file's name into the nearest text field: one of our captions.
    event.stopImmediatePropagation();
    onFiles([...input.files]);
    // Emptied, so that choosing the same file again is a change again.
    input.value = "";
  });
}

function listenForDrops(panel, onFiles) {
  const mark = (isOver) => panel.toggleAttribute("data-dragging", isOver);
  panel.addEventListener("dragover", (event) => carriesFiles(event) && mark(true));
  // Also fired on the way from one child to another: then it has not left the panel.
  panel.addEventListener("dragleave", ({ relatedTarget }) => panel.contains(relatedTarget) || mark(false));
  panel.addEventListener("drop", (event) => {
    mark(false);
    if (carriesFiles(event)) onFiles([...event.dataTransfer.files], foldersIn(event.dataTransfer));
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
    onFiles([...files]);
  });
}

// Only while it is dropped: afterwards a folder looks like a file that cannot be read.
function foldersIn({ items }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.());
  return new Set(entries.filter((entry) => entry?.isDirectory).map(({ name }) => name));
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
const isTextField = (element) => element.matches?.("input, textarea, select, [contenteditable]") ?? false;
