"""The endpoints over HTTP: what each changes in the database and on the disk, for rooms and drafts alike."""

import uuid

import pytest
from PIL import Image

from rooms.models import Draft, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    add_photos,
    files_in,
    guarded,
    in_order,
    photo_file,
    picture,
    places,
    post_json,
    upload,
    upload_ids,
)

KINDS = ("room", "draft")


class Place:
    """A gallery with the addresses of its endpoints, so that each rule is tried on a room and on a draft."""

    def __init__(self, kind, client, room):
        self.client, self.room = client, room if kind == "room" else None
        self.fields = {} if self.room else {"draft": DRAFT}
        self.base = f"/rooms/{room.pk}/" if self.room else "/rooms/"
        self.suffix = "" if self.room else "-temp"
        self.query = {"room": room} if self.room else {"draft_id": DRAFT}

    def fill(self, count):
        return upload_ids(self.client, count, self.room, **self.fields)

    def post(self, verb, photo_id, content=None):
        return post_json(self.client, f"{self.base}{verb}-image{self.suffix}/{photo_id}/", content or {})

    def reorder(self, order):
        return post_json(
            self.client, f"{self.base}reorder-images{self.suffix}/", {"order": order, **self.fields}
        )

    def listed(self):
        path = f"{self.base}images/" if self.room else f"{self.base}list-image-temp/"
        return self.client.get(path, self.fields).json()["images"]


@pytest.fixture(params=KINDS)
def gallery(request, alice, room):
    return Place(request.param, guarded(alice), room)


def ids(images):
    return [image["id"] for image in images]


def test_upload_adds_at_the_end(gallery, media_root):
    photo_ids = gallery.fill(3)
    assert places(**gallery.query) == in_order(*photo_ids)
    assert ids(gallery.listed()) == photo_ids
    assert len(files_in(media_root)) == 12
    assert RoomImage.objects.filter(uploaded_by__username="alice").count() == 3


def test_fields_nobody_asked_for_are_ignored(as_alice, alice, bob, room, bobs_room):
    extra = {
        "id": 4711,
        "room": bobs_room.pk,
        "room_id": bobs_room.pk,
        "uploaded_by": bob.pk,
        "user": bob.pk,
        "created_at": "2001-01-01",
        "removed_at": "2001-01-01",
        "order": 7,
        "width": 1,
    }
    photo_id = upload(as_alice, room, **extra).json()["image"]["id"]
    temporary_id = upload(as_alice, draft=DRAFT, **extra).json()["image"]["id"]
    post_json(as_alice, f"/rooms/{room.pk}/update-image/{photo_id}/", extra | {"caption": "Vue"})
    photo, temporary = (RoomImage.objects.get(pk=pk) for pk in (photo_id, temporary_id))
    assert (photo.room, photo.uploaded_by, photo.order, photo.width) == (room, alice, 1, 64)
    assert (temporary.room, temporary.uploaded_by, temporary.order) == (None, alice, 1)
    assert {photo.created_at.year, temporary.created_at.year} != {2001}
    assert 4711 not in (photo_id, temporary_id)
    assert not bobs_room.images.exists()


def test_reorder_arranges(gallery):
    first, second, third = gallery.fill(3)
    response = gallery.reorder([third, first, second])
    assert ids(response.json()["images"]) == [third, first, second]
    assert places(**gallery.query) == in_order(third, first, second)
    assert ids(gallery.listed()) == [third, first, second]


@pytest.mark.parametrize(
    "order",
    ["x", None, 3, {"0": 1}, ["1"], [1.5], [1.0], [True], [[1]], [None], [{"id": 1}], [float("nan")]],
    ids=str,
)
def test_order_that_is_no_list_of_ids_is_refused(gallery, order):
    photo_ids = gallery.fill(2)
    response = gallery.reorder(order)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert places(**gallery.query) == in_order(*photo_ids)


def test_order_that_names_a_photo_twice_is_refused(gallery):
    first, second = gallery.fill(2)
    assert gallery.reorder([second, first, second]).status_code == 400
    assert places(**gallery.query) == in_order(first, second)


@pytest.mark.parametrize(
    "change",
    [
        lambda order: order[1:],
        lambda order: [],
        lambda order: [*order, 10**30],
        lambda order: [*order, -1],
        lambda order: [*order, 0],
        lambda order: list(range(50_000)),
    ],
)
def test_order_of_other_photos_is_stale_and_shows_the_present_ones(gallery, change):
    photo_ids = gallery.fill(2)
    response = gallery.reorder(change(photo_ids))
    assert (response.status_code, response.json()["code"]) == (409, "stale_order")
    assert ids(response.json()["images"]) == photo_ids
    assert places(**gallery.query) == in_order(*photo_ids)


def test_order_mixing_in_another_rooms_photo_changes_nothing(gallery, bobs_room):
    first, second = gallery.fill(2)
    foreign = add_photos(bobs_room, 1)[0].pk
    for order in ([foreign, second, first], [second, first, foreign], [foreign, first]):
        response = gallery.reorder(order)
        assert (response.status_code, response.json()["code"]) == (409, "stale_order")
    assert places(**gallery.query) == in_order(first, second)
    assert places(room=bobs_room) == in_order(foreign)


def test_remove_closes_the_gap_and_restore_opens_it_again(gallery, media_root):
    first, second, third = gallery.fill(3)
    assert gallery.post("delete", second).json() == {"success": True}
    assert places(**gallery.query) == in_order(first, third)
    response = gallery.post("restore", second)
    assert (response.status_code, response.json()["image"]["order"]) == (200, 2)
    assert places(**gallery.query) == in_order(first, second, third)
    assert len(files_in(media_root)) == 12


def test_removing_twice_is_not_found(gallery):
    (photo_id,) = gallery.fill(1)
    assert [gallery.post("delete", photo_id).status_code for _number in range(2)] == [200, 404]


def test_restoring_what_was_never_removed_is_not_found(gallery):
    (photo_id,) = gallery.fill(1)
    assert gallery.post("restore", photo_id).status_code == 404


def test_removed_photo_makes_room_for_another_but_cannot_come_back_then(gallery, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 3
    first, second, third = gallery.fill(3)
    gallery.post("delete", second)
    (fourth,) = gallery.fill(1)
    response = gallery.post("restore", second)
    assert (response.status_code, response.json()["code"]) == (409, "limit_reached")
    assert places(**gallery.query) == in_order(first, third, fourth)


def test_two_drafts_of_one_session_never_mix(as_alice):
    first = upload_ids(as_alice, 2, draft=DRAFT)
    second = upload_ids(as_alice, 2, draft=OTHER_DRAFT)
    default = upload_ids(as_alice, 1)
    for draft, photo_ids in ((DRAFT, first), (OTHER_DRAFT, second), ("", default)):
        images = as_alice.get("/rooms/list-image-temp/", {"draft": draft}).json()["images"]
        assert ids(images) == photo_ids


def test_list_without_a_draft_is_empty_and_makes_none(as_alice):
    for query in ({}, {"draft": DRAFT}):
        assert as_alice.get("/rooms/list-image-temp/", query).json() == {"success": True, "images": []}
    assert post_json(as_alice, "/rooms/reorder-images-temp/", {"order": []}).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize("draft", ["x", "1234", DRAFT + "x", "\0"])
def test_draft_that_is_no_uuid_is_refused(as_alice, draft, media_root):
    assert upload(as_alice, draft=draft).status_code == 400
    assert as_alice.get("/rooms/list-image-temp/", {"draft": draft}).status_code == 400
    assert (
        post_json(as_alice, "/rooms/reorder-images-temp/", {"order": [], "draft": draft}).status_code == 400
    )
    assert files_in(media_root) == set()


def test_list_numbers_and_measures_rows_of_an_older_system(as_alice, room):
    RoomImage.objects.bulk_create([RoomImage(room=room, image=photo_file()) for _number in range(2)])
    RoomImage.objects.update(order=0, width=None, height=None, size=None)
    images = as_alice.get(f"/rooms/{room.pk}/images/").json()["images"]
    assert [(image["order"], image["width"], image["height"]) for image in images] == [
        (1, 64, 48),
        (2, 64, 48),
    ]
    assert set(RoomImage.objects.values_list("order", "width")) == {(1, 64), (2, 64)}


def test_animation_is_answered_with_a_notice(as_alice, room):
    gif = picture(file_format="GIF", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    assert upload(as_alice, room, gif).json()["notice"].endswith(".")
    assert "notice" not in upload(as_alice, room).json()


def test_order_that_names_a_photo_twice_is_refused_before_there_is_a_draft(as_alice):
    for draft in ({}, {"draft": DRAFT}):
        answer = post_json(as_alice, "/rooms/reorder-images-temp/", {"order": [1, 1], **draft})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert not Draft.objects.exists()


def test_random_draft_needs_no_page(as_alice):
    assert upload(as_alice, draft=str(uuid.uuid4())).status_code == 201
