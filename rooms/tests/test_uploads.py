"""An upload adds a photo whole or not at all: places, quota, replays, and what failures leave (nothing)."""

import io
import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from rooms import images, limits
from rooms.errors import (
    InvalidRequest,
    LimitReached,
    NotFound,
    QuotaExceeded,
)
from rooms.models import Draft, Gallery, PendingFile, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.tests.conftest import add_photos, files_in, in_order, picture, places

UPLOAD_ID = uuid.UUID("33333333-3333-4333-8333-333333333333")


def receive(user, gallery, content=None, **options):
    return uploads.add_photo(user, gallery, io.BytesIO(picture() if content is None else content), **options)


def make_draft(user):
    return Gallery(draft=Draft.objects.create(user=user, session_key="key"))


@pytest.fixture(params=["room", "draft"])
def gallery(request, alice, room):
    return Gallery(room=room) if request.param == "room" else make_draft(alice)


def reserve(gallery, user, *, minutes_ago=0, **fields):
    """A place that an upload under way holds."""
    return PendingFile.objects.create(
        name=uuid.uuid4().hex,
        kind=PendingFile.Kind.UPLOAD,
        noted_at=Now() - timedelta(minutes=minutes_ago),
        user=user,
        **gallery.owner_filter,
        **fields,
    )


def test_photo_is_kept_with_its_files_and_measures(gallery, alice, media_root):
    received = receive(alice, gallery, picture((1600, 800)), caption="Vue")
    photo = RoomImage.objects.get()
    assert received.is_new
    assert received.photo.pk == photo.pk
    assert (photo.order, photo.caption, photo.width, photo.height) == (1, "Vue", 1600, 800)
    assert photo.size == (media_root / photo.image.name).stat().st_size
    assert len(files_in(media_root)) == 4
    assert not PendingFile.objects.exists()


def test_first_upload_places_photos_of_an_older_system(room, alice):
    RoomImage.objects.bulk_create([RoomImage(room=room, image=f"old/{name}.jpg") for name in "ab"])
    old = list(RoomImage.objects.order_by("pk").values_list("pk", flat=True))
    new = receive(alice, Gallery(room=room)).photo
    assert places(room=room) == in_order(*old, new.pk)


def test_gallery_takes_as_many_as_the_limit_says(gallery, alice, settings, media_root):
    settings.ROOM_PHOTO_MAX_COUNT = 2
    photo_ids = [receive(alice, gallery).photo.pk for _number in range(2)]
    before = files_in(media_root)
    with pytest.raises(LimitReached, match="2"):
        receive(alice, gallery)
    assert (places(**gallery.owner_filter), files_in(media_root)) == (in_order(*photo_ids), before)
    assert not PendingFile.objects.exists()


def test_limit_holds_through_many_changes(gallery, alice, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 3
    for _number in range(3):
        receive(alice, gallery)
    for _round in range(10):
        galleries.remove(gallery.photos()[1])
        receive(alice, gallery)
        with pytest.raises(LimitReached):
            receive(alice, gallery)
    assert [order for _pk, order in places(**gallery.owner_filter)] == [1, 2, 3]


@pytest.mark.parametrize(("minutes_ago", "counts"), [(0, True), (14, True), (16, False)])
def test_upload_under_way_holds_its_place_while_it_may_live(gallery, alice, settings, minutes_ago, counts):
    settings.ROOM_PHOTO_MAX_COUNT = 1
    reserve(gallery, alice, minutes_ago=minutes_ago)
    if counts:
        with pytest.raises(LimitReached):
            receive(alice, gallery)
    else:
        assert receive(alice, gallery).is_new


# --- the same upload again --------------------------------------------------------------


def test_same_upload_again_finds_its_photo(gallery, alice, media_root):
    first = receive(alice, gallery, upload_id=UPLOAD_ID)
    before = files_in(media_root)
    for _number in range(5):
        again = receive(alice, gallery, upload_id=UPLOAD_ID)
        assert (again.is_new, again.photo.pk) == (False, first.photo.pk)
    assert (RoomImage.objects.count(), files_in(media_root)) == (1, before)


def test_same_upload_again_is_found_in_a_full_gallery_and_beside_its_own_reservation(
    gallery, alice, settings
):
    settings.ROOM_PHOTO_MAX_COUNT = 1
    reserve(gallery, alice, upload_id=UPLOAD_ID)  # the first try, whose answer got lost
    assert receive(alice, gallery, upload_id=UPLOAD_ID).is_new
    assert not receive(alice, gallery, upload_id=UPLOAD_ID).is_new


def test_upload_id_is_one_users(gallery, alice, bob):
    receive(alice, gallery, upload_id=UPLOAD_ID)
    assert receive(bob, make_draft(bob), upload_id=UPLOAD_ID).is_new


def test_without_upload_id_the_same_photo_comes_twice(gallery, alice, media_root):
    first, second = receive(alice, gallery).photo, receive(alice, gallery).photo
    assert first.image.name != second.image.name
    assert len(files_in(media_root)) == 8


def test_upload_id_cannot_go_to_another_gallery(gallery, alice):
    receive(alice, gallery, upload_id=UPLOAD_ID)
    with pytest.raises(InvalidRequest):
        receive(alice, make_draft(alice), upload_id=UPLOAD_ID)


def test_upload_id_of_a_removed_photo_is_refused(gallery, alice):
    galleries.remove(receive(alice, gallery, upload_id=UPLOAD_ID).photo)
    with pytest.raises(InvalidRequest):
        receive(alice, gallery, upload_id=UPLOAD_ID)
    assert RoomImage.all_objects.count() == 1


# --- the quota --------------------------------------------------------------------------


def test_user_holds_only_so_many_unattached_photos(alice, bob, room, settings):
    settings.ROOM_PHOTO_MAX_UNATTACHED = 3
    for _number in range(2):
        receive(alice, make_draft(alice))
    reserve(make_draft(alice), alice)
    with pytest.raises(QuotaExceeded, match="3"):
        receive(alice, make_draft(alice))
    assert receive(bob, make_draft(bob)).is_new, "the quota is one user's"
    assert receive(alice, Gallery(room=room)).is_new, "a room's photo is not unattached"


def test_removed_photo_counts_towards_the_quota_while_it_can_be_restored(alice, settings):
    settings.ROOM_PHOTO_MAX_UNATTACHED = 1
    galleries.remove(receive(alice, make_draft(alice)).photo)
    with pytest.raises(QuotaExceeded):
        receive(alice, make_draft(alice))
    assert RoomImage.all_objects.count() == 1


def test_photo_that_is_gone_is_not_replaced_and_nothing_is_decoded_for_it(alice, room, monkeypatch):
    replaced = receive(alice, Gallery(room=room)).photo
    galleries.remove(replaced)
    monkeypatch.setattr(images, "process", lambda *args, **how: pytest.fail("decoded"))
    with pytest.raises(NotFound):
        receive(alice, Gallery(room=room), replaced=replaced)
    assert not PendingFile.objects.exists()


def test_unattached_photos_may_weigh_only_so_much(alice):
    receive(alice, make_draft(alice))
    RoomImage.objects.update(size=limits.unattached_max_bytes())
    with pytest.raises(QuotaExceeded):
        receive(alice, make_draft(alice))


def test_photos_in_the_shell_and_uploads_share_one_order(room, alice):
    shell = add_photos(room, 2)
    uploaded = receive(alice, Gallery(room=room)).photo
    assert places(room=room) == in_order(*(photo.pk for photo in shell), uploaded.pk)
