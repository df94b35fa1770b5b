"""The trail: a room's History page says who did what to which photo."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.errors import InvalidRequest, StaleOrder
from rooms.models import Activity, Gallery, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import (
    DRAFT,
    add_photos,
    cards,
    photo_file,
    post_json,
    room_form,
    signed_in,
    upload,
    upload_ids,
)

ROOMS = "/admin/rooms/room/"


@pytest.fixture(autouse=True)
def english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def told() -> list[tuple[str, str]]:
    """What the history says, and of whom, oldest first."""
    entries = Activity.objects.select_related("user").order_by("pk")
    return [(entry.user.username, entry.get_change_message()) for entry in entries]


def sentences() -> list[str]:
    return [sentence for _who, sentence in told()]


def test_every_change_of_a_gallery_is_told(as_alice, room):
    first, second = upload_ids(as_alice, 2, room, caption="Vue")
    base = f"/rooms/{room.pk}"
    assert post_json(as_alice, f"{base}/reorder-images/", {"order": [second, first]}).status_code == 200
    assert post_json(as_alice, f"{base}/update-image/{first}/", {"caption": "Bain"}).status_code == 200
    describing = {"alternative_text": "Une baignoire"}
    assert post_json(as_alice, f"{base}/update-image/{first}/", describing).status_code == 200
    assert as_alice.post(f"{base}/delete-image/{first}/").status_code == 200
    assert as_alice.post(f"{base}/restore-image/{first}/").status_code == 200
    turn = {"quarter_turns": 1}
    assert post_json(as_alice, f"{base}/rotate-image/{first}/", turn).status_code == 200
    assert as_alice.post(f"{base}/replace-image/{first}/", {"image": photo_file()}).status_code == 201
    assert told() == [
        ("alice", "Added photo “1 · Vue”."),
        ("alice", "Added photo “2 · Vue”."),
        ("alice", "Changed the place for photo “2 → 1 · Vue”."),
        ("alice", "Changed the caption for photo “2 · Bain”."),
        ("alice", "Changed the alternative text for photo “2 · Bain”."),
        ("alice", "Deleted photo “2 · Bain”."),
        ("alice", "Added restored photo “2 · Bain”."),
        ("alice", "Changed the orientation for photo “2 · Bain”."),
        ("alice", "Added replacement photo “2 · Bain”."),
    ]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ([0, 1, 2, 3], None),
        ([3, 0, 1, 2], "Changed the place for photo “4 → 1 · Photo 4”."),
        ([1, 2, 3, 0], "Changed the place for photo “1 → 4 · Photo 1”."),
        ([0, 2, 1, 3], "Changed the place for photo “3 → 2 · Photo 3”."),
        ([0, 3, 1, 2], "Changed the place for photo “4 → 2 · Photo 4”."),
        ([3, 2, 1, 0], "Changed the order of the photos."),
        ([1, 0, 3, 2], "Changed the order of the photos."),
    ],
)
def test_move_names_the_photo_that_moved(alice, room, order, sentence):
    photos = add_photos(room, 4)
    galleries.reorder(Gallery(room=room), [photos[place].pk for place in order], user=alice)
    assert sentences() == ([sentence] if sentence else [])


def test_changes_through_the_form_are_told(as_sam, room):
    first, second, third = photos = add_photos(room, 3)
    changes = {first.pk: {"order": 2}, second.pk: {"order": 1, "caption": "Vue"}, third.pk: {"DELETE": "on"}}
    form = room_form(room.establishment, name=room.name) | cards(photos, changes)
    assert as_sam.post(f"{ROOMS}{room.pk}/change/", form).status_code == 302
    assert sentences()[:3] == [
        "Changed the caption for photo “2 · Vue”.",
        "Changed the place for photo “2 → 1 · Vue”.",
        "Deleted photo “3 · Photo 3”.",
    ]
    assert {who for who, _sentence in told()} == {"sam"}


def test_form_that_changes_no_photo_tells_of_none(as_alice, room):
    photos = add_photos(room, 2)
    as_alice.post(f"{ROOMS}{room.pk}/change/", room_form(room.establishment) | cards(photos))
    assert len(told()) == 1
    assert "photo" not in sentences()[0]


def test_new_room_says_how_many_photos_it_came_with(as_alice, establishment, room):
    for _number in range(3):
        upload(as_alice, draft=DRAFT)
    assert as_alice.post(f"{ROOMS}add/", room_form(establishment, draft=DRAFT)).status_code == 302
    assert sentences() == ["Added. Added photos “3”."]
    assert as_alice.post(f"{ROOMS}add/", room_form(establishment, name="Chambre 8")).status_code == 302
    assert sentences()[1:] == ["Added."]


def test_what_is_refused_or_changes_nothing_is_not_told(as_alice, as_bob, alice, room):
    photo, other = add_photos(room, 2)
    gallery = Gallery(room=room)
    galleries.reorder(gallery, [photo.pk, other.pk], user=alice)
    galleries.update(photo, caption="Photo 1", user=alice)
    with pytest.raises(StaleOrder):
        galleries.reorder(gallery, [photo.pk], user=alice)
    with pytest.raises(InvalidRequest):
        galleries.update(photo, caption="x" * 201, user=alice)
    as_bob.post(f"/rooms/{room.pk}/delete-image/{photo.pk}/")
    upload(as_alice, room, b"no photo")
    assert told() == []


def test_upload_that_is_sent_again_is_told_once(as_alice, room):
    for status in (201, 200):
        assert upload(as_alice, room, upload_id=DRAFT).status_code == status
    assert len(told()) == 1


def test_drafts_have_no_history(as_alice, room):
    first, second = upload_ids(as_alice, 2, draft=DRAFT)
    post_json(as_alice, f"/rooms/update-image-temp/{first}/", {"caption": "Vue"})
    post_json(as_alice, "/rooms/reorder-images-temp/", {"draft": DRAFT, "order": [second, first]})
    as_alice.post(f"/rooms/delete-image-temp/{first}/")
    as_alice.post(f"/rooms/restore-image-temp/{first}/")
    assert told() == []


def test_what_programs_do_is_not_told(room):
    galleries.remove(add_photos(room, 1)[0])
    assert told() == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Added photo “1 · Vue &lt;b&gt;”."),
        ("fr", "Ajout : photo « 1 · Vue &lt;b&gt; »".replace(" ", " ")),
    ],
)
def test_history_page_is_in_the_readers_language_and_shows_text_as_text(alice, room, language, sentence):
    client = signed_in(alice, headers={"Accept-Language": language})
    upload(client, room, caption="Vue <b>")
    page = client.get(f"{ROOMS}{room.pk}/history/")
    assert page.status_code == 200
    assert sentence in page.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "alice" in page.text


def test_braces_in_a_caption_are_no_placeholders(as_alice, room):
    upload(as_alice, room, caption="{name} {0} %s {object.__class__}")
    assert sentences() == ["Added photo “1 · {name} {0} %s {object.__class__}”."]


@pytest.mark.parametrize(("who", "status"), [("as_alice", 200), ("as_sam", 200), ("as_bob", 302)])
def test_history_is_for_those_who_work_on_the_room(as_alice, room, who, status, request):
    upload(as_alice, room, caption="Vue sur le lac")
    page = request.getfixturevalue(who).get(f"{ROOMS}{room.pk}/history/")
    assert page.status_code == status
    assert ("lac" in page.text) is (status == 200)


def test_upload_pays_one_statement_for_its_entry(alice, room):
    upload(signed_in(alice), room)
    client: Client = signed_in(alice)
    with CaptureQueriesContext(connection) as queries:
        assert upload(client, room).status_code == 201
    assert [query["sql"][:11] for query in queries if "rooms_activity" in query["sql"]] == ["INSERT INTO"]
    assert (RoomImage.objects.count(), Room.objects.count()) == (2, 1)


def test_owner_meets_names_of_people_and_no_log_in_names(
    as_alice, as_bob, as_sam, as_root, managing_bob, room
):
    User.objects.filter(username="bob").update(first_name="Robert", last_name="Petit")
    for client in (as_alice, as_bob, as_sam, as_root):
        assert upload(client, room).status_code == 201
    page = as_alice.get(f"{ROOMS}{room.pk}/history/").text
    assert page.count("the platform’s team") == 2
    assert "Robert Petit" in page
    people = [entry.person for entry in as_alice.get(f"{ROOMS}{room.pk}/history/").context["action_list"]]
    assert people == ["the platform’s team", "the platform’s team", "Robert Petit", "alice"]


def test_a_person_without_a_name_stays_without(as_alice, as_bob, managing_bob, room):
    assert upload(as_bob, room).status_code == 201
    entries = as_alice.get(f"{ROOMS}{room.pk}/history/").context["action_list"]
    assert [entry.person for entry in entries] == ["somebody without a name"]


def test_staff_meet_log_in_names(as_alice, as_sam, room):
    assert upload(as_alice, room).status_code == 201
    assert "alice" in as_sam.get(f"{ROOMS}{room.pk}/history/").text


def test_each_person_of_a_history_is_looked_up_once(as_alice, as_bob, managing_bob, room):
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_alice.get(f"{ROOMS}{room.pk}/history/").status_code == 200
        return len(queries)

    upload_ids(as_bob, 1, room)
    few = count_queries()
    upload_ids(as_bob, 5, room)
    assert count_queries() == few


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", [("Type", "Double", "Suite"), ("Publiée", "Non", "Oui"), ("Prix par nuit", "–", "120.50")]),
        ("en", [("Kind", "Double", "Suite"), ("Published", "No", "Yes"), ("Price a night", "–", "120.50")]),
    ],
)
def test_fields_have_their_names_and_values_in_the_readers_language(alice, room, language, told):
    client = signed_in(alice, headers={"Accept-Language": language})
    form = room_form(room.establishment, name=room.name) | {"published": "on", "price_night": "120.50"}
    assert client.post(f"{ROOMS}{room.pk}/change/", form | {"kind": "suite"}).status_code == 302
    page = client.get(f"{ROOMS}{room.pk}/history/").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    for field, before, after in told:
        assert f"<strong>{field}" in table
        assert f"<del>{before}</del> → <ins>{after}</ins>" in table
        assert field.lower() in table.partition("<p")[0]
    assert ("ublished" in table) is (language == "en")


def test_caption_is_told_as_it_was_and_as_it_is(as_alice, room):
    (photo_id,) = upload_ids(as_alice, 1, room, caption="Numéro un")
    change = {"caption": "<b>Numéro deux", "kind": "bathroom"}
    post_json(as_alice, f"/rooms/{room.pk}/update-image/{photo_id}/", change)
    page = as_alice.get(f"{ROOMS}{room.pk}/history/")
    newest = page.context["action_list"][0]
    assert {(value.before, value.after) for value in newest.values} == {
        ("Numéro un", "<b>Numéro deux"),
        ("–", str(RoomImage.Kind.BATHROOM.label)),
    }
    assert "<del>Numéro un</del> → <ins>&lt;b&gt;Numéro deux</ins>" in page.text


def test_texts_of_people_are_told_as_they_are(as_alice, room):
    """Also where they are words that we translate."""
    french = {"Accept-Language": "fr"}
    form = room_form(room.establishment, name="Double") | {"description": "Single\xa0: x" + 500 * "y"}
    as_alice.post(f"{ROOMS}{room.pk}/change/", form)
    page = as_alice.get(f"{ROOMS}{room.pk}/history/", headers=french)
    values = {value.after for value in page.context["action_list"][0].values}
    assert "Double" in values
    assert max(map(len, values)) == 300
    assert "\\xa0" not in page.text
    assert "\\u00a0" not in page.text


def test_other_rows_are_not_named(as_sam, as_alice, establishment, bob):
    path = f"/admin/rooms/establishment/{establishment.pk}/change/"
    assert as_sam.post(path, {"name": "Bellevue", "city": "", "owner": bob.pk}).status_code == 302
    Activity.objects.get()
    values = as_sam.get(path.replace("change", "history")).context["action_list"][0].values
    assert {value.field for value in values} == {"name"}
    assert "bob" not in str(Activity.objects.get().change_message)


@pytest.mark.parametrize("message", ["", "Changed by hand.", "[Changed] by hand", "[]"])
def test_entry_in_words_of_its_own_is_shown(as_alice, alice, room, message):
    Activity.objects.record(alice, [room], 2, message)
    assert as_alice.get(f"{ROOMS}{room.pk}/history/").status_code == 200
