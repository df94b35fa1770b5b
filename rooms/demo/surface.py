"""Flat things in metres, lit and painted on a canvas: faces, boxes, circles, the shadows on the floor.

Padded and turned solids are in `stage.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops

from rooms.demo.canvas import Canvas
from rooms.demo.light import Light, light_map, lit
from rooms.demo.palette import Color, Hour, Palette
from rooms.demo.perspective import Camera, Vec, add, cross, dot, minus
from rooms.demo.shapes import Outline

UP: Vec = (0.0, 1.0, 0.0)


@dataclass
class Surface:
    """What a scene needs at hand: where to paint, from where it is seen, how it is lit."""

    canvas: Canvas
    camera: Camera
    palette: Palette
    hour: Hour
    rng: Random
    light: Light = field(default_factory=Light)

    def outline(self, *points: Vec) -> Outline:
        return self.camera.outline(points)

    def color_at(self, color: Color, at: Vec, normal: Vec) -> Color:
        return lit(color, self.light.level(at, normal))

    def face(
        self,
        origin: Vec,
        u: Vec,
        v: Vec,
        color: Color,
        *,
        texture: Image.Image | None = None,
        detail: tuple[int, int] = (4, 4),
        corner: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """A parallelogram under the light; `origin` is its top left, a texture tints it."""
        normal = self._toward_eye(origin, u, v)
        lights = light_map(self.light, origin, u, v, normal, color, size=detail, corner=corner)
        size = texture.size if texture else (detail[0] * 8, detail[1] * 8)
        inner = (0.5, 0.5, detail[0] - 0.5, detail[1] - 0.5)
        lights = lights.resize(size, Image.Resampling.BICUBIC, box=inner)
        if texture:
            plain = texture.convert("RGB")
            product = ImageChops.multiply(plain, lights)
            if texture.mode == "RGBA":
                product.putalpha(texture.getchannel("A"))
            lights = product
        corners = self.outline(origin, add(origin, u), add(add(origin, u), v), add(origin, v))
        self.canvas.texture(corners, lights, opacity)

    def _toward_eye(self, origin: Vec, u: Vec, v: Vec) -> Vec:
        normal = cross(u, v)
        length = dot(normal, normal) ** 0.5 or 1.0
        if dot(normal, minus(self.camera.eye, origin)) < 0:
            length = -length
        return normal[0] / length, normal[1] / length, normal[2] / length

    def box(
        self,
        low: Vec,
        high: Vec,
        color: Color,
        *,
        texture: Image.Image | None = None,
        front: Color | None = None,
    ) -> None:
        """An upright box: only the faces seen from the eye are painted."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        eye = self.camera.eye
        across, up, deep = (x1 - x0, 0.0, 0.0), (0.0, y0 - y1, 0.0), (0.0, 0.0, z1 - z0)
        if eye[0] < x0:
            self.face((x0, y1, z1), (0.0, 0.0, z0 - z1), up, color, texture=texture)
        if eye[0] > x1:
            self.face((x1, y1, z0), deep, up, color, texture=texture)
        if eye[1] > y1:
            self.face((x0, y1, z1), across, (0.0, 0.0, z0 - z1), color, texture=texture)
        if eye[1] < y0:
            self.face((x0, y0, z0), across, deep, color)
        if eye[2] < z0:
            self.face((x0, y1, z0), across, up, front or color, texture=texture)

    def circle(self, centre: Vec, radius: float, count: int = 40) -> Outline:
        """A horizontal circle, as it is seen."""
        turn = 2 * pi / count
        x, y, z = centre
        return self.outline(
            *((x + radius * cos(i * turn), y, z + radius * sin(i * turn)) for i in range(count))
        )

    def contact(
        self, *points: Vec, blur: float = 14, opacity: float = 0.42, within: Sequence[Outline] = ()
    ) -> None:
        """The shadow a solid leaves on what carries it."""
        self.canvas.shadow(self.outline(*points), blur=blur, opacity=opacity, within=within)

    def footprint(
        self, low: Vec, high: Vec, *, grow: float = 0.06, blur: float = 16, opacity: float = 0.45
    ) -> None:
        """The shadow on the floor of a box standing on it."""
        y = low[1]
        x0, x1, z0, z1 = low[0] - grow, high[0] + grow, low[2] - grow, high[2] + grow
        self.contact((x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1), blur=blur, opacity=opacity)
