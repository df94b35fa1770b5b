"""Deeds outlive what they were done to, and who did them; staff alone read them."""

import time
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from rooms.models import Activity, Establishment, Room, RoomImage
from rooms.tests.conftest import photo_file, post_json, room_form, upload, upload_ids

PAGE = "/admin/rooms/activity/"
NAMES = ("user_name", "object_repr", "establishment_name", "deed")


def shown(client: Client, **query: Any) -> list[Activity]:
    return list(client.get(PAGE, query).context["cl"].result_list)


def test_each_deed_of_a_gallery_has_its_name(as_alice: Client, room: Room) -> None:
    first, second = upload_ids(as_alice, 2, room)
    base = f"/rooms/{room.pk}"
    post_json(as_alice, f"{base}/reorder-images/", {"order": [second, first]})
    post_json(as_alice, f"{base}/update-image/{first}/", {"caption": "Bain"})
    as_alice.post(f"{base}/delete-image/{first}/")
    as_alice.post(f"{base}/restore-image/{first}/")
    post_json(as_alice, f"{base}/rotate-image/{first}/", {"quarter_turns": 1})
    as_alice.post(f"{base}/replace-image/{first}/", {"image": photo_file()})
    deeds = list(Activity.objects.order_by("pk").values_list("deed", flat=True))
    wanted = "upload upload reorder describe remove restore rotate replace"
    assert deeds == wanted.split()
    # The second was moved, and what replaced the first is another photo.
    assert Activity.objects.filter(photo_id=first).count() == 5


def test_it_outlives_photo_room_establishment_and_person(
    as_alice: Client, as_sam: Client, alice: User, room: Room
) -> None:
    upload(as_alice, room)
    before = list(Activity.objects.values())
    RoomImage.all_objects.all().delete()
    Room.objects.all().delete()
    Establishment.objects.all().delete()
    alice.delete()
    assert list(Activity.objects.values()) == before
    (deed,) = shown(as_sam)
    told = tuple(getattr(deed, name) for name in NAMES)
    assert told == ("alice", "Chambre 1", "Hôtel Bellevue", "upload")
    assert as_sam.get(f"{PAGE}{deed.pk}/change/").status_code == 200


def test_a_room_added_and_deleted_in_the_admin_is_told(
    as_sam: Client, sam: User, establishment: Establishment
) -> None:
    as_sam.post("/admin/rooms/room/add/", room_form(establishment))
    added = Room.objects.get(name="Chambre 7")
    as_sam.post(f"/admin/rooms/room/{added.pk}/delete/", {"post": "yes"})
    told = Activity.objects.filter(object_repr__contains="Chambre 7").order_by("pk")
    assert list(told.values_list("deed", "user_name")) == [("add", "sam"), ("delete", "sam")]


def test_accounts_are_told(as_root: Client, alice: User) -> None:
    form = {"username": "alice2", "password1": "Lac-bleu-1953", "password2": "Lac-bleu-1953"}
    as_root.post("/admin/auth/user/add/", form | {"usable_password": "true"})
    assert Activity.objects.get().object_repr == "alice2"


def test_newest_first_filtered_and_searched(
    as_alice: Client, as_bob: Client, as_sam: Client, room: Room, bobs_room: Room, alice: User
) -> None:
    upload(as_alice, room)
    upload(as_bob, bobs_room)
    assert [deed.user_name for deed in shown(as_sam)] == ["bob", "alice"]
    assert [deed.user_name for deed in shown(as_sam, person=alice.pk)] == ["alice"]
    assert [deed.user_name for deed in shown(as_sam, establishment=bobs_room.establishment_id)] == ["bob"]
    assert (len(shown(as_sam, deed__exact="upload")), len(shown(as_sam, deed__exact="move"))) == (2, 0)
    assert [deed.user_name for deed in shown(as_sam, q="Auberge")] == ["bob"]
    assert len(shown(as_sam, person="x")) == 2


def test_a_photo_is_shown_while_there_is_one(as_alice: Client, as_sam: Client, room: Room) -> None:
    upload(as_alice, room)
    thumbnail = RoomImage.objects.get().thumbnail_url
    assert thumbnail in as_sam.get(PAGE).text
    RoomImage.all_objects.all().delete()
    assert thumbnail not in as_sam.get(PAGE).text


def test_owners_read_none_and_nobody_changes_one(as_alice: Client, as_root: Client, room: Room) -> None:
    upload(as_alice, room)
    assert as_alice.get(PAGE).status_code == 403
    path = f"{PAGE}{Activity.objects.get().pk}"
    assert [as_root.post(f"{path}/{page}/").status_code for page in ("change", "delete")] == [403, 403]


def test_many_cost_a_page_no_more(
    as_sam: Client, alice: User, room: Room, django_assert_max_num_queries: Any
) -> None:
    Activity.objects.record(alice, [room] * 30_000, 2)
    as_sam.get(PAGE)
    began = time.process_time()
    with django_assert_max_num_queries(12):
        as_sam.get(PAGE, {"p": 200})
    assert time.process_time() - began < 2
