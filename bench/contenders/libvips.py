"""libvips as tuned as we know how: the floor that ours is measured against.

One pass from the coded photo to a master in memory, turned after that; the smaller versions from the next
larger one, halves by its block shrink. Decoding at a reduced size is no use from 4000 to 2880 px: it halves.
`VIPS_CONCURRENCY` is 1: threads cost CPU, which is what is counted. No cache, because no photo comes twice.
"""

from pathlib import Path

import pyvips

from bench.contenders import Outputs, Wanted

pyvips.cache_set_max(0)


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    image = _master(photo, wanted.master_px)
    outputs = {
        wanted.master_px: image.jpegsave_buffer(Q=wanted.jpeg_quality, subsample_mode="on", keep="none")
    }
    for side_px in wanted.sides_px:
        image = _smaller(image, side_px).copy_memory()
        outputs[side_px] = image.webpsave_buffer(
            Q=wanted.webp_quality, effort=wanted.webp_method, keep="none"
        )
    return outputs


def _master(photo: Path, side_px: int) -> pyvips.Image:
    image = pyvips.Image.new_from_file(str(photo), access="sequential")
    image = _smaller(image, side_px)
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb")
    image = image.copy_memory()
    turned = image.get_typeof("orientation") and image.get("orientation") > 1
    return image.autorot().copy_memory() if turned else image


def _smaller(image: pyvips.Image, side_px: int) -> pyvips.Image:
    longest_px = max(image.width, image.height)
    if longest_px == 2 * side_px and image.width % 2 == image.height % 2 == 0:
        return image.shrink(2, 2)
    return image.resize(min(1, side_px / longest_px))
