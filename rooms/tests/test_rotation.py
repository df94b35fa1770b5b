"""Turning a photo: upright afterwards, in its place, under new names, and nothing left of the old files."""

import io
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from PIL import Image

from rooms import images, limits, storage
from rooms.errors import InvalidRequest, NotFound, PhotoError, StorageUnavailable
from rooms.models import Gallery, PendingFile, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.services import gallery as galleries
from rooms.services.new_files import rotate
from rooms.tests.conftest import add_photos, files_in, insert_old_row, lay_file, photo_file, places

pytestmark = pytest.mark.django_db(transaction=True)  # files go after the commit
LEFT_RED = (1200, 800)


def half_red() -> bytes:
    image = Image.new("RGB", LEFT_RED, "blue")
    image.paste("red", (0, 0, LEFT_RED[0] // 2, LEFT_RED[1]))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def photo(room: Room) -> RoomImage:
    first, last = add_photos(room, 2)
    content = photo_file(content=half_red())
    middle = RoomImage.objects.create(room=room, image=content, caption="Vue")
    galleries.reorder(Gallery(room=room), [first.pk, middle.pk, last.pk])
    return RoomImage.objects.get(pk=middle.pk)


def turn(photo: RoomImage, quarter_turns: int) -> RoomImage:
    photos = rotate(photo, quarter_turns)
    assert [row.order for row in photos] == list(range(1, len(photos) + 1))
    return next(row for row in photos if row.pk == photo.pk)


def is_red(name: str, x: float, y: float) -> bool:
    """Whether a stored picture is red at this share of its width and height."""
    with photo_storage().open(name) as file:
        image = Image.open(file).convert("RGB")
    red, _green, blue = image.getpixel((int(image.width * x), int(image.height * y)))
    return red > 200 > blue


@pytest.mark.parametrize(
    ("quarter_turns", "size", "red_at", "blue_at"),
    [
        (1, (800, 1200), (0.5, 0.1), (0.5, 0.9)),
        (2, (1200, 800), (0.9, 0.5), (0.1, 0.5)),
        (3, (800, 1200), (0.5, 0.9), (0.5, 0.1)),
    ],
)
def test_photo_and_its_versions_are_turned_clockwise(photo, quarter_turns, size, red_at, blue_at):
    turned = turn(photo, quarter_turns)
    for name in storage.names_of(turned.file_name):
        assert is_red(name, *red_at)
        assert not is_red(name, *blue_at)
    kept = RoomImage.objects.get(pk=photo.pk)
    assert (kept.width, kept.height) == size
    assert kept.size == photo_storage().size(kept.file_name)


def test_row_place_and_caption_stay_while_the_names_are_new(photo, room, media_root):
    before = places(room=room)
    old_names = set(storage.names_of(photo.file_name))
    turned = turn(photo, 1)
    assert (places(room=room), turned.caption) == (before, "Vue")
    assert not old_names & files_in(media_root)
    assert set(storage.names_of(turned.file_name)) <= files_in(media_root)
    assert not PendingFile.objects.exists()


def test_turning_back_gives_the_same_picture(photo):
    back = turn(turn(photo, 1), 3)
    assert (back.width, back.height) == (1200, 800)
    assert is_red(back.file_name, 0.1, 0.5)


@pytest.mark.parametrize("quarter_turns", [0, 4, -1, 10**30])
def test_only_one_to_three_quarters_are_turns(photo, quarter_turns, media_root):
    before = files_in(media_root)
    with pytest.raises(InvalidRequest):
        turn(photo, quarter_turns)
    assert files_in(media_root) == before


def test_photo_of_an_older_system_can_be_turned(room, media_root):
    lay_file(media_root, "old/1.jpg", half_red())
    turned = turn(insert_old_row(room, "old/1.jpg", order=1), 1)
    assert is_red(turned.file_name, 0.5, 0.1)
    assert "old/1.jpg" not in files_in(media_root)


def test_file_that_another_row_shares_stays(room, media_root):
    lay_file(media_root, "old/1.jpg", half_red())
    photo = insert_old_row(room, "old/1.jpg", order=1)
    RoomImage.objects.bulk_create([RoomImage(room=room, image="old/1.jpg", order=2)])
    turn(photo, 1)
    assert "old/1.jpg" in files_in(media_root)


@pytest.mark.parametrize("content", [None, b"no picture"], ids=["missing", "broken"])
def test_photo_without_a_readable_file_is_left_alone(room, media_root, content):
    if content:
        lay_file(media_root, "old/1.jpg", content)
    photo = insert_old_row(room, "old/1.jpg", order=1)
    before = files_in(media_root)
    with pytest.raises(PhotoError):
        turn(photo, 1)
    assert RoomImage.objects.get().file_name == "old/1.jpg"
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()


def test_removed_photo_is_not_turned(photo, media_root):
    before = files_in(media_root)
    galleries.remove(photo)
    with pytest.raises(NotFound):
        turn(photo, 1)
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()


def test_turn_that_lost_the_race_keeps_nothing(photo, media_root):
    seen_before = RoomImage.objects.get(pk=photo.pk)
    winner = turn(photo, 1)
    before = files_in(media_root)
    with pytest.raises(PhotoError):  # its file has gone
        turn(seen_before, 1)
    assert RoomImage.objects.get(pk=photo.pk).file_name == winner.file_name
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()


def test_turn_whose_file_changed_while_it_worked_keeps_nothing(photo, media_root, monkeypatch):
    real_turn = images.reprocess

    def turn_behind_another(*args, **how):
        turned = real_turn(*args, **how)
        changed = RoomImage.objects.get(pk=photo.pk)
        changed.image = photo_file(content=upside_down)
        changed.save()
        return turned

    upside_down = io.BytesIO()
    Image.open(io.BytesIO(half_red())).rotate(180).save(upside_down, "JPEG")
    upside_down = upside_down.getvalue()

    monkeypatch.setattr(images, "reprocess", turn_behind_another)
    with pytest.raises(StorageUnavailable):
        turn(photo, 1)
    kept = RoomImage.objects.get(pk=photo.pk)
    assert is_red(kept.file_name, 0.9, 0.5)
    assert set(storage.names_of(kept.file_name)) <= files_in(media_root)
    assert len(files_in(media_root)) == 3 * 4
    assert not PendingFile.objects.exists()


@pytest.mark.parametrize("content", ["{}", '{"quarter_turns": "1"}', '{"quarter_turns": true}', "["])
def test_impossible_turn_is_an_invalid_request(as_alice, room, photo, content):
    answer = as_alice.post(f"/rooms/{room.pk}/rotate-image/{photo.pk}/", content, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_owner_turns_and_a_stranger_does_not(as_alice, as_bob, room, photo):
    url = f"/rooms/{room.pk}/rotate-image/{photo.pk}/"
    assert as_bob.post(url, '{"quarter_turns": 1}', "application/json").status_code == 404
    answer = as_alice.post(url, '{"quarter_turns": 1}', "application/json").json()["image"]
    assert (answer["id"], answer["width"], answer["height"]) == (photo.pk, 800, 1200)
    assert answer["url"] != photo.image_url


def test_photo_is_turned_once_at_a_time(photo, monkeypatch):
    """Who comes second is sent away before anything is decoded for nothing."""
    real_turn, seconds = images.reprocess, []

    def turn_while_another_asks(*args, **how):
        monkeypatch.setattr(images, "reprocess", lambda *args, **how: pytest.fail("decoded"))
        with pytest.raises(StorageUnavailable):
            turn(photo, 1)
        seconds.append(1)
        return real_turn(*args, **how)

    monkeypatch.setattr(images, "reprocess", turn_while_another_asks)
    turned = turn(photo, 1)
    assert seconds == [1]
    assert (turned.width, turned.height) == (800, 1200)
    assert not PendingFile.objects.exists()


def test_a_dead_turn_keeps_nobody_away_for_long(photo):
    long_ago = Now() - timedelta(minutes=limits.UPLOAD_LEASE_MINUTES + 1)
    dead = storage.new_master_name()
    PendingFile.objects.create(
        name=dead, kind=PendingFile.Kind.UPLOAD, noted_at=long_ago, replaces=photo.file_name
    )
    assert turn(photo, 1).width == 800
    assert list(PendingFile.objects.values_list("name", "replaces")) == [(dead, None)]


def test_stale_photo_is_not_decoded(photo, monkeypatch):
    stale = RoomImage.objects.get(pk=photo.pk)
    turn(photo, 1)
    monkeypatch.setattr(images, "reprocess", lambda *args, **how: pytest.fail("decoded"))
    with pytest.raises(StorageUnavailable):
        turn(stale, 1)
    assert not PendingFile.objects.exists()
