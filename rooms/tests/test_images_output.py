"""What `images` keeps of a photo: its looks, and nothing a camera or an editor wrote beside them."""

import json
import subprocess

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from rooms.pixels import rendering
from rooms.tests.conftest import picture
from rooms.tests.test_images import BLUE, RED, near, opened, process, saved

GPS_IFD = 0x8825
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>48,51N</exif:GPSLatitude></x:xmpmeta>"
# What exiftool reports of a bare file: facts about the file and its pixels.
BARE_GROUPS = {"ExifTool", "System", "File", "Composite", "JFIF", "RIFF"}


def _corners(width: int = 60, height: int = 40) -> Image.Image:
    """Red in the left half and blue in the right one, with a white band on top."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste((255, 255, 255), (0, 0, width, height // 4))
    return image


def _tagged(orientation: int, **options: object) -> Image.Exif:
    exif = Image.Exif()
    exif[rendering.EXIF_ORIENTATION] = orientation
    exif[0x010F] = "Canary camera"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (48.0, 51.0, 0.0), 3: "E", 4: (2.0, 21.0, 0.0)})
    return exif


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as a camera stores it that was held the way `orientation` says."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that the orientation undoes
    return image.transpose(Image.Transpose(undo[orientation])) if orientation in undo else image


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_is_upright(file_format, orientation):
    options = {} if file_format == "PNG" else {"quality": 95}
    content = saved(_turned(_corners(), orientation), file_format, exif=_tagged(orientation), **options)
    photo = process(content)
    assert (photo.width_px, photo.height_px) == (60, 40)
    for data in (photo.master, *photo.versions.values()):
        kept = opened(data).convert("RGB")
        assert near(kept.getpixel((30, 3)), (255, 255, 255), by=25)
        assert near(kept.getpixel((10, 30)), RED, by=25)
        assert near(kept.getpixel((50, 30)), BLUE, by=25)


@pytest.mark.parametrize("orientation", [0, 9, 255])
def test_impossible_orientation_counts_as_upright(orientation):
    photo = process(saved(_corners(), "JPEG", exif=_tagged(orientation)))
    assert (photo.width_px, photo.height_px) == (60, 40)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_survives(file_format, tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": _tagged(6), "icc_profile": profile}
    if file_format == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"].add_text("Comment", "Canary", zip=True)
    else:
        options["xmp"] = XMP
    content = saved(_corners(), file_format, **options)
    (tmp_path / "before").write_bytes(content)
    assert _groups(tmp_path / "before") & {"EXIF", "IFD0", "GPS", "XMP", "XMP-exif"}
    photo = process(content)
    for number, data in enumerate((photo.master, *photo.versions.values())):
        (tmp_path / str(number)).write_bytes(data)
        assert _groups(tmp_path / str(number)) <= BARE_GROUPS
        assert b"anary" not in data


def _groups(path) -> set[str]:
    run = subprocess.run(["exiftool", "-j", "-G1", "-a", "-u", str(path)], capture_output=True, check=True)
    return {key.split(":")[0] for key in json.loads(run.stdout)[0] if ":" in key}


@pytest.mark.parametrize("trailer", [b"PK\x03\x04canary", b"<script>canary</script>", b"%PDF-1.7 canary"])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF"])
def test_nothing_behind_the_picture_survives(file_format, trailer):
    photo = process(picture(file_format=file_format) + trailer)
    assert all(b"canary" not in data for data in (photo.master, *photo.versions.values()))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparent_becomes_white(mode):
    image = Image.new("RGBA", (40, 30), (0, 0, 0, 0)).convert("LA" if mode != "RGBA" else mode)
    photo = process(saved(image))
    assert near(opened(photo.master).convert("RGB").getpixel((20, 15)), (255, 255, 255))


def test_transparent_palette_colour_becomes_white():
    image = Image.new("P", (40, 30), 0)
    image.putpalette([0, 0, 0, 200, 30, 30])
    for file_format in ("PNG", "GIF"):
        photo = process(saved(image, file_format, transparency=0))
        assert near(opened(photo.master).convert("RGB").getpixel((20, 15)), (255, 255, 255))


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 1])
def test_sixteen_bits_keep_their_brightness(share):
    photo = process(saved(Image.new("I;16", (40, 30), round(65_535 * share))))
    grey = round(255 * share)
    assert near(opened(photo.master).convert("RGB").getpixel((20, 15)), (grey,) * 3, by=3)


def test_cmyk_becomes_rgb_and_is_not_inverted():
    photo = process(saved(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = opened(photo.master).getpixel((20, 15))
    assert (opened(photo.master).mode, red > 180, green < 80, blue < 80) == ("RGB", True, True, True)


def test_foreign_colours_are_converted():
    """A profile with red and blue swapped shows whether it is honoured."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile = profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    profile = profile.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    photo = process(saved(Image.new("RGB", (40, 30), (255, 0, 0)), "PNG", icc_profile=bytes(profile)))
    red, _green, blue = opened(photo.master).convert("RGB").getpixel((20, 15))
    assert blue > 200 > 100 > red


@pytest.mark.parametrize("profile", [b"garbage", b"\0" * 200, b"x" * 3000])
def test_broken_profile_is_ignored(profile):
    photo = process(saved(Image.new("RGB", (40, 30), RED), "PNG", icc_profile=profile))
    assert near(opened(photo.master).convert("RGB").getpixel((20, 15)), RED)


def test_profile_of_another_colour_space_is_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    photo = process(saved(Image.new("RGB", (40, 30), RED), "PNG", icc_profile=profile))
    assert near(opened(photo.master).convert("RGB").getpixel((20, 15)), RED)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF:UserWarning")
def test_broken_exif_is_no_reason_to_refuse():
    content = picture(exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60)
    assert process(content).width_px == 64
