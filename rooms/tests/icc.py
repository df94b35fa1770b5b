"""Colour profiles as small as they can be, so that tests need none from elsewhere."""

import struct

# X, Y, Z of red, green and blue, adapted to D50 as ICC profiles want them.
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
WHITE_D50 = (0.96420, 1.0, 0.82491)
# L, a, b of what presses print for each combination of full inks, black being the last bit.
PAPER_TO_BLUE = ((100, 0, 0), (89, -5, 93), (48, 74, -3), (47, 68, 48))  # none, Y, M, MY
CYAN_TO_GREY = ((55, -37, -50), (50, -65, 27), (24, 17, -46), (23, 0, 0))  # C, CY, CM, CMY
BLACK_INK = (12, 0, 0)


def rgb_profile(primaries: tuple[tuple[float, float, float], ...], gamma: float) -> bytes:
    tags = {f"{name}XYZ": _xyz(values) for name, values in zip("rgb", primaries, strict=True)}
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags | {f"{name}TRC": _gamma(gamma) for name in "rgb"})


def grey_profile(gamma: float) -> bytes:
    return _profile(b"mntr", b"GRAY", b"XYZ ", {"kTRC": _gamma(gamma)})


def cmyk_profile() -> bytes:
    """A table of two steps an ink: the sixteen combinations, and straight lines between them."""
    nodes = [lab for without_black in (*PAPER_TO_BLUE, *CYAN_TO_GREY) for lab in (without_black, BLACK_INK)]
    colours = bytes(
        value for light, a, b in nodes for value in (round(light * 2.55), round(a) + 128, round(b) + 128)
    )
    straight = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * (number % 4 == 0) for number in range(9)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + straight * 4 + colours + straight * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {"A2B0": table})


def _profile(device: bytes, space: bytes, connection: bytes, tags: dict[str, bytes]) -> bytes:
    name = b"Test\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags = {"desc": described, "cprt": b"text" + bytes(4) + b"None\0", "wtpt": _xyz(WHITE_D50), **tags}
    offset = 128 + 4 + 12 * len(tags)
    directory, content = struct.pack(">I", len(tags)), b""
    for signature, data in tags.items():
        directory += struct.pack(">4sII", signature.encode(), offset + len(content), len(data))
        content += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI", offset + len(content), bytes(4), 0x02400000) + device + space + connection
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", *_fixed(WHITE_D50))
    return head.ljust(128, b"\0") + directory + content


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *_fixed(values))


def _gamma(value: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256))


def _fixed(values: tuple[float, ...]) -> list[int]:
    return [round(value * 65536) for value in values]
