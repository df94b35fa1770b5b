"""Photos as phones make them: twelve megapixels, turned by EXIF, with a place on the map.

Nothing here knows the product. Each upright picture has a red top left corner and its own colour, so
that a test can tell which photo it looks at and whether it stands upright.
"""

from pathlib import Path

from PIL import Image, ImageChops
from PIL.Image import Transpose

ORIENTATION, GPS = 0x0112, 0x8825
RED = (220, 30, 30)
COLOURS = ((40, 90, 200), (230, 190, 40), (60, 160, 80), (150, 70, 190), (240, 140, 60), (70, 190, 200))
# How the camera's sensor saw an upright picture that it marks with this orientation.
SENSOR_VIEW = {
    1: None,
    3: Transpose.ROTATE_180,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}


def make_phone_photo(path: Path, number: int, orientation: int) -> Path:
    """An upright 4000x3000 picture of 3 to 5 MB, kept as a phone held in that orientation keeps it."""
    width, height = 4000, 3000
    grain = Image.effect_noise((width // 2, height // 2), 42).resize((width, height))
    picture = Image.new("RGB", (width, height), COLOURS[number % len(COLOURS)])
    picture = ImageChops.add(picture, Image.merge("RGB", (grain, grain, grain)), offset=-128)
    picture.paste(RED, (0, 0, width // 4, height // 4))
    view = SENSOR_VIEW[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    (picture.transpose(view) if view is not None else picture).save(path, "JPEG", quality=84, exif=exif)
    return path


def make_small_photo(path: Path, number: int = 0) -> Path:
    """Quick to make, to send and to check."""
    picture = Image.new("RGB", (240, 160), COLOURS[number % len(COLOURS)])
    picture.paste(RED, (0, 0, 60, 40))
    picture.save(path, "JPEG", quality=90)
    return path


def is_upright(picture: Image.Image) -> bool:
    """Wider than high, and red in the top left corner alone."""
    width, height = picture.size
    corners = [(0, 0), (width - width // 8, 0), (0, height - height // 8)]
    colours = [mean_colour(picture, (x, y, x + width // 8, y + height // 8)) for x, y in corners]
    return width > height and [_distance(colour, RED) < 60 for colour in colours] == [True, False, False]


def mean_colour(picture: Image.Image, box: tuple[int, int, int, int]) -> object:
    """Of a part: one pixel of a grainy picture can have any colour, red too."""
    return picture.convert("RGB").crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


def number_of(picture: Image.Image) -> int:
    """Which of the photos this is, by its colour."""
    width, height = picture.size
    colour = mean_colour(picture, (width // 2, height // 2, width, height))
    return min(range(len(COLOURS)), key=lambda number: _distance(colour, COLOURS[number]))


def _distance(one: object, other: tuple[int, int, int]) -> int:
    assert isinstance(one, tuple)
    return max(abs(a - b) for a, b in zip(one, other, strict=True))
