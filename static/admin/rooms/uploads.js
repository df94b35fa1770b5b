// Lives here: from chosen files to photos on the server: checks, a card for each, the queue, failures.
// Not here: making photos smaller (shrink.js), how a file is sent (transport.js), the gallery's order (ordering.js).

import { glanceAtHead, readHead, sortFiles } from "./checks.js";
import { createQueue } from "./queue.js";
import { isOffline, pauseUnlessOnline } from "./recovery.js";
import { createShrinker, FileRefused } from "./shrink.js";

const NAMES_AT_MOST = 3;

export function createUploads({ panel, board, transport, messages, rules, formats, say, onReady, onReplaced, onSettled }) {
  const jobs = new Map();
  const shrinker = createShrinker(rules);
  const queue = createQueue({ parallel: rules.parallel, send, changed: show, pause: pauseUnlessOnline, isOffline });
  let added = { count: 0, smaller: 0, notices: [] };

  // One choice after the other, each in its order; until it is examined, nobody knows what is in it.
  let lastChoice = Promise.resolve();
  let choicesUnderWay = 0;
  // Good files of the last choice that lack a place, and what lines about that choice are about.
  let leftOver = [];
  const told = new Set();

  /** Calls `act(choice)` once the files are examined; `folders` are the names of those that are none. */
  function examine(files, folders, act) {
    choicesUnderWay += 1;
    forgetLastChoice();
    const look = async (file) => ({ file, head: await glanceAtHead(file), isFolder: folders.has(file.name) });
    const choice = Promise.all(files.map(look));
    const done = lastChoice.then(() => choice).then(act).finally(() => { choicesUnderWay -= 1; });
    lastChoice = done.catch(() => {});
    return done;
  }

  const take = (files, folders = new Set()) => examine(files, folders, takeChoice);
  function takeChoice(choice) {
    const { accepted, waiting, refused } = sortFiles(choice, rules, board.placesLeft);
    refused.forEach(({ file, reason }) => refuse(file, reason));
    leftOver = waiting;
    add(accepted);
    tellLeftOver();
  }

  function add(files) {
    if (files.length === 0) return;
    const cards = files.map((file) => [board.addFile(file), file]);
    announceStart(cards.length);
    cards.forEach(([card, file]) => start(card, file));
  }

  // One that is found to be bad gives its place to the next.
  function givePlaceAway() {
    if (leftOver.length === 0) return;
    add(leftOver.splice(0, board.placesLeft));
    tellLeftOver();
  }

  // One line for all: the reason is the gallery's, and not theirs.
  function tellLeftOver() {
    const count = leftOver.length;
    if (count === 0) return messages.settle("left_over");
    const names = leftOver.slice(0, NAMES_AT_MOST).map(({ name }) => name).join(", ");
    const values = { limit: rules.limit, names: count > NAMES_AT_MOST ? `${names}…` : names };
    return tell("left_over", say("left_over", { count }), say("left_over_why", values));
  }

  /** A line that goes when the next files are chosen. */
  function tell(about, name, text) {
    told.add(about);
    messages.report(about, name, text);
  }

  function forgetLastChoice() {
    leftOver = [];
    told.forEach((about) => messages.settle(about));
    told.clear();
  }

  /** The file takes the place of the card's photo: on its very card, and with the same care. */
  function replace(card, chosen) {
    return examine([chosen], new Set(), (choice) => {
      const { accepted: [file], refused } = sortFiles(choice, rules, 1);
      refused.forEach(({ reason }) => refuse(chosen, reason));
      if (!file || card.state !== "ready" || !board.cards.includes(card)) return;
      card.showFile(file);
      announceStart(1);
      start(card, file, card.snapshot);
    });
  }

  function announceStart(count) {
    messages.announce(isOffline() ? "offline" : "adding", { count });
  }

  function start(card, file, replaced = null) {
    const job = { card, file, replaced, uploadId: randomUuid() };
    jobs.set(card, job);
    queue.add(job);
  }

  function refuse(file, reason) {
    tell(file, file.name, say(reason, { limit: formats.size(rules.maxBytes), size: formats.size(file.size) }));
  }

  async function send(job) {
    // Made ready once, whatever number of tries it takes to send.
    job.ready ??= await shrinker.prepare(job.file, () => unlessCancelled(job, showShrinking));
    try {
      return await sendReady(job);
    } catch (error) {
      if (error.code !== "proxy_too_large") throw error;
      await makeSmallest(job);
      return send(job);
    }
  }

  // Once: what is refused then will be refused again.
  async function makeSmallest(job) {
    const ready = job.isSmallest ? null : await shrinker.prepareSmallest(job.file);
    if (!ready || ready.file.size >= job.ready.file.size) throw new FileRefused("refused_proxy");
    Object.assign(job, { ready, isSmallest: true });
  }

  async function sendReady(job) {
    if (job.cancelled) return null;
    job.card.showProgress(0);
    const { answer, abort, isSent } = transport.upload(job.ready.file, job.uploadId, (share) => {
      unlessCancelled(job, (card) => card.showProgress(share));
    }, job.replaced?.id);
    // Once all of it has gone up the server may have kept it: then let it answer, and take the photo back.
    job.abort = () => { if (!isSent()) abort(); };
    const { image, notice } = await answer.catch((error) => explainLoss(job, error));
    if (job.cancelled) await takeBack(image, job.replaced);
    return { image, notice };
  }

  // A file that is gone from the device, or changed there, breaks off a request just as a dead line does.
  async function explainLoss({ ready: { file } }, error) {
    if (error.code === "network" && (await readHead(file, 1)) === null) throw new FileRefused("refused_unreadable");
    throw error;
  }

  async function takeBack(image, replaced) {
    await transport.remove(image.id);
    if (replaced) await transport.restore(replaced.id);
  }

  function unlessCancelled(job, act) {
    if (!job.cancelled) act(job.card);
  }

  function showShrinking(card) {
    card.showState("uploading", say("state_shrinking"));
    // For how long, nobody knows.
    card.part("[data-progress]").removeAttribute("value");
  }

  function showWaiting({ card, state, error }) {
    card.showQueued(error !== null);
    const key = error === null ? "state_queued" : "state_again";
    card.showState(state, say(isOffline() ? "state_offline" : key));
  }

  function show(job) {
    if (job.state === "queued") showWaiting(job);
    // Under way, but others may be made smaller before it.
    if (job.state === "uploading") showWaiting(job);
    if (job.state === "ready") finish(job);
    if (job.state === "failed") fail(job);
    board.refresh();
    panel.querySelector("[data-action=retry-all]").hidden = retryable().length < 2;
  }

  function finish({ card, ready, replaced, result: { image, notice } }) {
    // The answer to an earlier try was lost, and the photo has come in another way meanwhile.
    const twin = board.cardById(image.id);
    if (twin) board.remove(twin);
    card.becomeReady(image);
    messages.settle(card);
    if (notice) added.notices.push(messages.named(card.fileName, notice));
    if (ready.isSmaller) card.part("[data-note]").textContent = say("made_smaller");
    jobs.delete(card);
    if (!replaced) added.count += 1;
    added.smaller += ready.isSmaller ? 1 : 0;
    if (replaced) onReplaced(card, image, replaced);
    else onReady(card, image);
    tellWhenDone();
  }

  function fail(job) {
    const { card, error, replaced } = job;
    if (replaced && error.code === "not_found") loseReplaced(job);
    if (error.reason) giveBack(job, error.reason);
    else if (replaced && error.hopeless) keepReplaced(job);
    else showFailure(card, error);
    if (error.signedOut || error.rateLimited) queue.failWaiting(error);
    if (error.rateLimited) setTimeout(retryUnsent, error.retryAfterMs);
    if (error.hopeless) givePlaceAway();
    tellWhenDone();
  }

  // As if it had been refused when it was chosen: only then nobody knew yet.
  function giveBack({ card, file, replaced }, reason) {
    jobs.delete(card);
    if (replaced) card.dropFile();
    else board.remove(card);
    card.picture.forgetPreview();
    refuse(file, reason);
  }

  function keepReplaced({ card, file, error }) {
    jobs.delete(card);
    card.dropFile();
    tell(card, file.name, say("replace_failed", { reason: messages.explain(error) }));
  }

  // Somebody else was faster: tried again it goes up as a photo of its own.
  function loseReplaced(job) {
    job.replaced = null;
    job.card.root.dataset.photoId = "";
  }

  function showFailure(card, error) {
    const text = messages.explain(error);
    card.showFailure(error, text);
    if (error.hopeless) tell(card, card.fileName, text);
    else messages.report(card, card.fileName, text);
  }

  // One sentence at the end rather than one for each photo: a screen reader would never stop.
  function tellWhenDone() {
    if (board.underWay.length > 0) return;
    const { count, smaller, notices } = added;
    const sentences = smaller ? [say("shrunk", { count: smaller }), ...notices] : notices;
    if (count) messages.announce("added", { count }, ...sentences);
    else messages.unsay("adding"); // what became of it is told elsewhere: by its card, or in the list of errors
    added = { count: 0, smaller: 0, notices: [] };
    onSettled();
  }

  const failedCards = () => board.cards.filter((card) => card.state === "failed");
  const failedFor = (isSo) => failedCards().filter((card) => isSo(jobs.get(card).error));
  const retryable = () => failedFor((error) => !error.hopeless);
  // What failed for a reason that goes by without the photo being touched.
  const unsent = () => failedFor((error) => error.transient || error.signedOut);
  const retryUnsent = () => unsent().forEach(retry);

  function retry(card) {
    messages.settle(card);
    queue.add(jobs.get(card));
  }

  // Of a line that is gone a browser may hear nothing for minutes. Cards that wait say for what.
  function followLine(job) {
    if (job.state === "uploading" && isOffline()) job.abort?.();
    if (job.state === "queued") showWaiting(job);
  }

  /** Stops an upload; `resume` starts it anew, as a new photo: the server may have removed the first. */
  function drop(card) {
    const job = jobs.get(card);
    messages.settle(card);
    queue.cancel(job);
    queue.idle().then(onSettled);
  }

  /** Stops replacing the card's photo, which is shown again; whether there was anything to stop. */
  function stopReplacing(card) {
    if (!jobs.get(card)?.replaced) return false;
    drop(card);
    jobs.delete(card);
    card.dropFile();
    board.refresh();
    return true;
  }

  const resume = (card) => start(card, jobs.get(card).file);

  return {
    take, replace, stopReplacing, retry, drop, resume, failedCards, retryUnsent,
    retryAll: () => retryable().forEach(retry),
    lineChanged: () => jobs.forEach(followLine),
    idle: () => lastChoice.then(queue.idle),
    get busy() { return choicesUnderWay > 0 || queue.size > 0; },
    get isHeldBack() { return unsent().length > 0; },
    get isCutOff() { return failedFor((error) => error.transient && error.unanswered).length > 0; },
    /** Photos that only this page has: leaving it would lose them. */
    get wouldBeLost() { return retryable().length > 0; },
  };
}

/** crypto.randomUUID is missing on plain http, where a hotel's own server may well be. */
export function randomUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
