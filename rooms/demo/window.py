"""A window: its opening, the view in it, its frame and curtains, the sun it lets in.

The walls it is cut in are in `interior.py`.
"""

from dataclasses import dataclass

from PIL import Image

from rooms.demo.canvas import Canvas
from rooms.demo.cloth import folds
from rooms.demo.interior import NEAR, Room
from rooms.demo.palette import LINEN, WHITE, Color, mix, shade
from rooms.demo.perspective import Vec, add
from rooms.demo.shapes import Outline, rectangle
from rooms.demo.stage import Stage
from rooms.demo.views import Place, paint_view


@dataclass(frozen=True)
class Opening:
    """A window: in the left wall (`left`) or in the back wall, from `start` to `end` along it."""

    left: bool
    start: float
    end: float
    sill: float = 0.55
    head: float = 2.35
    panes: int = 2

    def corner(self, room: Room, share: float, height: float) -> Vec:
        """A point of the opening: `share` of its width, `height` between sill (0) and head (1)."""
        along, y = self.start + (self.end - self.start) * share, self.sill + (self.head - self.sill) * height
        return (0.0, y, along) if self.left else (along, y, room.depth)

    @property
    def facing(self) -> Vec:
        return (1.0, 0.0, 0.0) if self.left else (0.0, 0.0, -1.0)


def paint_window(stage: Stage, room: Room, opening: Opening, place: Place) -> None:
    """The view, a little burnt as on a photograph taken indoors, then the frame."""
    aspect = (opening.end - opening.start) / (opening.head - opening.sill)
    view = Canvas((max(60, int(420 * aspect)), 420))
    level = (opening.head - stage.camera.eye[1]) / (opening.head - opening.sill)
    paint_view(view, place, stage.hour, stage.rng, min(max(level, 0.35), 0.7))
    veil = Image.new("RGB", view.image.size, mix(WHITE, stage.hour.horizon, 0.4))
    burnt = Image.blend(view.image, veil, 0.18 if stage.hour.lamps < 1 else 0.0)
    corners = [opening.corner(room, s, t) for s, t in ((0, 1), (1, 1), (1, 0), (0, 0))]
    frame = stage.camera.outline(corners)
    stage.canvas.shadow(
        frame, blur=34, color=mix(WHITE, stage.hour.sun, 0.5), opacity=0.5 * stage.hour.daylight
    )
    stage.canvas.texture(frame, burnt)
    _frame(stage, room, opening)


def _frame(stage: Stage, room: Room, opening: Opening) -> None:
    """Casing, mullions and one bar, standing in front of the light: their room side is in soft shade."""
    bar_u, bar_v = 0.05 / (opening.end - opening.start), 0.05 / (opening.head - opening.sill)
    wood = shade(mix(LINEN, stage.hour.horizon, 0.12), 0.90 if stage.hour.lamps < 1 else 0.62)
    bars = [(-bar_u, -bar_v, 1 + bar_u, bar_v * 0.6), (-bar_u, 1 - bar_v * 0.6, 1 + bar_u, 1 + bar_v)]
    for pane in range(opening.panes + 1):
        s = pane / opening.panes
        bars.append((s - bar_u * 0.8, 0, s + bar_u * 0.8, 1))
    bars.append((0, 0.70 - bar_v * 0.35, 1, 0.70 + bar_v * 0.35))
    strips = [stage.camera.outline([opening.corner(room, s, t) for s, t in rectangle(*bar)]) for bar in bars]
    stage.canvas.fill(*strips, paint=(wood, shade(wood, 0.93)))
    lip = 0.10 if opening.left else -0.10
    low, high = opening.corner(room, -bar_u * 2, -0.03), opening.corner(room, 1 + bar_u * 2, 0.0)
    if opening.left:
        stage.box(low, (lip, high[1], high[2]), LINEN)
    else:
        stage.box((low[0], low[1], room.depth + lip), high, LINEN)


def paint_curtains(stage: Stage, room: Room, opening: Opening, color: Color | None = None) -> None:
    """Two drawn curtains from a rod to the floor, on each side of the window."""
    color = color or stage.palette.textile
    span = (opening.end - opening.start) * 0.30
    top = min(room.height - 0.12, opening.head + 0.22)
    starts = [opening.start - span * 0.75, opening.end - span * 0.25]
    # On a side wall, the far one first.
    for along in sorted(starts, reverse=opening.left):
        cloth = folds(stage.rng, 6)
        if opening.left:
            origin, u = (0.10, top, along + span), (0.0, 0.0, -span)
            stage.contact(
                (0.02, 0.01, along),
                (0.25, 0.01, along),
                (0.25, 0.01, along + span),
                (0.02, 0.01, along + span),
                blur=12,
                opacity=0.35,
            )
        else:
            origin, u = (along, top, room.depth - 0.10), (span, 0.0, 0.0)
        stage.face(origin, u, (0.0, 0.02 - top, 0.0), color, texture=cloth, detail=(4, 6))
    _rod(stage, room, opening, top)


def _rod(stage: Stage, room: Room, opening: Opening, top: float) -> None:
    low, high = opening.start - 0.32, opening.end + 0.32
    dark = shade(stage.palette.wood, 0.6)
    if opening.left:
        stage.face((0.11, top + 0.03, low), (0, 0, high - low), (0, -0.035, 0), dark)
    else:
        stage.face((low, top + 0.03, room.depth - 0.11), (high - low, 0, 0), (0, -0.035, 0), dark)


def sun_patch(
    stage: Stage,
    room: Room,
    opening: Opening,
    *,
    level: float = 0.0,
    slope: float = 0.75,
    drift: float = 0.35,
    within: list[Outline] | None = None,
    strength: float = 1.0,
) -> None:
    """The panes thrown by the sun on a horizontal plane at height `level`, soft at the edges."""
    if stage.hour.beam <= 0:
        return
    way: Vec = (1.0, -slope, -drift) if opening.left else (drift, -slope, -1.0)
    panes: list[Outline] = []
    for pane in range(opening.panes):
        for low, high in ((0.03, 0.67), (0.73, 0.97)):
            s0, s1 = (pane + 0.07) / opening.panes, (pane + 0.93) / opening.panes
            corners = [opening.corner(room, s, t) for s, t in ((s0, low), (s1, low), (s1, high), (s0, high))]
            hits = [add(c, way, (c[1] - level) / slope) for c in corners]
            panes.append(stage.camera.outline([(x, y, max(z, NEAR)) for x, y, z in hits]))
    force = stage.hour.beam * strength
    red, green, blue = mix(stage.hour.sun, WHITE, 0.25)
    gain = (int(64 + red * 0.36 * force), int(64 + green * 0.34 * force), int(64 + blue * 0.30 * force))
    stage.canvas.brighten(*panes, blur=4, gain=gain, within=within or ())


def light_from(stage: Stage, room: Room, opening: Opening) -> None:
    """Daylight through the window."""
    origin = opening.corner(room, 0, 0)
    across = opening.corner(room, 1, 0)
    u = (across[0] - origin[0], 0.0, across[2] - origin[2])
    area = (opening.end - opening.start) * (opening.head - opening.sill)
    color = mix(stage.hour.sun, WHITE, 0.45)
    power = stage.hour.daylight * (0.55 + 0.40 * area)
    stage.light.window(
        add(origin, opening.facing, -0.25),
        u,
        (0.0, opening.head - opening.sill, 0.0),
        opening.facing,
        color,
        power,
    )
