// Lives here: telling a caption that says something from a file name or a number.
// Not here: what is done about it.

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
