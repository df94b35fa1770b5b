"""The shell of a room: floor, walls, ceiling, window with its view, curtains, and the sun it lets in.

The room is a box in metres: x from 0 to `width`, y from 0 to `height`, z from the eye (0) to `depth`.
"""

from dataclasses import dataclass
from random import Random

from PIL import Image

from rooms.demo.canvas import Canvas
from rooms.demo.palette import WHITE, Color, Hour, Palette, mix
from rooms.demo.perspective import Camera
from rooms.demo.stage import Stage
from rooms.demo.texture import boards, herringbone, plank_wall, stone
from rooms.demo.views import Place

NEAR = 0.9  # metres before the eye: nothing closer is in the frame


@dataclass(frozen=True)
class Room:
    """Sizes of the shell, in metres."""

    width: float = 5.2
    height: float = 2.75
    depth: float = 5.6


def open_stage(
    size: tuple[int, int],
    palette: Palette,
    hour: Hour,
    rng: Random,
    room: Room,
    *,
    eye: tuple[float, float] = (0.5, 1.35),
    focal: float = 0.80,
    level: float = 0.50,
    yaw: float = 0.0,
) -> Stage:
    """A stage whose camera stands in the room: `eye` is a share of the width, then a height in metres."""
    # A portrait keeps the height of the room: its sides are cut, as with a real camera held upright.
    reach = focal * (size[1] if size[0] >= size[1] else size[1] * 0.76)
    camera = Camera((room.width * eye[0], eye[1], 0.0), reach, (size[0] / 2, size[1] * level), yaw)
    stage = Stage(Canvas(size), camera, palette, hour, rng)
    stage.light.ambient = hour.ambient
    return stage


def floor_texture(rng: Random) -> Image.Image:
    return herringbone(rng) if rng.random() < 0.4 else boards(rng)


def paint_shell(
    stage: Stage,
    room: Room,
    *,
    floor: Image.Image | None = None,
    feature: Color | None = None,
    back: Image.Image | None = None,
    ceiling: Color = WHITE,
) -> None:
    """The six sides, but the one behind the eye."""
    w, h, d = room.width, room.height, room.depth
    wall, deep = stage.palette.wall, d - NEAR
    stage.face((0, h, d), (0, 0, -deep), (0, -h, 0), wall, detail=(14, 10), corner=0.22)
    stage.face((w, h, NEAR), (0, 0, deep), (0, -h, 0), wall, detail=(14, 10), corner=0.22)
    stage.face((0, h, NEAR), (w, 0, 0), (0, 0, deep), ceiling, detail=(14, 10), corner=0.20)
    stage.face((0, h, d), (w, 0, 0), (0, -h, 0), feature or wall, texture=back, detail=(16, 10), corner=0.24)
    stage.face(
        (0, 0, d),
        (w, 0, 0),
        (0, 0, -deep),
        stage.palette.floor,
        texture=floor or floor_texture(stage.rng),
        detail=(14, 12),
        corner=0.26,
    )
    _skirting(stage, room)


def _skirting(stage: Stage, room: Room) -> None:
    w, d = room.width, room.depth
    white = mix(stage.palette.wall, WHITE, 0.55)
    stage.face((0.015, 0.11, d), (0, 0, NEAR - d), (0, -0.11, 0), white, detail=(8, 2))
    stage.face((w - 0.015, 0.11, NEAR), (0, 0, d - NEAR), (0, -0.11, 0), white, detail=(8, 2))
    stage.face((0, 0.11, d - 0.015), (w, 0, 0), (0, -0.11, 0), white, detail=(8, 2))


def back_texture(place: Place, rng: Random) -> Image.Image | None:
    """What the wall at the back is made of: cladding in the mountains, stone at times in the south."""
    if place is Place.LAKE and rng.random() < 0.75:
        return plank_wall(rng, 11)
    if place is Place.HILLS and rng.random() < 0.6:
        return stone(rng, 10)
    return None
