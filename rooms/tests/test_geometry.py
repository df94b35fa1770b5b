"""Sizes, orientation and resizing: what each says of itself, on small pictures."""

import pytest
from PIL import Image, ImageChops

from rooms.pixels import rendering

SOFTWARE = 0x0131
NOISE = Image.effect_noise((700, 500), 80)


def _of_mode(mode: str) -> Image.Image:
    if mode in ("1", "P", "I;16"):
        return NOISE.convert(mode)
    return Image.merge("RGBA", [NOISE, NOISE.rotate(180), NOISE, NOISE.rotate(180)]).convert(mode)


def _with_exif(orientation: object) -> Image.Image:
    exif = Image.Exif()
    if orientation is not None:
        # Pillow writes no text where a number belongs: another tag of the same length lends its place.
        tag = rendering.EXIF_ORIENTATION if isinstance(orientation, int) else SOFTWARE
        exif[tag] = orientation
    image = Image.new("L", (4, 3))
    written = exif.tobytes()
    for order in ("little", "big"):
        written = written.replace(SOFTWARE.to_bytes(2, order), rendering.EXIF_ORIENTATION.to_bytes(2, order))
    image.info["exif"] = written  # where Pillow keeps what a file has
    return image


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((4000, 3000), (100, 75)),
        ((3000, 4000), (75, 100)),
        ((100, 80), (100, 80)),
        ((60, 40), (60, 40)),
        ((4000, 1), (100, 1)),
        ((1, 4000), (1, 100)),
        ((300, 200), (100, 67)),
    ],
)
def test_longest_side_is_fitted_and_no_side_vanishes(size, fitted):
    assert rendering.fit(size, 100) == fitted


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_read(orientation):
    assert rendering.read_orientation(_with_exif(orientation)) == orientation


@pytest.mark.parametrize("value", [0, 9, 255, "6", None])
def test_impossible_orientation_is_upright(value):
    assert rendering.read_orientation(_with_exif(value)) == rendering.UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_size_is_that_of_the_upright_picture(orientation):
    image = Image.new("L", (4, 3))
    assert rendering.apply_orientation(image, orientation).size == rendering.upright_size(
        image.size, orientation
    )


def test_picture_of_a_camera_held_sideways_is_turned_clockwise():
    image = Image.new("L", (2, 1))
    image.putpixel((0, 0), 255)
    assert rendering.apply_orientation(image, 6).getpixel((0, 0)) == 255
    assert rendering.apply_orientation(image, 8).getpixel((0, 1)) == 255


@pytest.mark.parametrize(("mode", "kept"), [("RGB", "RGB"), ("L", "L"), ("CMYK", "CMYK"), ("LA", "RGB")])
def test_picture_on_white_has_a_mode_without_transparency(mode, kept):
    small = rendering.resized_on_white(_of_mode(mode), (70, 50))
    assert (small.mode, small.size) == (kept, (70, 50))


def test_transparent_becomes_white_whether_resized_or_not():
    for size in ((700, 500), (70, 50)):
        image = Image.new("RGBA", (700, 500), (0, 0, 0, 0))
        assert rendering.resized_on_white(image, size).getcolors() == [(size[0] * size[1], (255, 255, 255))]


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "RGBA", "LA", "P", "1", "I;16", "RGBX"])
@pytest.mark.parametrize("size", [(300, 214), (299, 499), (40, 3)])
def test_bands_make_the_same_picture_as_the_whole(mode, size, monkeypatch):
    monkeypatch.setattr(rendering, "BAND_ROWS", 64)
    in_bands = rendering.resized_on_white(_of_mode(mode), size)
    at_once = rendering.flatten(_of_mode(mode)).resize(size, rendering.FILTER)
    difference = ImageChops.difference(in_bands, at_once)
    # Pillow may do the one direction first or the other, which rounds differently.
    assert all(most <= 1 for _least, most in _extrema(difference))


def _extrema(image: Image.Image) -> list[tuple[int, int]]:
    return [band.getextrema() for band in image.split()]


@pytest.mark.parametrize("size", [(350, 250), (300, 214), (700, 500)])
def test_shrunk_has_the_size_asked_for(size):
    assert rendering.downscale(_of_mode("RGB"), size).size == size


def test_what_has_its_size_already_is_not_copied():
    image = _of_mode("RGB")
    assert rendering.downscale(image, image.size) is image
    assert rendering.resized_on_white(image, image.size) is image
