"""One module a contender, so that a measured process loads nothing of the others; and what all have to make.

Each has `make_outputs(photo, wanted)`: the path of a JPEG in (an upload of this size is a file on disk, too),
the encoded outputs by longest side in pixels out.
"""

from typing import NamedTuple

type Outputs = dict[int, bytes]


class Wanted(NamedTuple):
    """A JPEG of `master_px` and WebP versions of `sides_px` (longest sides, largest first)."""

    master_px: int
    sides_px: tuple[int, ...]
    max_pixels: int
    jpeg_quality: int
    webp_quality: int
    webp_method: int

    @property
    def kinds(self) -> dict[int, str]:
        """Pillow's name of each output's format, by side."""
        return {self.master_px: "JPEG"} | dict.fromkeys(self.sides_px, "WEBP")
