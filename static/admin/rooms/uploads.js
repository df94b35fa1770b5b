// Lives here: from chosen files to photos on the server: checks, a card for each, the queue, failures.
// Not here: how a file is sent (transport.js), the order of the gallery (ordering.js).

import { sortFiles } from "./checks.js";
import { createQueue } from "./queue.js";

export function createUploads({ panel, board, transport, messages, rules, formats, onReady, onSettled }) {
  const jobs = new Map();
  let added = 0;
  let notices = [];
  const queue = createQueue({ parallel: rules.parallel, send, changed: show });

  function take(files) {
    const { accepted, refused } = sortFiles(files, rules, board.placesLeft);
    refused.forEach(({ file, reason }) => refuse(file, reason));
    if (accepted.length === 0) return;
    const cards = accepted.map((file) => [board.addFile(file), file]);
    messages.announce("adding", { count: cards.length });
    cards.forEach(([card, file]) => start(card, file));
  }

  function start(card, file) {
    const job = { card, file, uploadId: randomUuid() };
    jobs.set(card, job);
    queue.add(job);
  }

  function refuse(file, reason) {
    const limit = reason === "refused_size" ? formats.size(rules.maxBytes) : rules.limit;
    messages.report(file, file.name, messages.say(reason, { limit, size: formats.size(file.size) }));
  }

  async function send(job) {
    const { answer, abort, isSent } = transport.upload(job.file, job.uploadId, (share) => {
      if (!job.cancelled) job.card.showProgress(share);
    });
    // Once all of it has gone up the server may have kept it: then let it answer, and take the photo back.
    job.abort = () => { if (!isSent()) abort(); };
    const { image, notice } = await answer;
    if (job.cancelled) await transport.remove(image.id);
    return { image, notice };
  }

  function show(job) {
    if (job.state === "queued") job.card.showQueued(job.error !== null);
    if (job.state === "uploading") job.card.showProgress(0);
    if (job.state === "ready") finish(job);
    if (job.state === "failed") fail(job);
    board.refresh();
    panel.querySelector("[data-action=retry-all]").hidden = retryable().length < 2;
  }

  function finish({ card, result: { image, notice } }) {
    // The answer to an earlier try was lost, and the photo has come in another way meanwhile.
    const twin = board.cardById(image.id);
    if (twin) board.remove(twin);
    card.becomeReady(image);
    messages.settle(card);
    if (notice) notices.push(messages.named(card.fileName, notice));
    jobs.delete(card);
    added += 1;
    onReady(card, image);
    tellWhenDone();
  }

  function fail({ card, error }) {
    const text = messages.explain(error);
    card.showFailure(error, text);
    messages.report(card, card.fileName, text);
    if (error.code === "not_authenticated") queue.failWaiting(error);
    tellWhenDone();
  }

  // One sentence at the end rather than one for each photo: a screen reader would never stop.
  function tellWhenDone() {
    if (board.underWay.length > 0) return;
    if (added) messages.announce("added", { count: added }, ...notices);
    added = 0;
    notices = [];
    onSettled();
  }

  const failedCards = () => board.cards.filter((card) => card.state === "failed");
  const errorOf = (card) => jobs.get(card).error;
  const retryable = () => failedCards().filter((card) => !errorOf(card).hopeless);

  function retry(card) {
    messages.settle(card);
    queue.add(jobs.get(card));
  }

  /** Stops an upload; `resume` starts it anew, as a new photo: the server may have removed the first. */
  function drop(card) {
    const job = jobs.get(card);
    messages.settle(card);
    queue.cancel(job);
    queue.idle().then(onSettled);
  }

  const resume = (card) => start(card, jobs.get(card).file);

  return {
    take, retry, drop, resume, failedCards,
    retryAll: () => retryable().forEach(retry),
    retryUnsent: () => failedCards().filter((card) => errorOf(card).transient).forEach(retry),
    idle: queue.idle,
    get busy() { return queue.size > 0; },
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
