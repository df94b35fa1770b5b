// Lives here: talking to the gallery's endpoints: addresses, CSRF, JSON, upload progress, errors.
// Not here: when to send, how often to try, the page.

const STALLED_MS = 60000;
// Security software and proxies take a whole upload at once, and pass it on as slowly as the line is.
const SLOWEST_BYTES_PER_MS = 10;
const ANSWER_MS = 30000;
const PASSING = [0, 500, 502, 503, 504];
const PERMANENT = [413, 415, 422];
const HEADERS = { Accept: "application/json" };

/** How long an answer may take once the last of so many bytes has gone. */
export const longestWaitMs = (bytes) => STALLED_MS + Math.ceil(bytes / SLOWEST_BYTES_PER_MS);

/** A request without success. `code` is the server's, or "network", "unreadable" or "proxy_too_large". */
export class RequestFailed extends Error {
  constructor({ status = 0, code, message = "", retryAfterMs = 0, images = null, tooSlow = false, busy = false }) {
    super(message);
    Object.assign(this, { name: "RequestFailed", status, code, retryAfterMs, images, tooSlow, busy });
  }

  /** It may work in a moment, without anybody doing anything. */
  get transient() {
    return PASSING.includes(this.status) || this.rateLimited;
  }

  /** Too much at once: it works again after `retryAfterMs`. */
  get rateLimited() {
    return this.code === "rate_limited" && this.retryAfterMs > 0;
  }

  /** There was no server to answer: a dead line, or a proxy that found nobody behind it. */
  get unanswered() {
    return this.code === "network" || this.code === "unreadable";
  }

  /** What platform staff are told of an upload that ended so; null where the server itself knows. */
  get reportedAs() {
    if (this.code === "network") return this.tooSlow ? "too_slow" : "network";
    return this.code === "unreadable" ? "bad_answer" : null;
  }

  /** Nothing works before the person has signed in again. */
  get signedOut() {
    return this.code === "not_authenticated";
  }

  /** The file itself is refused: sending it again changes nothing. */
  get permanent() {
    return PERMANENT.includes(this.status);
  }
}

/**
 * `csrfToken()` is asked before each request: signing in again in another tab changes it. `onSession(isAlive)`
 * hears with every answer whether the person is still signed in, `onAdvice(told)` what there is to say by then, by
 * photo, about those the answer names.
 */
export function createApi({ urls, draft, room, csrfToken, onSession = () => {}, onAdvice = () => {} }) {
  // Changes of one gallery go one after the other, so that none finds a state it did not expect.
  let lastChange = Promise.resolve();
  let changesUnderWay = 0;

  function inTurn(request) {
    changesUnderWay += 1;
    const answer = lastChange.then(request).finally(() => { changesUnderWay -= 1; });
    lastChange = answer.catch(() => {});
    return answer;
  }

  function address(name, id) {
    return id === undefined ? urls[name] : urls[name].replace(/\/0\/$/, `/${id}/`);
  }

  function overheard(answer) {
    answer.then((body) => {
      onSession(true);
      onAdvice(adviceIn(body));
    }, (error) => {
      if (!error.unanswered) onSession(!error.signedOut);
      if (error.images) onAdvice(adviceIn(error));
    });
    return answer;
  }

  const call = (url, body) => overheard(fetchJson(url, body));

  async function fetchJson(url, body) {
    let response;
    try {
      response = await fetch(url, requestFor(body, csrfToken()));
    } catch {
      throw new RequestFailed({ code: "network" });
    }
    const text = await response.text().catch(() => "");
    return answerOrError(response.status, text, (name) => response.headers.get(name));
  }

  const query = draft ? `?draft=${draft}` : "";
  const withDraft = (fields) => (draft ? { draft, ...fields } : fields);

  return {
    update: (id, fields) => call(address("update", id), fields),
    remove: (id) => inTurn(() => call(address("remove", id), {})),
    restore: (id) => inTurn(() => call(address("restore", id), {})),
    rotate: (id, quarterTurns) => inTurn(() => call(address("rotate", id), { quarter_turns: quarterTurns })),
    decline: (id, codes) => inTurn(() => call(address("update", id), { advice_declined: codes })),
    reorder: (order) => inTurn(() => call(address("reorder"), withDraft({ order }))),
    /** Asks for a change whose address the page itself gave. */
    post: (url, fields = {}) => inTurn(() => call(url, fields)),
    /**
     * Tells of an upload that was given up, for platform staff: once, also while the page is left, and nobody hears
     * what came of it. Where there is no line it is told as soon as there is one.
     */
    report(code, bytes) {
      const body = withDraft({ code, bytes, ...(room ? { room } : {}) });
      const tell = () => fetch(urls.report, requestFor(body, csrfToken()));
      tell().catch(() => globalThis.addEventListener?.("online", () => tell().catch(() => {}), { once: true }));
    },
    list: () => call(address("list") + query),
    /** What the booking channels say about the gallery, and the kinds of photo they miss. */
    readiness: () => call(address("readiness") + query),
    /**
     * Returns `{ answer, abort, isSent }`; `onProgress(share)` hears how much has gone up. `texts` are what was typed
     * meanwhile. With `replacedId` the photo takes the place of that one.
     */
    upload(file, { uploadId, texts = {}, replacedId }, onProgress) {
      const data = formData(file, withDraft({ upload_id: uploadId, ...texts }));
      const url = replacedId ? address("replace", replacedId) : address("upload");
      const upload = sendFile(url, data, csrfToken(), onProgress, longestWaitMs(file.size));
      overheard(upload.answer);
      return upload;
    },
    changesDone: () => lastChange,
    get changesUnderWay() { return changesUnderWay; },
  };
}

function requestFor(body, csrfToken) {
  const signal = AbortSignal.timeout?.(ANSWER_MS);
  if (body === undefined) return { headers: HEADERS, signal };
  return {
    method: "POST",
    headers: { ...HEADERS, "Content-Type": "application/json", "X-CSRFToken": csrfToken },
    body: JSON.stringify(body),
    // Small enough to outlive the page: a caption typed just before leaving still arrives.
    keepalive: true,
    signal,
  };
}

// Small fields first: the server knows where a photo belongs before the photo itself arrives.
function formData(file, fields) {
  const data = new FormData();
  Object.entries(fields).forEach(([name, value]) => data.append(name, value));
  data.append("image", file, file.name);
  return data;
}

// Only XMLHttpRequest tells how much has gone up.
function sendFile(url, data, csrfToken, onProgress, longestMs) {
  const request = new XMLHttpRequest();
  let sent = false;
  let stalled = null;
  let tooSlow = false;
  const watch = (ms = STALLED_MS) => {
    clearTimeout(stalled);
    stalled = setTimeout(() => { tooSlow = true; request.abort(); }, ms);
  };
  const answer = new Promise((resolve, reject) => {
    const fail = () => reject(new RequestFailed({ code: "network", tooSlow }));
    request.upload.onprogress = ({ loaded, total }) => { watch(); onProgress(loaded / total); };
    request.upload.onload = () => { sent = true; watch(longestMs); onProgress(1); };
    request.onload = () => {
      try {
        resolve(answerOrError(request.status, request.responseText, (name) => request.getResponseHeader(name)));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = fail;
    request.onabort = fail;
    request.open("POST", url);
    const headers = { ...HEADERS, "X-CSRFToken": csrfToken };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(data);
    watch();
  }).finally(() => clearTimeout(stalled));
  return { answer, abort: () => request.abort(), isSent: () => sent };
}

function answerOrError(status, text, header) {
  const body = parse(text);
  if (body?.success) return body;
  throw new RequestFailed({
    status,
    // Our own server says in JSON what is too large.
    code: body?.code ?? (status === 413 ? "proxy_too_large" : "unreadable"),
    message: body?.error,
    retryAfterMs: Number(header("Retry-After")) * 1000 || 0,
    // Nothing failed: others are served first.
    busy: header("X-Busy") === "true",
    images: body?.images ?? null,
  });
}

/** By photo: what an answer says about the photos it shows, and about others that it changed. */
function adviceIn({ image, images, advice_by_id: others }) {
  const shown = images ?? (image ? [image] : []);
  return { ...others, ...Object.fromEntries(shown.map(({ id, advice }) => [id, advice ?? []])) };
}

// A proxy in between may answer with a page of its own instead of our JSON.
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
