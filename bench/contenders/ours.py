"""The product's own gate."""

from pathlib import Path

from bench.wanted import Outputs, Wanted
from rooms.images import normalise


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    with photo.open("rb") as content:
        kept = normalise(
            content,
            max_side_px=wanted.master_px,
            max_pixels=wanted.max_pixels,
            version_sides_px=wanted.sides_px,
        )
    return {wanted.master_px: kept.master, **kept.versions}
