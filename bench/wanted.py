"""What every contender has to make of a photo: sizes, formats and qualities. No product code here."""

import json
from dataclasses import asdict, dataclass
from typing import Self

type Outputs = dict[int, bytes]


@dataclass(frozen=True)
class Wanted:
    """A JPEG of `master_px` and WebP versions of `sides_px` (longest sides, largest first)."""

    master_px: int
    sides_px: tuple[int, ...]
    max_pixels: int
    jpeg_quality: int
    webp_quality: int
    webp_method: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        values = json.loads(text)
        return cls(**values | {"sides_px": tuple(values["sides_px"])})
