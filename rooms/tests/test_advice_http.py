"""Advice as clients get it: in each answer about a photo, and in the page."""

from typing import Any

import pytest
from django.test import Client

from rooms.models import Room, RoomImage
from rooms.tests.conftest import photo_file, post_json
from rooms.tests.test_advice import jpeg
from rooms.tests.test_metrics import scene

pytestmark = pytest.mark.django_db


def add_small(room: Room) -> RoomImage:
    content = photo_file(content=jpeg(scene(1, size=(800, 600))))
    return RoomImage.objects.create(room=room, image=content)


def codes_in(said: list[dict[str, str]]) -> list[str]:
    return [one["code"] for one in said]


def shown(answer: Any) -> dict[int, list[str]]:
    """By id, what an answer says about the photos it shows."""
    body = answer.json()
    return {image["id"]: codes_in(image["advice"]) for image in body.get("images") or [body["image"]]}


def others(answer: Any) -> dict[str, list[str]]:
    """By id, what an answer says about photos that it was not about."""
    return {photo_id: codes_in(said) for photo_id, said in answer.json()["advice_by_id"].items()}


class Pair:
    """A gallery with two photos alike, in a room or in a draft, and its addresses."""

    def __init__(self, kind: str, client: Client, room: Room) -> None:
        self.client, self.is_draft = client, kind == "draft"
        self.base, self.suffix = ("/rooms/", "-temp") if self.is_draft else (f"/rooms/{room.pk}/", "")
        self.first, self.twin = (self.add(scene(1)).json()["image"]["id"] for _one in range(2))

    def add(self, image: Any, verb: str = "upload", photo_id: int | None = None, **fields: Any) -> Any:
        path = f"{self.base}{verb}-image{self.suffix}/" + (f"{photo_id}/" if photo_id else "")
        return self.client.post(path, {"image": photo_file(content=jpeg(image)), **fields})

    def act(self, verb: str, photo_id: int, **content: Any) -> Any:
        return post_json(self.client, f"{self.base}{verb}-image{self.suffix}/{photo_id}/", content)

    def reorder(self, *order: int) -> Any:
        return post_json(self.client, f"{self.base}reorder-images{self.suffix}/", {"order": order})

    def listed(self) -> Any:
        return self.client.get(f"{self.base}list-image-temp/" if self.is_draft else f"{self.base}images/")


@pytest.fixture(params=["room", "draft"])
def pair(request: pytest.FixtureRequest, as_alice: Client, room: Room) -> Pair:
    return Pair(request.param, as_alice, room)


def test_photo_is_shown_with_what_there_is_to_say(pair: Pair) -> None:
    assert shown(pair.listed()) == {pair.first: [], pair.twin: ["duplicate"]}
    added = pair.add(scene(1).resize((800, 600)))
    assert list(shown(added).values()) == [["small", "duplicate"]]
    assert added.json().keys() == {"success", "image"}
    assert [one.keys() for one in added.json()["image"]["advice"]] == [{"code", "text"}] * 2


def test_answer_tells_the_twins_that_came_went_or_moved(pair: Pair) -> None:
    first, twin = pair.first, pair.twin
    moved = pair.reorder(twin, first)
    assert (shown(moved), others(moved)) == (
        {twin: [], first: ["duplicate"]},
        {str(twin): [], str(first): ["duplicate"]},
    )
    gone = pair.act("delete", twin)
    assert (gone.json().keys(), others(gone)) == ({"success", "advice_by_id"}, {str(first): []})
    back = pair.act("restore", twin)
    assert (shown(back), others(back)) == ({twin: []}, {str(first): ["duplicate"]})
    turned = pair.act("rotate", twin, quarter_turns=1)
    assert (shown(turned), others(turned)) == ({twin: []}, {str(first): []})
    replaced = pair.add(scene(1), "replace", twin)
    assert others(replaced) == {str(first): ["duplicate"]}


def test_sentence_that_names_another_place_is_a_change_too(pair: Pair) -> None:
    other = pair.add(scene(2)).json()["image"]["id"]
    moved = pair.reorder(other, pair.first, pair.twin)
    assert others(moved) == {str(pair.twin): ["duplicate"]}
    assert "2" in moved.json()["advice_by_id"][str(pair.twin)][0]["text"]
    assert "advice_by_id" not in pair.reorder(other, pair.first, pair.twin).json()


def test_upload_asked_for_again_tells_what_the_lost_answer_said(pair: Pair) -> None:
    upload_id = {"upload_id": "99999999-9999-4999-8999-999999999999"}
    answers = [pair.add(scene(2), "replace", pair.first, **upload_id) for _one in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert [others(answer) for answer in answers] == [{str(pair.twin): []}] * 2


def test_order_that_is_stale_shows_the_photos_with_their_advice(pair: Pair) -> None:
    answer = pair.reorder(pair.first)
    assert answer.status_code == 409
    assert shown(answer) == {pair.first: [], pair.twin: ["duplicate"]}


def test_declined_advice_is_in_no_answer(pair: Pair) -> None:
    declined = pair.act("update", pair.twin, advice_declined=["duplicate"])
    assert (declined.json().keys(), shown(declined)) == ({"success", "image"}, {pair.twin: []})
    assert shown(pair.listed()) == {pair.first: [], pair.twin: []}
    moved = pair.reorder(pair.twin, pair.first)
    assert others(moved) == {str(pair.first): ["duplicate"]}
    again = pair.act("update", pair.twin, advice_declined=[])
    assert RoomImage.objects.get(pk=again.json()["image"]["id"]).advice_declined == []


# --- in the page ------------------------------------------------------------------------


def test_page_shows_what_is_said(as_alice: Client, room: Room) -> None:
    add_small(room)
    page = as_alice.get(f"/admin/rooms/room/{room.pk}/change/").text
    assert page.count('data-advice-code="small"') == 1
    assert page.count("data-advice-code") == 1


def test_advice_is_in_the_language_of_the_page(as_alice: Client, room: Room) -> None:
    add_small(room)
    address = f"/admin/rooms/room/{room.pk}/change/"
    assert "Petite" in as_alice.get(address, headers={"Accept-Language": "fr"}).text
    assert "Booking sites ask" in as_alice.get(address, headers={"Accept-Language": "en"}).text
