"""Out of doors: a view, a sun, a ground to stand on, railings and parasols."""

import itertools
from math import cos, pi, sin
from random import Random

from PIL import Image

from rooms.demo.canvas import Canvas
from rooms.demo.light import Lamp
from rooms.demo.palette import WHITE, Color, Hour, Palette, mix, shade
from rooms.demo.perspective import Camera, Vec
from rooms.demo.shapes import stroke
from rooms.demo.stage import Stage
from rooms.demo.views import Place, paint_view

NEAR = 0.9
Spot = tuple[float, float]


def open_terrace(
    size: tuple[int, int],
    palette: Palette,
    hour: Hour,
    rng: Random,
    place: Place,
    *,
    level: float = 0.42,
    height: float = 1.6,
    focal: float = 0.92,
    yaw: float = 0.0,
) -> Stage:
    """The view over the whole picture, and a stage whose eye level is its horizon; x = 0 is the middle."""
    canvas = Canvas(size)
    paint_view(canvas, place, hour, rng, level)
    reach = focal * (size[1] if size[0] >= size[1] else size[1] * 0.78)
    camera = Camera((0.0, height, 0.0), reach, (size[0] / 2, size[1] * level), yaw)
    stage = Stage(canvas, camera, palette, hour, rng)
    red, green, blue = hour.ambient
    # Out of doors the whole sky lights, even at dusk.
    lift = 0.92 if hour.lamps < 1 else 1.28
    stage.light.ambient = (red * lift, green * lift, blue * lift * 1.04)
    # The sun is a lamp far away on the left, behind the eye.
    stage.light.lamps.append(
        Lamp((-60.0, 90.0, -50.0), mix(hour.sun, WHITE, 0.2), 0.26 * hour.daylight * 15000)
    )
    if hour.lamps:
        stage.light.lamps.append(Lamp((0.0, 2.7, 3.0), (255, 208, 140), 1.1 * hour.lamps))
    return stage


def ground(
    stage: Stage, left: float, right: float, far: float, color: Color, texture: Image.Image | None = None
) -> None:
    """A terrace from the feet of the eye to `far` metres."""
    stage.face(
        (left, 0.0, far), (right - left, 0, 0), (0, 0, NEAR - far), color, texture=texture, detail=(6, 6)
    )


def railing(stage: Stage, left: float, right: float, z: float, place: Place) -> None:
    """Wrought iron by the sea, a low wall in the south, wood in the mountains."""
    if place is Place.HILLS:
        stone = mix(stage.palette.wall, (214, 186, 146), 0.5)
        stage.box((left, 0.0, z), (right, 0.72, z + 0.3), stone)
        stage.box((left, 0.72, z - 0.05), (right, 0.80, z + 0.35), mix(stone, WHITE, 0.3))
        return
    wood = place is Place.LAKE
    color: Color = shade(stage.palette.wood, 0.85) if wood else (58, 64, 70)
    width, count = (0.07, int((right - left) / 0.16)) if wood else (0.016, int((right - left) / 0.11))
    tone = stage.color_at(color, (0, 0.6, z), (0.0, 0.0, -1.0))
    bars = []
    for i in range(count + 1):
        x = left + (right - left) * i / count
        low, high = stage.outline((x, 0.08, z), (x, 0.98, z))
        bars.append(stroke(low, high, max(1.0, width * stage.camera.scale((x, 0.5, z)))))
    stage.canvas.fill(*bars, paint=(mix(tone, WHITE, 0.10), tone))
    for y, thick in ((0.08, 0.03), (0.98, 0.06)):
        stage.box((left, y, z - thick), (right, y + thick, z + thick), color)
    _bar_shadows(stage, left, right, z)


def _bar_shadows(stage: Stage, left: float, right: float, z: float) -> None:
    """The sun through the bars, on the floor."""
    if stage.hour.beam <= 0:
        return
    rail = stage.outline(
        (left, 0.0, z - 0.5), (right, 0.0, z - 0.5), (right, 0.0, z - 0.62), (left, 0.0, z - 0.62)
    )
    foot = stage.outline((left, 0.0, z), (right, 0.0, z), (right, 0.0, z - 0.2), (left, 0.0, z - 0.2))
    stage.canvas.shadow(rail, blur=5, opacity=0.25)
    stage.canvas.shadow(foot, blur=12, opacity=0.28)


def parasol(stage: Stage, at: Vec, radius: float, one: Color, other: Color, height: float = 2.35) -> None:
    """An open parasol: eight gores, in two colours."""
    x, y, z = at
    stage.canvas.shadow(stage.circle((x + 0.9, y, z + 0.2), radius * 0.95), blur=14, opacity=0.34)
    foot, top = stage.outline(at, (x, y + height, z))
    stage.canvas.fill(
        stroke(foot, top, 0.045 * stage.camera.scale(at)),
        paint=((236, 226, 208), (176, 160, 138)),
        across=True,
    )
    stage.turned(at, [(0.0, 0.24), (0.06, 0.22)], (150, 144, 138))
    rim: list[Vec] = [
        (x + radius * cos(i * pi / 4 + 0.2), y + height - 0.42, z + radius * sin(i * pi / 4 + 0.2))
        for i in range(8)
    ]
    peak: Vec = (x, y + height, z)
    order = sorted(range(8), key=lambda i: -(rim[i][2] + rim[(i + 1) % 8][2]))
    for i in order:
        a, b = rim[i], rim[(i + 1) % 8]
        middle = ((a[0] + b[0]) / 2 - x, 0.9, (a[2] + b[2]) / 2 - z)
        tone = stage.color_at(
            one if i % 2 else other, peak, (middle[0] / radius * 0.5, 0.8, middle[2] / radius * 0.5)
        )
        if middle[2] > 0.3:
            tone = shade(tone, 0.72)
        corners = stage.outline(peak, a, b)
        stage.canvas.fill(corners, paint=(mix(tone, WHITE, 0.12), tone))
        valance = stage.outline(a, b, (b[0], b[1] - 0.12, b[2]), (a[0], a[1] - 0.12, a[2]))
        stage.canvas.fill(valance, paint=shade(tone, 0.85))


def lights_string(stage: Stage, start: Vec, end: Vec, sag: float = 0.35, count: int = 11) -> None:
    """A garland of bulbs, lit when the day falls."""
    points = []
    for i in range(count):
        t = i / (count - 1)
        x, y, z = (a + (b - a) * t for a, b in zip(start, end, strict=True))
        points.append(stage.camera.project((x, y - sag * sin(pi * t), z)))
    u = stage.canvas.unit
    cord = [stroke(a, b, 2.2 * u) for a, b in itertools.pairwise(points)]
    stage.canvas.fill(*cord, paint=(60, 56, 54))
    for px, py in points[1:-1]:
        bulb = [(px + 7 * u * cos(k * pi / 8), py + 11 * u + 9 * u * sin(k * pi / 8)) for k in range(16)]
        if stage.hour.lamps > 0:
            stage.canvas.shadow(bulb, blur=16, color=(255, 214, 140), opacity=0.9)
        stage.canvas.fill(bulb, paint=((255, 250, 226), (255, 224, 160)))
