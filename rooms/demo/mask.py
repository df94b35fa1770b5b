"""What a canvas paints through and with: antialiased masks, gradients. Images in, images out."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from rooms.demo.palette import Color
from rooms.demo.shapes import Outline

Box = tuple[int, int, int, int]


Paint = Color | tuple[Color, ...]


def ramp(colors: Sequence[Color], across: bool = False) -> Image.Image:
    """A strip of one pixel per colour, to be stretched into a gradient."""
    size = (len(colors), 1) if across else (1, len(colors))
    strip = Image.new("RGB", size)
    strip.putdata(list(colors))
    return strip


def bounds_of(outlines: Sequence[Outline]) -> tuple[float, float, float, float]:
    xs = [x for outline in outlines for x, _ in outline]
    ys = [y for outline in outlines for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def mask_of(outlines: Sequence[Outline], box: Box, holes: Sequence[Outline] = ()) -> Image.Image:
    """The coverage of the outlines inside the box, drawn larger and reduced: that is the antialiasing."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = 2 if width * height > 300_000 else 4
    mask = Image.new("L", (width * scale, height * scale))
    pen = ImageDraw.Draw(mask)
    for outlines_, ink in ((outlines, 255), (holes, 0)):
        for outline in outlines_:
            if len(outline) > 2:
                pen.polygon([((x - box[0]) * scale, (y - box[1]) * scale) for x, y in outline], fill=ink)
    return mask.reduce(scale)


def paint_of(
    paint: Paint, bounds: tuple[float, float, float, float], box: Box, across: bool
) -> Color | Image.Image:
    if isinstance(paint[0], int):
        return paint  # type: ignore[return-value]
    strip = ramp(paint, across)  # type: ignore[arg-type]
    # Only the visible part of the gradient is stretched: the shape may be mostly out of the picture.
    start, end = (bounds[0], bounds[2]) if across else (bounds[1], bounds[3])
    first, last = (box[0], box[2]) if across else (box[1], box[3])
    steps = len(paint) - 1
    span = max(end - start, 1e-6)
    a = 0.5 + steps * min(max((first - start) / span, 0.0), 0.999)
    b = 0.5 + steps * min(max((last - start) / span, 0.0), 1.0)
    b = max(b, a + 1e-4)
    window = (a, 0, b, 1) if across else (0, a, 1, b)
    return strip.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR, box=window)
