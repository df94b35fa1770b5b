// Lives here: sentences that several parts say, numbers as people write them, and what a caption is worth.
// Not here: where they are shown. The texts themselves come from Django's catalogue: gettext, ngettext, interpolate.

const BYTES_PER_MB = 1024 * 1024;

/** `text` with its `%(names)s` filled in. */
export const say = (text, values) => interpolate(text, values, true);

/** The same by number: `%(count)s` is in both texts, for in French "one" is also said of none. */
export const sayCount = (text, count, values = {}) => say(text, { count, ...values });

/** "name: text", with the space before the colon where the language has one. */
export const named = (name, text) => name + say(gettext(": %(text)s"), { text });

export const photoName = (position) => say(gettext("Photo %(position)s"), { position });

/** What happened and what to do, in the server's words where it had any. */
export function explain(error) {
  if (error.signedOut) {
    return gettext("Your session has ended. Sign in again in another tab: your photos are kept, and go up once you are back here.");
  }
  if (error.code === "network") {
    return navigator.onLine
      ? gettext("The connection was lost. Try again when it is better: the photo is kept here.")
      : gettext("You are offline. The photo is kept here and goes up once the connection is back.");
  }
  return error.message || say(gettext("The server gave no clear answer (%(status)s). Try again in a moment."), error);
}

export const crowdWords = () =>
  gettext("Many people are sending photos just now. Yours are kept here, and go up by themselves.");

/** Why a file stays out, by the reason of `choosing.js` and `shrink.js`. `values` are the sizes: `size`, `limit`. */
export function refusal(reason, values) {
  const texts = {
    type: () => gettext("This is not a photo we can show. Choose a JPEG, PNG, GIF or WebP file."),
    folder: () => gettext("This is a folder. Open it, and choose the photos that are in it."),
    heic: () => gettext("HEIC photos cannot be shown by every guest's browser. On the iPhone choose Settings, Camera, Formats, “Most Compatible”, or send the photo as a JPEG."),
    empty: () => gettext("The file is empty. Choose it again, or another one."),
    unreadable: () => gettext("This file can no longer be read. Choose it again."),
    size: () => gettext("The photo has %(size)s, the limit is %(limit)s. Make it smaller or choose another one."),
    proxy: () => gettext("The photo has %(size)s, which is too large for this server. Make it smaller or choose another one."),
    canvas: () => gettext("The photo is too large as it is, and your browser’s protection against fingerprinting keeps this page from making it smaller. Allow this site to read the canvas, use another browser, or make the photo smaller yourself."),
    pixels: () => gettext("The photo has too many pixels. Save it smaller, then choose it again."),
  };
  return say(texts[reason](), values);
}

const NAMES_AT_MOST = 3;

/** The first of many names. */
export const someOf = (names) => names.slice(0, NAMES_AT_MOST).join(", ") + (names.length > NAMES_AT_MOST ? "…" : "");

/** What is said of good photos that lack a place, in two parts: of all together, for the reason is the room's. */
export function lackOfPlaces(names, limit) {
  const count = names.length;
  return [
    sayCount(ngettext("%(count)s photo was not added", "%(count)s photos were not added", count), count),
    say(gettext("a room holds %(limit)s photos. Remove some first. (%(names)s)"), { limit, names: someOf(names) }),
  ];
}

/** Numbers as people of this language write them: "5 MB" and "43%", "5 Mo" and "43 %". */
export function createFormats(language) {
  const megabytes = onFirstUse(
    () => new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
  );
  const percents = onFirstUse(() => new Intl.NumberFormat(language, { style: "percent" }));
  const moments = onFirstUse(
    () => new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }),
  );
  return {
    // Rounded up: one byte over a limit of 5 MB must not read "5 MB".
    size: (bytes) => megabytes().format(Math.ceil((bytes / BYTES_PER_MB) * 10) / 10),
    percent: (share) => percents().format(Math.floor(share * 100) / 100),
    moment: (date) => moments().format(date),
  };
}

/** What takes a while to make, and what most visits to a page never need. */
function onFirstUse(make) {
  let made;
  return () => (made ??= make());
}

const CAMERA = /^(img|dsc[nf]?|pxl|mvi|gopr|dji|imag|image|photo|picture|pic|scan|screenshot|capture|untitled|sans.titre|whatsapp|fb_img|signal|received)(?!\p{L})[\s_-]*/iu;
const FILE_TYPE = /\.(jpe?g|png|gif|webp|heic|heif|tiff?)$/i;
// Scripts without capitals say a lot in two letters.
const WORD = /\p{L}{3,}|\p{Lo}{2,}/u;

/** Whether nobody who cannot see the photo learns anything from `caption`. An empty one does not pretend to. */
export function saysNothing(caption) {
  if (caption === "") return false;
  if (FILE_TYPE.test(caption)) return true;
  return !WORD.test(caption.replaceAll("_", " ").replace(CAMERA, "").replace(/\b(image|copy|copie|wa)\b/gi, ""));
}
