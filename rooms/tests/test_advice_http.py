"""Advice as clients get it: in an answer where they ask for it, and in the page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.models import Room, RoomImage
from rooms.tests.conftest import photo_file, picture, post_json, upload
from rooms.tests.test_advice import codes, jpeg
from rooms.tests.test_looks import scene

pytestmark = pytest.mark.django_db
ASKING = {"Prefer": "advice"}


def add_small(room: Room) -> RoomImage:
    content = photo_file(content=jpeg(scene(1, size=(800, 600))))
    return RoomImage.objects.create(room=room, image=content)


def said_in(answer: Any) -> dict[str, list[str]]:
    return {photo_id: [one["code"] for one in said] for photo_id, said in answer.json()["advice"].items()}


def test_every_change_answers_with_the_whole_gallerys_advice(as_alice: Client, room: Room) -> None:
    asking: dict[str, Any] = {"headers": ASKING}
    url, file = f"/rooms/{room.pk}/", jpeg(scene(1))

    def send(path: str, **content: Any) -> Any:
        return as_alice.post(url + path, content, "application/json", **asking)

    first, twin = (
        as_alice.post(f"{url}upload-image/", {"image": photo_file(content=file)}, **asking)
        for _one in range(2)
    )
    one, two = (str(answer.json()["image"]["id"]) for answer in (first, twin))
    marked, single = {one: [], two: ["duplicate"]}, {two: []}
    assert (said_in(first), said_in(twin)) == ({one: []}, marked)
    assert said_in(as_alice.get(f"{url}images/", **asking)) == marked
    assert said_in(send("reorder-images/", order=[int(two), int(one)])) == {two: [], one: ["duplicate"]}
    assert said_in(send(f"delete-image/{one}/")) == single
    assert said_in(send(f"restore-image/{one}/")) == {two: [], one: ["duplicate"]}
    assert said_in(send(f"rotate-image/{one}/", quarter_turns=1)) == {two: [], one: []}
    small = {"image": photo_file(content=picture())}
    replaced = as_alice.post(f"{url}replace-image/{two}/", small, **asking)
    assert "too_small" in said_in(replaced)[str(replaced.json()["image"]["id"])]


def test_draft_is_advised_alike(as_alice: Client) -> None:
    url, small = "/rooms/{}-image-temp/", {"image": photo_file(content=jpeg(scene(1, size=(800, 600))))}
    asking: dict[str, Any] = {"headers": ASKING}
    photo_id = str(as_alice.post(url.format("upload"), small, **asking).json()["image"]["id"])
    listed = as_alice.get(url.format("list"), **asking)
    assert said_in(listed) == {photo_id: ["too_small"]}
    said = listed.json()["advice"][photo_id][0]
    assert said.keys() == {"code", "label", "text"}
    kept = as_alice.post(f"{url.format('keep')}{photo_id}/")
    assert kept.json() == {"success": True, "advice": {photo_id: []}}
    for action in ("delete", "restore"):
        answer = as_alice.post(f"{url.format(action)}{photo_id}/", **asking)
        assert said_in(answer) == ({} if action == "delete" else {photo_id: []})


def test_owner_keeps_a_photo_and_a_stranger_does_not(as_alice: Client, as_bob: Client, room: Room) -> None:
    photo = add_small(room)
    url = f"/rooms/{room.pk}/keep-image/{photo.pk}/"
    assert as_bob.post(url).status_code == 404
    assert codes(room) == [["too_small"]]
    assert as_alice.post(url).json() == {"success": True, "advice": {str(photo.pk): []}}
    assert codes(room) == [[]]


def test_who_does_not_ask_gets_the_answers_of_the_contract(as_alice: Client, room: Room) -> None:
    answer = upload(as_alice, room)
    assert answer.json().keys() == {"success", "image"}
    order = {"order": [answer.json()["image"]["id"]]}
    assert post_json(as_alice, f"/rooms/{room.pk}/reorder-images/", order).json().keys() == {
        "success",
        "images",
    }


def test_advice_costs_an_upload_one_query(as_alice: Client, room: Room) -> None:
    upload(as_alice, room)
    counts = []
    for headers in ({}, ASKING):
        with CaptureQueriesContext(connection) as queries:
            file = {"image": photo_file()}
            assert as_alice.post(f"/rooms/{room.pk}/upload-image/", file, headers=headers).status_code == 201
        counts.append(len(queries))
    assert counts[1] - counts[0] == 1


# --- in the page ------------------------------------------------------------------------


def test_page_shows_what_is_said(as_alice: Client, room: Room) -> None:
    add_small(room)
    page = as_alice.get(f"/admin/rooms/room/{room.pk}/change/").text
    assert page.count('data-advice-code="too_small"') == 1
    assert page.count("data-advice-code") == 1


def test_advice_is_in_the_language_of_the_page(as_alice: Client, room: Room) -> None:
    add_small(room)
    address = f"/admin/rooms/room/{room.pk}/change/"
    assert "Petite" in as_alice.get(address, headers={"Accept-Language": "fr"}).text
    assert "Booking sites ask" in as_alice.get(address, headers={"Accept-Language": "en"}).text
