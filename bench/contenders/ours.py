"""The product's own gate."""

from pathlib import Path

from bench.contenders import Outputs, Wanted
from rooms.images import normalise


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    side_px, max_pixels, sides_px = wanted.master_px, wanted.max_pixels, wanted.sides_px
    with photo.open("rb") as content:
        kept = normalise(content, max_side_px=side_px, max_pixels=max_pixels, version_sides_px=sides_px)
    return {wanted.master_px: kept.master, **kept.versions}
