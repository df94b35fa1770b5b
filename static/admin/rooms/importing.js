// Lives here: the panel of an establishment that takes folders and ZIPs: what comes in, the list of what goes where, the way it goes.
// Not here: how files are read (sources.js), matched (matching.js, import_plan.js) and sent (import_sending.js).

import { countOver, gatherTargets, LEFT_OUT, makePlan, NEW, stateOf } from "./import_plan.js";
import { createSending } from "./import_sending.js";
import { compareNaturally } from "./matching.js";
import { Messages } from "./messages.js";
import { isOffline, watchForRecovery } from "./sending.js";
import { fromDrop, fromFolderInput, fromZip, SourceRefused, takeDropped } from "./sources.js";
import { crowdWords, createFormats, explain, lackOfPlaces, refusal, say, sayCount, someOf } from "./words.js";

function start(panel, config) {
  const form = document.querySelector("#content-main form");
  const formats = createFormats(document.documentElement.lang || "en");
  const messages = new Messages(panel);
  const [list, plan] = [panel.querySelector("[data-import-rooms]"), panel.querySelector("[data-import-plan]")];
  const progress = panel.querySelector("progress");
  const button = panel.querySelector("[data-action=import]");
  const importWord = button.textContent;
  const [close, stop] = ["cancel-import", "stop-import"].map((name) => panel.querySelector(`[data-action=${name}]`));
  const again = panel.querySelector("[data-action=retry-all]");
  const alike = new Map();
  let rows = [];
  let sending = null;
  let isCrowded = false;

  // --- what comes in ---

  async function take(read) {
    if (sending?.busy) return;
    forgetFailures();
    messages.announce(gettext("Reading…"));
    try {
      const found = await makePlan(await read(), config.rooms);
      rows = found.rows;
      found.badTables.forEach((path) => messages.report(path, path, gettext("This table cannot be read: save it as CSV in UTF-8. The photos come in without it.")));
      show();
    } catch (error) {
      rows = [];
      show();
      messages.announce("");
      messages.report("source", gettext("Import"), error instanceof SourceRefused ? error.message : gettext("This could not be read. Choose it again."));
    }
  }

  // --- what goes where ---

  function show() {
    sending = null;
    button.hidden = false;
    plan.hidden = rows.length === 0;
    list.replaceChildren(...rows.map(makeLine));
    update();
    const count = rows.reduce((sum, { files }) => sum + files.length, 0);
    if (count) messages.announce(sayCount(ngettext("%(count)s photo found. Check where it goes, then import.", "%(count)s photos found. Check where they go, then import.", count), count));
    else messages.announce(gettext("There is no photo in it."));
  }

  function makeLine(row) {
    const line = panel.querySelector("[data-import-row-template]").content.firstElementChild.cloneNode(true);
    const name = row.folder || gettext("(in no folder)");
    line.querySelector("[data-import-folder]").textContent = name;
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
    const targetOf = new Map(targets.flatMap((target) => target.rows.map((row) => [row, target])));
    rows.forEach((row) => {
      row.line.dataset.state = stateOf(row);
      write(row.line, "[data-import-note]", noteOn(row, targetOf.get(row)));
    });
    const count = targets.reduce((sum, { files }) => sum + files.length, 0);
    button.textContent = count ? sayCount(ngettext("Import %(count)s photo", "Import %(count)s photos", count), count) : importWord;
    button.disabled = count === 0;
    showWhatIsDone();
  }

  function noteOn(row, target) {
    if (!target) return noteOnLeftOut(row);
    const over = countOver(target, config.rooms, config.limit);
    const text = ngettext("%(count)s photo too many: a room holds %(limit)s.", "%(count)s photos too many: a room holds %(limit)s.", over);
    return over ? sayCount(text, over, { limit: config.limit }) : "";
  }

  function noteOnLeftOut({ folder, fits }) {
    if (fits.length === 1) return "";
    if (fits.length > 1) return gettext("Fits several rooms: choose one.");
    return folder ? gettext("No room has this name: choose one, or leave it out.") : gettext("Choose a room, or leave it out.");
  }

  /** What a row says of its photos: how many, and once they are on their way, how many of them are in. */
  function showWhatIsDone() {
    for (const { line, files, choice } of rows) {
      const total = files.length;
      const isSent = sending !== null && choice !== LEFT_OUT;
      write(line, "[data-import-count]", isSent
        ? say(gettext("%(done)s of %(total)s arrived"), { done: sending.doneOf(files), total })
        : sayCount(ngettext("%(count)s photo", "%(count)s photos", total), total));
    }
  }

  function write(line, selector, text) {
    const place = line.querySelector(selector);
    if (place.textContent !== text) place.textContent = text;
  }

  // --- on its way ---

  function send() {
    const targets = gatherTargets(rows);
    sending = createSending({
      config,
      csrfToken: () => currentToken(form),
      changed: follow,
      ended: tellEnd,
      failed: tellFailure,
      heldBack: (error) => messages.report("held back", gettext("Import"), `${explain(error)} ${gettext("What is left goes up by itself then.")}`),
      crowded: () => { isCrowded = true; },
      textsLeftOut: ({ path }, names) => messages.report(`${path} texts`, path, say(gettext("%(names)s cannot be kept as it stands in photos.csv; the photo came in without it."), { names: names.join(", ") })),
      onSession: (isAlive) => messages.offerSignIn(!isAlive),
      onRoom: (target, room) => { if (!config.rooms.some(({ id }) => id === room.id)) config.rooms.push(room); },
    });
    list.querySelectorAll("select").forEach((select) => { select.disabled = true; });
    button.hidden = true;
    sending.start(targets);
    stop.focus();
  }

  function follow(job) {
    const { busy, total, done, failed } = sending;
    if (job?.state === "queued") takeBack(job);
    if (job?.state === "ready") isCrowded = false;
    const wasAtStop = stop === document.activeElement;
    Object.assign(progress, { max: total, value: done + failed });
    progress.hidden = !busy;
    stop.hidden = !busy;
    close.hidden = busy;
    if (wasAtStop && !busy) close.focus();
    panel.querySelectorAll("[type=file]").forEach((input) => { input.disabled = busy; });
    again.hidden = busy || sending.retryable === 0;
    showWhatIsDone();
    if (busy) messages.announce(wordsOnTheWay());
  }

  function wordsOnTheWay() {
    if (isOffline()) return gettext("You are offline. Photos go up as soon as the connection is back.");
    return isCrowded ? crowdWords() : say(gettext("%(done)s of %(total)s photos are in."), sending);
  }

  // --- what failed: one line for all of a room that lack a place, and for all that failed for the same reason ---

  function tellFailure(job) {
    job.told = job.error.code === "limit_reached" ? job.gallery.target : reasonOf(job);
    if (!alike.has(job.told)) alike.set(job.told, new Set());
    alike.get(job.told).add(job);
    showFailures(job.told);
  }

  function takeBack(job) {
    if (!alike.get(job.told)?.delete(job)) return;
    showFailures(job.told);
  }

  function forgetFailures() {
    alike.clear();
    messages.dismissAll();
  }

  function reasonOf({ file, error }) {
    if (error.code === "invalid_request") return gettext("it was here before, and was removed or moved since: it stays so.");
    if (error.code === "unsupported_type" && /\.zip$/i.test(file.path)) return gettext("A ZIP in a folder is not opened. Unpack it, and choose the folder.");
    if (error.reason === "packed") return gettext("This file is damaged in the ZIP, or packed in a way that this page does not know. Unpack the ZIP, and choose its folder.");
    return error.reason ? refusal(error.reason, { size: formats.size(file.size), limit: formats.size(config.maxBytes) }) : explain(error);
  }

  function showFailures(about) {
    const paths = [...alike.get(about)].map(({ file }) => file.path).sort(compareNaturally);
    const names = paths.map((path) => path.split("/").at(-1));
    if (paths.length === 0) messages.dismiss(about);
    else if (typeof about !== "string") {
      const [what, why] = lackOfPlaces(names, config.limit);
      messages.report(about, `${about.name} · ${what}`, why);
    } else if (paths.length === 1) messages.report(about, paths[0], about);
    else messages.report(about, say(gettext("%(count)s files (%(names)s)"), { count: paths.length, names: someOf(names) }), about);
  }

  function tellEnd() {
    const { done, failed, stopped } = sending;
    const sentences = [sayCount(ngettext("%(count)s photo is in its room.", "%(count)s photos are in their rooms.", done), done)];
    if (failed) sentences.push(sayCount(ngettext("%(count)s did not come in.", "%(count)s did not come in.", failed), failed));
    messages.announce(sentences.join(" "));
    messages.dismiss("held back");
    if (stopped) messages.report("stopped", gettext("Import"), sayCount(ngettext("you stopped it: %(count)s photo was not sent.", "you stopped it: %(count)s photos were not sent.", stopped), stopped));
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
  stop.addEventListener("click", () => sending.stop());
  again.addEventListener("click", () => {
    messages.dismiss("stopped");
    sending.retry();
  });
  close.addEventListener("click", () => {
    rows = [];
    show();
    messages.announce("");
  });
  window.addEventListener("beforeunload", (event) => { if (sending?.busy) event.preventDefault(); });
  window.addEventListener("pagehide", () => sending?.reportLeft());
  watchForRecovery({
    isHeldBack: () => sending?.isHeldBack ?? false,
    isCutOff: () => sending?.isCutOff ?? false,
    look: () => sending.look(),
    goOn: () => sending.retryUnsent(),
    lineChanged: () => { if (sending?.busy) { sending.lineChanged(); follow(); } },
  });
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
