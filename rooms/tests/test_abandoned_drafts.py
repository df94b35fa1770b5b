"""Photos of an add form that was left: offered again, discarded, or gone after a day."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from rooms.models import Draft, Establishment, PendingFile, Room, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    files_in,
    guarded,
    in_order,
    places,
    room_form,
    signed_in,
    upload,
    upload_ids,
)

ADD = "/admin/rooms/room/add/"
DISCARD = f"/admin/rooms/room/discard-draft/{DRAFT}/"
RESTORE = f"/admin/rooms/room/restore-draft/{DRAFT}/"


@pytest.fixture(autouse=True)
def no_page_was_opened_before() -> None:
    cache.clear()


def is_offered(client: Client, url: str = ADD) -> bool:
    return f'data-abandoned="{DRAFT}"' in client.get(url).content.decode()


def test_draft_is_offered_on_the_next_form_and_shown_once_taken_up(as_alice: Client) -> None:
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    assert is_offered(as_alice)
    page = as_alice.get(f"{ADD}?draft={DRAFT}").content.decode()
    assert "data-abandoned" not in page
    assert all(f'data-photo-id="{photo_id}"' in page for photo_id in photo_ids)


def test_draft_outlives_its_session_and_becomes_a_room_in_the_next(
    as_alice: Client, alice: User, establishment: Establishment
) -> None:
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    as_alice.logout()
    again = signed_in(alice)
    assert is_offered(again)
    again.post(ADD, room_form(establishment, draft=DRAFT))
    assert places(room=Room.objects.get(name="Chambre 7")) == [(photo_ids[0], 1), (photo_ids[1], 2)]
    assert not is_offered(again)


def test_empty_or_foreign_drafts_are_not_offered(as_alice: Client, as_bob: Client) -> None:
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    assert not is_offered(as_bob)
    as_alice.post(f"/rooms/delete-image-temp/{photo_id}/")
    assert not is_offered(as_alice)


def test_discarding_is_a_removal_that_each_photo_comes_back_from(as_alice: Client, media_root: Path) -> None:
    photo_ids = upload_ids(as_alice, 3, draft=DRAFT)
    kept_id = upload_ids(as_alice, 1, draft=OTHER_DRAFT)[0]
    files = files_in(media_root)
    assert as_alice.post(DISCARD).url == ADD
    assert places(draft=DRAFT) == []
    assert RoomImage.all_objects.removed().filter(draft=DRAFT).count() == 3
    assert files_in(media_root) == files
    assert as_alice.session["room_temp_images"] == [kept_id]
    for photo_id in photo_ids:
        assert as_alice.post(f"/rooms/restore-image-temp/{photo_id}/").status_code == 200
    assert places(draft=DRAFT) == in_order(*photo_ids)
    assert set(as_alice.session["room_temp_images"]) == {*photo_ids, kept_id}


def test_undo_without_script_brings_back_what_was_discarded_and_no_more(as_alice: Client) -> None:
    photo_ids = upload_ids(as_alice, 4, draft=DRAFT)
    as_alice.post(f"/rooms/delete-image-temp/{photo_ids.pop(1)}/")
    page = as_alice.post(DISCARD, follow=True).text
    button = re.search(r'<button[^>]*data-action="undo"[^>]*>', page.partition("data-gallery")[0])
    assert button
    assert f'formaction="{RESTORE}"' in button[0]
    assert 'form="abandoned-draft"' in button[0]
    assert as_alice.post(RESTORE).url == ADD
    assert places(draft=DRAFT) == in_order(*photo_ids)
    assert is_offered(as_alice)


def test_undo_brings_back_all_or_none(as_alice: Client, settings: Any) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 3
    upload_ids(as_alice, 2, draft=DRAFT)
    as_alice.post(DISCARD)
    newer_ids = upload_ids(as_alice, 2, draft=DRAFT)  # from another tab, still open
    answer = as_alice.post(RESTORE, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert places(draft=DRAFT) == in_order(*newer_ids)


def test_script_is_told_how_many(as_alice: Client) -> None:
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    accept = {"Accept": "application/json"}
    assert as_alice.post(DISCARD, headers=accept).json() == {"success": True, "count": 2}
    assert as_alice.post(DISCARD, headers=accept).json() == {"success": True, "count": 0}
    assert as_alice.post(RESTORE, headers=accept).json() == {"success": True, "count": 2}
    assert places(draft=DRAFT) == in_order(*photo_ids)


@pytest.mark.parametrize("url", [DISCARD, RESTORE])
def test_discarding_needs_a_csrf_token(as_alice: Client, alice: User, url: str) -> None:
    upload(as_alice, draft=DRAFT)
    if url == RESTORE:
        as_alice.post(DISCARD)
    before = list(RoomImage.all_objects.values_list("pk", "removed_at"))
    assert guarded(alice, **{"X-CSRFToken": "x" * 32}).post(url).status_code == 403
    assert list(RoomImage.all_objects.values_list("pk", "removed_at")) == before
    assert guarded(alice).post(url).status_code == 302
    assert list(RoomImage.all_objects.values_list("pk", "removed_at")) != before


def test_offer_shows_what_it_is_about(as_alice: Client) -> None:
    upload_ids(as_alice, 5, draft=DRAFT)
    page = as_alice.get(ADD).text
    thumbnails = [photo.thumbnail_url for photo in RoomImage.objects.order_by("order")]
    assert [url in page for url in thumbnails] == [True] * 4 + [False]
    assert "data-fresh" in page
    Draft.objects.update(touched_at=F("touched_at") - timedelta(minutes=11))
    assert "data-fresh" not in as_alice.get(ADD).text


def test_enter_in_a_field_of_the_add_form_saves(as_alice: Client) -> None:
    """Enter presses the first submit button of the form that the field is in."""
    upload(as_alice, draft=DRAFT)
    page = as_alice.get(ADD).text
    form = page.partition('id="room_form"')[2].partition("</form>")[0]
    buttons = re.findall(r'<(?:button|input)[^>]*type="submit"[^>]*>', form)
    assert [button for button in buttons if ' form="' not in button] == []
    assert len([button for button in buttons if 'data-action="discard"' in button]) == 1
    assert re.search(r'<button[^>]*type="submit"[^>]*name="_save"', page)


def test_stranger_and_link_cannot_discard(as_alice: Client, as_bob: Client) -> None:
    upload(as_alice, draft=DRAFT)
    assert as_bob.post(DISCARD).status_code == 404
    assert as_bob.post(RESTORE).status_code == 404
    assert as_alice.get(DISCARD).status_code == 405
    assert as_alice.get(RESTORE).status_code == 405
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
    assert not PendingFile.objects.exists()


def test_purging_is_throttled(as_alice: Client) -> None:
    as_alice.get("/admin/rooms/room/")
    upload(as_alice, draft=DRAFT)
    Draft.objects.update(touched_at=F("touched_at") - timedelta(days=2))
    as_alice.get("/admin/rooms/room/")
    assert Draft.objects.exists()
