// Lives here: discarding an abandoned draft that the add form offers, and taking that back.
// Not here: using its photos, which is a link; the notice (undo.js).

export function createAbandoned({ panel, transport, messages, undo }) {
  // Discarded in quick succession they share one notice, and come back together.
  let discarded = [];
  const offer = { takeBack, forget: () => { discarded = []; } };

  async function discard(_card, button) {
    const draft = button.closest("[data-left-behind]");
    button.setAttribute("aria-disabled", true);
    try {
      const { count } = await transport.post(button.formAction);
      leave(draft);
      if (count > 0) offerUndo({ draft, button, count });
    } catch (error) {
      // Its room was saved meanwhile: there is nothing to discard.
      if (error.status === 404) leave(draft);
      else report(draft, "remove_failed", error);
    }
    button.setAttribute("aria-disabled", false);
  }

  function leave(draft) {
    draft.hidden = true;
    messages.settle(draft);
    const next = panel.querySelector("[data-left-behind]:not([hidden]) [data-action=discard]");
    (next ?? panel.querySelector("[data-photo-input]")).focus();
  }

  function offerUndo(one) {
    discarded.push(one);
    const count = discarded.reduce((sum, other) => sum + other.count, 0);
    undo.show(offer, "removed", { count });
    messages.announce("removed", { count });
  }

  async function takeBack() {
    const undone = discarded;
    discarded = [];
    for (const one of undone) await comeBack(one);
  }

  async function comeBack({ draft, button }) {
    draft.hidden = false;
    try {
      const { count } = await transport.post(button.dataset.restoreUrl);
      messages.announce("restored", { count });
      button.focus();
    } catch (error) {
      draft.hidden = true;
      report(draft, "restore_failed", error);
    }
  }

  function report(draft, key, error) {
    const name = draft.querySelector("[data-offer-words]").firstChild.textContent.trim();
    messages.report(draft, name, messages.say(key, { reason: messages.explain(error) }));
  }

  return { discard };
}
