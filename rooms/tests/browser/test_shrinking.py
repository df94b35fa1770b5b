"""Photos made smaller in the browser: what arrives, what travels untouched, what is explained instead."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from playwright.sync_api import expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.photos import COLOURS, ORIENTATION, RED, SENSOR_VIEW, is_upright, number_of
from rooms.tests.icc import DISPLAY_P3, rgb_profile

REFUSED_CANVAS = (
    "The photo is too large as it is, and your browser’s protection against fingerprinting keeps "
    "this page from making it smaller. Allow this site to read the canvas, use another browser, or "
    "make the photo smaller yourself."
)
REFUSED_HEIC = (
    "HEIC photos cannot be shown by every guest's browser. On the iPhone choose Settings, Camera, "
    "Formats, “Most Compatible”, or send the photo as a JPEG."
)

MAX_BYTES = 5_242_880
# Notes each file that is put into a request.
SPY = """
() => {
  window.sent = [];
  const append = FormData.prototype.append;
  FormData.prototype.append = function (name, value, ...more) {
    if (value instanceof Blob) window.sent.push([value.size, value.type, more[0]]);
    return append.call(this, name, value, ...more);
  };
}
"""
# Notes what the first card says, one thing after the other.
LISTEN = """
() => {
  window.said = [];
  const look = () => {
    const text = document.querySelector("[data-photo] [data-state-text]")?.textContent;
    if (text && text !== window.said.at(-1)) window.said.push(text);
  };
  const observed = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document.querySelector("[data-gallery]"), observed);
}
"""
GRAIN = 60


@pytest.fixture(scope="module")
def grain() -> Image.Image:
    """What no encoder can make small; a tile of it is quick to lay on a large picture."""
    return Image.effect_noise((1024, 1024), GRAIN)


@pytest.fixture
def spied_page(room_page: GalleryPage) -> GalleryPage:
    room_page.page.evaluate(SPY)
    return room_page


def sent(gallery: GalleryPage) -> list[list[Any]]:
    """Bytes, type and name of each file that was sent."""
    return gallery.page.evaluate("window.sent")


def large_picture(grain: Image.Image, size: tuple[int, int], number: int = 0) -> Image.Image:
    """Upright, grainy but for its red corner, in the colour of its number."""
    tile = Image.merge("RGB", [grain.point(lambda value, c=c: value + c - 128) for c in COLOURS[number]])
    picture = Image.new("RGB", size)
    for x in range(0, size[0], grain.width):
        for y in range(0, size[1], grain.height):
            picture.paste(tile, (x, y))
    picture.paste(RED, (0, 0, size[0] // 4, size[1] // 4))
    return picture


def test_48_megapixels_of_12_mb_arrive_upright_and_within_the_limit(
    spied_page: GalleryPage, room: Room, grain: Image.Image, tmp_path: Path
) -> None:
    view, exif = SENSOR_VIEW[6], Image.Exif()
    assert view is not None
    exif[ORIENTATION] = 6
    path = tmp_path / "IMG_2048.jpg"
    large_picture(grain, (8000, 6000), 3).transpose(view).save(path, quality=50, exif=exif)
    assert path.stat().st_size > 12_000_000
    spied_page.page.evaluate(LISTEN)

    spied_page.choose(path)

    spied_page.wait_ready(1)
    expect(spied_page.errors).to_have_count(0)
    expect(spied_page.card(0).locator("[data-note]")).to_have_text(spied_page.text("Resized"))
    expect(spied_page.status).to_contain_text(
        spied_page.text("%(count)s was made smaller before sending.") % {"count": 1}
    )
    assert spied_page.text("Making it smaller…") in spied_page.page.evaluate("window.said")
    [[size_bytes, content_type, name]] = sent(spied_page)
    assert size_bytes <= MAX_BYTES
    assert (content_type, name) == ("image/jpeg", "IMG_2048.jpg")
    with Image.open(room.images.get().image.path) as master:
        assert master.size == (2880, 2160)
        assert is_upright(master)
        assert number_of(master) == 3


def test_what_the_browser_made_is_kept_as_it_is(
    spied_page: GalleryPage, room: Room, phone_photos: list[Path]
) -> None:
    """The server neither resizes nor encodes it again: one loss, not two."""
    spied_page.choose(phone_photos[1])
    spied_page.wait_ready(1)
    [[size_bytes, _type, _name]] = sent(spied_page)
    assert size_bytes < phone_photos[1].stat().st_size
    assert size_bytes - 2000 < Path(room.images.get().image.path).stat().st_size <= size_bytes


def test_a_photo_small_enough_travels_untouched(
    spied_page: GalleryPage, small_photos: list[Path], tmp_path: Path, grain: Image.Image
) -> None:
    rich = tmp_path / "rich.jpg"
    large_picture(grain, (2880, 2160)).save(rich, quality=82)
    assert 3_000_000 < rich.stat().st_size < MAX_BYTES
    chosen = [small_photos[0], rich]

    spied_page.choose(*chosen)

    spied_page.wait_ready(2)
    assert sorted(sent(spied_page)) == sorted(
        [path.stat().st_size, "image/jpeg", path.name] for path in chosen
    )
    assert spied_page.page.locator("[data-note]:not(:empty)").count() == 0


def test_colours_of_an_iphone_stay_what_they_are(
    spied_page: GalleryPage, room: Room, grain: Image.Image, tmp_path: Path
) -> None:
    profile = rgb_profile(DISPLAY_P3, 2.2)
    path = tmp_path / "p3.jpg"
    picture = large_picture(grain, (4000, 3000))
    picture.paste((40, 220, 60), (2000, 1500, 4000, 3000))
    picture.save(path, quality=60, icc_profile=profile)
    source, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    green = Image.new("RGB", (1, 1), (40, 220, 60))
    wanted = ImageCms.profileToProfile(green, source, srgb).getpixel((0, 0))

    spied_page.choose(path)

    spied_page.wait_ready(1)
    expect(spied_page.card(0).locator("[data-note]")).not_to_be_empty()
    with Image.open(room.images.get().image.path) as master:
        assert "icc_profile" not in master.info
        assert distance(master.getpixel((2400, 1800)), wanted) <= 6
        assert distance((40, 220, 60), wanted) > 12


def test_what_is_transparent_becomes_white(
    spied_page: GalleryPage, room: Room, grain: Image.Image, tmp_path: Path
) -> None:
    path = tmp_path / "logo.png"
    picture = large_picture(grain, (2800, 1800)).convert("RGBA")
    picture.paste((0, 0, 0, 0), (1400, 900, 2800, 1800))
    picture.save(path, compress_level=1)
    assert path.stat().st_size > MAX_BYTES

    spied_page.choose(path)

    spied_page.wait_ready(1)
    assert sent(spied_page)[0][1:] == ["image/jpeg", "logo.jpg"]
    with Image.open(room.images.get().image.path) as master:
        assert master.size == (2800, 1800)
        assert distance(master.getpixel((2100, 1350)), (255, 255, 255)) <= 2


def test_what_cannot_be_helped_is_explained_and_leaves_no_card(
    spied_page: GalleryPage, room: Room, small_photos: list[Path], tmp_path: Path
) -> None:
    """An animation, a HEIC photo and a broken one, all too much for this browser or for the limit."""
    frames = [Image.effect_noise((1200, 1200), GRAIN) for _number in range(4)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(2000))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff" + bytes(MAX_BYTES))
    assert (tmp_path / "moving.gif").stat().st_size > MAX_BYTES
    bad = ["moving.gif", "IMG_1.HEIC", "broken.jpg"]

    spied_page.choose(*(tmp_path / name for name in bad), small_photos[0])

    spied_page.wait_ready(1)
    expect(spied_page.errors).to_have_count(3)
    expect(spied_page.cards).to_have_count(1)
    lines = "\n".join(spied_page.error_lines())
    assert all(name in lines for name in bad)
    assert spied_page.text(REFUSED_HEIC) in lines
    assert [name for _size, _type, name in sent(spied_page)] == [small_photos[0].name]
    spied_page.wait_until_saved()
    assert room.images.count() == 1


@pytest.fixture(scope="module")
def too_large(tmp_path_factory: pytest.TempPathFactory, grain: Image.Image) -> Path:
    """Over the limit in bytes, but not in pixels; its sensor was held upright."""
    view, exif = SENSOR_VIEW[6], Image.Exif()
    assert view is not None
    exif[ORIENTATION] = 6
    path = tmp_path_factory.mktemp("large") / "too-large.jpg"
    large_picture(grain, (4000, 3000), 2).transpose(view).save(path, quality=75, exif=exif)
    assert path.stat().st_size > MAX_BYTES
    return path


# What protection against fingerprinting does: stripes come out, and nobody is told.
STRIPES = """
  const toBlob = HTML_OR_OFFSCREEN;
  toBlob.owner.prototype[toBlob.name] = function (...options) {
    const context = this.getContext("2d");
    context.fillStyle = "#000";
    for (let x = 0; x < this.width; x += 8) context.fillRect(x, 0, 4, this.height);
    return toBlob.method.apply(this, options);
  };
"""


def stripes(owner: str, name: str) -> str:
    found = f"{{ owner: {owner}, name: '{name}', method: {owner}.prototype.{name} }}"
    return f"{{{STRIPES.replace('HTML_OR_OFFSCREEN', found)}}}"


@pytest.mark.parametrize("where", ["worker", "page"])
def test_a_canvas_that_lies_is_found_out(
    room_page: GalleryPage, room: Room, phone_photos: list[Path], too_large: Path, where: str
) -> None:
    """What is within the limits goes up as it is, what is not is explained; nothing striped is kept."""
    page = room_page.page
    if where == "worker":
        lie = stripes("OffscreenCanvas", "convertToBlob")
        page.route(
            "**/shrink_worker*.js",
            lambda route: route.fulfill(response=(real := route.fetch()), body=real.text() + lie),
        )
        page.reload()
    else:
        page.evaluate("() => { delete window.OffscreenCanvas; }")
        page.evaluate(f"() => {stripes('HTMLCanvasElement', 'toBlob')}")
    page.evaluate(SPY)

    room_page.choose(phone_photos[3], too_large, phone_photos[0])

    room_page.wait_ready(2)
    sizes = sorted(photo.stat().st_size for photo in (phone_photos[0], phone_photos[3]))
    assert sorted(size for size, _type, _name in sent(room_page)) == sizes
    [line] = room_page.error_lines()
    assert "too-large.jpg" in line
    assert room_page.text(REFUSED_CANVAS) in line
    for photo in room.images.all():
        with Image.open(photo.image.path) as master:
            assert is_upright(master)


@pytest.mark.parametrize("missing", ["OffscreenCanvas", "Worker"])
def test_a_browser_without_a_canvas_for_workers_shrinks_in_the_page(
    room_page: GalleryPage, room: Room, too_large: Path, missing: str
) -> None:
    lack = "delete window.OffscreenCanvas"
    if missing == "Worker":  # static files on another host
        lack = "window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } }"
        room_page.page.add_init_script(lack)
        room_page.page.reload()
    else:
        room_page.page.evaluate(f"() => {{ {lack}; }}")
    room_page.page.evaluate(SPY)

    room_page.choose(too_large)

    room_page.wait_ready(1)
    expect(room_page.card(0).locator("[data-note]")).to_have_text(room_page.text("Resized"))
    [[size_bytes, content_type, name]] = sent(room_page)
    assert size_bytes <= MAX_BYTES
    assert (content_type, name) == ("image/jpeg", "too-large.jpg")
    with Image.open(room.images.get().image.path) as master:
        assert master.size == (2880, 2160)
        assert is_upright(master)
        assert number_of(master) == 2


def test_a_browser_that_cannot_shrink_sends_what_is_within_the_limit(
    room_page: GalleryPage, phone_photos: list[Path], too_large: Path
) -> None:
    room_page.page.evaluate(SPY)
    room_page.page.evaluate(
        "() => { delete window.OffscreenCanvas; HTMLCanvasElement.prototype.getContext = () => null; }"
    )

    room_page.choose(phone_photos[0], too_large)

    room_page.wait_ready(1)
    assert [size for size, _type, _name in sent(room_page)] == [phone_photos[0].stat().st_size]
    expect(room_page.errors).to_have_count(1)
    assert "too-large.jpg" in room_page.error_lines()[0]
    assert RoomImage.objects.count() == 1


@pytest.mark.parametrize("missing", [None, "OffscreenCanvas"])
def test_a_turned_webp_comes_out_upright_small_or_large(
    spied_page: GalleryPage, room: Room, grain: Image.Image, tmp_path: Path, missing: str | None
) -> None:
    """Browsers do not heed what a WebP says of its turning; the server does, also of what they made of it."""
    view, exif = SENSOR_VIEW[6], Image.Exif()
    assert view is not None
    exif[ORIENTATION] = 6
    exif[0x010E] = "a description that makes the segment's length odd"
    for name, side in (("small.webp", 640), ("large.webp", 3600)):
        picture = large_picture(grain, (side, side * 3 // 4), 4).transpose(view)
        picture.save(tmp_path / name, quality=100, method=0, exif=exif)
    assert (tmp_path / "large.webp").stat().st_size > MAX_BYTES
    spied_page.page.evaluate(f"() => {{ delete window.{missing}; }}")

    spied_page.choose(tmp_path / "small.webp", tmp_path / "large.webp")

    spied_page.wait_ready(2)
    assert [content_type for _size, content_type, _name in sent(spied_page)] == ["image/webp", "image/jpeg"]
    sizes = []
    for photo in room.images.all():
        with Image.open(photo.image.path) as master:
            sizes.append(master.size)
            assert is_upright(master)
            assert number_of(master) == 4
    assert sizes == [(640, 480), (2880, 2160)]


def test_a_photo_is_made_smaller_once_however_often_it_is_sent(
    spied_page: GalleryPage, phone_photos: list[Path]
) -> None:
    spied_page.page.evaluate(
        """() => {
          window.asked = 0;
          const post = Worker.prototype.postMessage;
          Worker.prototype.postMessage = function (...data) {
            window.asked += 1;
            return post.apply(this, data);
          };
        }"""
    )
    spied_page.page.route("**/upload-image/", lambda route: route.abort("connectionreset"), times=1)
    spied_page.choose(phone_photos[0])
    spied_page.wait_ready(1)
    assert spied_page.page.evaluate("window.asked") == 1
    assert len({tuple(file) for file in sent(spied_page)}) == 1
    assert len(sent(spied_page)) == 2


def distance(one: Any, other: Any) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
