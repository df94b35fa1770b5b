// Lives here: what is said to the person: the live region, a line for each file that failed, and the words
// for an error. Not here: the cards' own states, the undo notice (removal.js), the Save bar (save_guard.js).

export class Messages {
  constructor(panel, say) {
    this.say = say;
    this.panel = panel;
    this.status = panel.querySelector("[data-status]");
    this.box = panel.querySelector("[data-errors-box]");
    this.list = panel.querySelector("[data-errors]");
    this.template = panel.querySelector("[data-error-template]");
    this.lines = new Map();
    this.closeAll = panel.querySelector("[data-action=dismiss-errors]");
    this.closeAll.addEventListener("click", () => this.settleAll());
  }

  /** `more` are sentences that are ready, the server's own for example. */
  announce(key, values, ...more) {
    this.announced = key;
    this.status.textContent = [this.say(key, values), ...more].join(" ");
  }

  /** Takes back what was announced under `key`, once it is no longer so. */
  unsay(key) {
    if (this.announced === key) this.status.textContent = "";
  }

  /** One line for `about` (a file or a card): a new one takes the place of the old. */
  report(about, name, text) {
    this.settle(about);
    const line = this.template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-error-name]").textContent = name;
    line.querySelector("[data-error-text]").textContent = this.named("", text);
    line.querySelector("button").addEventListener("click", () => this.settle(about));
    this.lines.set(about, line);
    this.list.append(line);
    this.showBox();
  }

  /** "name: text", with the space before the colon where the language has one. */
  named(name, text) {
    return name + this.say("error_after_name", { text });
  }

  /** The way back in, beside what failed for want of it. */
  offerSignIn(isNeeded) {
    this.box.querySelector("[data-sign-in]").hidden = !isNeeded;
  }

  /** What went wrong with `about` does not matter any more. */
  settle(about) {
    this.lines.get(about)?.remove();
    this.lines.delete(about);
    this.showBox();
  }

  settleAll() {
    [...this.lines.keys()].forEach((about) => this.settle(about));
    this.panel.querySelector("[data-photo-input]").focus();
  }

  showBox() {
    this.box.hidden = this.lines.size === 0;
    this.closeAll.hidden = this.lines.size < 2;
  }

  /** The lines; where they were closed, the photo that failed. */
  show() {
    const place = this.box.hidden ? this.panel.querySelector("[data-photo][data-state=failed]") : this.box;
    place?.scrollIntoView({ block: "center" });
    this.list.querySelector("button")?.focus({ preventScroll: true });
  }

  /** What happened and what to do, in the server's words where it had any. */
  explain(error) {
    if (error.signedOut) return this.say("session_ended");
    if (error.code === "network") return this.say(navigator.onLine ? "network_error" : "offline_error");
    return error.message || this.say("unclear_answer", { status: error.status });
  }
}
