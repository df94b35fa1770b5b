"""The camera: from metres in the room to pixels, and the homography that lays a texture on a face.

Pure arithmetic: no image, no colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin

from rooms.demo.shapes import Outline, Point

Vec = tuple[float, float, float]


def add(a: Vec, b: Vec, scale: float = 1.0) -> Vec:
    return a[0] + b[0] * scale, a[1] + b[1] * scale, a[2] + b[2] * scale


def minus(a: Vec, b: Vec) -> Vec:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


@dataclass(frozen=True)
class Camera:
    """A level camera looking along +z, x to the right and y up; it turns by `yaw` and never tilts.

    It never tilts so that the verticals stay vertical, as on the pictures of an architect.
    """

    eye: Vec
    focal: float  # pixels
    centre: Point  # where the eye level and the axis cross, in pixels
    yaw: float = 0.0

    def depth(self, point: Vec) -> float:
        dx, dz = point[0] - self.eye[0], point[2] - self.eye[2]
        return dx * sin(self.yaw) + dz * cos(self.yaw)

    def project(self, point: Vec) -> Point:
        dx, dy, dz = minus(point, self.eye)
        c, s = cos(self.yaw), sin(self.yaw)
        # Behind the camera nothing makes sense: stay just in front of it.
        depth = max(dx * s + dz * c, 0.05)
        return (
            self.centre[0] + self.focal * (dx * c - dz * s) / depth,
            self.centre[1] - self.focal * dy / depth,
        )

    def outline(self, points: Sequence[Vec]) -> Outline:
        return [self.project(point) for point in points]

    def scale(self, point: Vec) -> float:
        """Pixels per metre at that point."""
        return self.focal / max(self.depth(point), 0.05)


def texture_coefficients(corners: Outline, size: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers Pillow wants to lay a texture of that size on the quadrilateral.

    Heckbert's closed form gives unit square to quadrilateral; Pillow wants its inverse.
    """
    a, b, d, e, g, h, c, f = _square_to_quad(corners)
    inverse = (
        e - f * h,
        c * h - b,
        b * f - c * e,
        f * g - d,
        a - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    )
    # Sampling from the centre of the first texel to that of the last keeps the edges clean.
    width, height, norm = size[0] - 1, size[1] - 1, inverse[8] or 1e-9
    i = [value / norm for value in inverse]
    return (
        i[0] * width + 0.5 * i[6],
        i[1] * width + 0.5 * i[7],
        i[2] * width + 0.5,
        i[3] * height + 0.5 * i[6],
        i[4] * height + 0.5 * i[7],
        i[5] * height + 0.5,
        i[6],
        i[7],
    )


def _square_to_quad(corners: Outline) -> tuple[float, ...]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    det = dx1 * dy2 - dx2 * dy1 or 1e-9
    g, h = (sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det
    return x1 - x0 + g * x1, x3 - x0 + h * x3, y1 - y0 + g * y1, y3 - y0 + h * y3, g, h, x0, y0
