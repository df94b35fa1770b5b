// Lives here: making a sentence of a text and its values, in the language of the page.
// Not here: the texts themselves (rooms/admin/gallery_texts.py), or where they are shown.

const BYTES_PER_MB = 1024 * 1024;

/** `say(key, values)` fills `{placeholders}`; a numeric `count` picks `key_one` or `key_other`. */
export function createTexts(texts, language) {
  const plurals = onFirstUse(() => new Intl.PluralRules(language));

  function template(key, count) {
    const form = count === undefined ? key : `${key}_${plurals().select(count)}`;
    return texts[form] ?? texts[`${key}_other`] ?? texts[key] ?? key;
  }

  return (key, values = {}) =>
    template(key, values.count).replace(/\{(\w+)\}/g, (placeholder, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : placeholder,
    );
}

/** Numbers as people of this language write them: "5 MB" and "43%", "5 Mo" and "43 %". */
export function createFormats(language) {
  const megabytes = onFirstUse(
    () => new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
  );
  const percents = onFirstUse(() => new Intl.NumberFormat(language, { style: "percent" }));
  return {
    // Rounded up: one byte over a limit of 5 MB must not read "5 MB".
    size: (bytes) => megabytes().format(Math.ceil((bytes / BYTES_PER_MB) * 10) / 10),
    percent: (share) => percents().format(Math.floor(share * 100) / 100),
  };
}

/** What takes a while to make, and what most visits to a page never need. */
export function onFirstUse(make) {
  let made;
  return () => (made ??= make());
}
