"""In the admin an owner meets only what is theirs, through whatever page or address they try."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType

from rooms.models import Establishment, Room
from rooms.tests.conftest import add_photos, places, room_form, signed_in

ROOMS, LODGINGS = "/admin/rooms/room/", "/admin/rooms/establishment/"


@pytest.fixture
def theirs(bobs_room):
    """Bob's room, with a photo and a city that only his establishment is in."""
    Establishment.objects.update(city="Annecy")
    Room.objects.filter(pk=bobs_room.pk).update(name="Zimmer 9", number="B-777")
    add_photos(bobs_room, 1)
    bobs_room.refresh_from_db()
    return bobs_room


@pytest.fixture
def reader(room, theirs):
    """Staff with the permission to look, on every establishment."""
    user = User.objects.create_user("reader", password="pass", is_staff=True)
    names = ("view_room", "view_establishment", "view_roomimage", "see_every_establishment")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return signed_in(user)


SECRETS = ("Auberge", "Annecy", "Zimmer", "B-777")


@pytest.mark.parametrize(
    "path",
    [
        ROOMS,
        LODGINGS,
        f"{ROOMS}?q=Zimmer",
        f"{ROOMS}?q=Auberge",
        f"{LODGINGS}?q=Annecy",
        f"{ROOMS}?all=",
        f"{ROOMS}?_popup=1",
        f"{ROOMS}?gallery=few",
        f"{ROOMS}add/",
        "/admin/",
        "/admin/autocomplete/?app_label=rooms&model_name=room&field_name=establishment",
    ],
)
def test_no_page_of_an_owner_names_another_owners_things(as_alice, room, theirs, path):
    Establishment.objects.filter(owner__username="alice").update(city="Nice")
    text = as_alice.get(path).text
    cover = theirs.images.get().image.name.removesuffix(".jpg")
    assert cover not in text
    assert [secret for secret in SECRETS if secret in text and secret not in path] == []


@pytest.mark.parametrize("verb", ["change", "delete", "history"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_object_is_like_a_missing_one(as_alice, room, theirs, verb, method):
    before = list(Room.objects.values())
    for base, pk in ((ROOMS, theirs.pk), (LODGINGS, theirs.establishment_id)):
        answers = [
            getattr(as_alice, method)(f"{base}{number}/{verb}/", {"post": "yes", "name": "Mine"})
            for number in (pk, 987_654)
        ]
        assert {answer.status_code for answer in answers} <= {302, 403, 404, 405}
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].headers.get("Location") == answers[1].headers.get("Location")
    assert list(Room.objects.values()) == before


def test_filters_offer_only_own_choices(as_alice, room, theirs):
    Establishment.objects.filter(owner__username="alice").update(city="Nice")
    filters = as_alice.get(ROOMS).context["cl"].filter_specs
    choices = [str(choice) for spec in filters for choice in getattr(spec, "lookup_choices", ())]
    assert not any("Auberge" in choice for choice in choices)
    cities = as_alice.get(LODGINGS).context["cl"].filter_specs[0].lookup_choices
    assert list(cities) == ["Nice"]


def test_filter_for_a_strangers_establishment_finds_nothing(as_alice, room, theirs):
    response = as_alice.get(f"{ROOMS}?establishment__id__exact={theirs.establishment_id}")
    assert theirs not in response.context["cl"].result_list


@pytest.mark.parametrize("query", ["establishment__owner__password__startswith=m", "establishment__owner=1"])
def test_no_address_asks_about_owners(as_alice, room, query):
    assert as_alice.get(f"{ROOMS}?{query}").status_code in (302, 400)


def test_room_form_offers_and_takes_only_own_establishments(as_alice, room, theirs):
    field = as_alice.get(f"{ROOMS}add/").context["adminform"].form.fields["establishment"]
    assert [str(lodging) for lodging in field.queryset] == ["Hôtel Bellevue"]
    for path in (f"{ROOMS}add/", f"{ROOMS}{room.pk}/change/"):
        response = as_alice.post(path, room_form(theirs.establishment))
        assert response.context["adminform"].form.errors.keys() == {"establishment"}
    assert theirs.establishment.rooms.count() == 1


def test_delete_action_reaches_only_own_rooms(as_alice, room, theirs):
    form = {"action": "delete_selected", "_selected_action": [room.pk, theirs.pk], "post": "yes"}
    as_alice.post(ROOMS, form)
    assert list(Room.objects.all()) == [theirs]
    assert len(places(room=theirs)) == 1


def test_owner_gives_no_establishment_away(as_alice, bob, lodging):
    as_alice.post(f"{LODGINGS}{lodging.pk}/change/", {"name": "Renamed", "city": "", "owner": bob.pk})
    lodging.refresh_from_db()
    assert (lodging.name, lodging.owner.username) == ("Renamed", "alice")


def test_owner_neither_adds_nor_deletes_establishments(as_alice, lodging):
    assert as_alice.get(f"{LODGINGS}add/").status_code == 403
    assert as_alice.post(f"{LODGINGS}{lodging.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Establishment.objects.count() == 1


def test_owner_sees_no_accounts(as_alice, sam):
    for path in ("/admin/auth/user/", f"/admin/auth/user/{sam.pk}/change/", "/admin/auth/group/"):
        assert as_alice.get(path).status_code == 403
    query = "app_label=rooms&model_name=establishment&field_name=owner"
    assert as_alice.get(f"/admin/autocomplete/?{query}").status_code == 403


def test_start_page_shows_only_own_actions(as_alice, bob, theirs):
    kind = ContentType.objects.get_for_model(Room)
    LogEntry.objects.create(
        user=bob, content_type=kind, object_id=str(theirs.pk), object_repr="Zimmer", action_flag=CHANGE
    )
    assert "Zimmer" not in as_alice.get("/admin/").text


def test_platform_staff_work_on_everything(as_sam, bob, room, theirs):
    assert len(as_sam.get(ROOMS).context["cl"].result_list) == 2
    for path in (ROOMS, f"{ROOMS}{theirs.pk}/change/", f"{ROOMS}{theirs.pk}/history/", f"{LODGINGS}add/"):
        assert as_sam.get(path).status_code == 200
    as_sam.post(f"{LODGINGS}{room.establishment_id}/change/", {"name": "Sold", "city": "", "owner": bob.pk})
    assert Establishment.objects.get(pk=room.establishment_id).owner == bob


def test_who_may_only_look_changes_nothing(reader, room, theirs):
    photo = add_photos(room, 1)[0]
    for item in (room, theirs):
        response = reader.get(f"{ROOMS}{item.pk}/change/")
        assert response.status_code == 200
        assert not response.context["inline_admin_formsets"][0].formset.panel.editable
    assert reader.post(f"{ROOMS}{room.pk}/change/", room_form(room.establishment)).status_code == 403
    assert reader.post(f"{ROOMS}add/", room_form(room.establishment)).status_code == 403
    assert reader.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"}).status_code == 403
    assert reader.get(f"/rooms/{room.pk}/images/").status_code == 200
    assert reader.post(f"/rooms/{room.pk}/delete-image/{photo.pk}/").status_code == 403
    assert len(places(room=room)) == 1


@pytest.mark.parametrize("path", ["/admin/", ROOMS, f"{ROOMS}add/", LODGINGS])
def test_who_is_no_staff_is_led_to_the_sign_in(client, alice, path):
    assert client.get(path).url.startswith("/admin/login/")
    alice.is_staff = False
    alice.save()
    assert signed_in(alice).get(path).url.startswith("/admin/login/")


def test_autocomplete_takes_a_search_of_any_length(as_alice, room):
    query = {"app_label": "rooms", "model_name": "room", "field_name": "establishment"}
    for term in ("a " * 1_900, "d" * 60_000, '"' + "b c" * 700 + '"'):
        assert as_alice.get("/admin/autocomplete/", query | {"term": term}).json()["results"] == []
    found = as_alice.get("/admin/autocomplete/", query | {"term": room.establishment.name}).json()["results"]
    assert [row["id"] for row in found] == [str(room.establishment_id)]
