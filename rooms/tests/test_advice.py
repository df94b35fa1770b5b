"""What is said about photos, and what is not: each reason both ways, told from made pictures."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from PIL import Image, ImageEnhance, ImageFilter

from rooms.errors import NotFound
from rooms.models import Draft, Gallery, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services.advice import find_advice
from rooms.services.new_files import rotate
from rooms.tests.conftest import insert_old_row, lay_file, photo_file, picture
from rooms.tests.test_metrics import scene

pytestmark = pytest.mark.django_db


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.fixture
def add(room: Room) -> Callable[..., RoomImage]:
    def add_scene(image: Image.Image, quality: int = 90, **fields: Any) -> RoomImage:
        content = photo_file(content=jpeg(image, quality))
        return RoomImage.objects.create(**{"room": room, "image": content} | fields)

    return add_scene


def codes(room: Room) -> list[list[str]]:
    """What is said about each photo of the room, in order."""
    return [
        [one.code for one in said] for said in find_advice(galleries.find_photos(Gallery(room=room))).values()
    ]


def sentence(room: Room, place: int) -> str:
    photos = galleries.find_photos(Gallery(room=room))
    return str(find_advice(photos)[photos[place - 1].pk][0].text)


# --- each reason ------------------------------------------------------------------------


def test_good_photo_is_left_in_peace(add, room):
    add(scene(1))
    assert codes(room) == [[]]


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1024, 683), []),
        ((683, 1024), []),
        ((1023, 683), ["small"]),
        ((1600, 682), ["small"]),
        ((682, 1600), ["small"]),
    ],
)
def test_photo_below_what_booking_sites_ask_for_is_small(add, room, size, said):
    add(scene(1, size=size))
    assert codes(room) == [said]


def test_small_photo_is_told_its_size_and_the_one_wanted(add, room):
    add(scene(1, size=(800, 600)))
    for number in ("800", "600", "1024", "683"):
        assert number in sentence(room, 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda image: image.filter(ImageFilter.GaussianBlur(20)), ["blurred"]),
        (lambda image: image.filter(ImageFilter.GaussianBlur(1)), []),
        (lambda image: ImageEnhance.Contrast(image).enhance(0.3), []),
        (lambda image: ImageEnhance.Brightness(image).enhance(0.2), ["dark"]),
        (lambda image: ImageEnhance.Brightness(image).enhance(0.7), []),
    ],
    ids=["blurred", "soft", "misty", "dark", "dim"],
)
def test_blurred_and_dark_photos_are_told_and_others_are_not(add, room, seed, made, said):
    add(made(scene(seed)))
    assert codes(room) == [said]


def test_dark_photo_is_not_called_blurred_too(add, room):
    add(ImageEnhance.Brightness(scene(1).filter(ImageFilter.GaussianBlur(20))).enhance(0.2))
    assert codes(room) == [["dark"]]


def test_thresholds_come_from_the_settings(add, room, settings):
    add(scene(1))
    settings.ROOM_PHOTO_ADVISED_MIN_SIDES = (2000, 683)
    assert codes(room) == [["small"]]
    settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS = 1.1
    assert codes(room) == [["small", "dark"]]
    settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS, settings.ROOM_PHOTO_ADVISED_MIN_SHARPNESS = 0, 1.1
    assert codes(room) == [["small", "blurred"]]


def test_turned_photo_is_judged_as_it_is_now(add, room):
    first, twin = add(scene(1)), add(scene(1))
    assert codes(room) == [[], ["duplicate"]]
    rotate(twin, 1)
    assert codes(room) == [[], []]
    rotate(first, 1)
    assert codes(room) == [[], ["duplicate"]]


# --- two alike --------------------------------------------------------------------------


def test_later_of_two_alike_is_marked_and_told_which(add, room):
    add(scene(1))
    add(scene(2))
    add(scene(1), quality=50)
    assert codes(room) == [[], [], ["duplicate"]]
    assert "1" in sentence(room, 3)


def test_same_file_and_one_nearly_alike_are_told_apart(add, room):
    for quality in (90, 90, 50):
        add(scene(1), quality=quality)
    with translation.override("en"):
        assert sentence(room, 2) == "This is the same photo as photo 1."
        assert sentence(room, 3) == "This photo is nearly the same as photo 1."


def test_mark_follows_the_order(add, room):
    first, other, twin = add(scene(1)), add(scene(2)), add(scene(1), quality=50)
    galleries.reorder(Gallery(room=room), [twin.pk, other.pk, first.pk])
    assert list(find_advice(galleries.find_photos(Gallery(room=room)))) == [twin.pk, other.pk, first.pk]
    assert codes(room) == [[], [], ["duplicate"]]


@pytest.mark.parametrize("gone", [0, 1])
def test_mark_goes_with_either_of_the_two_and_comes_back(add, room, gone):
    pair = add(scene(1)), add(scene(1), quality=50)
    galleries.remove(pair[gone])
    assert codes(room) == [[]]
    galleries.restore(RoomImage.all_objects.select_related("room", "draft").get(pk=pair[gone].pk))
    assert codes(room) == [[], ["duplicate"]]


def test_photos_of_other_galleries_do_not_count(add, room, bobs_room, alice):
    add(scene(1), room=bobs_room)
    add(scene(1), room=None, draft=Draft.objects.create(user=alice))
    add(scene(1))
    assert codes(room) == [[]]


# --- photos of an older system ----------------------------------------------------------


def test_photo_without_metrics_is_told_its_size_only(room, media_root):
    lay_file(media_root, "old/small.jpg", picture((800, 600)))
    lay_file(media_root, "old/large.jpg", jpeg(scene(1)))
    insert_old_row(room, "old/small.jpg", order=1)
    insert_old_row(room, "old/large.jpg", order=2)
    assert codes(room) == [["small"], []]


def test_photo_without_metrics_is_no_twin(add, room):
    add(scene(1))
    add(scene(1))
    RoomImage.objects.filter(order=1).update(metrics=None)
    assert codes(room) == [[], []]


def test_photo_without_a_file_is_not_judged(room):
    insert_old_row(room, "old/gone.jpg", order=1)
    assert codes(room) == [[]]


# --- what is declined -------------------------------------------------------------------


def test_what_was_declined_is_not_said_again_and_the_rest_is(add, room):
    small = add(scene(1, size=(800, 600)))
    galleries.update(small, advice_declined=["small"])
    assert codes(room) == [[]]
    twin = add(scene(1, size=(800, 600)))
    galleries.reorder(Gallery(room=room), [twin.pk, small.pk])
    assert codes(room) == [["small"], ["duplicate"]]
    galleries.update(RoomImage.objects.get(pk=small.pk), advice_declined=["small", "duplicate", "small"])
    assert codes(room) == [["small"], []]
    assert RoomImage.objects.get(pk=small.pk).advice_declined == ["duplicate", "small"]


def test_list_of_what_is_declined_takes_the_place_of_the_one_before(add, room):
    photo = add(scene(1, size=(800, 600)))
    galleries.update(photo, advice_declined=["small"])
    galleries.update(photo, advice_declined=["dark"])
    assert codes(room) == [["small"]]
    galleries.update(photo, advice_declined=[])
    assert RoomImage.objects.get().advice_declined == []


def test_removed_photo_declines_nothing(add, room):
    photo = add(scene(1, size=(800, 600)))
    galleries.remove(photo)
    with pytest.raises(NotFound):
        galleries.update(photo, advice_declined=["small"])
    assert RoomImage.all_objects.get().advice_declined == []
