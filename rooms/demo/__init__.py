"""The demonstration: its data (`catalogue.py`) and its pictures, drawn by our code.

No Django here: the command that fills the database imports this package, never the contrary.
"""

from random import Random

from PIL import ImageOps

from rooms.demo.finish import develop
from rooms.demo.scenes import SCENES

LANDSCAPE = (1800, 1200)


def draw(scene: str, seed: int, size: tuple[int, int] = LANDSCAPE) -> bytes:
    """The picture of a scene as a JPEG, always the same for the same arguments.

    The seed decides the palette, the hour, the furniture and the pictures on the walls.
    """
    chosen = SCENES[scene]
    rng = Random(f"{scene}:{seed}")
    mirrored = chosen.reversible and rng.random() < 0.4
    image = chosen.paint(size, rng, chosen.place).canvas.image
    return develop(ImageOps.mirror(image) if mirrored else image, rng)
