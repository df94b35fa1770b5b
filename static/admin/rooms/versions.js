// Lives here: the addresses of a photo's smaller versions, for `srcset`.
// Not here: which version is shown where.

const SIDES_PX = [320, 640, 1280];

/** The versions by width; empty where the address of the smallest does not tell those of the others. */
export function srcsetOf({ thumbnail_url: url, width, height }) {
  const [name] = url.match(/(_320\.webp|\?side=320)$/) ?? [];
  if (!name || !width || !height) return "";
  const longest = Math.max(width, height);
  return SIDES_PX.filter((side) => side <= longest)
    .map((side) => `${url.slice(0, -name.length)}${name.replace("320", side)} ${Math.max(1, Math.round((side * width) / longest))}w`)
    .join(", ");
}
