"""The pictures and the data of the demonstration, without Django."""

from io import BytesIO

import pytest
from PIL import Image

from rooms.demo import draw
from rooms.demo.catalogue import ESTABLISHMENTS, OWNERS, every_photo, every_room
from rooms.demo.scenes import SCENES

SMALL = (180, 120)
KINDS = {"single", "double", "twin", "family", "suite", "dormitory", "apartment"}


def test_same_arguments_give_same_picture():
    assert draw("bedroom-sea", 3, SMALL) == draw("bedroom-sea", 3, SMALL)


def test_another_seed_gives_another_picture():
    assert draw("bedroom-sea", 3, SMALL) != draw("bedroom-sea", 4, SMALL)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_draws_a_jpeg_of_the_size_asked(scene):
    image = Image.open(BytesIO(draw(scene, 1, SMALL)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", SMALL)


@pytest.mark.parametrize("scene", sorted({photo.scene for photo in every_photo() if photo.upright}))
def test_scenes_used_upright_draw_upright(scene):
    assert Image.open(BytesIO(draw(scene, 1, (120, 180)))).size == (120, 180)


def test_photos_name_scenes_that_exist():
    assert {photo.scene for photo in every_photo()} <= set(SCENES)


def test_no_two_photos_are_the_same():
    drawn = [(photo.scene, photo.seed, photo.size) for photo in every_photo()]
    assert len(drawn) == len(set(drawn))


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
