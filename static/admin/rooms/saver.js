// Lives here: keeping the server's copy of one value (a caption, the order) equal to the page's while
// it changes: a short wait, one request at a time, the latest value wins.
// Not here: what the value is, how it is sent, what is shown.

/**
 * `read()` gives the page's value, `isSaved(value)` says whether the server has it, `save(value)` sends
 * it. `changed(state, error)` hears "saving", "saved", "failed".
 */
export function createSaver({ read, isSaved, save, changed = () => {}, waitMs }) {
  let timer = null;
  let running = null;

  const isPending = () => !isSaved(read());

  /** The value may have changed: save it once it has been left alone for `waitMs`. */
  function touch() {
    clearTimeout(timer);
    timer = isPending() ? setTimeout(flush, waitMs) : null;
  }

  /** Saves at once; resolves to whether the server now has the value. */
  function flush() {
    clearTimeout(timer);
    timer = null;
    running ??= saveUntilEqual().finally(() => { running = null; });
    return running;
  }

  async function saveUntilEqual() {
    let sent = false;
    while (isPending()) {
      changed("saving", null);
      try {
        await save(read());
        sent = true;
      } catch (error) {
        changed("failed", error);
        return false;
      }
    }
    if (sent) changed("saved", null);
    return true;
  }

  return { touch, flush, get pending() { return isPending(); } };
}
