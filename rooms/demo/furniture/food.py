"""What is eaten: croissants, fruit, bread. The plates and cups are in `tableware.py`."""

from math import cos, pi, sin

from rooms.demo.furniture.tableware import CRUST, drop_shadow
from rooms.demo.palette import Color, mix, shade, tint
from rooms.demo.perspective import Vec
from rooms.demo.shapes import ellipse, rounded, smooth
from rooms.demo.stage import Stage


def croissant(stage: Stage, at: Vec, size: float = 0.085) -> None:
    """A crescent of seven swollen rolls, the middle one the largest."""
    x, y = stage.camera.project((at[0], at[1] + size * 0.3, at[2]))
    r = size * stage.camera.scale(at)
    tone = stage.color_at(CRUST, at, (0.0, 0.7, -0.7))
    for k in (-3, 3, -2, 2, -1, 1, 0):
        angle = pi / 2 + k * 0.34
        cx, cy = x - cos(angle) * r * 0.95, y - sin(angle) * r * 0.62 + r * 0.3
        girth = r * (0.46 - 0.075 * abs(k))
        roll = ellipse(cx, cy, girth * 0.82, girth, 24)
        if k in (-3, 3, 0):
            stage.canvas.shadow(
                ellipse(cx + r * 0.1, cy + girth * 0.8, girth, girth * 0.4), blur=6, opacity=0.3
            )
        stage.canvas.volume(
            roll,
            (mix(tone, (255, 226, 150), 0.35), tone),
            tint("8a4a1e"),
            (255, 236, 190),
            girth * 0.35 / stage.canvas.unit,
            strength=0.75,
        )


def fruit_bowl(stage: Stage, at: Vec, color: Color, radius: float = 0.14) -> None:
    """Oranges, apples and grapes heaped in a bowl."""
    x, y, z = at
    drop_shadow(stage, at, radius * 0.9, 16)
    bowl = [
        (0.0, radius * 0.5),
        (radius * 0.2, radius * 0.8),
        (radius * 0.5, radius * 0.97),
        (radius * 0.6, radius),
        (radius * 0.62, radius),
    ]
    stage.turned(at, bowl, color, top=shade(color, 0.5))
    cx, cy = stage.camera.project((x, y + radius * 0.75, z))
    r = radius * stage.camera.scale(at)
    for dx, dy, size, fruit in (
        (-0.45, -0.05, 0.36, "e8963a"),
        (0.40, -0.08, 0.37, "c9503c"),
        (0.0, -0.38, 0.38, "efa93f"),
        (-0.02, 0.06, 0.34, "a8b84a"),
    ):
        tone = stage.color_at(tint(fruit), at, (0.0, 0.5, -0.8))
        ball = ellipse(cx + dx * r, cy + dy * r, size * r, size * r * 0.96, 36)
        stage.canvas.volume(
            ball, tone, shade(tone, 0.5), (255, 250, 226), size * r * 0.4 / stage.canvas.unit, strength=0.65
        )
    # The near side of the bowl comes back in front of the fruit.
    arcs = [
        [(x + ring * cos(k * pi / 16), y + h, z - ring * sin(k * pi / 16)) for k in range(17)]
        for h, ring in ((radius * 0.62, radius), (radius * 0.24, radius * 0.84))
    ]
    tones = (
        stage.color_at(color, at, (-0.5, 0, -0.8)),
        stage.color_at(shade(color, 0.8), at, (0.6, 0, -0.7)),
    )
    stage.canvas.fill(stage.outline(*arcs[0], *arcs[1][::-1]), paint=tones, across=True)


def bread_board(stage: Stage, at: Vec, length: float = 0.42) -> None:
    """A board, a scored loaf, two slices."""
    x, y, z = at
    stage.footprint((x, y, z - 0.11), (x + length, y, z + 0.11), grow=0.01, blur=9, opacity=0.4)
    stage.box((x, y, z - 0.11), (x + length, y + 0.02, z + 0.11), stage.palette.wood)
    left, right = (
        stage.camera.project((x + 0.03, y + 0.05, z)),
        stage.camera.project((x + length - 0.06, y + 0.05, z)),
    )
    r = 0.055 * stage.camera.scale(at)
    loaf = rounded(
        [(left[0], left[1] - r), (right[0], right[1] - r), (right[0], right[1] + r), (left[0], left[1] + r)],
        r * 1.4,
        8,
    )
    tone = stage.color_at(tint("cf8d4c"), at, (0.0, 0.7, -0.7))
    stage.canvas.shadow([(px + 4, py + r * 0.5) for px, py in loaf], blur=8, opacity=0.4)
    stage.canvas.volume(
        loaf,
        (mix(tone, (255, 224, 160), 0.3), tone),
        shade(tone, 0.5),
        (255, 236, 200),
        r * 0.5 / stage.canvas.unit,
        strength=0.7,
    )
    for k in range(5):
        cx = left[0] + (right[0] - left[0]) * (k + 0.7) / 5.4
        cut = smooth(
            [
                (cx - r * 0.5, left[1] + r * 0.3),
                (cx - r * 0.05, left[1] - r * 0.3),
                (cx + r * 0.55, left[1] - r * 0.75),
                (cx + r * 0.1, left[1]),
            ]
        )
        stage.canvas.fill(cut, paint=mix(tone, (255, 240, 214), 0.6))
