// Lives here: leaving the page: Save waits for what is still on its way, says so, and goes on by the button that was pressed;
// whoever leaves otherwise is asked where something would be lost.
// Not here: what is on its way and how it gets there.

import { sayCount, say } from "./words.js";

// Long enough for any answer; afterwards the page was not left after all, and Save must work again.
const LEAVING_MS = 10000;

/** All that is on its way to the server, whichever part it belongs to. */
export function gatherWork({ api, uploads, captions, ordering }) {
  const flush = async () => {
    await captions.flush();
    await api.changesDone();
    await ordering.flush();
  };
  return {
    flush,
    whenIdle: () => uploads.idle().then(flush),
    problems: () => [
      ...uploads.failedNames(),
      ...captions.problems(),
      ...(ordering.pending ? [gettext("Order of the photos")] : []),
    ],
  };
}

/** `work` as `gatherWork` gives it; `isPending()` says whether anything is not on the server yet. */
export function guardLeaving({ form, panel, state, grid, work, isPending, wouldBeLost, messages }) {
  const bar = panel.querySelector("[data-save-state]");
  let submitter = null;
  let stage = "idle";
  // Told once, a person who presses Save again wants to save without those photos.
  let toldProblems = "";

  const isNews = (problems) => problems.length > 0 && problems.join("\n") !== toldProblems;

  function onSubmit(event) {
    if (stage === "done" || (stage === "idle" && !isPending() && !isNews(work.problems()))) {
      leave();
      return;
    }
    event.preventDefault();
    submitter = event.submitter;
    if (stage === "idle") waitAndSubmit();
  }

  async function waitAndSubmit() {
    stage = "waiting";
    draw();
    messages.announce(waitingWords());
    if (isPending()) await work.whenIdle();
    const problems = work.problems();
    if (isNews(problems)) {
      stage = "idle";
      tellProblems(problems);
      return;
    }
    stage = "done";
    form.requestSubmit(submitter);
  }

  function leave() {
    stage = "leaving";
    grid.markSaved();
    show(gettext("Saving…"), true);
    setTimeout(comeBack, LEAVING_MS);
  }

  function comeBack() {
    stage = "idle";
    bar.hidden = true;
  }

  function draw() {
    if (stage === "waiting") show(waitingWords(), true);
    // What held it back has been put right.
    if (stage === "idle" && !bar.hidden && work.problems().length === 0) bar.hidden = true;
  }

  function waitingWords() {
    const count = state.underWay.length;
    return count > 0
      ? sayCount(ngettext("Saving as soon as %(count)s photo is up…", "Saving as soon as %(count)s photos are up…", count), count)
      : gettext("Saving the last changes of the photos…");
  }

  function tellProblems(problems) {
    toldProblems = problems.join("\n");
    show(gettext("Not saved yet. Try again what failed, or press Save again to go on without it."), false);
    messages.announce(say(gettext("Not saved yet, still to be tried again: %(names)s."), { names: problems.join(", ") }));
    messages.show();
  }

  function show(words, isBusy) {
    bar.querySelector("[data-save-text]").textContent = words;
    bar.toggleAttribute("data-busy", isBusy);
    bar.hidden = false;
  }

  form.addEventListener("submit", onSubmit);
  state.onChange(draw);
  bar.querySelector("[data-action=show-errors]").addEventListener("click", () => messages.show());
  window.addEventListener("beforeunload", (event) => {
    if (stage !== "leaving" && (isPending() || wouldBeLost())) event.preventDefault();
  });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) comeBack(); });
}
