/* What Unfold's and Django's pages lack, most of it for people who hear them. The gallery has scripts of its own. */

// An icon is a word in a font. Beside other text, or under a name, it would be read out for nothing.
function hideIcons() {
  for (const icon of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) {
    const owner = icon.closest("a, button, summary") ?? icon.parentElement;
    const isNamed = owner.ariaLabel || owner.title || owner.textContent.trim() !== icon.textContent.trim();
    if (isNamed) icon.ariaHidden = "true";
  }
}

// Django's boxes for choosing several explain themselves in a label that a bare span may not have.
function nameHelp() {
  for (const help of document.querySelectorAll(".help-tooltip[aria-label]:not([role])")) help.role = "img";
}

// On a phone a row is a card, and shows beside each cell what the head of its column says.
function nameCells() {
  for (const list of document.querySelectorAll(":not(.room-list) > #result_list")) {
    const heads = [...list.tHead.rows[0].cells].map((head) => head.querySelector(".text")?.textContent.trim());
    for (const { cells } of list.querySelectorAll(".data-row")) {
      [...cells].forEach((cell, place) => {
        if (heads[place] && cell.matches("td:not(.action-checkbox)")) cell.dataset.head = heads[place];
      });
    }
  }
}

// What form_memory.js keeps of a person's typing is not for whoever comes next.
function forgetTyping({ target }) {
  // The attribute: a field named "action" stands in the way of the property.
  if (!target.getAttribute("action")?.endsWith("/logout/")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("typed ")) localStorage.removeItem(key);
}

document.addEventListener("submit", forgetTyping);
document.addEventListener("DOMContentLoaded", hideIcons);
document.addEventListener("DOMContentLoaded", nameCells);
// Django's script makes those boxes on the same event, after this one.
addEventListener("load", () => setTimeout(nameHelp));

// Select2 builds its own field beside the labelled one, and leaves it without a name.
function nameSelects() {
  for (const select of document.querySelectorAll("select.unfold-filter-autocomplete")) {
    for (const part of select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
      part.ariaLabel = select.ariaLabel;
    }
  }
}

// By jQuery's queue, in which Unfold's making of those fields stands by then.
addEventListener("load", () => window.django?.jQuery?.(nameSelects));
