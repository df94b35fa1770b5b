// Lives here: what the gallery is: its photos in their order, those removed, what the server has; and each change to it.
// Not here: the page, requests, sentences, clocks. Views draw from it, acts change it.

/**
 * A photo is one object from its choice to its end: `image` is what the server said of it last (null: not there yet),
 * `upload` the job that brings a file (null: none), `typed` its texts as they stand in the fields.
 * The texts' states: "waiting" for the photo to be up, "typing", "saving", "saved", "failed".
 */
function newPhoto(key, { image = null, fileName = "" } = {}) {
  const typed = { caption: image?.caption ?? "", alternative_text: image?.alternative_text ?? "", kind: image?.kind ?? "" };
  return { key, image, fileName, typed, textState: {}, upload: null, rotation: null, said: "", isSmaller: false, isSelected: false };
}

export const stateOf = (photo) => photo.upload?.state ?? "ready";
export const savedText = (photo, field) => photo.image?.[field] ?? "";
export const typedText = (photo, field) => photo.typed[field].trim();
export const isUnsaved = (photo, field) => photo.image !== null && typedText(photo, field) !== savedText(photo, field);

export class GalleryState {
  constructor({ limit, images = [], removed = [] }) {
    this.limit = limit;
    this.made = 0;
    this.listeners = [];
    this.photos = images.map((image) => newPhoto(this.made += 1, { image }));
    // Taken out in this page, with all that was typed into them; `leaving` are ids the server still has to confirm.
    this.away = [];
    this.leaving = new Set();
    // What the list under the gallery shows, the newest first: `{ image, place, removedAt }`.
    this.removed = removed;
    // The server's order; null stands for a photo that we have not heard of yet.
    this.serverOrder = images.map(({ id }) => id);
    this.advice = new Map(images.map(({ id, advice }) => [id, advice ?? []]));
    // How much is on its way that may still change what the server has: files looked at, uploads.
    this.traffic = 0;
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    this.listeners.forEach((listener) => listener());
  }

  // --- what follows from it ---

  get ready() { return this.photos.filter(({ image }) => image !== null); }
  get readyIds() { return this.ready.map(({ image }) => image.id); }
  get underWay() { return this.photos.filter((photo) => ["queued", "uploading"].includes(stateOf(photo))); }
  get failed() { return this.photos.filter((photo) => stateOf(photo) === "failed"); }
  get selected() { return this.photos.filter(({ isSelected }) => isSelected); }
  // One that is being replaced is both.
  get placesLeft() { return Math.max(0, this.limit - new Set([...this.ready, ...this.underWay]).size); }
  get cover() { return this.photos.find((photo) => photo.image !== null || stateOf(photo) !== "failed"); }
  /** What the channels judge by, as the server has it: once this is another one they may say other things. */
  get judged() {
    return JSON.stringify(this.serverOrder.map((id) => [id, this.byId(id)?.image.kind, this.byId(id)?.image.url]));
  }
  /** The kinds that go up just now. */
  get kindsUnderWay() { return this.underWay.map(({ typed }) => typed.kind); }
  get orderIsSaved() { return sameOrder(this.readyIds, this.keptOrder); }
  /** The server's order, as far as we know its photos and do not want them gone. */
  get keptOrder() { return this.serverOrder.filter((id) => id !== null && !this.leaving.has(id)); }

  has(photo) { return this.photos.includes(photo); }
  byId(id) { return this.photos.find(({ image }) => image?.id === id); }
  /** In the gallery, or taken out of it in this page. */
  knownAs(id) { return this.byId(id) ?? this.away.find(({ image }) => image?.id === id); }
  placeOf(photo) { return this.photos.indexOf(photo) + 1; }
  adviceOf({ image }) { return (image && this.advice.get(image.id)) ?? []; }

  // --- photos come ---

  /** A file that was chosen, behind all others; `kind` is what it was chosen to show, where that was asked for. */
  add(file, kind = "") {
    const photo = newPhoto(this.made += 1, { fileName: file.name });
    photo.typed.kind = kind;
    this.photos.push(photo);
    return photo;
  }

  /** The one way in for a photo that the server has: uploaded, restored, replaced, or seen for the first time. */
  take(image, { photo = this.knownAs(image.id), index } = {}) {
    const taken = photo ?? newPhoto(this.made += 1, { image });
    const old = taken.image;
    this.serverOrder = old && old.id !== image.id
      ? this.serverOrder.map((id) => (id === old.id ? image.id : id))
      : withImage(this.serverOrder, image);
    if (old && old.id !== image.id) this.list(old, this.placeOf(taken));
    this.takeIn(taken, image, index);
    this.changed();
    return taken;
  }

  takeIn(photo, image, index) {
    // What was typed and not saved wins over what the server says; for a new file, or one that comes instead, what was typed.
    const wasHere = photo.image?.id === image.id || this.removed.some((one) => one.image.id === image.id);
    for (const field of Object.keys(photo.typed)) {
      if (wasHere && !isUnsaved(photo, field)) photo.typed[field] = image[field] ?? "";
    }
    // The answer to an earlier try was lost, and the photo has come in another way meanwhile.
    this.photos = this.photos.filter((other) => other === photo || other.image?.id !== image.id);
    this.away = this.away.filter((other) => other !== photo);
    this.removed = this.removed.filter((one) => one.image.id !== image.id);
    this.leaving.delete(image.id);
    // Nobody has said what it shows: what the server read from its caption stands.
    if (!wasHere && photo.typed.kind === "") photo.typed.kind = image.kind ?? "";
    if (image.advice) this.advice.set(image.id, image.advice);
    Object.assign(photo, { image, upload: null });
    if (!this.has(photo)) this.photos.splice(index ?? indexOfPlace(this.photos, image.order), 0, photo);
    else if (index !== undefined) this.photos = placed(this.photos, photo, index);
  }

  /** The gallery as the server says it is. What goes up, what is typed and what is being removed stays as it is here. */
  adopt(images) {
    const ids = images.map(({ id }) => id);
    // One that is being replaced may be on the server under its new id: the answer is still to come.
    const gone = this.ready.filter((photo) => photo.upload === null && !ids.includes(photo.image.id));
    this.photos = this.photos.filter((photo) => !gone.includes(photo));
    this.away.push(...gone);
    const wanted = images.filter(({ id }) => !this.leaving.has(id));
    wanted.forEach((image, index) => {
      const photo = this.knownAs(image.id) ?? newPhoto(this.made += 1, { image });
      if (photo.upload === null || !this.has(photo)) this.takeIn(photo, image, index);
    });
    this.serverOrder = ids;
    this.changed();
  }

  // --- photos go ---

  /** Out of the gallery at once; `leave` or `putBack` says what came of it. Returns where each was, one after the other. */
  takeOut(photos) {
    const taken = photos.map((photo) => {
      const index = this.photos.indexOf(photo);
      this.photos = this.photos.filter((other) => other !== photo);
      this.away.push(photo);
      if (photo.image) this.leaving.add(photo.image.id);
      photo.isSelected = false;
      return { photo, index, place: index + 1 };
    });
    this.changed();
    return taken;
  }

  /** The server has removed it too. */
  leave({ photo, place }) {
    const { id } = photo.image;
    this.leaving.delete(id);
    this.serverOrder = this.serverOrder.filter((other) => other !== id);
    this.list(photo.image, place);
    this.changed();
  }

  /** It could not be removed, or was never sent: it is back. */
  putBack({ photo, index }) {
    if (photo.image) this.leaving.delete(photo.image.id);
    this.away = this.away.filter((other) => other !== photo);
    if (!this.has(photo)) this.photos = placed([...this.photos, photo], photo, index);
    this.changed();
  }

  /** Nobody wants it back, and the server never had it. */
  drop(photo) {
    this.photos = this.photos.filter((other) => other !== photo);
    this.away = this.away.filter((other) => other !== photo);
    this.changed();
  }

  /** Tells of a removed photo, in whose list each stands once. */
  list(image, place) {
    const others = this.removed.filter((one) => one.image.id !== image.id);
    this.removed = [{ image, place, removedAt: new Date() }, ...others];
  }

  /** Somebody else has removed the photo that was to be replaced. */
  lose(photo) {
    this.serverOrder = this.serverOrder.filter((id) => id !== photo.image.id);
    Object.assign(photo, { image: null });
  }

  // --- photos change ---

  /** Puts it at `index` among the others; whether that changed anything. */
  move(photo, index) {
    return this.arrange(placed(this.photos, photo, index));
  }

  /** Photos that are not (any more) in the gallery are left out; those not named come last. */
  arrange(photos) {
    const present = photos.filter((photo) => this.has(photo));
    const order = [...present, ...this.photos.filter((photo) => !present.includes(photo))];
    if (sameOrder(order, this.photos)) return false;
    this.photos = order;
    this.changed();
    return true;
  }

  /** A new picture of the same photo, wherever it is by now. Its texts have ways of their own. */
  redrawn(photo, image) {
    if (photo.image?.id !== image.id) return;
    const { caption, alternative_text, kind } = photo.image;
    photo.image = { ...image, caption, alternative_text, kind };
    if (image.advice) this.advice.set(image.id, image.advice);
    this.changed();
  }

  edit(photo, field, text) {
    photo.typed[field] = text;
    this.noteText(photo, field, photo.image ? "typing" : "waiting");
  }

  /**
   * `text` is what the server has of `field` by now, where the photo is still the one that was written to. Of a caption it
   * may have read what the photo shows, if nobody had said: `guessed`.
   */
  textSaved(photo, id, field, text, guessed = "") {
    if (photo.image?.id !== id) return;
    const isOpen = savedText(photo, "kind") === "" && !isUnsaved(photo, "kind");
    photo.image = { ...photo.image, [field]: text };
    if (field === "caption" && isOpen) photo.image.kind = photo.typed.kind = guessed;
    this.changed();
  }

  noteText(photo, field, state) {
    photo.textState[field] = state;
    this.changed();
  }

  /** By the photo's id what there is to say about it by now. Some may have no card yet. */
  tell(adviceById) {
    for (const [id, said] of Object.entries(adviceById)) this.advice.set(Number(id), said);
    this.changed();
  }

  orderKept(ids) {
    this.serverOrder = ids;
    this.changed();
  }

  noteTraffic(traffic) {
    if (this.traffic === traffic) return;
    this.traffic = traffic;
    this.changed();
  }

  select(photos, isSelected) {
    photos.forEach((photo) => { photo.isSelected = isSelected; });
    this.changed();
  }

  /** Asks for quarters, clockwise; true where they go along with a rotation under way. */
  rotate(photo, quarters) {
    const isUnderWay = photo.rotation !== null;
    photo.rotation = { wanted: ((photo.rotation?.wanted ?? 0) + quarters) % 4 };
    photo.said = "";
    this.changed();
    return isUnderWay;
  }

  /** The quarters that were asked for and not sent yet. */
  takeQuarters({ rotation }) {
    const { wanted } = rotation;
    rotation.wanted = 0;
    return wanted;
  }

  /** It is over, and this is what is said of it. */
  rotated(photo, said) {
    Object.assign(photo, { rotation: null, said });
    this.changed();
  }
}

// --- sums on lists ---

export const sameOrder = (one, other) =>
  one.length === other.length && one.every((id, index) => id === other[index]);

function placed(photos, photo, index) {
  const others = photos.filter((other) => other !== photo);
  return [...others.slice(0, index), photo, ...others.slice(index)];
}

/**
 * The server's order once it has taken `image` in at its place (`order` counts from 1). Answers may cross:
 * null stands for a photo before it that we have not heard of yet.
 */
export function withImage(ids, image) {
  const others = ids.filter((id) => id !== image.id);
  const place = image.order > 0 ? image.order - 1 : others.length;
  while (others.length < place) others.push(null);
  return [...others.slice(0, place), image.id, ...others.slice(others[place] === null ? place + 1 : place)];
}

/** Where a photo has to stand to become number `place`, from 1, of those that are ready. */
export function indexOfPlace(photos, place) {
  const next = photos.filter(({ image }) => image !== null)[place - 1];
  return next ? photos.indexOf(next) : photos.length;
}
