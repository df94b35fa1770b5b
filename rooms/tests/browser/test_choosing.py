"""What is taken for a photo: by its first bytes, whatever it is called; and what is said of all else."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import FilePayload, expect

from rooms.models import Room
from rooms.tests.browser.bad_server import UPLOAD, Sometimes, refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

REFUSED_FOLDER = "This is a folder. Open it, and choose the photos that are in it."
REFUSED_HEIC = (
    "HEIC photos cannot be shown by every guest's browser. On the iPhone choose Settings, Camera, "
    "Formats, “Most Compatible”, or send the photo as a JPEG."
)

# Names and types that phones, cameras and saved pages give to JPEGs.
ODD_NAMES = [
    ("plain.jfif", ""),
    ("plain.jfif", "image/pjpeg"),
    ("plain.jfif", "image/jpeg"),
    ("photo.jpe", ""),
    ("IMG_0001", ""),
    ("image:1000012345", "application/octet-stream"),
    ("1000012345", "image/jpg"),
    ("photo.jpg.", ""),
    ("photo.jpeg ", ""),
    ("photo.jpg_large", ""),
    ("plain.JPG", "application/octet-stream"),
]
HEIC = b"\0\0\0\x18ftypheic"


def file(name: str, content: bytes, content_type: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": content_type, "buffer": content}


def drop_by_hand(gallery: GalleryPage, path: Path) -> None:
    """As the mouse of a person drops what the file manager has."""
    box = gallery.page.locator("[data-dropzone]").bounding_box()
    assert box
    wire = gallery.page.context.new_cdp_session(gallery.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        wire.send("Input.dispatchDragEvent", {"type": kind, "data": data, **where})


@pytest.mark.parametrize(("name", "content_type"), ODD_NAMES)
def test_a_photo_is_taken_whatever_it_is_called(
    room_page: GalleryPage, room: Room, small_photos: list[Path], name: str, content_type: str
) -> None:
    content = small_photos[0].read_bytes()
    room_page.page.set_input_files("[data-photo-input]", [file(name, content, content_type)])
    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(0)
    assert room.images.count() == 1


@pytest.mark.parametrize("size_bytes", [60_000, 6_000_000])
def test_heic_called_jpeg_gets_the_advice_for_heic(
    room_page: GalleryPage, room: Room, tmp_path: Path, size_bytes: int
) -> None:
    path = tmp_path / "IMG_1.jpg"
    path.write_bytes(HEIC + bytes(size_bytes))
    room_page.choose(path)
    expect(room_page.errors).to_have_count(1)
    assert room_page.text(REFUSED_HEIC) in room_page.error_lines()[0]
    expect(room_page.cards).to_have_count(0)
    assert room.images.count() == 0


@pytest.mark.parametrize("name", ["Vacances", "Vacances.jpg"])
def test_a_dropped_folder_is_told_as_one(
    room_page: GalleryPage, small_photos: list[Path], tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(small_photos[0].read_bytes())
    drop_by_hand(room_page, folder)
    expect(room_page.errors).to_have_count(1)
    assert room_page.text(REFUSED_FOLDER) in room_page.error_lines()[0]
    expect(room_page.cards).to_have_count(0)


def test_a_dropped_file_is_no_folder(room_page: GalleryPage, room: Room, small_photos: list[Path]) -> None:
    drop_by_hand(room_page, small_photos[0])
    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(0)


def test_save_waits_for_files_that_are_still_looked_at(
    add_page: GalleryPage, small_photos: list[Path]
) -> None:
    """A file in a cloud takes its time to be read."""
    add_page.page.evaluate(
        """() => {
          const read = Blob.prototype.arrayBuffer;
          Blob.prototype.arrayBuffer = async function () {
            await new Promise((resolve) => setTimeout(resolve, 1000));
            return read.call(this);
          };
        }"""
    )
    add_page.page.fill("[name=name]", "Chambre lente")
    add_page.choose(small_photos[0])
    add_page.save()
    add_page.page.wait_for_url("**/admin/rooms/room/")
    assert Room.objects.get(name="Chambre lente").images.count() == 1


def test_server_takes_the_same_names(
    as_alice: Any, room: Room, small_photos: list[Path], settings: Any
) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = len(ODD_NAMES)
    content = small_photos[0].read_bytes()
    for name, content_type in ODD_NAMES:
        upload = SimpleUploadedFile(name, content, content_type)
        assert as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": upload}).status_code == 201
    assert room.images.count() == len(ODD_NAMES)


def test_many_that_lack_a_place_share_one_line(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    content = small_photos[0].read_bytes()
    files = [file(f"IMG_{number}.jpg", content) for number in range(300)]
    room_page.page.set_input_files("[data-photo-input]", files)
    room_page.wait_ready(10)
    expect(room_page.errors).to_have_count(1)
    [line] = room_page.error_lines()
    assert line.startswith("290 photos")
    assert "IMG_10.jpg, IMG_11.jpg, IMG_12.jpg…" in line
    assert "IMG_13.jpg" not in line
    room_page.wait_until_saved()
    assert room.images.count() == 10


def test_a_bad_file_gives_its_place_to_the_next_good_one(
    room_page: GalleryPage, room: Room, small_photos: list[Path], tmp_path: Path
) -> None:
    """Whoever finds out: the page by the first bytes or by the picture, or the server."""
    add_photos(room, 8)
    room_page.page.reload()
    bad = {
        "liste.jpg": b"%PDF-1.7" + bytes(2000),
        "IMG_1.HEIC": HEIC + bytes(2000),
        "coupee.jpg": small_photos[1].read_bytes()[:600],
        "fausse.jpg": b"\xff\xd8\xff" + bytes(2000),
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)

    room_page.choose(*(tmp_path / name for name in bad), *small_photos[:3])

    room_page.wait_ready(10)
    expect(room_page.errors).to_have_count(5)
    lines = room_page.error_lines()
    assert [name for name in bad if not any(name in line for line in lines)] == []
    [left_over] = [line for line in lines if "photo-2.jpg" in line]
    assert left_over.startswith("1 photo ")
    room_page.wait_until_saved()
    assert room.images.count() == 10


def test_lines_are_closed_all_at_once_and_go_with_the_next_choice(
    room_page: GalleryPage, small_photos: list[Path], tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Pas une photo")
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff only the server can tell")
    close_all = room_page.page.locator("[data-action=dismiss-errors]")
    room_page.choose(tmp_path / "a.txt")
    expect(room_page.errors).to_have_count(1)
    expect(close_all).to_be_hidden()
    room_page.choose(tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.jpg")
    expect(room_page.errors).to_have_count(3)
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    close_all.click()
    expect(room_page.errors).to_have_count(0)
    expect(room_page.page.locator("[data-photo-input]")).to_be_focused()

    room_page.choose(tmp_path / "b.txt")
    expect(room_page.errors).to_have_count(1)
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(0)


def test_a_photo_that_may_still_go_up_keeps_its_line(
    room_page: GalleryPage, small_photos: list[Path]
) -> None:
    room_page.page.route(UPLOAD, Sometimes(refuse(507, "storage_full")))
    room_page.choose(small_photos[0])
    expect(room_page.errors).to_have_count(1)
    room_page.choose(small_photos[1])
    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(1)
    assert "photo-0.jpg" in room_page.error_lines()[0]
