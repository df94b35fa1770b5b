// Lives here: the notice that offers, for some seconds, the way back from what was done last.
// Not here: what was done, and how it is taken back.

const OFFERED_MS = 8000;

/** An offer is `{ takeBack(), forget() }`: just one of the two is called, once. */
export function createUndo({ panel, say }) {
  const notice = panel.querySelector("[data-notice]");
  let offer = null;
  let timer = null;

  /** Shown again, an offer only changes its words; another one takes its place. */
  function show(newOffer, key, values) {
    if (offer !== newOffer) forget();
    offer = newOffer;
    notice.querySelector("[data-notice-text]").textContent = say(key, values);
    notice.hidden = false;
    startTimer();
  }

  function hide() {
    clearTimeout(timer);
    notice.hidden = true;
    offer = null;
  }

  function forget() {
    offer?.forget();
    hide();
  }

  function takeBack() {
    const taken = offer;
    hide();
    taken?.takeBack();
  }

  function startTimer() {
    clearTimeout(timer);
    if (offer) timer = setTimeout(forget, OFFERED_MS);
  }

  // Nobody loses the way back while reading or reaching for it.
  for (const kind of ["pointerenter", "focusin"]) notice.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "focusout"]) notice.addEventListener(kind, startTimer);

  // In a field the keys take back what was typed.
  panel.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    if (!isUndo || !offer || event.target.matches("input")) return;
    event.preventDefault();
    takeBack();
  });

  /** What an offer would take back has come to nothing. */
  const withdraw = (gone) => { if (offer === gone) hide(); };

  return { show, takeBack, withdraw };
}
