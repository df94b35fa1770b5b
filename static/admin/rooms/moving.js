// Lives here: selected photos that go to another room of the establishment: moved, or copied.
// Not here: choosing them (selection.js), moving photos to other places of this gallery (ordering.js).

import { explain, say, sayCount } from "./words.js";

/** `flush()` brings what was typed and moved here to the server first: photos take it along. */
export function createMoving({ panel, state, api, messages, selection, urls, flush }) {
  const rooms = panel.querySelector("[data-other-room]");

  const move = () => send(urls.move, movedWords, ({ images }) => state.adopt(images));
  const copy = () => send(urls.copy, copiedWords, () => {});

  async function send(url, words, act) {
    // One that is still on its way up has nothing to give yet.
    const photos = state.selected.filter(({ image, upload }) => image !== null && upload === null);
    const room = rooms.selectedOptions[0];
    if (photos.length === 0 || room.value === "") return;
    selection.turn();
    messages.dismiss("other room");
    try {
      await flush();
      act(await api.post(url, { images: photos.map(({ image }) => image.id), room: Number(room.value) }));
      messages.announce(words(photos.length, room.text));
    } catch (error) {
      messages.report("other room", room.text, say(gettext("The photos stay in this room only. %(reason)s"), { reason: explain(error) }));
    }
  }

  function draw() {
    for (const button of panel.querySelectorAll("[data-needs-room]")) button.hidden = rooms.value === "";
  }

  rooms?.addEventListener("change", draw);
  return { move, copy };
}

const movedWords = (count, room) =>
  sayCount(ngettext("%(count)s photo is now in “%(room)s”.", "%(count)s photos are now in “%(room)s”.", count), count, { room });
const copiedWords = (count, room) =>
  sayCount(ngettext("%(count)s photo copied to “%(room)s”.", "%(count)s photos copied to “%(room)s”.", count), count, { room });
