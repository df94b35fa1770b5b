// Lives here: Save waits for what is still on its way, says so, and then leaves by the button that was pressed.
// Not here: what is on its way and how it gets there.

// Long enough for any answer; afterwards the page was not left after all, and Save must work again.
const LEAVING_MS = 10000;

/**
 * `work` knows the gallery: `pending` (something is not on the server), `settle()` (waits for all of it),
 * `problems()` (names of what stayed behind), `remaining()` (photos still going up), `wouldBeLost` (by leaving).
 */
export function guardSave({ form, panel, work, messages, board }) {
  const bar = panel.querySelector("[data-save-state]");
  let submitter = null;
  let state = "idle";
  // Told once, a person who presses Save again wants to save without those photos.
  let toldProblems = "";

  function onSubmit(event) {
    if (state === "settled" || (state === "idle" && !work.pending && work.problems().length === 0)) {
      leave();
      return;
    }
    event.preventDefault();
    submitter = event.submitter;
    if (state === "idle") waitAndSubmit();
  }

  async function waitAndSubmit() {
    state = "waiting";
    tellWaiting();
    messages.announce(...waitingWords());
    await work.settle();
    const problems = work.problems();
    if (problems.length > 0 && problems.join("\n") !== toldProblems) {
      state = "idle";
      tellProblems(problems);
      return;
    }
    state = "settled";
    // Not at once: while the event of the first press is still being handled, the form ignores this.
    setTimeout(() => form.requestSubmit(submitter));
  }

  function leave() {
    state = "leaving";
    show("save_leaving", {}, true);
    setTimeout(comeBack, LEAVING_MS);
  }

  function comeBack() {
    state = "idle";
    bar.hidden = true;
  }

  function tellWaiting() {
    if (state === "waiting") show(...waitingWords(), true);
    // What held it back has been put right.
    if (state === "idle" && work.problems().length === 0) bar.hidden = true;
  }

  function waitingWords() {
    const count = work.remaining();
    return count > 0 ? ["save_waiting", { count }] : ["save_finishing", {}];
  }

  function tellProblems(problems) {
    toldProblems = problems.join("\n");
    show("save_held", {}, false);
    messages.announce("save_problems", { names: problems.join(", ") });
    messages.show();
  }

  function show(key, values, isBusy) {
    bar.querySelector("[data-save-text]").textContent = messages.say(key, values);
    bar.toggleAttribute("data-busy", isBusy);
    bar.hidden = false;
  }

  form.addEventListener("submit", onSubmit);
  board.listeners.push(tellWaiting);
  bar.querySelector("[data-action=show-errors]").addEventListener("click", () => messages.show());
  window.addEventListener("beforeunload", (event) => {
    if (state !== "leaving" && work.wouldBeLost) event.preventDefault();
  });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) comeBack(); });
}
