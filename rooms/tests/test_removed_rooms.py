"""A removed room is nowhere, and comes back whole for as long as it can be restored."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from rooms.errors import NotFound
from rooms.models import Activity, Establishment, Gallery, Manager, Room, RoomImage
from rooms.services import figures, lifecycle
from rooms.services import gallery as galleries
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, places, room_form, upload, upload_ids

REMOVED = "/admin/rooms/room/?removed=yes"


def delete(client, thing):
    path = f"/admin/rooms/{thing._meta.model_name}/{thing.pk}/delete/"
    return client.post(path, {"post": "yes"}, follow=True)


def restore(client, *things):
    path = f"/admin/rooms/{things[0]._meta.model_name}/restore/"
    return client.post(path, {"id": [thing.pk for thing in things]}, follow=True)


def age(model, **time):
    """As if it had been removed earlier."""
    model.all_objects.filter(removed_at__isnull=False).update(removed_at=Now() - timedelta(**time))


def test_delete_page_says_what_happens_and_names_nothing_to_be_destroyed(as_alice, room, settings):
    settings.ROOM_PHOTO_RESTORABLE_DAYS = 12
    settings.LANGUAGE_CODE = "en"
    add_photos(room, 1)
    text = as_alice.get(f"/admin/rooms/room/{room.pk}/delete/").text
    assert "For 12 days everything can be restored" in text
    assert "Photo 1" not in text


def test_removed_room_is_nowhere(as_alice, as_sam, room, establishment):
    photo = add_photos(room, 2)[0]
    galleries.remove(RoomImage.objects.filter(room=room).last())
    assert as_alice.get(photo.image_url).status_code == 200
    delete(as_alice, room)
    for client in (as_alice, as_sam):
        listed = client.get("/admin/rooms/room/")
        assert (
            "Chambre 1" not in listed.text.split("messagelist")[-1] or listed.context["cl"].result_count == 0
        )
        assert listed.context["cl"].result_count == 0
        assert client.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 302
        assert client.get(f"/admin/rooms/room/{room.pk}/photos.zip").status_code == 404
        assert client.get(f"/rooms/{room.pk}/images/").status_code == 404
        assert client.get(f"/rooms/{room.pk}/readiness/").status_code == 404
        assert upload(client, room).status_code == 404
        assert "Chambre 1" not in client.get("/admin/search/?s=chambre").text
        page = client.get(f"/admin/rooms/establishment/{establishment.pk}/change/")
        assert page.context["original"].room_count == 0
        assert 'data-figure="rooms" data-value="0"' in client.get("/admin/").text
    used = figures.photos_by_state()
    assert {state: use.photos for state, use in used.items()} == {"attached": 0, "temporary": 0, "removed": 0}
    assert used["removed"].bytes > 0


def test_photos_of_a_removed_room_are_nobodys(client, as_alice, as_sam, as_root, room):
    photo, gone = add_photos(room, 2)
    galleries.remove(gone)
    delete(as_alice, room)
    for viewer in (client, as_alice, as_sam, as_root):
        for one in (photo, gone):
            assert viewer.get(one.image_url).status_code == 404
            assert viewer.get(one.thumbnail_url).status_code == 404


def test_restored_room_is_whole(as_alice, room, client):
    photos = add_photos(room, 3)
    gone = add_photos(room, 1)[0]
    galleries.remove(gone)
    before = places(room=room)
    delete(as_alice, room)
    page = as_alice.get(REMOVED)
    assert f'data-removed-id="{room.pk}"' in page.text
    answer = restore(as_alice, room)
    assert answer.redirect_chain == [("/admin/rooms/room/", 302)]
    assert places(room=room) == before
    assert [photo.caption for photo in room.images.all()] == [photo.caption for photo in photos]
    assert client.get(photos[0].image_url).status_code == 200
    assert as_alice.post(f"/rooms/{room.pk}/restore-image/{gone.pk}/").status_code == 200
    assert f'data-removed-id="{room.pk}"' not in as_alice.get(REMOVED).text


def test_removal_and_return_are_told_in_the_activity(as_alice, alice, room):
    delete(as_alice, room)
    restore(as_alice, room)
    deeds = Activity.objects.filter(user=alice, object_id=str(room.pk)).order_by("pk")
    assert list(deeds.values_list("deed", "establishment_name")) == [
        ("delete", "Hôtel Bellevue"),
        ("restore", "Hôtel Bellevue"),
    ]


def test_several_are_removed_and_brought_back_at_once(as_alice, room, establishment, bobs_room):
    other = Room.objects.create(establishment=establishment, name="Chambre 2")
    chosen = {"action": "delete_selected", "_selected_action": [room.pk, other.pk, bobs_room.pk]}
    asked = as_alice.post("/admin/rooms/room/", chosen)
    assert "Chambre 2" in asked.text
    assert Room.objects.count() == 3
    as_alice.post("/admin/rooms/room/", chosen | {"post": "yes"})
    assert list(Room.objects.all()) == [bobs_room]
    restore(as_alice, room, other)
    assert Room.objects.count() == 3


def shown(page):
    return set(re.findall(r'data-removed-id="(\d+)"', page.text))


def test_removed_rooms_are_found_by_name_beyond_those_that_are_shown(
    as_alice, alice, establishment, monkeypatch
):
    monkeypatch.setattr("rooms.admin.removal.SHOWN_AT_MOST", 3)
    names = ("Chalet d’Été", "Suite", "Chambre 3", "Chambre 4", "Chambre 5")
    rooms = [Room.objects.create(establishment=establishment, name=name) for name in names]
    for one in rooms:
        lifecycle.remove_rooms(Room.objects.filter(pk=one.pk), user=alice)
    page = as_alice.get(REMOVED)
    assert shown(page) == {str(one.pk) for one in rooms[2:]}
    assert 'data-figure="removed" data-value="5"' in page.text
    head = page.text[page.text.index("<body") : page.text.index("data-removed-list")]
    assert "Éléments enlevés\u00a0: chambres" in head
    assert "les 3 derniers sont affichés" in page.text
    found = as_alice.get(f"{REMOVED}&q=d'ete")
    assert shown(found) == {str(rooms[0].pk)}
    assert 'data-figure="removed" data-value="1"' in found.text
    assert "derniers sont affichés" not in found.text
    assert '<input type="hidden" name="removed" value="yes">' in found.text
    nothing = as_alice.get(f"{REMOVED}&q=nowhere")
    assert "Rien de ce qui a été enlevé ne se trouve sous ce nom." in nothing.text
    assert 'value="nowhere"' in nothing.text


def test_search_among_removed_rooms_finds_no_strangers(as_bob, as_alice, room):
    delete(as_alice, room)
    assert shown(as_bob.get(f"{REMOVED}&q=chambre")) == set()
    assert shown(as_alice.get(f"{REMOVED}&q=chambre")) == {str(room.pk)}


def test_removed_establishments_are_found_by_name(as_sam, establishment, bobs_room):
    delete(as_sam, establishment)
    delete(as_sam, bobs_room.establishment)
    assert shown(as_sam.get("/admin/rooms/establishment/?removed=yes&q=hotel")) == {str(establishment.pk)}


def test_stranger_meets_no_removed_room(as_alice, as_bob, room):
    delete(as_alice, room)
    assert "Chambre 1" not in as_bob.get(REMOVED).text
    assert restore(as_bob, room).status_code == 404
    assert not Room.objects.filter(pk=room.pk).exists()


def test_manager_brings_back_what_the_owner_removed(as_alice, as_bob, room, managing_bob):
    delete(as_alice, room)
    restore(as_bob, room)
    assert Room.objects.filter(pk=room.pk).exists()


def test_number_that_was_given_away_is_lost_and_the_page_says_so(as_alice, room, establishment):
    Room.objects.filter(pk=room.pk).update(number="12")
    delete(as_alice, room)
    answer = as_alice.post("/admin/rooms/room/add/", room_form(establishment, number="12"))
    assert answer.status_code == 302
    page = restore(as_alice, room).text
    room.refresh_from_db()
    assert (room.number, room.removed_at) == ("", None)
    assert "12" in page.split("messagelist")[-1]
    assert Room.objects.get(number="12").name == "Chambre 7"


def test_number_of_a_present_room_is_refused(as_alice, room, establishment):
    Room.objects.filter(pk=room.pk).update(number="12")
    answer = as_alice.post("/admin/rooms/room/add/", room_form(establishment, number="12"))
    assert answer.status_code == 200
    assert Room.objects.count() == 1


@pytest.mark.parametrize(("days_ago", "is_back"), [(12 - 0.1, True), (12 + 0.1, False)])
def test_room_is_restored_as_long_as_it_is_offered(as_alice, alice, room, settings, days_ago, is_back):
    settings.ROOM_PHOTO_RESTORABLE_DAYS = 12
    delete(as_alice, room)
    age(Room, days=days_ago)
    assert (f'data-removed-id="{room.pk}"' in as_alice.get(REMOVED).text) == is_back
    assert (restore(as_alice, room).status_code == 200) == is_back
    if not is_back:
        with pytest.raises(NotFound):
            lifecycle.restore_room(Room.all_objects.get(pk=room.pk), user=alice)
    assert Room.objects.filter(pk=room.pk).exists() == is_back


def test_upload_under_way_finds_no_room_any_more(as_alice, alice, room):
    gallery = Gallery(room=room)
    lifecycle.remove_rooms(Room.objects.filter(pk=room.pk), user=alice)
    with pytest.raises(NotFound):
        gallery.lock()


def test_page_that_was_open_changes_a_removed_room_no_more(as_alice, room, establishment):
    delete(as_alice, room)
    as_alice.post(f"/admin/rooms/room/{room.pk}/change/", room_form(establishment, name="Autre"))
    assert Room.all_objects.get(pk=room.pk).name == "Chambre 1"


def test_form_whose_room_was_removed_leads_to_the_list(as_alice, establishment, room):
    form = room_form(establishment, draft="11111111-1111-4111-8111-111111111111")
    upload_ids(as_alice, 1, draft=form["draft"])
    as_alice.post("/admin/rooms/room/add/", form)
    delete(as_alice, Room.objects.get(name="Chambre 7"))
    assert as_alice.post("/admin/rooms/room/add/", form)["Location"] == "/admin/rooms/room/"


# --- establishments ---


def test_establishment_goes_and_comes_back_with_its_rooms(as_sam, as_alice, establishment, room, client):
    photo = add_photos(room, 2)[0]
    before = Room.objects.create(establishment=establishment, name="Avant")
    delete(as_alice, before)
    Manager.objects.create(establishment=establishment, email="gerante@example.com")
    text = as_sam.get(f"/admin/rooms/establishment/{establishment.pk}/delete/").text
    assert "Chambre 1" not in text
    delete(as_sam, establishment)
    assert not Establishment.objects.exists()
    assert not Room.objects.exists()
    assert client.get(photo.image_url).status_code == 404
    assert "Chambre 1" not in as_sam.get(REMOVED).text  # it comes back with its establishment alone
    assert restore(as_sam, room).status_code == 404
    assert "Hôtel Bellevue" in as_sam.get("/admin/rooms/establishment/?removed=yes").text
    assert restore(as_sam, establishment).status_code == 200
    assert list(Room.objects.all()) == [room]
    assert list(establishment.managers.values_list("email", flat=True)) == ["gerante@example.com"]
    assert client.get(photo.image_url).status_code == 200
    restore(as_alice, before)
    assert Room.objects.count() == 2


def test_owner_brings_no_establishment_back(as_sam, as_alice, establishment):
    delete(as_sam, establishment)
    assert as_alice.get("/admin/rooms/establishment/?removed=yes").status_code == 403
    assert restore(as_alice, establishment).status_code == 403


def test_no_room_comes_into_a_removed_establishment(as_alice, as_sam, room, establishment):
    delete(as_sam, establishment)
    assert as_alice.post("/admin/rooms/room/add/", room_form(establishment)).status_code == 200
    assert Room.all_objects.count() == 1
