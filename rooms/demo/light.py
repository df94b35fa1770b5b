"""Light in a room: a window is a soft lamp of several points, each face gets a small map of its light.

Only numbers and tiny images here; the faces are laid on the picture by `stage.py`.
"""

from dataclasses import dataclass, field
from math import exp

from PIL import Image

from rooms.demo.palette import Color, clamp
from rooms.demo.perspective import Vec, add, dot, minus

Level = tuple[float, float, float]


@dataclass(frozen=True)
class Lamp:
    """A point of light; with a `facing` it only lights what is in front of it, as a window does."""

    at: Vec
    color: Color
    power: float
    facing: Vec | None = None


@dataclass
class Light:
    """All the light of a scene."""

    ambient: Level = (0.5, 0.5, 0.52)
    lamps: list[Lamp] = field(default_factory=list)

    def window(self, origin: Vec, u: Vec, v: Vec, facing: Vec, color: Color, power: float) -> None:
        """Light the room by a rectangle: six points are enough to look soft."""
        for i in (0.2, 0.8):
            for j in (0.15, 0.5, 0.85):
                at = add(add(origin, u, i), v, j)
                self.lamps.append(Lamp(at, color, power / 6, facing))

    def level(self, at: Vec, normal: Vec) -> Level:
        red, green, blue = self.ambient
        for lamp in self.lamps:
            way = minus(lamp.at, at)
            square = dot(way, way) + 0.30
            force = dot(normal, way)
            if force <= 0:
                continue
            if lamp.facing is not None:
                force *= -dot(lamp.facing, way) / square**0.5
                if force <= 0:
                    continue
            force *= lamp.power / square**1.5
            red += lamp.color[0] * force / 255
            green += lamp.color[1] * force / 255
            blue += lamp.color[2] * force / 255
        return red, green, blue


def tone(level: float) -> float:
    """Light above 0.75 is compressed towards 1.08, as film does: no burnt edges."""
    return level if level < 0.75 else 0.75 + 0.33 * (1 - exp((0.75 - level) / 0.33))


def lit(color: Color, level: Level) -> Color:
    return (
        clamp(color[0] * tone(level[0])),
        clamp(color[1] * tone(level[1])),
        clamp(color[2] * tone(level[2])),
    )


def light_map(
    light: Light,
    origin: Vec,
    u: Vec,
    v: Vec,
    normal: Vec,
    color: Color,
    *,
    size: tuple[int, int],
    corner: float = 0.0,
) -> Image.Image:
    """The face under the light, `size` points of it; `corner` darkens the edges, where walls meet."""
    columns, rows = size
    lengths = dot(u, u) ** 0.5, dot(v, v) ** 0.5
    pixels: list[Color] = []
    for row in range(rows):
        t = row / (rows - 1)
        for column in range(columns):
            s = column / (columns - 1)
            level = light.level(add(add(origin, u, s), v, t), normal)
            if corner:
                dim = _dim(s, lengths[0], corner) * _dim(t, lengths[1], corner)
                level = (level[0] * dim, level[1] * dim, level[2] * dim)
            pixels.append(lit(color, level))
    image = Image.new("RGB", size)
    image.putdata(pixels)
    return image


def _dim(share: float, length: float, corner: float) -> float:
    near = min(share, 1 - share) * length
    return 1 - corner * exp(-near / 0.35)
