"""Materials, as small flat pictures to be laid in perspective: boards, tiles, weave, folds, rugs, stone.

They multiply the colour of the face that wears them, so they are drawn around white.
"""

from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from rooms.demo.palette import Color, mix, shade


@cache
def noise(size: tuple[int, int], seed: int, blur: float = 0.0) -> Image.Image:
    """Grey noise around 128, the same for the same seed."""
    raw = Image.frombytes("L", size, Random(seed).randbytes(size[0] * size[1]))
    return raw.filter(ImageFilter.GaussianBlur(blur)) if blur else raw


def grey(level: float) -> Color:
    value = min(255, int(level))
    return value, value, value


def boards(
    rng: Random, rows: int = 9, size: tuple[int, int] = (640, 640), contrast: float = 26
) -> Image.Image:
    """Floor boards running from front to back, with their grain."""
    image = Image.new("RGB", size)
    pen = ImageDraw.Draw(image)
    width = size[0] / rows
    for row in range(rows):
        y = -rng.random() * size[1] * 0.4
        while y < size[1]:
            end = y + size[1] * rng.uniform(0.28, 0.5)
            tone = 246 - rng.random() * contrast
            box = (row * width, y, row * width + width - 1, end - 1)
            pen.rectangle(
                box, fill=(int(tone), int(tone * 0.985), int(tone * 0.96)), outline=grey(tone * 0.80)
            )
            y = end
    return _grain(image, rng, (size[0] // 2, 10))


def _grain(image: Image.Image, rng: Random, coarse: tuple[int, int]) -> Image.Image:
    """Streaks along the wood: noise stretched one way."""
    streaks = noise(coarse, rng.randrange(4)).resize(image.size, Image.Resampling.BICUBIC)
    soft = streaks.point([232 + v * 23 // 255 for v in range(256)])
    return ImageChops.multiply(image, Image.merge("RGB", (soft, soft, soft)))


def plank_wall(rng: Random, rows: int = 8, size: tuple[int, int] = (480, 320)) -> Image.Image:
    """Horizontal cladding."""
    return boards(rng, rows, (size[1], size[0]), 22).transpose(Image.Transpose.ROTATE_90)


def herringbone(rng: Random, size: int = 640, step: int = 40) -> Image.Image:
    """A herringbone parquet: blocks three times as long as wide, set at right angles."""
    image = Image.new("RGB", (size, size), grey(214))
    pen = ImageDraw.Draw(image)
    for row in range(-4, size // step + 4):
        for column in range(-4, size // step // 2 + 4):
            x, y = column * 2 * step, row * step
            left, right = 245 - rng.random() * 26, 232 - rng.random() * 26
            pen.polygon(_slab(x, y, step, 1), fill=grey(left), outline=grey(188))
            pen.polygon(_slab(x + step, y, step, -1), fill=grey(right), outline=grey(188))
    return image


def _slab(x: int, y: int, step: int, lean: int) -> list[tuple[int, int]]:
    near, far = (y, y + step) if lean > 0 else (y + step, y)
    return [(x, near), (x + step, far), (x + step, far + step), (x, near + step)]


def tiles(
    rng: Random,
    columns: int,
    rows: int,
    size: tuple[int, int] = (480, 480),
    *,
    joint: float = 0.86,
    vary: float = 14,
    shift: bool = False,
) -> Image.Image:
    """Tiles with their joints; `shift` sets every other row half a tile aside, as bricks."""
    image = Image.new("RGB", size, grey(255 * joint))
    pen = ImageDraw.Draw(image)
    w, h = size[0] / columns, size[1] / rows
    gap = max(1.0, min(w, h) * 0.035)
    for row in range(rows):
        for column in range(-1, columns):
            x = (column + (0.5 if shift and row % 2 else 0)) * w
            tone = 252 - rng.random() * vary
            pen.rectangle((x + gap, row * h + gap, x + w - gap, row * h + h - gap), fill=grey(tone))
            pen.line((x + gap, row * h + gap, x + w - gap, row * h + gap), fill=grey(tone + 8))
    return image


def checker(one: Color, other: Color, count: int = 10, size: int = 480) -> Image.Image:
    image = Image.new("RGB", (size, size), one)
    pen = ImageDraw.Draw(image)
    step = size / count
    for row in range(count):
        for column in range(row % 2, count, 2):
            pen.rectangle((column * step, row * step, (column + 1) * step, (row + 1) * step), fill=other)
    return image


def stone(rng: Random, rows: int = 13, size: tuple[int, int] = (800, 480)) -> Image.Image:
    """Rubble masonry: courses of uneven stones in pale mortar."""
    image = Image.new("RGB", size, (226, 215, 196))
    pen = ImageDraw.Draw(image)
    h = size[1] / rows
    for row in range(rows):
        x = -rng.random() * h
        while x < size[0]:
            w = h * rng.uniform(0.8, 2.4)
            tone = 250 - rng.random() * 40
            color = mix((int(tone), int(tone * 0.97), int(tone * 0.90)), (214, 196, 168), rng.random() * 0.5)
            box = (x + 2, row * h + 2 + rng.random() * 2, x + w - 2, (row + 1) * h - 2)
            pen.rounded_rectangle(box, h * 0.28, fill=color)
            pen.line((box[0] + h * 0.3, box[3], box[2] - h * 0.2, box[3]), fill=shade(color, 0.84), width=2)
            x += w
    return weave(image, 30)


def weave(image: Image.Image, depth: int = 34) -> Image.Image:
    """The grain of a cloth over a picture."""
    grain = noise((image.width // 2, image.height // 2), 7).resize(image.size, Image.Resampling.BILINEAR)
    soft = grain.point([255 - depth + v * depth // 255 for v in range(256)])
    return ImageChops.multiply(image, Image.merge("RGB", (soft, soft, soft)))
