"""What a file says of its pixels and browsers heed: its colours and which way up."""

import csv
import struct
import zlib

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from rooms import images
from rooms.models import RoomImage
from rooms.pixels import icc, rendering
from rooms.tests import icc as profiles
from rooms.tests.conftest import upload
from rooms.tests.test_images import opened, process, saved
from rooms.tests.test_images_corpus import CORPUS, MANIFEST
from rooms.tests.test_images_cost import chunk

SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
SRGB_CHRM = (31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000)
ADOBE_CHRM = (31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6_000)
# Shares of light to values of sRGB, as the standard has it.
LINEAR = {128: 188, 55: 128, 0: 0, 255: 255}
WIDE, TALL = (60, 40), (40, 60)


def named(profile: bytes, name: bytes) -> bytes:
    """A test profile with another description of five bytes."""
    assert profile.count(b"Test\0") == 1
    return profile.replace(b"Test\0", name)


def grey_levels(content: bytes) -> tuple[int, ...]:
    """The levels of the master's and the smallest version's first pixel, all bands together."""
    photo = process(content)
    files = (photo.master, photo.versions[min(photo.versions)])
    return tuple(value for data in files for value in opened(data).convert("RGB").getpixel((9, 9)))


def assert_level(content: bytes, level: int) -> None:
    assert all(abs(value - level) <= 2 for value in grey_levels(content)), (grey_levels(content), level)


# --- Colours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "shown"), LINEAR.items())
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_linear_light_is_made_srgb_whatever_its_profile_is_called(level, shown, file_format, mode):
    profile = profiles.rgb_profile(SRGB, 1.0) if mode == "RGB" else profiles.grey_profile(1.0)
    if file_format == "WEBP" and mode == "L":
        pytest.skip("a WebP has no grey pixels")
    image = Image.new(mode, (40, 30), (level,) * 3 if mode == "RGB" else level)
    options = {} if file_format == "PNG" else {"quality": 100}
    assert_level(saved(image, file_format, icc_profile=named(profile, b"sRGB\0"), **options), shown)


def test_profile_of_srgb_changes_nothing_whatever_its_name():
    standard = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert icc.colour_space(standard) == "RGB"
    unnamed = standard.replace("sRGB".encode("utf-16-be"), "Mine".encode("utf-16-be"))
    image = Image.effect_noise((160, 120), 40).convert("RGB")
    for profile in (standard, unnamed):
        assert rendering.find_conversion("RGB", {"icc_profile": profile}) is None
        content = saved(image, "JPEG", icc_profile=profile)
        scan = content[content.rindex(b"\xff\xda") :]
        assert process(content).master.endswith(scan)


def png(image: Image.Image, *chunks: bytes) -> bytes:
    content = saved(image)
    return content[:33] + b"".join(chunks) + content[33:]


def gama(gamma: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(gamma * 100_000)))


def chrm(values: tuple[int, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *values))


def grey(level: int, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (40, 30), (level,) * 3)
    return image.quantize(4) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize(("level", "shown"), LINEAR.items())
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_gamma_of_a_png_is_heeded(level, shown, mode):
    assert_level(png(grey(level, mode), gama(1.0)), shown)
    assert_level(png(grey(level, mode), gama(1.0), chrm(SRGB_CHRM)), shown)


@pytest.mark.parametrize("level", [3, 55, 128, 250])
@pytest.mark.parametrize(
    "chunks",
    [
        [gama(1 / 2.2)],
        [gama(1 / 2.2), chrm(SRGB_CHRM)],
        [gama(1.0), chunk(b"sRGB", b"\0")],
        [chrm(ADOBE_CHRM)],
        [gama(0)],
        [gama(40_000)],
        [gama(1.0), chrm((0,) * 8)],
        [gama(1.0), chunk(b"iCCP", b"a\0\0" + zlib.compress(profiles.rgb_profile(SRGB, 2.2)))],
        [chunk(b"tEXt", b"gamma\0001.0")],
    ],
    ids=["usual", "usual-chrm", "srgb", "chrm", "none", "absurd", "no-colours", "profile", "text"],
)
def test_gamma_of_a_png_that_means_srgb_or_nothing_changes_nothing(level, chunks):
    expected = level
    if b"iCCP" in b"".join(chunks):  # the profile alone counts: nearly sRGB, but for the darkest
        expected = {3: 0, 55: 52}.get(level, level)
    assert all(abs(value - expected) <= 4 for value in grey_levels(png(grey(level), *chunks)))


def test_colours_of_a_png_are_heeded_with_its_gamma():
    """Full green of Adobe's space is outside of sRGB; a pale one is a stronger one there."""
    pale = Image.new("RGB", (40, 30), (150, 200, 150))
    adobe = saved(pale, icc_profile=profiles.rgb_profile(profiles.ADOBE_RGB, 2.2))
    wanted = opened(process(adobe).master).getpixel((9, 9))
    told = opened(process(png(pale, gama(1 / 2.2), chrm(ADOBE_CHRM))).master).getpixel((9, 9))
    assert wanted[0] < 140
    assert all(abs(a - b) <= 4 for a, b in zip(told, wanted, strict=True))


# --- Which way up -----------------------------------------------------------------------------


def exif(kind: int, value: bytes, count: int = 1, order: str = "<") -> bytes:
    head = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHI", 0x0112, kind, count) + value.ljust(4, b"\0")
    return head + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4)


SHORT = exif(3, b"\6\0")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF>'
    b"</x:xmpmeta>"
)
RAW_PROFILE = b"\nexif\n" + str(len(SHORT) + 6).encode() + b"\n" + (b"Exif\0\0" + SHORT).hex().encode()
WIDE_IMAGE = Image.new("RGB", WIDE, (200, 30, 30))


def jpeg_with(block: bytes, mark: bytes = b"Exif\0\0", image: Image.Image = WIDE_IMAGE) -> bytes:
    content = saved(image, "JPEG")
    return content[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(mark + block)) + mark + block + content[2:]


def png_after(image: Image.Image, *chunks: bytes) -> bytes:
    content = saved(image)
    return content[:-12] + b"".join(chunks) + content[-12:]


def _texts(name: str, text: str) -> PngInfo:
    info = PngInfo()
    info.add_text(name, text)
    return info


TURNED = {
    "jpeg": jpeg_with(SHORT),
    "jpeg, big end first": jpeg_with(exif(3, b"\0\6", order=">")),
    "jpeg, and XMP says otherwise": saved(
        WIDE_IMAGE, "JPEG", exif=b"Exif\0\0" + SHORT, xmp=XMP.replace(b'"6"', b'"1"')
    ),
    "png": png(WIDE_IMAGE, chunk(b"eXIf", SHORT)),
    "png, behind the pixels": png_after(WIDE_IMAGE, chunk(b"eXIf", SHORT)),
    "webp": saved(WIDE_IMAGE, "WEBP", exif=SHORT),
    "webp, with a mark": saved(WIDE_IMAGE, "WEBP", exif=b"Exif\0\0" + SHORT),
}
NOT_TURNED = {
    "jpeg, XMP": saved(WIDE_IMAGE, "JPEG", xmp=XMP),
    "jpeg, a LONG": jpeg_with(exif(4, b"\6\0\0\0")),
    "jpeg, a BYTE": jpeg_with(exif(1, b"\6")),
    "jpeg, a text": jpeg_with(exif(2, b"6\0", count=2)),
    "jpeg, two SHORTs": jpeg_with(exif(3, b"\6\0\6\0", count=2)),
    "jpeg, out of range": jpeg_with(exif(3, b"\x09\0")),
    "jpeg, cut off": jpeg_with(SHORT[:18]),
    "jpeg, a directory elsewhere": jpeg_with(SHORT[:4] + b"\xff\xff\xff\xff" + SHORT[8:]),
    "jpeg, no TIFF": jpeg_with(b"what" + SHORT[4:]),
    "png, XMP": saved(WIDE_IMAGE, pnginfo=_texts("XML:com.adobe.xmp", XMP.decode())),
    "png, raw profile": saved(WIDE_IMAGE, pnginfo=_texts("Raw profile type exif", RAW_PROFILE.decode())),
    "png, raw APP1": saved(WIDE_IMAGE, pnginfo=_texts("Raw profile type APP1", RAW_PROFILE.decode())),
    "png, a text of that name": png(WIDE_IMAGE, chunk(b"tEXt", b"exif\0" + SHORT)),
    "png, a LONG": png(WIDE_IMAGE, chunk(b"eXIf", exif(4, b"\6\0\0\0"))),
    "webp, XMP": saved(WIDE_IMAGE, "WEBP", xmp=XMP),
    "webp, a LONG": saved(WIDE_IMAGE, "WEBP", exif=exif(4, b"\6\0\0\0")),
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
@pytest.mark.parametrize("source", [*TURNED, *NOT_TURNED])
def test_only_what_browsers_heed_turns_a_photo(source, as_alice, room):
    content, expected = (TURNED[source], TALL) if source in TURNED else (NOT_TURNED[source], WIDE)
    answer = upload(as_alice, room, content).json()["image"]
    assert (answer["width"], answer["height"]) == expected
    row = RoomImage.objects.get()
    with row.image.open() as file:
        assert opened(file.read()).size == expected
        assert images.measure(file) == expected


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
@pytest.mark.parametrize("source", [*TURNED, *NOT_TURNED])
def test_header_alone_tells_the_same(source, tmp_path):
    path = tmp_path / "photo"
    path.write_bytes((TURNED | NOT_TURNED)[source])
    with path.open("rb") as file:
        assert images.measure(file) == (TALL if source in TURNED else WIDE)


# --- The corpus -------------------------------------------------------------------------------


@pytest.mark.skipif(not MANIFEST.exists(), reason=f"no corpus of photos at {CORPUS}")
def test_found_files_come_out_as_browsers_show_them():
    seen = set()
    with MANIFEST.open(newline="") as file:
        entries = [entry for entry in csv.DictReader(file) if entry["group"] == "found"]
    for entry in entries:
        photo = process((CORPUS / "images" / entry["file"]).read_bytes())
        assert (photo.width_px, photo.height_px) == (int(entry["width"]), int(entry["height"])), entry["file"]
        if entry["checks"] == "icc_honoured":
            histogram = opened(photo.master).convert("L").histogram()
            most = sorted(range(256), key=histogram.__getitem__)[-2:]
            assert sum(histogram[186:191]) > 0.3 * sum(histogram), (entry["file"], most)
        seen.add(entry["checks"])
    assert seen >= {"not_turned", "icc_honoured"}
