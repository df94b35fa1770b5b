"""Photos of an add form that was left: offered again, discarded, or gone after a day."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from rooms.models import Draft, Establishment, LooseFile, Room, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    files_in,
    places,
    room_form,
    signed_in,
    upload,
    upload_ids,
)

ADD = "/admin/rooms/room/add/"
DISCARD = f"/admin/rooms/room/discard-draft/{DRAFT}/"


@pytest.fixture(autouse=True)
def no_page_was_opened_before() -> None:
    cache.clear()


def is_offered(client: Client, url: str = ADD) -> bool:
    return f'data-left-behind="{DRAFT}"' in client.get(url).content.decode()


def test_draft_is_offered_on_the_next_form_and_shown_once_taken_up(as_alice: Client) -> None:
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    assert is_offered(as_alice)
    page = as_alice.get(f"{ADD}?draft={DRAFT}").content.decode()
    assert "data-left-behind" not in page
    assert all(f'data-photo-id="{photo_id}"' in page for photo_id in photo_ids)


def test_draft_outlives_its_session_and_becomes_a_room_in_the_next(
    as_alice: Client, alice: User, lodging: Establishment
) -> None:
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    as_alice.logout()
    again = signed_in(alice)
    assert is_offered(again)
    again.post(ADD, room_form(lodging, draft=DRAFT))
    assert places(room=Room.objects.get(name="Chambre 7")) == [(photo_ids[0], 1), (photo_ids[1], 2)]
    assert not is_offered(again)


def test_empty_or_foreign_drafts_are_not_offered(as_alice: Client, as_bob: Client) -> None:
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    assert not is_offered(as_bob)
    as_alice.post(f"/rooms/delete-image-temp/{photo_id}/")
    assert not is_offered(as_alice)


@pytest.mark.django_db(transaction=True)
def test_discarding_removes_rows_files_and_the_session_s_ids(as_alice: Client, media_root: Path) -> None:
    upload(as_alice, draft=DRAFT)
    kept_id = upload_ids(as_alice, 1, draft=OTHER_DRAFT)[0]
    assert as_alice.post(DISCARD).url == ADD
    assert [photo.pk for photo in RoomImage.all_objects.all()] == [kept_id]
    assert len(files_in(media_root)) == 4
    assert not LooseFile.objects.exists()
    assert as_alice.session["room_temp_images"] == [kept_id]


def test_stranger_and_link_cannot_discard(as_alice: Client, as_bob: Client) -> None:
    upload(as_alice, draft=DRAFT)
    assert as_bob.post(DISCARD).status_code == 404
    assert as_alice.get(DISCARD).status_code == 405
    assert Draft.objects.get().images.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", [ADD, "/admin/rooms/room/"])
def test_opening_the_rooms_pages_purges_what_was_left_for_a_day(
    as_alice: Client, as_bob: Client, media_root: Path, url: str
) -> None:
    upload(as_alice, draft=DRAFT)
    upload(as_bob, draft="33333333-3333-4333-8333-333333333333")
    Draft.objects.update(touched_at=F("touched_at") - timedelta(days=1, minutes=1))
    upload(as_alice, draft=OTHER_DRAFT)
    as_alice.get(url)
    assert {str(draft.pk) for draft in Draft.objects.filter(user__username="alice")} == {OTHER_DRAFT}
    assert Draft.objects.filter(user__username="bob").exists()
    assert len(files_in(media_root)) == 8
    assert not LooseFile.objects.exists()


def test_purging_is_throttled(as_alice: Client) -> None:
    as_alice.get("/admin/rooms/room/")
    upload(as_alice, draft=DRAFT)
    Draft.objects.update(touched_at=F("touched_at") - timedelta(days=2))
    as_alice.get("/admin/rooms/room/")
    assert Draft.objects.exists()
