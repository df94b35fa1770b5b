import assert from "node:assert/strict";
import { test } from "node:test";

import "./catalogue.js";
import { createFormats, refusal, say, saysNothing } from "../../../static/admin/rooms/words.js";

test("values are put in as they are, whatever they look like", () => {
  assert.equal(say("%(size)s, at most %(limit)s", { size: "$& %(limit)s", limit: "<b>" }), "$& %(limit)s, at most <b>");
});

test("every reason to refuse a file has its words, with the sizes in them", () => {
  const values = { size: "6 MB", limit: "5 MB" };
  for (const reason of ["type", "folder", "heic", "empty", "unreadable", "size", "proxy", "canvas", "pixels"]) {
    assert.match(refusal(reason, values), /^[^%]{20,}$/);
  }
  assert.match(refusal("size", values), /6 MB.*5 MB/);
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

const NOTHING = [
  "IMG_2041", "img 2041", "IMG-20240611-WA0003", "DSC01234", "DSC_0042", "DSCN1234", "DSCF0001", "PXL_20230405_123456789",
  "20230405_123456", "P1010101", "1", "42", "…", "Photo 3", "photo", "Image 12", "image1", "WhatsApp Image 2024-06-11",
  "Screenshot 2024-01-02", "chambre bleue.jpg", "IMG_2041 (1)", "IMG_2041 copy", "GOPR0042", "DJI_0007", "_MG_1234",
];
const SOMETHING = [
  "", "Le lit", "La vue du balcon", "Chambre 12", "Photo du lit", "Image de la piscine", "Bain", "Bathroom with shower",
  "180 x 200 cm bed", "Лобби отеля", "客室の眺め、山側", "客室", "Piscine chauffée à 28 °C", "Capture de la mer",
];

test("file names and numbers say nothing", () => {
  assert.deepEqual(NOTHING.filter((caption) => !saysNothing(caption)), []);
});

test("words say something, whatever the language", () => {
  assert.deepEqual(SOMETHING.filter(saysNothing), []);
});
