import assert from "node:assert/strict";
import { test } from "node:test";

import { createFormats, createTexts } from "../../../static/admin/rooms/texts.js";

const TEXTS = {
  added_one: "{count} photo ajoutée.",
  added_other: "{count} photos ajoutées.",
  refused_size: "{size}, au plus {limit}",
};

test("one and many follow the language: French says 0 photo like 1 photo", () => {
  assert.equal(createTexts(TEXTS, "fr")("added", { count: 0 }), "0 photo ajoutée.");
  assert.equal(createTexts(TEXTS, "fr")("added", { count: 2 }), "2 photos ajoutées.");
  assert.equal(createTexts(TEXTS, "en")("added", { count: 0 }), "0 photos ajoutées.");
});

test("values are put in as they are, whatever they look like", () => {
  const say = createTexts(TEXTS, "fr");
  assert.equal(say("refused_size", { size: "$& {limit}", limit: "<b>" }), "$& {limit}, au plus <b>");
  assert.equal(say("refused_size", { size: "6 Mo" }), "6 Mo, au plus {limit}");
});

test("a size over the limit never reads like the limit", () => {
  const { size } = createFormats("en");
  assert.equal(size(5242880), "5 MB");
  assert.equal(size(5242881), "5.1 MB");
});

test("numbers are written as in the language, and 100% only once all is up", () => {
  assert.match(createFormats("fr").size(5242881), /^5,1\sMo$/);
  assert.match(createFormats("fr").percent(0.437), /^43\s%$/);
  assert.equal(createFormats("en").percent(0.999), "99%");
});
