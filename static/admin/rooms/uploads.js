// Lives here: from chosen files to photos on the server: checks, the queue, tries, failures; also of files that replace a photo.
// Not here: making photos smaller (shrink.js), how a file is sent (api.js), what the card shows (card.js).

import { nameOf } from "./card.js";
import { glanceAtHead, sortFiles } from "./choosing.js";
import { createQueue, isOffline, pauseUnlessOnline } from "./sending.js";
import { createShrinker, FileRefused, throwLoss } from "./shrink.js";
import { typedText } from "./state.js";
import { crowdWords, explain, lackOfPlaces, named, refusal, say, sayCount } from "./words.js";

/** `onReplaced(photo)` hears that a file has come into the place of the photo's old one, and can be taken back. */
export function createUploads({ state, api, messages, rules, formats, onReplaced }) {
  const shrinker = createShrinker(rules);
  const queue = createQueue({ parallel: rules.parallel, send, changed: follow, pause: pauseUnlessOnline, isOffline, crowded: () => tellBegun(crowdWords()) });
  let added = { count: 0, smaller: 0, notices: [] };
  let begun = "";

  // One choice after the other, each in its order; until it is examined, nobody knows what is in it.
  let lastChoice = Promise.resolve();
  let choicesUnderWay = 0;
  // Good files of the last choice that lack a place, and what lines about that choice are about.
  let leftOver = [];
  const told = new Set();

  const noteTraffic = () => state.noteTraffic(choicesUnderWay + queue.size);

  /** Calls `act(choice)` once the files are examined; `folders` are the names of those that are none. */
  function examine(files, folders, act) {
    choicesUnderWay += 1;
    noteTraffic();
    forgetLastChoice();
    const look = async (file) => ({ file, head: await glanceAtHead(file), isFolder: folders.has(file.name) });
    const choice = Promise.all(files.map(look));
    const done = lastChoice.then(() => choice).then(act).finally(() => { choicesUnderWay -= 1; noteTraffic(); });
    lastChoice = done.catch(() => {});
    return done;
  }

  /** `kind` is what the photos were chosen to show, "" where that was left open. */
  const take = (files, kind = "", folders = new Set()) => examine(files, folders, (choice) => {
    const { accepted, waiting, refused } = sortFiles(choice, rules, state.placesLeft);
    refused.forEach(({ file, reason }) => refuse(file, reason));
    leftOver = waiting.map((file) => ({ file, kind }));
    add(accepted.map((file) => ({ file, kind })));
    tellLeftOver();
  });

  function add(files) {
    if (files.length === 0) return;
    announceStart(files.length);
    files.map(({ file, kind }) => newJob(state.add(file, kind), file)).forEach(queue.add);
  }

  // One that is found to be bad gives its place to the next.
  function givePlaceAway() {
    if (leftOver.length === 0) return;
    add(leftOver.splice(0, state.placesLeft));
    tellLeftOver();
  }

  // One line for all: the reason is the gallery's, and not theirs.
  function tellLeftOver() {
    const count = leftOver.length;
    if (count === 0) return messages.dismiss("left over");
    return tell("left over", ...lackOfPlaces(leftOver.map(({ file }) => file.name), rules.limit));
  }

  /** A line that goes when the next files are chosen. */
  function tell(about, name, text) {
    told.add(about);
    messages.report(about, name, text);
  }

  function forgetLastChoice() {
    leftOver = [];
    told.forEach((about) => messages.dismiss(about));
    told.clear();
  }

  /** The file takes the place of the photo's own: on its very card, and with the same care. */
  function replace(photo, chosen) {
    return examine([chosen], new Set(), (choice) => {
      const { accepted: [file], refused } = sortFiles(choice, rules, 1);
      refused.forEach(({ reason }) => refuse(chosen, reason));
      if (!file || photo.upload || !state.has(photo)) return;
      announceStart(1);
      queue.add(newJob(photo, file, photo.image));
    });
  }

  function announceStart(count) {
    tellBegun(isOffline()
      ? gettext("You are offline. Photos go up as soon as the connection is back.")
      : sayCount(ngettext("%(count)s photo is going up.", "%(count)s photos are going up.", count), count));
  }

  function tellBegun(words) {
    begun = words;
    messages.announce(begun);
  }

  function newJob(photo, file, replaced = null) {
    photo.upload = { photo, file, replaced, uploadId: randomUuid(), phase: "waiting", share: 0, state: "queued", error: null };
    return photo.upload;
  }

  function refuse(file, reason) {
    tell(file, file.name, refusal(reason, { limit: formats.size(rules.maxBytes), size: formats.size(file.size) }));
  }

  // --- one file on its way ---

  async function send(job) {
    // Made ready once, whatever number of tries it takes to send.
    job.ready ??= await shrinker.prepare(job.file, () => enterPhase(job, "shrinking"));
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
    if (!ready || ready.file.size >= job.ready.file.size) throw new FileRefused("proxy");
    Object.assign(job, { ready, isSmallest: true });
  }

  function enterPhase(job, phase, share = 0) {
    if (job.cancelled) return;
    Object.assign(job, { phase, share });
    state.changed();
  }

  async function sendReady(job) {
    if (job.cancelled) return null;
    enterPhase(job, "sending");
    const fields = { uploadId: job.uploadId, ...(job.replaced ? { replacedId: job.replaced.id } : { texts: textsOf(job.photo) }) };
    const { answer, abort, isSent } = api.upload(job.ready.file, fields, (share) => enterPhase(job, "sending", share));
    // Once all of it has gone up the server may have kept it: then let it answer, and take the photo back.
    job.abort = () => { if (!isSent()) abort(); };
    const { image, notice } = await answer.catch((error) => throwLoss(job.ready.file, error));
    if (job.cancelled) await takeBack(image, job.replaced);
    return { image, notice };
  }

  /** What was typed while it waited goes up with it. */
  function textsOf(photo) {
    const texts = Object.keys(photo.typed).map((field) => [field, typedText(photo, field)]);
    return Object.fromEntries(texts.filter(([, text]) => text !== ""));
  }

  async function takeBack(image, replaced) {
    await api.remove(image.id);
    if (replaced) await api.restore(replaced.id);
  }

  // --- what came of it ---

  function follow(job) {
    // Under way, but others may be made smaller before it.
    if (job.state === "queued" || job.state === "uploading") Object.assign(job, { phase: "waiting", share: 0 });
    if (job.state === "failed") job.words = explain(job.error);
    if (job.state === "ready") finish(job);
    else if (job.state === "failed") fail(job);
    else state.changed();
    noteTraffic();
  }

  function finish({ photo, file, ready, replaced, result: { image, notice } }) {
    Object.assign(photo, { isSmaller: ready.isSmaller, fileName: file.name });
    state.take(image, { photo });
    messages.dismiss(photo);
    if (notice) added.notices.push(named(photo.fileName, notice));
    if (!replaced) added.count += 1;
    added.smaller += ready.isSmaller ? 1 : 0;
    if (replaced) onReplaced(photo, replaced);
    tellWhenDone();
  }

  // Others than these the server has refused, or the page before anything was sent.
  function report({ file, ready, error }) {
    if (error?.reportedAs) api.report(error.reportedAs, (ready?.file ?? file).size);
  }

  function fail(job) {
    const { photo, error } = job;
    report(job);
    // Somebody else was faster: tried again it goes up as a photo of its own.
    if (job.replaced && error.code === "not_found") {
      state.lose(photo);
      job.replaced = null;
    }
    if (error.reason || (job.replaced && error.permanent)) giveBack(job);
    else showFailure(job);
    if (error.signedOut || error.rateLimited) queue.failWaiting(error);
    if (error.rateLimited) setTimeout(retryUnsent, error.retryAfterMs);
    if (error.permanent) givePlaceAway();
    tellWhenDone();
  }

  // As if it had been refused when it was chosen: only then nobody knew yet.
  function giveBack(job) {
    const { photo, file, replaced, error, words } = job;
    photo.upload = null;
    if (replaced) state.changed();
    else state.drop(photo);
    if (error.reason) refuse(file, error.reason);
    else tell(photo, file.name, say(gettext("The photo was not replaced, the old one is still there. %(reason)s"), { reason: words }));
  }

  function showFailure({ photo, file, error, words }) {
    state.changed();
    if (error.permanent) tell(photo, file.name, words);
    else messages.report(photo, file.name, words);
  }

  // One sentence at the end rather than one for each photo: a screen reader would never stop.
  function tellWhenDone() {
    if (state.underWay.length > 0) return;
    const { count, smaller, notices } = added;
    const shrunk = ngettext("%(count)s was made smaller before sending.", "%(count)s were made smaller before sending.", smaller);
    const sentences = smaller ? [sayCount(shrunk, smaller), ...notices] : notices;
    if (count) messages.announce(sayCount(ngettext("%(count)s photo added.", "%(count)s photos added.", count), count), ...sentences);
    else messages.unsay(begun); // what became of it is told elsewhere: by its card, or in the list of errors
    added = { count: 0, smaller: 0, notices: [] };
  }

  // --- again, or not any more ---

  const failedFor = (isSo) => state.failed.filter(({ upload }) => isSo(upload.error));
  const retryable = () => failedFor((error) => !error.permanent);
  // What failed for a reason that goes by without the photo being touched.
  const unsent = () => failedFor((error) => error.transient || error.signedOut);
  const retryUnsent = () => unsent().forEach(retry);

  function retry(photo) {
    messages.dismiss(photo);
    queue.add(photo.upload);
  }

  /** Of a line that is gone a browser may hear nothing for minutes. */
  function lineChanged() {
    state.underWay.forEach(({ upload }) => { if (upload.state === "uploading" && isOffline()) upload.abort?.(); });
    state.changed();
  }

  /** Stops an upload; `resume` starts it anew, as a new photo: the server may have removed the first. */
  function stop(photo) {
    messages.dismiss(photo);
    queue.cancel(photo.upload);
    noteTraffic();
    queue.idle().then(noteTraffic);
  }

  /** Stops replacing the photo, which is shown again; whether there was anything to stop. */
  function stopReplacing(photo) {
    if (!photo.upload?.replaced) return false;
    stop(photo);
    photo.upload = null;
    state.changed();
    return true;
  }

  return {
    take, replace, stop, stopReplacing, retry, retryUnsent, lineChanged,
    resume: (photo) => queue.add(newJob(photo, photo.upload.file)),
    retryAll: () => retryable().forEach(retry),
    idle: () => lastChoice.then(queue.idle),
    /** Those that failed and were to be tried again: nobody will, once the page is left. */
    reportLeft: () => state.underWay.forEach(({ upload }) => report(upload)),
    failedNames: () => state.failed.map((photo) => nameOf(photo, state.placeOf(photo))),
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
