// What Django's catalogue gives to a page, for English: the texts as they stand in the source.

globalThis.gettext = (text) => text;
globalThis.ngettext = (one, many, count) => (count > 1 ? many : one);
globalThis.interpolate = (text, values) => text.replace(/%\((\w+)\)s/g, (_match, name) => String(values[name]));
