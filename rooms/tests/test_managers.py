"""Several people manage one establishment: its owner, and whom the owner names by e-mail."""

from django.contrib.auth.models import User

from rooms.models import Establishment, Manager, Room, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    add_photos,
    in_order,
    places,
    post_json,
    room_form,
    signed_in,
    upload,
    upload_ids,
)
from rooms.tests.test_managers_page import ESTABLISHMENTS, ROOMS, addresses, managers_form, save

# --- what a manager may do --------------------------------------------------------------


def test_establishment_needs_no_managers(alice):
    assert Establishment.objects.create(name="Hôtel", owner=alice).managers.count() == 0


def test_manager_works_on_rooms_and_photos_as_the_owner_does(as_bob, managing_bob, establishment, room):
    first, second = upload_ids(as_bob, 2, room)
    base = f"/rooms/{room.pk}"
    assert post_json(as_bob, f"{base}/reorder-images/", {"order": [second, first]}).status_code == 200
    assert post_json(as_bob, f"{base}/update-image/{first}/", {"caption": "Vue"}).status_code == 200
    assert as_bob.post(f"{base}/delete-image/{first}/").status_code == 200
    assert as_bob.get(RoomImage.all_objects.get(pk=first).image_url).status_code == 200
    assert as_bob.post(f"{base}/restore-image/{first}/").status_code == 200
    assert places(room=room) == in_order(second, first)
    assert as_bob.post(f"{ROOMS}add/", room_form(establishment, name="Chambre 8")).status_code == 302
    assert as_bob.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"}).status_code == 302
    assert [room.name for room in establishment.rooms.all()] == ["Chambre 8"]


def test_manager_edits_the_establishment_but_neither_its_owner_nor_its_managers(
    as_bob, bob, managing_bob, establishment
):
    path = f"{ESTABLISHMENTS}{establishment.pk}/"
    page = as_bob.get(f"{path}change/")
    assert (page.status_code, page.context["inline_admin_formsets"]) == (200, [])
    assert "alice" not in page.text
    more = managers_form("eve@example.com", removed=managing_bob)
    assert save(as_bob, establishment, name="Renamed", owner=bob.pk, **more).status_code == 302
    establishment.refresh_from_db()
    assert (establishment.name, establishment.owner.username) == ("Renamed", "alice")
    assert addresses() == ["bob@example.com"]
    assert as_bob.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [establishment.pk], "post": "yes"}
    as_bob.post(ESTABLISHMENTS, chosen)
    assert Establishment.objects.exists()


def test_manager_reaches_no_other_establishment_of_the_owner(as_bob, alice, managing_bob):
    other = Establishment.objects.create(name="Chalet", owner=alice)
    room = Room.objects.create(establishment=other, name="Chambre 1")
    assert upload(as_bob, room).status_code == 404
    assert "Chalet" not in as_bob.get(ESTABLISHMENTS).text
    assert save(as_bob, other, name="Mine").url == "/admin/"


def test_lists_name_an_establishment_once(as_bob, bob, managing_bob, bobs_room):
    for email in ("sam@example.com", "eve@example.com"):
        Manager.objects.create(establishment=bobs_room.establishment, email=email)
    assert [str(row) for row in as_bob.get(ESTABLISHMENTS).context["cl"].result_list] == [
        "Auberge du Lac",
        "Hôtel Bellevue",
    ]
    assert Room.objects.for_user(bob).count() == 2


def test_removed_manager_is_a_stranger_at_the_next_request(
    as_alice, as_bob, managing_bob, establishment, room
):
    photo = add_photos(room, 1)[0]
    temporary = upload(as_bob, draft=DRAFT).json()["image"]
    assert upload(as_bob, room).status_code == 201
    assert save(as_alice, establishment, **managers_form(removed=managing_bob)).status_code == 302
    assert upload(as_bob, room).status_code == 404
    assert as_bob.post(f"/rooms/{room.pk}/delete-image/{photo.pk}/").status_code == 404
    assert as_bob.get(f"{ROOMS}{room.pk}/change/").url == "/admin/"
    form = as_bob.post(f"{ROOMS}add/", room_form(establishment, draft=DRAFT)).context["adminform"].form
    assert form.errors.keys() == {"establishment"}
    mine = as_bob.get(f"/rooms/list-image-temp/?draft={DRAFT}").json()["images"]
    assert [image["id"] for image in mine] == [temporary["id"]]
    assert as_alice.post(f"/rooms/delete-image-temp/{temporary['id']}/").status_code == 404


# --- what becomes of managers -----------------------------------------------------------


def test_address_waits_for_its_account(establishment, room):
    Manager.objects.create(establishment=establishment, email="eve@example.com")
    eve = User.objects.create_user("eve", "Eve@example.com", is_staff=False)
    assert not Room.objects.for_user(eve).exists()
    eve.is_staff = True
    eve.save()
    assert Room.objects.for_user(eve).exists()


def test_place_belongs_to_the_account_and_not_to_who_takes_its_address_later(
    establishment, bob, managing_bob, room
):
    bob.email = "robert@example.com"
    bob.save()
    thief = User.objects.create_user("thief", "bob@example.com", is_staff=True)
    assert Room.objects.for_user(bob).exists()
    assert not Room.objects.for_user(thief).exists()


def test_line_of_a_deleted_account_stays(bob, managing_bob):
    bob.delete()
    assert (addresses(), Manager.objects.get().user) == (["bob@example.com"], None)


def test_managers_stay_when_the_owner_changes(as_sam, as_bob, sam, managing_bob, establishment, room):
    assert save(as_sam, establishment, owner=sam.pk).status_code == 302
    assert upload(as_bob, room).status_code == 201


def test_manager_who_was_the_owner_in_between_is_none_any_more(
    alice, bob, sam, managing_bob, establishment, room
):
    for owner in (bob, sam):
        establishment.owner = owner
        establishment.save()
    assert addresses() == []
    assert not Room.objects.for_user(bob).exists()


def test_managers_go_with_the_establishment_of_a_deleted_owner(alice, bob, managing_bob, room):
    alice.delete()
    assert addresses() == []
    assert User.objects.filter(pk=bob.pk).exists()


def test_deactivated_owner_leaves_the_work_to_the_managers(alice, as_bob, managing_bob, room):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert upload(as_bob, room).status_code == 201


def test_manager_without_permissions_is_refused(bob, managing_bob, room):
    bob.groups.clear()
    assert upload(signed_in(bob), room).status_code == 403
