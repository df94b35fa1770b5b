import assert from "node:assert/strict";
import { test } from "node:test";

import { srcsetOf } from "../../../static/admin/rooms/versions.js";

test("each version has its own width", () => {
  const image = { thumbnail_url: "/media/photos/ab/abc_320.webp", width: 1500, height: 2000 };
  assert.equal(
    srcsetOf(image),
    "/media/photos/ab/abc_320.webp 240w, /media/photos/ab/abc_640.webp 480w, /media/photos/ab/abc_1280.webp 960w",
  );
});

test("no version is larger than the photo", () => {
  assert.equal(srcsetOf({ thumbnail_url: "/a_320.webp", width: 640, height: 480 }), "/a_320.webp 320w, /a_640.webp 640w");
});

test("older systems' photos ask for a side", () => {
  assert.equal(srcsetOf({ thumbnail_url: "/a.jpg?side=320", width: 400, height: 300 }), "/a.jpg?side=320 320w");
});

test("a signed address, or an unknown size, tells nothing", () => {
  assert.equal(srcsetOf({ thumbnail_url: "/a_320.webp?Signature=320", width: 640, height: 480 }), "");
  assert.equal(srcsetOf({ thumbnail_url: "/a_320.webp", width: null, height: null }), "");
});
