// Lives here: what was typed into a form and not saved. It is kept on the device until the form is saved or its person
// signs out, filled in again when the form comes back, and the page asks before it is left.
// Not here: photos and what belongs to them, which are saved one by one (leaving.js).

const PREFIX = "typed ";
const SENT = "typed, then sent";
const KEPT_DAYS = 7;
// Longer than any answer takes; afterwards the page was not left after all.
const LEAVING_MS = 10000;

const day = () => Date.now() / 86400000;

function forgetOthers(user) {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const isMine = key.startsWith(`${PREFIX}${user} `);
    if (!isMine || JSON.parse(localStorage[key]).day < day() - KEPT_DAYS) localStorage.removeItem(key);
  }
}

/** What a person fills in by typing and choosing; a password is nobody's to keep. */
function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.matches("input, select, textarea") &&
    !field.matches("[type=hidden], [type=file], [type=password], [type=submit], [type=button]") &&
    !field.closest("[data-gallery]"));
}

const isBox = (field) => field.type === "checkbox" || field.type === "radio";
const nameOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (isBox(field) ? field.checked : field.value);

/** As the server gave it: what a browser fills in by itself after a reload is not the server's. */
function givenTo(field) {
  if (isBox(field)) return field.defaultChecked;
  if (field.type !== "select-one") return field.defaultValue ?? field.value;
  const given = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
  return given?.value ?? "";
}

const isTyped = (field) => valueOf(field) !== givenTo(field);

// The hidden field with the value that the page was given at first.
const twinOf = (form, field) => form.elements[`initial-${field.name}`];

/** On a page that came back with errors, the server gave what was typed. */
function isUnsaved(form, field) {
  const twin = twinOf(form, field);
  if (!twin) return true;
  return isBox(field) ? field.checked !== (twin.value === "True") : field.value !== twin.value;
}

function fill(form, field, { value, words, given }) {
  if (isBox(field)) {
    field.checked = value;
  } else {
    // A field that looks its choices up has only the chosen one on the page.
    const isOffered = !field.options || [...field.options].some((option) => option.value === value);
    if (!isOffered) field.add(new Option(words, value));
    field.value = value;
  }
  const twin = twinOf(form, field);
  if (twin && given !== null) twin.value = given;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function remember(form, memory) {
  const key = `${PREFIX}${memory.dataset.user} ${location.pathname} ${form.elements.draft?.value ?? ""}`;
  const cameBack = "cameBack" in memory.dataset;
  let isLeaving = false;
  let isSigningOut = false;

  const typed = () => fieldsOf(form).filter((field) => (cameBack ? isUnsaved(form, field) : isTyped(field)));
  // `given` is what the page knew when this was typed: the server compares it with what is saved by now.
  const keep = () => {
    if (isSigningOut) return; // site.js forgets it all, and a field that loses the focus must not bring it back
    const fields = typed().map((field) => [nameOf(field), {
      value: valueOf(field),
      words: field.selectedOptions?.[0]?.text,
      given: twinOf(form, field)?.value ?? null,
    }]);
    if (fields.length > 0) localStorage[key] = JSON.stringify({ day: day(), fields: Object.fromEntries(fields) });
    else localStorage.removeItem(key);
  };

  function restore() {
    const wasSent = sessionStorage.getItem(SENT) === key;
    const kept = JSON.parse(localStorage.getItem(key) ?? "null")?.fields ?? {};
    const missing = fieldsOf(form).filter((field) => {
      const one = kept[nameOf(field)];
      if (!one || one.value === valueOf(field)) return false;
      // Where it was sent and the saved value is another than before, it has been saved.
      return !wasSent || one.given === null || one.given === twinOf(form, field)?.value;
    });
    for (const field of missing) fill(form, field, kept[nameOf(field)]);
    const said = memory.querySelector("[data-restored-text]");
    if (missing.length > 0) said.textContent = said.dataset.restoredText;
  }

  if (!cameBack) restore();
  keep();
  for (const kind of ["input", "change"]) form.addEventListener(kind, keep);
  // At the window, after whoever holds a form back until its photos are up.
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isSigningOut = event.target.getAttribute("action")?.endsWith("/logout/") ?? false;
    if (event.target === form) {
      keep();
      isLeaving = true;
      sessionStorage.setItem(SENT, key);
      // With the draft that gallery.js has put there: signing in again leads back to it.
      form.action = location.pathname + location.search;
    }
    setTimeout(() => { isLeaving = isSigningOut = false; }, LEAVING_MS);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && typed().length > 0) event.preventDefault();
  });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) isLeaving = false; });
  return key;
}

const memory = document.querySelector("[data-form-memory]");
if (memory) forgetOthers(memory.dataset.user);
const key = memory && remember(memory.closest("form"), memory);
// The next page in this tab is another one: what was sent has been saved.
const sent = sessionStorage.getItem(SENT);
if (sent && sent !== key) localStorage.removeItem(sent);
sessionStorage.removeItem(SENT);
