"""Who reaches what: owners their own, platform staff every room, and temporary photos their uploader."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from rooms import access
from rooms.errors import Forbidden, InvalidRequest, NotFound
from rooms.models import Draft, Establishment, Gallery, Room
from rooms.services import gallery as galleries
from rooms.services import lifecycle
from rooms.tests.conftest import DRAFT, OTHER_DRAFT, add_photos, places, room_form, signed_in

ROOMS, ESTABLISHMENTS = "/admin/rooms/room/", "/admin/rooms/establishment/"
EVERYONE = ("alice", "bob", "sam", "root")


@pytest.fixture
def cast(alice, bob, sam, root):
    return {"alice": alice, "bob": bob, "sam": sam, "root": root}


@pytest.fixture
def draft(alice):
    return Draft.objects.create(id=DRAFT, user=alice, session_key="key")


def reaches(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("name", EVERYONE)
def test_room_is_for_its_owner_and_the_platform(cast, room, name):
    photo = add_photos(room, 1)[0]
    may = name != "bob"
    assert reaches(access.get_room_gallery, cast[name], room.pk) is may
    assert reaches(access.get_room_photo, cast[name], room.pk, photo.pk) is may
    assert Room.objects.for_user(cast[name]).exists() is may
    assert Establishment.objects.for_user(cast[name]).exists() is may


@pytest.mark.parametrize("name", EVERYONE)
def test_temporary_photo_is_for_its_uploader_and_superusers(cast, draft, name):
    photo = add_photos(None, 1, draft=draft)[0]
    assert reaches(access.get_temporary_photo, cast[name], photo.pk) is (name in ("alice", "root"))


def test_photo_of_another_room_is_not_found(alice, room, establishment):
    photo = add_photos(room, 1)[0]
    other = Room.objects.create(establishment=establishment, name="Chambre 2")
    assert not reaches(access.get_room_photo, alice, other.pk, photo.pk)


def test_temporary_photo_is_no_room_photo_and_the_other_way_round(alice, room, draft):
    temporary, attached = add_photos(None, 1, draft=draft)[0], add_photos(room, 1)[0]
    assert not reaches(access.get_room_photo, alice, room.pk, temporary.pk)
    assert not reaches(access.get_temporary_photo, alice, attached.pk)


def test_photo_of_a_saved_draft_is_not_found(alice, draft):
    photo = add_photos(None, 1, draft=draft)[0]
    Draft.objects.update(is_saved=True)
    assert not reaches(access.get_temporary_photo, alice, photo.pk)


def test_removed_photo_is_only_found_as_removed(alice, room):
    photo = add_photos(room, 1)[0]
    assert not reaches(access.get_room_photo, alice, room.pk, photo.pk, removed=True)
    galleries.remove(photo)
    assert not reaches(access.get_room_photo, alice, room.pk, photo.pk)
    assert reaches(access.get_room_photo, alice, room.pk, photo.pk, removed=True)


def test_new_owner_gets_the_rooms_and_the_old_one_loses_them(alice, bob, room, establishment):
    establishment.owner = bob
    establishment.save()
    assert not reaches(access.get_room_gallery, alice, room.pk)
    assert reaches(access.get_room_gallery, bob, room.pk)


@pytest.mark.parametrize("name", EVERYONE)
def test_draft_is_its_users_alone(cast, draft, name):
    assert reaches(access.find_draft, cast[name], draft.pk, "key") is (name == "alice")
    assert reaches(lifecycle.get_or_create, cast[name], draft.pk, "key") is (name == "alice")


def test_saved_draft_is_not_found(alice, draft):
    Draft.objects.update(is_saved=True)
    assert not reaches(access.find_draft, alice, draft.pk, "key")


def test_draft_is_made_once(alice):
    first = lifecycle.get_or_create(alice, access.parse_uuid(DRAFT), "key")
    assert lifecycle.get_or_create(alice, access.parse_uuid(DRAFT), "key") == first
    assert lifecycle.get_or_create(alice, access.parse_uuid(OTHER_DRAFT), "key") != first
    assert Draft.objects.count() == 2


def test_session_has_one_default_draft(alice, bob):
    first = lifecycle.get_or_create(alice, None, "key")
    assert lifecycle.get_or_create(alice, None, "key") == first
    assert lifecycle.get_or_create(alice, None, "other key") != first
    assert lifecycle.get_or_create(bob, None, "key") != first


def test_draft_moves_to_the_session_that_works_on_it(alice, draft):
    lifecycle.get_or_create(alice, draft.pk, "another")
    draft.refresh_from_db()
    assert draft.session_key == "another"


@pytest.mark.parametrize("text", ["x", "1", DRAFT[:-1], DRAFT + "0", "\0", 5, ["a"], {"a": 1}, 1.5, True])
def test_what_is_no_uuid_is_refused(text):
    with pytest.raises(InvalidRequest):
        access.parse_uuid(text)


@pytest.mark.parametrize("text", ["", None])
def test_no_uuid_is_none(text):
    assert access.parse_uuid(text) is None


def test_permission_without_staff_is_not_enough(alice, bob):
    access.require_any(alice, access.WRITE_ROOM)
    alice.is_staff = False
    with pytest.raises(Forbidden):
        access.require_any(alice, access.WRITE_ROOM)
    bob.groups.clear()
    with pytest.raises(Forbidden):
        access.require_any(bob, access.WRITE_ROOM)


@pytest.mark.parametrize("name", EVERYONE)
def test_file_of_a_temporary_photo_is_private(cast, draft, name):
    photo = add_photos(None, 1, draft=draft)[0]
    assert reaches(access.get_file_photo, cast[name], photo.file_name) is (name in ("alice", "root"))
    assert not reaches(access.get_file_photo, AnonymousUser(), photo.file_name)


@pytest.mark.parametrize("name", EVERYONE)
def test_file_of_a_removed_photo_is_private(cast, room, name):
    photo = add_photos(room, 1)[0]
    galleries.remove(photo)
    assert reaches(access.get_file_photo, cast[name], photo.file_name) is (name != "bob")
    assert not reaches(access.get_file_photo, AnonymousUser(), photo.file_name)


def test_file_of_a_rooms_photo_is_for_everyone(room):
    photo = add_photos(room, 1)[0]
    assert reaches(access.get_file_photo, AnonymousUser(), photo.file_name)
    assert access.is_public(photo)


def test_gallery_of_a_photo_in_none_is_not_found(db):
    photo = add_photos(None, 1)[0]
    with pytest.raises(NotFound):
        Gallery.of(photo)


# --- the same in the admin --------------------------------------------------------------


def test_filters_offer_only_own_choices(as_alice, room, bobs_room):
    for owner, city in (("alice", "Nice"), ("bob", "Annecy")):
        Establishment.objects.filter(owner__username=owner).update(city=city)
    filters = as_alice.get(ROOMS).context["cl"].filter_specs
    choices = [str(choice) for spec in filters for choice in getattr(spec, "lookup_choices", ())]
    assert not any("Auberge" in choice for choice in choices)
    cities = as_alice.get(ESTABLISHMENTS).context["cl"].filter_specs[0].lookup_choices
    assert list(cities) == ["Nice"]


def test_room_form_offers_and_takes_only_own_establishments(as_alice, room, bobs_room):
    field = as_alice.get(f"{ROOMS}add/").context["adminform"].form.fields["establishment"]
    assert [str(establishment) for establishment in field.queryset] == ["Hôtel Bellevue"]
    for path in (f"{ROOMS}add/", f"{ROOMS}{room.pk}/change/"):
        response = as_alice.post(path, room_form(bobs_room.establishment))
        assert response.context["adminform"].form.errors.keys() == {"establishment"}
    assert bobs_room.establishment.rooms.count() == 1


def test_delete_action_reaches_only_own_rooms(as_alice, room, bobs_room):
    add_photos(bobs_room, 1)
    form = {"action": "delete_selected", "_selected_action": [room.pk, bobs_room.pk], "post": "yes"}
    as_alice.post(ROOMS, form)
    assert list(Room.objects.all()) == [bobs_room]
    assert len(places(room=bobs_room)) == 1


def test_owner_gives_no_establishment_away(as_alice, bob, establishment):
    as_alice.post(
        f"{ESTABLISHMENTS}{establishment.pk}/change/", {"name": "Renamed", "city": "", "owner": bob.pk}
    )
    establishment.refresh_from_db()
    assert (establishment.name, establishment.owner.username) == ("Renamed", "alice")


def test_platform_staff_work_on_everything(as_sam, bob, room, bobs_room):
    assert len(as_sam.get(ROOMS).context["cl"].result_list) == 2
    for path in (
        ROOMS,
        f"{ROOMS}{bobs_room.pk}/change/",
        f"{ROOMS}{bobs_room.pk}/history/",
        f"{ESTABLISHMENTS}add/",
    ):
        assert as_sam.get(path).status_code == 200
    as_sam.post(
        f"{ESTABLISHMENTS}{room.establishment_id}/change/", {"name": "Sold", "city": "", "owner": bob.pk}
    )
    assert Establishment.objects.get(pk=room.establishment_id).owner == bob


def test_who_may_only_look_changes_nothing(room, bobs_room):
    user = User.objects.create_user("reader", password="pass", is_staff=True)
    names = ("view_room", "view_establishment", "view_roomimage", "see_every_establishment")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    reader, photo = signed_in(user), add_photos(room, 1)[0]
    for item in (room, bobs_room):
        response = reader.get(f"{ROOMS}{item.pk}/change/")
        assert response.status_code == 200
        assert not response.context["inline_admin_formsets"][0].formset.panel.editable
    assert reader.post(f"{ROOMS}{room.pk}/change/", room_form(room.establishment)).status_code == 403
    assert reader.post(f"{ROOMS}add/", room_form(room.establishment)).status_code == 403
    assert reader.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"}).status_code == 403
    assert reader.get(f"/rooms/{room.pk}/images/").status_code == 200
    assert reader.post(f"/rooms/{room.pk}/delete-image/{photo.pk}/").status_code == 403
    assert len(places(room=room)) == 1


def test_staff_choose_owners_only_among_those_who_can_sign_in(as_sam, alice, bob, establishment):
    User.objects.create_user("guest")
    User.objects.create_user("gone", is_staff=True, is_active=False)
    field = as_sam.get(f"{ESTABLISHMENTS}{establishment.pk}/change/").context["adminform"].form.fields
    assert [user.username for user in field["owner"].queryset] == ["alice", "bob", "sam"]


def test_establishment_of_a_deactivated_owner_can_still_be_edited(as_sam, alice, establishment):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    form = {"name": "Renamed", "city": "", "owner": alice.pk}
    assert as_sam.post(f"{ESTABLISHMENTS}{establishment.pk}/change/", form).status_code == 302
