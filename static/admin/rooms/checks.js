// Lives here: what a file must be before it is worth looking at. The server checks all of it again.
// Not here: its size, which can be helped (shrink.js); reading the file, showing the refusal.

/** Why this file cannot go up: the key of a text, or null when it can. */
export function findRefusal(file, { types, extensions }) {
  if (!isHeic(file) && !hasPhotoType(file, types, extensions)) return "refused_type";
  if (file.size === 0) return "refused_empty";
  return null;
}

/** Splits a choice of files; `places` is how many more photos the gallery takes. Keeps their order. */
export function sortFiles(files, rules, places) {
  const accepted = [];
  const refused = [];
  for (const file of files) {
    const reason = findRefusal(file, rules) ?? (accepted.length < places ? null : "refused_limit");
    if (reason) refused.push({ file, reason });
    else accepted.push(file);
  }
  return { accepted, refused };
}

/** What iPhones make. Booking sites cannot show it, and few browsers can read it: it is converted or explained. */
export function isHeic(file) {
  return /^image\/hei[cf]/.test(file.type) || /^hei[cf]$/.test(extensionOf(file.name));
}

// Some phones give no type, some cameras an odd one: either sign will do, the server looks inside.
function hasPhotoType(file, types, extensions) {
  const known = extensions.map((extension) => extension.replace(/^\./, "").toLowerCase());
  return types.includes(file.type) || known.includes(extensionOf(file.name));
}

function extensionOf(name) {
  return name.includes(".") ? name.split(".").pop().toLowerCase() : "";
}
