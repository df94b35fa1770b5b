"""The canvas: antialiased fills, gradients, soft shadows, volumes and projected textures, in pixels.

It knows nothing of rooms or of three dimensions: `stage.py` projects, the scenes compose.
"""

from collections.abc import Sequence
from math import ceil, floor

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from rooms.demo.mask import Box, Paint, bounds_of, mask_of, paint_of
from rooms.demo.palette import Color
from rooms.demo.perspective import texture_coefficients
from rooms.demo.shapes import Outline

# Blurs are computed this many times smaller: the eye does not see the difference, the clock does.
COARSE = 4


class Canvas:
    """An RGB picture and the few ways of painting on it."""

    def __init__(self, size: tuple[int, int], ground: Color = (255, 255, 255)) -> None:
        self.image = Image.new("RGB", size, ground)
        self.width, self.height = size
        # One unit is one pixel of a 1800 x 1200 picture, whatever the size drawn.
        self.unit = (self.width * self.height) ** 0.5 / 1470

    def fill(
        self,
        *outlines: Outline,
        paint: Paint,
        across: bool = False,
        opacity: float = 1.0,
        holes: Sequence[Outline] = (),
    ) -> None:
        """Paint the union of the outlines: one colour, or a gradient from top to bottom (or across)."""
        bounds = bounds_of(outlines)
        box = self._clip(bounds)
        if box is None:
            return
        mask = mask_of(outlines, box, holes)
        if opacity < 1:
            mask = mask.point([int(v * opacity) for v in range(256)])
        self.image.paste(paint_of(paint, bounds, box, across), box, mask)

    def shadow(
        self,
        *outlines: Outline,
        blur: float,
        color: Color = (28, 22, 30),
        opacity: float = 0.4,
        within: Sequence[Outline] = (),
    ) -> None:
        """A blurred stain: a shadow, or a glow when the colour is light."""
        radius = max(blur * self.unit, 0.5)
        left, top, right, bottom = bounds_of(outlines)
        spread = 2.5 * radius
        box = self._clip((left - spread, top - spread, right + spread, bottom + spread))
        if box is None:
            return
        mask = self._blurred(outlines, box, radius).point([int(v * opacity) for v in range(256)])
        if within:
            mask = ImageChops.multiply(mask, mask_of(within, box))
        self.image.paste(color, box, mask)

    def brighten(self, *outlines: Outline, blur: float, gain: Color, within: Sequence[Outline] = ()) -> None:
        """Light what is already painted, as the sun does: `gain` is in sixty-fourths per channel."""
        radius = max(blur * self.unit, 0.5)
        left, top, right, bottom = bounds_of(outlines)
        box = self._clip((left - 3 * radius, top - 3 * radius, right + 3 * radius, bottom + 3 * radius))
        if box is None:
            return
        mask = self._blurred(outlines, box, radius)
        if within:
            mask = ImageChops.multiply(mask, mask_of(within, box))
        table = [min(255, v * channel // 64 + 8) for channel in gain for v in range(256)]
        self.image.paste(self.image.crop(box).point(table), box, mask)

    def volume(
        self,
        outline: Outline,
        paint: Paint,
        dark: Color,
        light: Color,
        depth: float,
        toward: tuple[float, float] = (-0.5, -0.7),
        strength: float = 0.7,
    ) -> None:
        """Paint a padded shape: its rim darkens away from the light and brightens towards it."""
        bounds = bounds_of((outline,))
        box = self._clip(bounds)
        if box is None:
            return
        mask = mask_of((outline,), box)
        self.image.paste(paint_of(paint, bounds, box, False), box, mask)
        radius = max(depth * self.unit, 0.6)
        for color, sign, force in ((dark, 1.0, strength), (light, -1.0, strength * 0.6)):
            offset = (toward[0] * radius * sign, toward[1] * radius * sign)
            moved = [(x + offset[0], y + offset[1]) for x, y in outline]
            rim = ImageChops.invert(self._blurred((moved,), box, radius))
            rim = rim.point([min(255, int(v * force * 1.3)) for v in range(256)])
            self.image.paste(color, box, ImageChops.multiply(rim, mask))

    def texture(self, corners: Outline, texture: Image.Image, opacity: float = 1.0) -> None:
        """Lay the texture in perspective on a quadrilateral, given clockwise from its top left."""
        box = self._clip(bounds_of((corners,)))
        if box is None:
            return
        size = (box[2] - box[0], box[3] - box[1])
        # A map of light stretched over a wall is smooth: half the resolution is enough, four times faster.
        coarse = 2 if min(size[0] / texture.width, size[1] / texture.height) > 5 else 1
        small = (-(-size[0] // coarse), -(-size[1] // coarse))
        moved = [((x - box[0]) * small[0] / size[0], (y - box[1]) * small[1] / size[1]) for x, y in corners]
        edge = texture.getpixel((texture.width // 2, texture.height - 1))
        laid = texture.transform(
            small,
            Image.Transform.PERSPECTIVE,
            texture_coefficients(moved, texture.size),
            Image.Resampling.BILINEAR,
            fillcolor=edge,
        )
        if coarse > 1:
            laid = laid.resize(size, Image.Resampling.BILINEAR)
        mask = mask_of((corners,), box)
        if laid.mode == "RGBA":
            mask = ImageChops.multiply(mask, laid.getchannel("A"))
        if opacity < 1:
            mask = mask.point([int(v * opacity) for v in range(256)])
        self.image.paste(laid.convert("RGB"), box, mask)

    def _blurred(self, outlines: Sequence[Outline], box: Box, radius: float) -> Image.Image:
        # A small blur needs the full resolution, a large one does not.
        coarse = COARSE if radius > 6 else 1
        size = (max(1, (box[2] - box[0]) // coarse), max(1, (box[3] - box[1]) // coarse))
        sx, sy = size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1])
        mask = Image.new("L", size)
        pen = ImageDraw.Draw(mask)
        for outline in outlines:
            if len(outline) > 2:
                pen.polygon([((x - box[0]) * sx, (y - box[1]) * sy) for x, y in outline], fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(radius * sx))
        return mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR)

    def _clip(self, bounds: tuple[float, float, float, float]) -> Box | None:
        left, top = max(0, floor(bounds[0])), max(0, floor(bounds[1]))
        right, bottom = min(self.width, ceil(bounds[2])), min(self.height, ceil(bounds[3]))
        return (left, top, right, bottom) if left < right and top < bottom else None
