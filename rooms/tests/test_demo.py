"""The demonstration: its data, its pictures, and the command that adds them."""

from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from PIL import Image

from rooms.demo import catalogue
from rooms.demo.catalogue import CHALET, ESTABLISHMENTS, OWNERS, PHOTOS, every_photo, every_room
from rooms.models import Room, RoomImage
from rooms.services.advice import find_advice
from rooms.tests.conftest import files_in

KINDS = {"single", "double", "twin", "family", "suite", "dormitory", "apartment"}
MAX_BYTES = 2_500_000
MAX_SIDE_PX = 1600


def test_every_file_belongs_to_one_photo():
    files = Counter(photo.file for photo in every_photo())
    assert files == Counter(path.name for path in PHOTOS.iterdir())
    assert 40 <= len(files) <= 50


def test_pictures_are_small_enough_for_a_repository():
    assert sum(path.stat().st_size for path in PHOTOS.iterdir()) <= MAX_BYTES


@pytest.mark.parametrize("name", sorted(photo.file for photo in every_photo()))
def test_picture_decodes_and_is_of_a_usual_size(name):
    with Image.open(PHOTOS / name) as picture:
        picture.load()
    assert picture.format == "WEBP"
    assert max(picture.size) == MAX_SIDE_PX


def test_captions_are_short():
    assert all(0 < len(photo.caption) <= 200 for photo in every_photo())


def test_galleries_cover_the_cases_to_show():
    counts = sorted(len(room.photos) for room in every_room())
    assert 8 <= len(counts) <= 11
    assert counts[-2] < counts[-1] == 10
    assert counts[0] <= 1


def test_rooms_are_plausible():
    assert {establishment.owner for establishment in ESTABLISHMENTS} == set(OWNERS)
    for room in every_room():
        assert room.kind in KINDS
        assert min(room.capacity, room.price_night) > 0


@pytest.mark.django_db
def test_command_adds_each_photo_once(monkeypatch: pytest.MonkeyPatch, media_root: Any, capsys: Any):
    monkeypatch.setattr(catalogue, "ESTABLISHMENTS", (CHALET,))
    call_command("demo")
    rows = list(RoomImage.objects.order_by("pk").values_list("pk", "room__name", "caption", "image"))
    files = files_in(media_root)
    described = [(room.name, photo.caption) for room in CHALET.rooms for photo in room.photos]
    assert [(name, caption) for _pk, name, caption, _image in rows] == described
    assert {image for *_others, image in rows} <= files
    call_command("demo")
    assert list(RoomImage.objects.order_by("pk").values_list("pk", "room__name", "caption", "image")) == rows
    assert files_in(media_root) == files
    assert User.objects.count() == len(OWNERS) + 1
    assert "marc / demo-chambres" in capsys.readouterr().out


@pytest.mark.django_db
def test_pictures_are_not_called_small(monkeypatch: pytest.MonkeyPatch, media_root: Any):
    monkeypatch.setattr(catalogue, "ESTABLISHMENTS", (CHALET,))
    call_command("demo")
    for room in Room.objects.all():
        codes = {advice.code for found in find_advice(list(room.images.all())).values() for advice in found}
        assert "too_small" not in codes


@pytest.mark.django_db
def test_database_of_others_is_left_alone(alice: User, capsys: Any) -> None:
    call_command("demo")
    assert list(User.objects.all()) == [alice]
    assert not Room.objects.exists()
    assert "demo-chambres" not in capsys.readouterr().out
