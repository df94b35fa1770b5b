"""What is said about one photo: texts, what it shows, declined advice; changed together or not at all."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from rooms.models import Activity, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import DRAFT, add_photos, files_in, photo_file, post_json, upload, upload_ids

pytestmark = pytest.mark.django_db
WORDS = {"caption": "Le matin", "alternative_text": "Un lac", "kind": "view", "advice_declined": ["small"]}
REFUSED: list[dict[str, Any]] = [
    {},
    {"order": 3, "room": 1},
    {"kind": None},
    {"kind": " "},
    {"kind": " bed"},
    {"kind": "Bed"},
    {"kind": "garden"},
    {"kind": ["bed"]},
    {"kind": 5},
    {"caption": "x" * 201},
    {"caption": None},
    {"alternative_text": "a\0b"},
    {"alternative_text": "\ud800"},
    {"advice_declined": ["small", "ugly"]},
    {"advice_declined": [""]},
    {"advice_declined": "small"},
    {"advice_declined": None},
    {"advice_declined": [["small"]]},
    {"advice_declined": {"small": True}},
]


@pytest.fixture(params=["room", "draft"])
def place(request: pytest.FixtureRequest, as_alice: Client, room: Room) -> tuple[int, str]:
    """The id of a photo and where it is updated."""
    if request.param == "room":
        photo_id = upload_ids(as_alice, 1, room)[0]
        return photo_id, f"/rooms/{room.pk}/update-image/{photo_id}/"
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    return photo_id, f"/rooms/update-image-temp/{photo_id}/"


def kept(photo_id: int) -> dict[str, Any]:
    photo = RoomImage.objects.get(pk=photo_id)
    return {name: getattr(photo, name) for name in WORDS}


def test_all_fields_are_changed_at_once(as_alice: Client, place: tuple[int, str]) -> None:
    photo_id, path = place
    answer = post_json(as_alice, path, WORDS | {"caption": "  Le matin "})
    assert answer.status_code == 200
    assert kept(photo_id) == WORDS
    assert {name: answer.json()["image"][name] for name in WORDS if name != "advice_declined"} == {
        name: value for name, value in WORDS.items() if name != "advice_declined"
    }


@pytest.mark.parametrize("name", WORDS)
def test_one_field_leaves_the_others_alone(as_alice: Client, place: tuple[int, str], name: str) -> None:
    photo_id, path = place
    before = kept(photo_id)
    assert post_json(as_alice, path, {name: WORDS[name]}).status_code == 200
    assert kept(photo_id) == before | {name: WORDS[name]}


def test_form_says_the_same_as_json(as_alice: Client, place: tuple[int, str]) -> None:
    photo_id, path = place
    assert as_alice.post(path, WORDS | {"advice_declined": ["small", "dark"]}).status_code == 200
    assert kept(photo_id) == WORDS | {"advice_declined": ["dark", "small"]}
    encoded = "kind=&advice_declined=blurred"
    form = "application/x-www-form-urlencoded"
    assert as_alice.post(path, encoded, content_type=form).status_code == 200
    assert kept(photo_id) == WORDS | {"kind": "", "advice_declined": ["blurred"]}


@pytest.mark.parametrize("content", REFUSED, ids=str)
def test_what_cannot_be_kept_is_refused_with_all_that_came_along(
    as_alice: Client, place: tuple[int, str], content: dict[str, Any]
) -> None:
    photo_id, path = place
    post_json(as_alice, path, WORDS)
    rest = {"caption": "Other", "kind": "bed"} if content.keys() & WORDS.keys() else {}
    answer = post_json(as_alice, path, json.dumps(rest | content))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert kept(photo_id) == WORDS


@pytest.mark.parametrize(
    "fields", [{}, {"kind": " "}, {"kind": "x"}, {"advice_declined": "x"}, {"caption": "x" * 201}]
)
def test_form_that_cannot_be_kept_is_refused(
    as_alice: Client, place: tuple[int, str], fields: dict[str, str]
) -> None:
    photo_id, path = place
    before = kept(photo_id)
    assert as_alice.post(path, fields).status_code == 400
    assert kept(photo_id) == before


def test_history_has_one_entry_of_all_that_changed(as_alice: Client, alice: User, room: Room) -> None:
    photo = add_photos(room, 1)[0]
    path = f"/rooms/{room.pk}/update-image/{photo.pk}/"
    for _one in range(2):  # the second time nothing is another
        post_json(as_alice, path, WORDS)
    post_json(as_alice, path, {"advice_declined": []})
    (entry,) = Activity.objects.filter(user=alice)
    (change,) = json.loads(entry.change_message)
    assert change["changed"]["fields"] == ["the caption", "the alternative text", "what it shows"]


# --- with the file ----------------------------------------------------------------------


def test_words_come_with_the_file(as_alice: Client, room: Room) -> None:
    words = {name: WORDS[name] for name in ("caption", "alternative_text", "kind")}
    for answer in (upload(as_alice, room, **words), upload(as_alice, draft=DRAFT, **words)):
        assert answer.status_code == 201
        assert {name: answer.json()["image"][name] for name in words} == words
        assert kept(answer.json()["image"]["id"]) == words | {"advice_declined": []}


@pytest.mark.parametrize(
    "field", [{"kind": " "}, {"kind": "x"}, {"alternative_text": "x" * 201}, {"caption": "\0"}]
)
def test_file_with_impossible_words_is_not_kept(
    as_alice: Client, room: Room, media_root: Any, field: dict[str, str]
) -> None:
    for answer in (upload(as_alice, room, **field), upload(as_alice, draft=DRAFT, **field)):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert not RoomImage.all_objects.exists()
    assert files_in(media_root) == set()


def test_words_go_over_to_the_photo_in_its_place_and_through_turns(as_alice: Client, room: Room) -> None:
    photo = add_photos(room, 1)[0]
    galleries.update(photo, **WORDS)
    path = f"/rooms/{room.pk}/{{}}-image/{photo.pk}/"
    assert post_json(as_alice, path.format("rotate"), {"quarter_turns": 1}).json()["image"]["kind"] == "view"
    answer = as_alice.post(path.format("replace"), {"image": photo_file()})
    assert kept(answer.json()["image"]["id"]) == WORDS | {"advice_declined": []}


@pytest.mark.parametrize(
    ("turns", "status"), [("1", 200), ("3", 200), ("0", 400), ("4", 400), ("x", 400), ("", 400)]
)
def test_form_may_turn_a_photo(as_alice: Client, room: Room, turns: str, status: int) -> None:
    photo = add_photos(room, 1)[0]
    answer = as_alice.post(f"/rooms/{room.pk}/rotate-image/{photo.pk}/", {"quarter_turns": turns})
    assert answer.status_code == status
    assert (RoomImage.objects.get().file_name == photo.file_name) is (status != 200)


def test_row_of_an_older_system_says_nothing(as_alice: Client, room: Room) -> None:
    add_photos(room, 1)
    assert as_alice.get(f"/rooms/{room.pk}/images/").json()["images"][0]["kind"] == ""


# --- the kind that a caption names ---


def test_caption_gives_a_photo_its_kind_where_nobody_said_one(
    as_alice: Client, place: tuple[int, str]
) -> None:
    photo_id, path = place
    answer = post_json(as_alice, path, {"caption": "La douche"})
    assert answer.json()["image"]["kind"] == kept(photo_id)["kind"] == "bathroom"


def test_caption_never_changes_the_kind_that_somebody_chose(as_alice: Client, place: tuple[int, str]) -> None:
    _photo_id, path = place
    post_json(as_alice, path, {"kind": "bed"})
    assert post_json(as_alice, path, {"caption": "La douche"}).json()["image"]["kind"] == "bed"
    assert post_json(as_alice, path, {"caption": "La vue", "kind": ""}).json()["image"]["kind"] == ""


def test_upload_with_a_caption_comes_in_with_its_kind(as_alice: Client, room: Room) -> None:
    path = f"/rooms/{room.pk}/upload-image/"
    said = [{"caption": "Douche"}, {"caption": "Douche", "kind": "view"}, {"caption": "Le matin"}]
    answers = [as_alice.post(path, {"image": photo_file(), **texts}) for texts in said]
    assert [answer.json()["image"]["kind"] for answer in answers] == ["bathroom", "view", ""]


def test_caption_of_a_replacement_changes_no_kind_that_was_there(
    as_alice: Client, place: tuple[int, str]
) -> None:
    _photo_id, path = place
    post_json(as_alice, path, {"kind": "bed"})
    sent = {"image": photo_file(), "caption": "Douche"}
    answer = as_alice.post(path.replace("update", "replace"), sent)
    assert (answer.status_code, answer.json()["image"]["kind"]) == (201, "bed")
