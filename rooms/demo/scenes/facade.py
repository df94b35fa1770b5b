"""The house from its garden, at an angle: two fronts, a roof, trees, a path to the door."""

from math import cos, sin
from random import Random

from rooms.demo.elevation import STYLES
from rooms.demo.furniture.terrace import flowers, hedge
from rooms.demo.house import House, paint_roof, paint_walls
from rooms.demo.outdoors import open_terrace
from rooms.demo.palette import HOURS, PALETTES, mix, shade, tint
from rooms.demo.perspective import Vec
from rooms.demo.shapes import rectangle, smooth
from rooms.demo.stage import Stage
from rooms.demo.views import Place
from rooms.demo.views.ridge import bushy, cypress, leaf_dabs, pine

YAW = 0.60  # the eye looks at the corner of the house

HOUSES = {
    Place.SEA: House(7.2, 16.6, 12.6, 20.6, 3, 4.4),
    Place.HILLS: House(5.4, 15.4, 10.0, 17.0, 2, 2.7),
    Place.LAKE: House(5.4, 14.4, 10.0, 17.6, 2, 4.2),
}


def paint_facade(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    stage = open_terrace(size, palette, hour, rng, place, level=0.68, height=1.7, focal=0.98, yaw=YAW)
    house, style = HOUSES[place], rng.choice(STYLES[place])
    _lawn(stage, place)
    _behind(stage, place)
    paint_walls(stage, house, style, place)
    paint_roof(stage, house, style)
    _garden(stage, house, place)
    return stage


def _ahead(right: float, depth: float) -> Vec:
    """A point of the ground, in metres to the right of the axis of the picture and in depth."""
    return right * cos(YAW) + depth * sin(YAW), 0.0, depth * cos(YAW) - right * sin(YAW)


def _lawn(stage: Stage, place: Place) -> None:
    grass = stage.color_at(
        tint("9fa866") if place is Place.HILLS else tint("7da355"), (0, 0, 8), (0.0, 1.0, 0.0)
    )
    w, h = stage.canvas.width, stage.canvas.height
    top = stage.camera.project(_ahead(0.0, 45.0))[1]
    stage.canvas.fill(
        rectangle(0, top, w, h), paint=(mix(grass, stage.hour.horizon, 0.25), grass, shade(grass, 0.82))
    )
    leaf_dabs(stage.canvas, stage.rng, (0, top + h * 0.03, w, h), grass, 500)


def _behind(stage: Stage, place: Place) -> None:
    for right, depth in ((-13.0, 27.0), (-9.5, 24.0), (13.5, 26.0), (17.0, 23.0)):
        _tree(stage, place, _ahead(right + stage.rng.uniform(-1, 1), depth), stage.rng.uniform(4.5, 7.0))


def _tree(stage: Stage, place: Place, at: Vec, height: float) -> None:
    foot, size = stage.camera.project(at), height * stage.camera.scale(at)
    green = stage.color_at(tint("5d8257"), at, (0.0, 0.5, -0.85))
    if place is Place.LAKE:
        pine(stage.canvas, foot, size * 1.25, shade(green, 0.8))
    elif place is Place.HILLS and stage.rng.random() < 0.6:
        cypress(stage.canvas, foot, size * 1.25, shade(green, 0.75))
    else:
        color = mix(green, tint("9aa878"), 0.6) if place is Place.HILLS else green
        bushy(stage.canvas, stage.rng, foot, size * 0.38, color)


def _garden(stage: Stage, house: House, place: Place) -> None:
    """The path, the flowers at the foot of the walls, a tree that frames the picture."""
    door = (house.x0 + house.x1) / 2
    gravel = stage.color_at(tint("e6d7b8"), (0, 0, 8), (0.0, 1.0, 0.0))
    path = [
        (door - 0.8, 0.0, house.z0),
        (door + 0.8, 0.0, house.z0),
        _ahead(2.6, 5.5),
        _ahead(1.5, 2.2),
        _ahead(-1.5, 2.2),
        _ahead(0.9, 5.5),
    ]
    outline = smooth(stage.outline(*path))
    stage.canvas.fill(outline, paint=(shade(gravel, 0.92), gravel))
    petals = (
        stage.palette.accent,
        tint("f3ece0"),
        tint("8d79b8") if place is Place.HILLS else tint("e08aa0"),
    )
    for x0, x1 in ((house.x0 + 0.2, door - 1.2), (door + 1.2, house.x1 - 0.2)):
        hedge(stage, x0, x1, house.z0 - 0.4, 0.5, tint("5f8a54"))
        flowers(stage, x0, x1, house.z0 - 0.9, petals, 0.45)
    _tree(stage, place, _ahead(-6.4, 13.0), 4.6)
    for right, width in ((-3.9, 2.2), (2.7, 2.2)):
        x, _, z = _ahead(right, 5.2)
        flowers(stage, x, x + width * 0.8, z, petals, 0.42)
