"""A house as a box: two fronts seen at an angle, and the slopes of its roof."""

from dataclasses import dataclass

from PIL import Image, ImageChops

from rooms.demo.elevation import Style, elevation, roof_tiles
from rooms.demo.palette import Color, mix, shade, tint
from rooms.demo.perspective import Vec
from rooms.demo.stage import Stage
from rooms.demo.views import Place


@dataclass(frozen=True)
class House:
    """The box of the house, in metres."""

    x0: float
    x1: float
    z0: float
    z1: float
    floors: int
    ridge: float  # height of the roof above the walls

    @property
    def eaves(self) -> float:
        return self.floors * 3.0


def paint_walls(stage: Stage, house: House, style: Style, place: Place) -> None:
    stage.footprint((house.x0, 0, house.z0), (house.x1, 0, house.z1), grow=0.5, blur=22, opacity=0.4)
    white = (255, 255, 255)
    top = house.eaves
    side = elevation(place, style, stage.hour, stage.rng, house.z1 - house.z0, house.floors, door=False)
    stage.face(
        (house.x0, top, house.z1), (0, 0, house.z0 - house.z1), (0, -top, 0), shade(white, 0.80), texture=side
    )
    front = elevation(place, style, stage.hour, stage.rng, house.x1 - house.x0, house.floors)
    stage.face((house.x0, top, house.z0), (house.x1 - house.x0, 0, 0), (0, -top, 0), white, texture=front)


def paint_roof(stage: Stage, house: House, style: Style) -> None:
    """Two hipped slopes are seen: the front and the left one."""
    over, y, top = 0.45, house.eaves - 0.12, house.eaves + house.ridge
    inset = (house.z1 - house.z0) * 0.42
    a: Vec = (house.x0 - over, y, house.z0 - over)
    b: Vec = (house.x1 + over, y, house.z0 - over)
    d: Vec = (house.x0 - over, y, house.z1 + over)
    middle = (house.z0 + house.z1) / 2
    p: Vec = (house.x0 + inset, top, middle)
    q: Vec = (house.x1 - inset, top, middle)
    tile = roof_tiles(stage.rng)
    tone = mix(style.roof, stage.hour.sun, 0.12)
    if stage.hour.lamps == 1:
        tone = mix(shade(tone, 0.7), stage.hour.zenith, 0.2)
    # Before the slopes, which hide their feet.
    for x in (house.x0 + inset + 0.3, house.x1 - inset - 0.5)[: 1 if inset > 3.2 else 2]:
        stage.box(
            (x, top - 1.2, middle - 0.3),
            (x + 0.6, top + 0.75, middle + 0.3),
            mix(style.wall, tint("a8573f"), 0.5),
        )
    soffits = [
        stage.outline(d, a, (house.x0, y + 0.12, house.z0), (house.x0, y + 0.12, house.z1)),
        stage.outline(a, b, (house.x1, y + 0.12, house.z0), (house.x0, y + 0.12, house.z0)),
    ]
    stage.canvas.fill(*soffits, paint=shade(style.trim, 0.62))
    for corners, force in (((p, p, a, d), 0.70), ((p, q, b, a), 1.0)):
        outline = stage.outline(*corners)
        color = shade(tone, force)
        stage.canvas.fill(outline, paint=(mix(color, stage.hour.horizon, 0.16), color))
        if force == 1.0:
            stage.canvas.texture(outline, _tinted(tile, color))
    gutter = stage.outline(a, b, (b[0], y - 0.16, b[2]), (a[0], y - 0.16, a[2]))
    left = stage.outline(d, a, (a[0], y - 0.16, a[2]), (d[0], y - 0.16, d[2]))
    stage.canvas.fill(gutter, left, paint=shade(style.trim, 0.86))


def _tinted(tile: Image.Image, color: Color) -> Image.Image:
    return ImageChops.multiply(tile, Image.new("RGB", tile.size, color))
