"""What is taken for a photo: by its first bytes, whatever it is called; and what is said of all else."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import FilePayload, expect

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage

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


def text(gallery: GalleryPage, key: str) -> str:
    config = "JSON.parse(document.getElementById('gallery-config').textContent)"
    return gallery.page.evaluate(f"{config}.texts.{key}")


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
    assert text(room_page, "refused_heic") in room_page.error_lines()[0]
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
    assert text(room_page, "refused_folder") in room_page.error_lines()[0]
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
