"""The stage of a scene: all of `surface.py`, and the solids that are not flat (padded, turned).

It draws one solid at a time, in the order it is told: the scenes paint from back to front.
"""

from collections.abc import Sequence
from math import cos, pi, sin

from rooms.demo.palette import Color, mix, shade
from rooms.demo.perspective import Vec, add, minus
from rooms.demo.shapes import hull, rounded, smooth
from rooms.demo.surface import UP, Surface


class Stage(Surface):
    """What a scene needs at hand, with every kind of solid."""

    def block(self, low: Vec, high: Vec, color: Color, radius: float = 0.06, puff: float = 9.0) -> None:
        """A padded box, such as a mattress or a seat: round corners, soft edges."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        corners = [(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]
        middle = ((x0 + x1) / 2, (y0 + y1) / 2, z0)
        pixels = radius * self.camera.scale(middle)
        front = self.color_at(color, middle, (0.0, 0.0, -1.0))
        body = rounded(hull(self.outline(*corners)), pixels)
        self.canvas.fill(body, paint=(front, shade(front, 0.82)))
        for points, normal in self._block_sides(low, high):
            centre = add(points[0], minus(points[2], points[0]), 0.5)
            tone = self.color_at(color, centre, normal)
            shape = rounded(self.outline(*points), pixels * 0.9)
            self.canvas.volume(
                shape,
                (shade(tone, 1.02), shade(tone, 0.94)),
                shade(tone, 0.72),
                mix(tone, (255, 255, 255), 0.35),
                puff * pixels / (18 * self.canvas.unit),
                strength=0.45,
            )

    def _block_sides(self, low: Vec, high: Vec) -> list[tuple[list[Vec], Vec]]:
        (x0, y0, z0), (x1, y1, z1) = low, high
        sides: list[tuple[list[Vec], Vec]] = []
        for x, normal, seen in ((x0, -1.0, self.camera.eye[0] < x0), (x1, 1.0, self.camera.eye[0] > x1)):
            if seen:
                sides.append(([(x, y1, z0), (x, y1, z1), (x, y0, z1), (x, y0, z0)], (normal, 0.0, 0.0)))
        sides.append(([(x0, y1, z0), (x1, y1, z0), (x1, y0, z0), (x0, y0, z0)], (0.0, 0.0, -1.0)))
        if self.camera.eye[1] > y1:
            sides.append(([(x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0)], UP))
        return sides

    def turned(
        self,
        at: Vec,
        profile: Sequence[tuple[float, float]],
        color: Color,
        *,
        top: Color | None = None,
        glow: float = 0.0,
    ) -> None:
        """A turned solid (vase, lampshade, round table): `profile` lists heights and radii, bottom first."""
        x, y, z = at
        tones = self._round_tones(color, (x, y + profile[-1][0] / 2, z), glow)
        rings = [self.circle((x, y + h, z), r) for h, r in (profile[0], profile[-1])]
        body = rings if len(profile) > 2 else [hull(rings[0] + rings[1])]
        if len(profile) > 2:
            left = [self.camera.project((x - r, y + h, z)) for h, r in profile]
            right = [self.camera.project((x + r, y + h, z)) for h, r in profile]
            if len(profile) > 4:  # a curve; a short profile keeps its angles
                left, right = smooth(left, closed=False), smooth(right, closed=False)
            body.append([*left, *right[::-1]])
        self.canvas.fill(*body, paint=tones, across=True)
        height, radius = profile[-1]
        if self.camera.eye[1] > y + height:
            lid = self.color_at(top or color, (x, y + height, z), UP)
            self.canvas.fill(self.circle((x, y + height, z), radius), paint=lid)

    def _round_tones(self, color: Color, at: Vec, glow: float) -> tuple[Color, ...]:
        tones = []
        for angle in (-80, -45, -10, 30, 80):
            turn = angle * pi / 180
            tone = self.color_at(color, at, (sin(turn), 0.0, -cos(turn)))
            tones.append(mix(tone, (255, 226, 170), glow * (0.95 - abs(angle) / 220)))
        return tuple(tones)
