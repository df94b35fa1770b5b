"""Photos are copied to another room: with files of their own, all of them or none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client

from rooms.errors import StorageFull
from rooms.models import Activity, PendingFile, Room, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.services import gallery as galleries
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, in_order, picture, places, post_json
from rooms.tests.test_photo_copies import assert_all_whole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(room: Room) -> Room:
    return Room.objects.create(establishment=room.establishment, name="Chambre 2")


@pytest.fixture
def here(room: Room) -> list[RoomImage]:
    photos = add_photos(room, 3)
    galleries.update(photos[1], caption="Vue sur le lac", alternative_text="Un lac", kind="view")
    return list(room.images.all())


def copy(client: Client, room: Room, images: Any, target: Any) -> Any:
    content = {"images": images, "room": target.pk if isinstance(target, Room) else target}
    return post_json(client, f"/rooms/{room.pk}/copy-images/", content)


def assert_nothing_new(answer: Any, status: int, code: str, before: list[Any], media_root: Path) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(RoomImage.all_objects.values()) == before
    assert not Activity.objects.exists()
    assert_all_whole(media_root)


def test_copies_come_behind_and_have_files_of_their_own(
    as_alice: Client, alice: User, room: Room, other: Room, here: list[RoomImage], media_root: Path
) -> None:
    there = add_photos(other, 1)[0]
    answer = copy(as_alice, room, [here[1].pk, here[0].pk], other)
    assert answer.status_code == 200
    copies = list(other.images.all())[1:]
    assert [image["id"] for image in answer.json()["images"]] == [there.pk, *(photo.pk for photo in copies)]
    assert places(room=room) == in_order(*(photo.pk for photo in here))
    assert [(photo.order, photo.caption, photo.alternative_text, photo.kind) for photo in copies] == [
        (2, here[0].caption, here[0].alternative_text, here[0].kind),
        (3, "Vue sur le lac", "Un lac", "view"),
    ]
    for original, twin in zip(here, copies, strict=False):
        assert twin.file_name != original.file_name
        assert (media_root / twin.file_name).read_bytes() == (media_root / original.file_name).read_bytes()
        assert twin.uploaded_by == alice
        for name in photo_files.FIGURES:
            assert getattr(twin, name) == getattr(original, name)
    assert_all_whole(media_root)


def test_original_may_go_and_the_copy_stays_whole(
    as_alice: Client, room: Room, other: Room, here: list[RoomImage], media_root: Path
) -> None:
    copy(as_alice, room, [here[0].pk], other)
    here[0].delete()
    assert (media_root / other.images.get().file_name).is_file()
    assert_all_whole(media_root)


def test_photo_of_an_older_system_is_copied_under_a_name_of_ours(
    as_alice: Client, room: Room, other: Room, media_root: Path
) -> None:
    name = photo_storage().save("old/salon.png", ContentFile(picture(file_format="PNG")))
    RoomImage.objects.bulk_create([RoomImage(room=room, image=name, caption="Salon", order=1)])
    assert copy(as_alice, room, [room.images.get().pk], other).status_code == 200
    assert other.images.get().caption == "Salon"
    assert_all_whole(media_root)


@pytest.mark.parametrize("choose", [lambda ids: [], lambda ids: [ids[0], ids[0]], lambda ids: [str(ids[0])]])
def test_what_names_no_photos_is_refused(
    as_alice: Client,
    room: Room,
    other: Room,
    here: list[RoomImage],
    media_root: Path,
    choose: Callable[[list[int]], Any],
) -> None:
    before = list(RoomImage.all_objects.values())
    answer = copy(as_alice, room, choose([photo.pk for photo in here]), other)
    assert_nothing_new(answer, 400, "invalid_request", before, media_root)
    answer = copy(as_alice, room, [here[0].pk], room)
    assert_nothing_new(answer, 400, "invalid_request", before, media_root)


def test_photo_or_room_of_a_stranger_is_not_found(
    as_alice: Client, room: Room, other: Room, bobs_room: Room, here: list[RoomImage], media_root: Path
) -> None:
    theirs = add_photos(bobs_room, 1)[0]
    before = list(RoomImage.all_objects.values())
    answer = copy(as_alice, room, [here[0].pk, theirs.pk], other)
    assert_nothing_new(answer, 404, "not_found", before, media_root)
    answer = copy(as_alice, room, [here[0].pk], bobs_room)
    assert_nothing_new(answer, 404, "not_found", before, media_root)


def test_never_eleven(
    as_alice: Client, room: Room, other: Room, here: list[RoomImage], media_root: Path, settings: Any
) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 3
    add_photos(other, 1)
    before = list(RoomImage.all_objects.values())
    answer = copy(as_alice, room, [photo.pk for photo in here], other)
    assert_nothing_new(answer, 409, "limit_reached", before, media_root)
    assert copy(as_alice, room, [photo.pk for photo in here[:2]], other).status_code == 200


def test_full_disk_leaves_nothing_behind(
    as_alice: Client,
    room: Room,
    other: Room,
    here: list[RoomImage],
    media_root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    write = photo_files.NewFile.write_copy

    def fail_at_the_second(file: photo_files.NewFile, master_name: str) -> None:
        if written:
            raise StorageFull
        written.append(master_name)
        write(file, master_name)

    monkeypatch.setattr(photo_files.NewFile, "write_copy", fail_at_the_second)
    before = list(RoomImage.all_objects.values())
    answer = copy(as_alice, room, [photo.pk for photo in here], other)
    assert written
    assert_nothing_new(answer, 507, "storage_full", before, media_root)


def test_places_are_held_while_files_are_copied(
    as_alice: Client,
    room: Room,
    other: Room,
    here: list[RoomImage],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 3
    write, answers = photo_files.NewFile.write_copy, []

    def copy_in_between(file: photo_files.NewFile, master_name: str) -> None:
        monkeypatch.undo()
        answers.append(copy(as_alice, room, [here[0].pk], other).json()["code"])
        write(file, master_name)

    monkeypatch.setattr(photo_files.NewFile, "write_copy", copy_in_between)
    assert copy(as_alice, room, [photo.pk for photo in here], other).status_code == 200
    assert answers == ["limit_reached"]
    assert other.images.count() == 3


def test_photo_that_goes_meanwhile_copies_nothing(
    as_alice: Client,
    room: Room,
    other: Room,
    here: list[RoomImage],
    media_root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = photo_files.NewFile.write_copy

    def delete_before(file: photo_files.NewFile, master_name: str) -> None:
        RoomImage.objects.get(image=master_name).delete()
        write(file, master_name)

    monkeypatch.setattr(photo_files.NewFile, "write_copy", delete_before)
    answer = copy(as_alice, room, [here[0].pk], other)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert not other.images.exists()
    assert_all_whole(media_root)
    assert not PendingFile.objects.exists()


def test_room_that_got_them_tells_of_it(
    as_alice: Client, room: Room, other: Room, here: list[RoomImage]
) -> None:
    copy(as_alice, room, [photo.pk for photo in here[:2]], other)
    entry = Activity.objects.get()
    assert (entry.object_id, entry.deed) == (str(other.pk), Activity.Deed.UPLOAD)
    assert "2 ← Chambre 1" in as_alice.get(f"/admin/rooms/room/{other.pk}/history/").text
