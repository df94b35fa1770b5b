"""Saving the add form gives its photos to the room: those of its draft, in their order, once."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from rooms.models import Draft, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import lifecycle
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    add_photos,
    card,
    cards,
    files_in,
    in_order,
    places,
    post_json,
    room_form,
    signed_in,
    upload_ids,
)
from rooms.tests.live.visitor import read_form

ADD = "/admin/rooms/room/add/"


@pytest.fixture
def new_establishment(establishment, room):
    """Alice's, without a room yet."""
    room.delete()
    return establishment


def save(client, establishment, **fields):
    return client.post(ADD, room_form(establishment, **fields))


def test_draft_that_the_form_names_is_attached_in_its_order(as_alice, new_establishment, media_root):
    first, second, third = upload_ids(as_alice, 3, draft=DRAFT)
    post_json(as_alice, "/rooms/reorder-images-temp/", {"order": [third, first, second], "draft": DRAFT})
    other = upload_ids(as_alice, 1, draft=OTHER_DRAFT) + upload_ids(as_alice, 1)
    before = files_in(media_root)
    assert save(as_alice, new_establishment, draft=DRAFT).status_code == 302
    assert places(room=Room.objects.get()) == in_order(third, first, second)
    assert set(RoomImage.objects.filter(room=None).values_list("pk", flat=True)) == set(other)
    assert files_in(media_root) == before
    assert not RoomImage.objects.filter(room__isnull=False, draft__isnull=False).exists()


def test_default_draft_is_attached_where_the_form_names_none(as_alice, new_establishment):
    named, default = upload_ids(as_alice, 1, draft=DRAFT), upload_ids(as_alice, 2)
    save(as_alice, new_establishment)
    assert places(room=Room.objects.get()) == in_order(*default)
    assert RoomImage.objects.get(room=None).pk == named[0]


def test_form_without_photos_makes_a_room_without_photos(as_alice, new_establishment):
    for fields in ({}, {"draft": OTHER_DRAFT}):
        assert save(as_alice, new_establishment, **fields).status_code == 302
    assert Room.objects.count() == 2
    assert not RoomImage.objects.exists()


def test_removed_photos_come_along_and_can_still_be_restored(as_alice, new_establishment):
    first, second = upload_ids(as_alice, 2, draft=DRAFT)
    as_alice.post(f"/rooms/delete-image-temp/{first}/")
    save(as_alice, new_establishment, draft=DRAFT)
    room = Room.objects.get()
    assert places(room=room) == in_order(second)
    assert as_alice.post(f"/rooms/{room.pk}/restore-image/{first}/").status_code == 200
    assert places(room=room) == in_order(first, second)


def test_form_with_errors_keeps_its_photos(as_alice, new_establishment):
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    response = save(as_alice, new_establishment, draft=DRAFT, name="")
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"name"}
    panel = response.context["inline_admin_formsets"][0].formset.panel
    assert (panel.draft, panel.count) == (DRAFT, 2)
    assert all(f'data-photo-id="{photo_id}"' in response.text for photo_id in photo_ids)
    assert places(draft_id=DRAFT) == in_order(*photo_ids)
    save(as_alice, new_establishment, draft=DRAFT)
    assert places(room=Room.objects.get()) == in_order(*photo_ids)


@pytest.mark.parametrize("draft", [DRAFT, ""])
def test_form_with_errors_names_a_draft_for_the_photos_to_come(as_alice, new_establishment, draft):
    photo_ids = upload_ids(as_alice, 1, **({"draft": draft} if draft else {}))
    response = save(as_alice, new_establishment, draft=draft, name="")
    shown = response.context["inline_admin_formsets"][0].formset.panel.draft
    late = upload_ids(as_alice, 1, draft=shown)
    save(as_alice, new_establishment, draft=shown)
    assert places(room=Room.objects.get()) == in_order(*photo_ids, *late)


def test_form_sent_twice_makes_one_room(as_alice, new_establishment):
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    save(as_alice, new_establishment, draft=DRAFT)
    again = save(as_alice, new_establishment, draft=DRAFT)
    room = Room.objects.get()
    assert again.url == reverse("admin:rooms_room_change", args=(room.pk,))
    assert len(list(get_messages(again.wsgi_request))) >= 1
    assert places(room=room) == in_order(*photo_ids)


def test_form_sent_twice_without_photos_makes_one_room(as_alice, new_establishment):
    for _number in range(3):
        assert save(as_alice, new_establishment, draft=DRAFT).status_code == 302
    assert Room.objects.count() == 1


def test_form_sent_again_after_its_room_was_deleted_makes_none(as_alice, new_establishment):
    save(as_alice, new_establishment, draft=DRAFT)
    Room.objects.all().delete()
    assert save(as_alice, new_establishment, draft=DRAFT).url == reverse("admin:rooms_room_changelist")
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "a déjà créé la chambre «\xa0Chambre bleue\xa0»"), ("en", "has made the room “Chambre bleue”")],
)
def test_other_form_under_the_same_draft_comes_back_filled_in(alice, new_establishment, language, words):
    client = signed_in(alice, headers={"Accept-Language": language})
    photo_ids = upload_ids(client, 2, draft=DRAFT)
    save(client, new_establishment, draft=DRAFT, name="Chambre bleue")
    page = save(client, new_establishment, draft=DRAFT, name="Chambre rouge", description="Vue <b>")
    assert page.status_code == 200
    assert words in page.text
    shown = read_form(page.text)
    assert (shown["name"], shown["description"].strip()) == ("Chambre rouge", "Vue <b>")
    assert shown["draft"] not in ("", DRAFT)
    late = upload_ids(client, 1, draft=shown["draft"])
    assert client.post(ADD, shown).status_code == 302
    assert places(room=Room.objects.get(name="Chambre bleue")) == in_order(*photo_ids)
    assert places(room=Room.objects.get(name="Chambre rouge")) == in_order(*late)
    assert Room.objects.get(name="Chambre rouge").description == "Vue <b>"


def test_other_form_also_after_the_first_room_was_changed_or_deleted(as_alice, new_establishment):
    save(as_alice, new_establishment, draft=DRAFT)
    Room.objects.update(name="Renamed")
    assert save(as_alice, new_establishment, draft=DRAFT).status_code == 302
    Room.objects.all().delete()
    page = save(as_alice, new_establishment, draft=DRAFT, name="Chambre rouge")
    assert page.status_code == 200
    assert as_alice.post(ADD, read_form(page.text)).status_code == 302
    assert Room.objects.get().name == "Chambre rouge"


def test_other_form_with_errors_of_its_own_keeps_them(as_alice, new_establishment):
    save(as_alice, new_establishment, draft=DRAFT)
    page = save(as_alice, new_establishment, draft=DRAFT, name="")
    assert page.context["adminform"].form.errors.keys() == {"name"}
    assert Room.objects.count() == 1


def test_save_and_add_another_starts_a_new_draft(as_alice, new_establishment):
    upload_ids(as_alice, 1, draft=DRAFT)
    response = save(as_alice, new_establishment, draft=DRAFT, _addanother="1")
    page = as_alice.get(response.url)
    panel = page.context["inline_admin_formsets"][0].formset.panel
    assert panel.draft not in ("", DRAFT)
    assert panel.count == 0
    photo_ids = upload_ids(as_alice, 1, draft=panel.draft)
    save(as_alice, new_establishment, draft=panel.draft, name="Chambre 8")
    assert places(room=Room.objects.get(name="Chambre 8")) == in_order(*photo_ids)


def test_opening_the_form_twice_names_two_drafts_and_makes_none(as_alice, new_establishment):
    panels = [
        as_alice.get(ADD).context["inline_admin_formsets"][0].formset.panel.draft for _number in range(2)
    ]
    assert len(set(panels)) == 2
    assert not Draft.objects.exists()


def test_reloaded_page_shows_the_photos_of_the_draft_it_names(as_alice, new_establishment):
    upload_ids(as_alice, 2, draft=DRAFT)
    panel = as_alice.get(ADD, {"draft": DRAFT}).context["inline_admin_formsets"][0].formset.panel
    assert (panel.draft, panel.count) == (DRAFT, 2)


@pytest.mark.parametrize("draft", ["x", OTHER_DRAFT, DRAFT])
def test_page_that_names_no_draft_of_the_user_shows_a_new_one(as_alice, as_bob, new_establishment, draft):
    upload_ids(as_bob, 1, draft=OTHER_DRAFT)
    save(as_alice, new_establishment, draft=DRAFT)
    panel = as_alice.get(ADD, {"draft": draft}).context["inline_admin_formsets"][0].formset.panel
    assert panel.draft != draft
    assert panel.count == 0


def test_strangers_draft_is_not_attached(as_alice, as_bob, new_establishment):
    theirs = upload_ids(as_bob, 1, draft=DRAFT)
    assert save(as_alice, new_establishment, draft=DRAFT).status_code == 404
    assert not Room.objects.exists()
    assert places(draft_id=DRAFT) == in_order(*theirs)


def test_draft_that_is_no_uuid_is_refused(as_alice, new_establishment):
    assert save(as_alice, new_establishment, draft="x").status_code == 400
    assert not Room.objects.exists()


def test_photo_id_in_the_form_claims_nothing(as_alice, as_bob, new_establishment):
    upload_ids(as_bob, 1, draft=OTHER_DRAFT)
    photo = RoomImage.objects.get()
    save(
        as_alice,
        new_establishment,
        draft=DRAFT,
        **{**card(0, photo, caption="mine"), "images-TOTAL_FORMS": 1},
    )
    photo.refresh_from_db()
    assert (photo.room, photo.caption) == (None, "")


def test_captions_of_the_form_are_saved_with_the_room(as_alice, new_establishment):
    upload_ids(as_alice, 1, draft=DRAFT)
    photo = RoomImage.objects.get()
    save(
        as_alice, new_establishment, draft=DRAFT, **{**card(0, photo, caption="Vue"), "images-TOTAL_FORMS": 1}
    )
    photo.refresh_from_db()
    assert (photo.room, photo.caption) == (Room.objects.get(), "Vue")


@pytest.mark.django_db(transaction=True)
def test_room_that_cannot_be_saved_whole_is_not_saved_at_all(as_alice, new_establishment, monkeypatch):
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    real = lifecycle.attach

    def attach(draft, room, **how):
        real(draft, room, **how)
        raise ZeroDivisionError

    monkeypatch.setattr(lifecycle, "attach", attach)
    with pytest.raises(ZeroDivisionError):
        save(as_alice, new_establishment, draft=DRAFT)
    assert not Room.objects.exists()
    assert places(draft_id=DRAFT) == in_order(*photo_ids)


def test_rows_without_a_place_come_last_in_the_room(alice, room):
    draft = Draft.objects.create(user=alice)
    photos = add_photos(None, 3, draft=draft)
    RoomImage.objects.filter(pk=photos[0].pk).update(order=0)
    galleries.remove(photos[1])
    attached = lifecycle.attach(draft, room)
    assert [photo.pk for photo in attached] == [photos[2].pk, photos[0].pk]
    assert places(room=room) == in_order(photos[2].pk, photos[0].pk)


def test_add_form_claims_no_temporary_photo_of_another(as_alice, as_bob, establishment, room):
    theirs = upload_ids(as_bob, 1, draft=OTHER_DRAFT)[0]
    photo = RoomImage.objects.get(pk=theirs)
    for fields in (
        {"draft": OTHER_DRAFT},
        {"draft": DRAFT} | cards([photo], {theirs: {"caption": "Mine", "DELETE": "on"}}),
        cards([photo], {theirs: {"caption": "Mine"}}),
        {"room_temp_images": [theirs], "temp_images": theirs, "images": theirs},
    ):
        as_alice.post(ADD, room_form(establishment, **fields))
    photo.refresh_from_db()
    assert (photo.room, str(photo.draft_id), photo.caption) == (None, OTHER_DRAFT, "")


def test_draft_of_who_lost_the_establishment_is_not_saved_into_it(as_alice, alice, bob, establishment, room):
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    establishment.owner = bob
    establishment.save()
    page = as_alice.post(ADD, room_form(establishment, draft=DRAFT))
    assert page.context["adminform"].form.errors.keys() == {"establishment"}
    photo = RoomImage.objects.get(pk=photo_id)
    assert (photo.room, photo.draft.user) == (None, alice)
    assert establishment.rooms.count() == 1
