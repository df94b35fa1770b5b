import assert from "node:assert/strict";
import { test } from "node:test";

import { saysNothing } from "../../../static/admin/rooms/caption_words.js";

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
