// Lives here: the panel of an establishment that takes folders and ZIPs: what comes in, the list of what goes where, the way it goes.
// Not here: how files are read (sources.js), matched (matching.js, import_plan.js) and sent (import_sending.js).

import { countOver, gatherTargets, LEFT_OUT, makePlan, NEW, stateOf } from "./import_plan.js";
import { createSending } from "./import_sending.js";
import { Messages } from "./messages.js";
import { fromDrop, fromFolderInput, fromZip, SourceRefused, takeDropped } from "./sources.js";
import { createFormats, explain, lackOfPlaces, refusal, say, sayCount } from "./words.js";

function start(panel, config) {
  const form = document.querySelector("#content-main form");
  const formats = createFormats(document.documentElement.lang || "en");
  const messages = new Messages(panel);
  const [list, plan] = [panel.querySelector("[data-import-rooms]"), panel.querySelector("[data-import-plan]")];
  const progress = panel.querySelector("progress");
  const button = panel.querySelector("[data-action=import]");
  const again = panel.querySelector("[data-action=retry-all]");
  let rows = [];
  let sending = null;

  // --- what comes in ---

  async function take(read) {
    if (sending?.busy) return;
    messages.dismissAll();
    messages.announce(gettext("Reading…"));
    try {
      const found = await makePlan(await read(), config.rooms);
      rows = found.rows;
      found.badTables.forEach((path) => messages.report(path, path, gettext("This table cannot be read: save it as CSV in UTF-8. The photos come in without it.")));
      show();
    } catch (error) {
      rows = [];
      show();
      const text = error instanceof SourceRefused ? error.message : gettext("This could not be read. Choose it again.");
      messages.report("source", gettext("Import"), text);
      messages.announce(text);
    }
  }

  // --- what goes where ---

  function show() {
    sending = null;
    plan.hidden = rows.length === 0;
    list.replaceChildren(...rows.map(makeLine));
    update();
    if (rows.length) messages.announce(sayCount(ngettext("%(count)s photo found. Check where it goes, then import.", "%(count)s photos found. Check where they go, then import.", countAll()), countAll()));
    else messages.announce(gettext("There is no photo in it."));
  }

  const countAll = () => rows.reduce((sum, { files }) => sum + files.length, 0);

  function makeLine(row) {
    const line = panel.querySelector("[data-import-row-template]").content.firstElementChild.cloneNode(true);
    const name = row.folder || gettext("(in no folder)");
    line.querySelector("[data-import-folder]").textContent = name;
    line.querySelector("[data-import-count]").textContent = sayCount(ngettext("%(count)s photo", "%(count)s photos", row.files.length), row.files.length);
    const select = line.querySelector("select");
    select.setAttribute("aria-label", say(gettext("Room for %(name)s"), { name }));
    select.append(new Option(gettext("Leave out"), LEFT_OUT));
    if (config.mayAddRooms && row.folder) select.append(new Option(say(gettext("New room “%(name)s”"), { name }), NEW));
    config.rooms.forEach(({ id, label }) => select.append(new Option(label, id)));
    select.value = row.choice;
    select.addEventListener("change", () => {
      row.choice = [NEW, LEFT_OUT].includes(select.value) ? select.value : Number(select.value);
      update();
    });
    row.line = line;
    return line;
  }

  function update() {
    const targets = gatherTargets(rows);
    rows.forEach((row) => {
      row.line.dataset.state = stateOf(row);
      row.line.querySelector("[data-import-note]").textContent = noteOn(row, targets.find((target) => target.rows.includes(row)));
    });
    button.disabled = targets.length === 0 || sending !== null;
  }

  function noteOn(row, target) {
    if (!target) return row.fits.length > 1 ? gettext("Fits several rooms: choose one.") : "";
    const over = countOver(target, config.rooms, config.limit);
    const text = ngettext("%(count)s photo too many: a room holds %(limit)s.", "%(count)s photos too many: a room holds %(limit)s.", over);
    return over ? sayCount(text, over, { limit: config.limit }) : "";
  }

  // --- on its way ---

  function send() {
    const targets = gatherTargets(rows);
    sending = createSending({
      config,
      csrfToken: () => currentToken(form),
      changed: follow,
      failed: tellFailure,
      textsLeftOut: ({ path }, names) => messages.report(`${path} texts`, path, say(gettext("%(names)s cannot be kept as it stands in photos.csv; the photo came in without it."), { names: names.join(", ") })),
      onSession: (isAlive) => messages.offerSignIn(!isAlive),
      onRoom: (target, room) => { if (!config.rooms.some(({ id }) => id === room.id)) config.rooms.push(room); },
    });
    list.querySelectorAll("select").forEach((select) => { select.disabled = true; });
    update();
    progress.hidden = false;
    sending.start(targets).then(tellEnd);
  }

  function follow() {
    progress.max = sending.total;
    progress.value = sending.done + sending.failed;
    again.hidden = sending.busy || sending.retryable === 0;
    if (sending.busy) messages.announce(say(gettext("%(done)s of %(total)s photos are in."), sending));
  }

  function tellFailure({ file, gallery, error }) {
    if (error.code === "limit_reached") return tellLackOfPlaces(gallery);
    const sizes = { size: formats.size(file.size), limit: formats.size(config.maxBytes) };
    let text = error.reason ? refusal(error.reason, sizes) : explain(error);
    if (error.code === "invalid_request") text = gettext("it was here before, and was removed or moved since: it stays so.");
    return messages.report(file.path, file.path, text);
  }

  // One line for all of a room.
  function tellLackOfPlaces({ target, jobs }) {
    const its = jobs.filter(({ state, error }) => state === "failed" && error.code === "limit_reached");
    const [what, why] = lackOfPlaces(its.map(({ file }) => file.path.split("/").at(-1)), config.limit);
    messages.report(target, `${target.name} · ${what}`, why);
  }

  function tellEnd() {
    if (sending.busy) return;
    const { done, failed } = sending;
    const sentences = [sayCount(ngettext("%(count)s photo is in its room.", "%(count)s photos are in their rooms.", done), done)];
    if (failed) sentences.push(sayCount(ngettext("%(count)s did not come in.", "%(count)s did not come in.", failed), failed));
    messages.announce(sentences.join(" "));
    panel.querySelector("[data-import-rooms-link]").hidden = done === 0;
    panel.dataset.done = done;
  }

  // --- the ways in, and the buttons ---

  function mark(isOver) {
    panel.toggleAttribute("data-dragging", isOver);
  }

  panel.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  panel.addEventListener("dragleave", (event) => { if (!panel.contains(event.relatedTarget)) mark(false); });
  panel.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const dropped = takeDropped(event.dataTransfer);
    take(() => fromDrop(dropped, config.maxBytes));
  });
  // A folder dropped an inch too far must not replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  listen("[data-import-zip]", ([zip]) => fromZip(zip, config.maxBytes));
  listen("[webkitdirectory]", async (files) => fromFolderInput(files));

  function listen(selector, read) {
    const input = panel.querySelector(selector);
    // Before Unfold's own script, which looks for a text field beside each file field.
    input.parentElement.addEventListener("change", (event) => {
      event.stopPropagation();
      const files = [...input.files];
      // So that the same one may be chosen again.
      input.value = "";
      if (files.length) take(() => read(files));
    }, true);
  }

  button.addEventListener("click", send);
  again.addEventListener("click", () => {
    messages.dismissAll();
    sending.retry().then(tellEnd);
  });
  panel.querySelector("[data-action=cancel-import]").addEventListener("click", () => {
    if (sending?.busy) return;
    rows = [];
    show();
    messages.announce("");
  });
  window.addEventListener("beforeunload", (event) => { if (sending?.busy) event.preventDefault(); });
  panel.setAttribute("data-live", "");
}

// Signing in again in another tab brings a new token, and then only the cookie knows it.
function currentToken(form) {
  const cookie = document.cookie.match(/(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}

for (const panel of document.querySelectorAll("[data-import]")) {
  start(panel, JSON.parse(document.getElementById("import-config").textContent));
}
