"""Everybody at every address: expected answers, and nothing changed where somebody was refused.

The addresses come from the URLconf: one without a row fails, and so does a row without an address.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from rooms.models import Establishment
from rooms.tests import matrix_rows as rows
from rooms.tests.conftest import post_json, room_form
from rooms.tests.matrix_rows import Row, Thing
from rooms.tests.matrix_world import ACTORS, World, fingerprint, outcome, routes, undone

pytestmark = pytest.mark.django_db


def new_room(thing: Thing) -> dict[str, Any]:
    establishment = Establishment.objects.filter(pk=thing["establishment"]).first() or Establishment(pk=0)
    return room_form(establishment, draft=thing["draft"])


def moved(to: str) -> Any:
    """The form of a room, with the establishment that `to` names."""

    def form(thing: Thing) -> dict[str, Any]:
        return room_form(Establishment.objects.get(pk=thing[to]), draft=thing["draft"])

    form.__name__ = f"moved_to_{to}"
    return form


def new_room_in_popup(thing: Thing) -> dict[str, Any]:
    return new_room(thing) | {"_popup": "1"}


def establishment(thing: Thing) -> dict[str, Any]:
    return {"name": "Renamed", "city": "", "owner": thing["user"]}


def chosen(name: str) -> Any:
    def delete_chosen(thing: Thing) -> dict[str, Any]:
        return {"action": "delete_selected", "_selected_action": [thing[name]], "post": "yes"}

    return delete_chosen


def english(thing: Thing) -> dict[str, Any]:
    return {"language": "en"}


def pages(model: str, key: str, tables: dict[str, Any]) -> Iterator[Row]:
    """The pages that Django's admin has for any model; `tables` for list, add, change, history."""
    for page in ("changelist", "add"):
        yield Row(f"admin:{model}_{page}", "GET", tables[page])
    for page in ("change", "history", "delete"):
        yield Row(f"admin:{model}_{page}", "GET", tables[page], (key,))
    yield Row(f"admin:{model}_history", "POST", tables["history"], (key,))
    app, name = model.split("_")
    # Django's old addresses lead anybody who may sign in to the page, which then decides.
    yield Row(f"admin/{app}/{name}/<path:object_id>/", "GET", rows.SIGNED_IN, (key,), "done")


ROWS = [
    # --- the gallery ---
    Row("rooms:upload_temporary", "POST", rows.WRITE_DRAFT, (), "201", body=rows.photo_of_draft),
    Row("rooms:list_temporary", "GET", rows.READ_DRAFT, query="draft={draft}"),
    Row("rooms:readiness_temporary", "GET", rows.READ_DRAFT, query="draft={draft}"),
    Row("rooms:reorder_temporary", "POST", rows.ORDER_DRAFT, body=rows.order_of_draft, is_json=True),
    Row("rooms:update_temporary", "POST", rows.TEMPORARY, ("temporary",), body=rows.caption),
    Row("rooms:update_temporary", "POST", rows.TEMPORARY, ("temporary",), body=rows.all_words, is_json=True),
    Row("rooms:delete_temporary", "POST", rows.TEMPORARY, ("temporary",)),
    Row("rooms:restore_temporary", "POST", rows.TEMPORARY, ("removed_temporary",)),
    Row("rooms:replace_temporary", "POST", rows.TEMPORARY, ("temporary",), "201", body=rows.photo),
    Row("rooms:rotate_temporary", "POST", rows.TEMPORARY, ("temporary",), body=rows.turn, is_json=True),
    Row("rooms:report_failure", "POST", rows.REPORT, body=rows.failure, is_json=True),
    Row("rooms:upload", "POST", rows.WRITE, ("room",), "201", body=rows.photo),
    Row("rooms:list", "GET", rows.READ, ("room",)),
    Row("rooms:readiness", "GET", rows.READ, ("room",)),
    Row("rooms:reorder", "POST", rows.WRITE, ("room",), body=rows.order, is_json=True),
    Row("rooms:reorder", "POST", rows.MIXED_ORDER, ("room",), body=rows.order_with_his_photo, is_json=True),
    Row("rooms:move", "POST", rows.WRITE, ("room",), body=rows.to_own_room, is_json=True),
    Row("rooms:move", "POST", rows.MOVE_HERS, ("room",), body=rows.to_her_room, is_json=True),
    Row("rooms:copy", "POST", rows.MOVE_HERS, ("room",), body=rows.to_her_room, is_json=True),
    Row("rooms:update", "POST", rows.WRITE, ("room", "photo"), body=rows.caption),
    Row("rooms:update", "POST", rows.WRITE, ("room", "photo"), body=rows.all_words, is_json=True),
    Row("rooms:delete", "POST", rows.WRITE, ("room", "photo")),
    Row("rooms:restore", "POST", rows.WRITE, ("room", "removed")),
    Row("rooms:replace", "POST", rows.WRITE, ("room", "photo"), "201", body=rows.photo),
    Row("rooms:rotate", "POST", rows.WRITE, ("room", "photo"), body=rows.turn, is_json=True),
    # --- photos ---
    Row("media", "GET", rows.PUBLIC, ("file",)),
    Row("media", "GET", rows.REMOVED, ("removed_file",)),
    Row("media", "GET", rows.PRIVATE, ("temporary_file",)),
    Row("media", "GET", rows.HIDDEN, ("hidden_file",)),
    Row("rooms:list", "GET", rows.IN_HIDDEN_ROOM, ("removed_room",)),
    Row("rooms:upload", "POST", rows.CHANGE_IN_HIDDEN_ROOM, ("removed_room",), body=rows.photo),
    Row("rooms:update", "POST", rows.CHANGE_IN_HIDDEN_ROOM, ("removed_room", "hidden"), body=rows.caption),
    Row("rooms:restore", "POST", rows.CHANGE_IN_HIDDEN_ROOM, ("removed_room", "hidden")),
    Row("system", "GET", rows.STAFF_ONLY),
    Row("help", "GET", rows.SIGNED_IN),
    Row("metrics", "GET", rows.NO_METRICS),
    # --- rooms ---
    *pages(
        "rooms_room",
        "room",
        {
            "changelist": rows.LIST,
            "add": rows.ADD_ROOM,
            "change": rows.PAGE,
            "history": rows.HISTORY,
            "delete": rows.CHANGE,
        },
    ),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, query="_popup=1&_to_field=id&q=Chambre"),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, query="all=&photos=few"),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, query="q=stranger"),
    Row(
        "admin:rooms_room_changelist", "GET", rows.LIST, query="establishment__id__exact={his_establishment}"
    ),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, (), "400", query="_to_field=name"),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, (), "400", query="establishment__owner=1"),
    Row("admin:rooms_room_changelist", "GET", rows.LIST, (), "400", query=rows.GUESSES_PASSWORDS),
    Row("admin:rooms_room_changelist", "POST", rows.LIST_CHANGE, (), "done", body=chosen("room")),
    Row("admin:rooms_room_add", "POST", rows.SAVE_NEW_ROOM, (), "done", body=new_room),
    Row("admin:rooms_room_add", "POST", rows.SAVE_NEW_ROOM, query="_popup=1", body=new_room_in_popup),
    Row("admin:rooms_room_add", "POST", rows.SAVE_NOWHERE, body=new_room),
    Row("admin:rooms_room_change", "POST", rows.CHANGE, ("room",), "done", body=new_room),
    Row(
        "admin:rooms_room_change",
        "POST",
        rows.MOVE_OUT,
        ("room",),
        "done",
        body=moved("managers_establishment"),
    ),
    Row(
        "admin:rooms_room_change",
        "POST",
        rows.MOVE_IN,
        ("managers_room",),
        "done",
        body=moved("establishment"),
    ),
    Row(
        "admin:rooms_room_change",
        "POST",
        rows.MOVE_TO_HIS,
        ("room",),
        "done",
        body=moved("his_establishment"),
    ),
    Row(
        "admin:rooms_room_change",
        "POST",
        rows.MOVE_TO_HER_SECOND,
        ("room",),
        "done",
        body=moved("second_establishment"),
    ),
    Row("admin:rooms_room_change", "GET", rows.PAGE, ("room",), query="_popup=1&_to_field=id"),
    Row("admin:rooms_room_photos_zip", "GET", rows.DOWNLOAD, ("room",)),
    Row("admin:rooms_room_photos_zip", "GET", rows.DOWNLOAD, ("room",), query="channel=booking"),
    Row("admin:rooms_room_delete", "POST", rows.CHANGE, ("room",), "done", body=rows.yes),
    Row("admin:rooms_room_changelist", "GET", rows.REMOVED_LIST, query="removed=yes"),
    Row("admin:rooms_room_restore", "POST", rows.BRING_BACK, (), "done", body=rows.removed_room),
    Row("admin:rooms_room_discard_draft", "POST", rows.DISCARD, ("draft",), "done"),
    Row("admin:rooms_room_restore_draft", "POST", rows.DISCARD, ("draft",), "done"),
    # --- establishments ---
    *pages(
        "rooms_establishment",
        "establishment",
        {
            "changelist": rows.LIST,
            "add": rows.STAFF_ONLY,
            "change": rows.PAGE,
            "history": rows.HISTORY,
            "delete": rows.DELETE_ESTABLISHMENT,
        },
    ),
    Row("admin:rooms_establishment_changelist", "GET", rows.LIST, query="_popup=1&q=Ville"),
    Row("admin:rooms_establishment_changelist", "GET", rows.LIST, query="q=stranger"),
    Row(
        "admin:rooms_establishment_changelist",
        "POST",
        rows.LIST_CHANGE_STAFF,
        (),
        "done",
        body=chosen("establishment"),
    ),
    Row("admin:rooms_establishment_add", "POST", rows.STAFF_ONLY, (), "done", body=establishment),
    Row(
        "admin:rooms_establishment_change",
        "POST",
        rows.CHANGE,
        ("establishment",),
        "done",
        body=establishment,
    ),
    Row(
        "admin:rooms_establishment_add_room",
        "POST",
        rows.IMPORT_ROOM,
        ("establishment",),
        body=rows.name,
        is_json=True,
    ),
    Row("admin:rooms_establishment_changelist", "GET", rows.STAFF_ONLY, query="removed=yes"),
    Row(
        "admin:rooms_establishment_restore",
        "POST",
        rows.BRING_BACK_ESTABLISHMENT,
        (),
        "done",
        body=rows.removed_establishment,
    ),
    Row(
        "admin:rooms_establishment_invite_again",
        "POST",
        rows.INVITE_AGAIN,
        ("establishment",),
        "done",
        body=rows.manager,
    ),
    Row("admin:rooms_establishment_photos_zip", "GET", rows.DOWNLOAD, ("establishment",)),
    Row(
        "admin:rooms_establishment_delete",
        "POST",
        rows.DELETE_ESTABLISHMENT,
        ("establishment",),
        "done",
        body=rows.yes,
    ),
    # --- accounts, and the record of cleanups ---
    *pages("auth_user", "user", rows.ROOT_PAGES),
    Row("admin:auth_user_change", "POST", rows.ROOT_PAGE, ("user",), body=establishment),
    Row("admin:auth_user_delete", "POST", rows.ROOT_PAGE, ("user",), "done", body=rows.yes),
    Row("admin:auth_user_password_change", "GET", rows.ROOT_PASSWORD, ("user",)),
    Row("admin:auth_user_password_change", "POST", rows.ROOT_PASSWORD, ("user",), "200", body=rows.yes),
    *pages("rooms_owner", "user", rows.OWNER_PAGES),
    Row("admin:rooms_owner_change", "POST", rows.RUN_PAGE, ("user",), "done", body=rows.owner),
    Row("admin:rooms_owner_add", "POST", rows.STAFF_ONLY, (), "done", body=rows.owner),
    *pages("auth_group", "group", rows.ROOT_PAGES),
    Row("admin:auth_group_delete", "POST", rows.ROOT_PAGE, ("group",), "done", body=rows.yes),
    *pages("rooms_cleanuprun", "run", rows.RUN_PAGES),
    *pages("rooms_activity", "deed", rows.RUN_PAGES),
    *pages("rooms_uploadfailure", "failure", rows.RUN_PAGES),
    *pages("rooms_channel", "channel", rows.CHANNEL_PAGES),
    Row("admin:rooms_channel_change", "POST", rows.RUN_PAGE, ("channel",), "done", body=rows.channel),
    Row("admin:rooms_channel_delete", "POST", rows.ROOT_PAGE, ("channel",), "done", body=rows.yes),
    # --- the site itself ---
    Row("home", "GET", rows.ANYBODY, (), "home"),
    Row("admin_password_reset", "GET", rows.ANYBODY),
    Row("admin_password_reset", "POST", rows.ANYBODY, body=rows.yes),
    Row("password_reset_done", "GET", rows.ANYBODY),
    Row("password_reset_confirm", "GET", rows.ANYBODY, ("uid", "token")),
    Row("password_reset_confirm", "POST", rows.ANYBODY, ("uid", "token"), body=rows.new_password),
    Row("password_reset_complete", "GET", rows.ANYBODY),
    Row("manager_invitation", "GET", rows.ANYBODY, ("token",)),
    Row("manager_invitation", "POST", rows.ANYBODY, ("token",), body=rows.new_password),
    Row("set_language", "POST", rows.ANYBODY, (), "done", body=english),
    Row("admin:index", "GET", rows.SIGNED_IN),
    Row("admin:app_list", "GET", rows.APP_LIST, ("app",)),
    Row("admin:app_list", "GET", rows.APP_LIST_ACCOUNTS, ("accounts",)),
    Row("admin:login", "GET", rows.LOGIN),
    Row("admin:logout", "POST", rows.LOGOUT),
    Row("admin:logout", "GET", rows.LOGOUT, (), "405"),
    Row("admin:password_change", "GET", rows.SIGNED_IN),
    Row("admin:password_change", "POST", rows.SIGNED_IN, (), "done", body=rows.new_password),
    Row("admin:password_change_done", "GET", rows.SIGNED_IN),
    Row("admin:jsi18n", "GET", rows.SIGNED_IN),
    Row("admin:search", "GET", rows.SIGNED_IN, query="s=chambre"),
    Row(
        "admin:autocomplete", "GET", rows.AUTOCOMPLETE_ESTABLISHMENT, query=rows.asks("room", "establishment")
    ),
    Row("admin:autocomplete", "GET", rows.AUTOCOMPLETE_USER, query=rows.asks("establishment", "owner")),
    Row("admin:autocomplete", "GET", rows.AUTOCOMPLETE_USER, query=rows.asks("manager", "user")),
    Row("admin:autocomplete", "GET", rows.AUTOCOMPLETE_USER, query=rows.asks("roomimage", "uploaded_by")),
    Row("admin:autocomplete", "GET", rows.NOBODY, query=rows.asks("roomimage", "draft")),
    Row("admin:view_on_site", "GET", rows.NOWHERE, ("content_type", "room")),
    Row("admin/(?P<url>.*)$", "GET", rows.NOWHERE),
]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One for all rows of a worker, since each request is undone after it."""
    media, quick = tmp_path_factory.mktemp("media"), ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(media), PASSWORD_HASHERS=quick):
            world = World(media)
        yield world
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def media_root(world: World, settings: Any) -> Path:
    """The world's, not one of each test's own."""
    settings.MEDIA_ROOT = str(world.media)
    return world.media


def address(row: Row, thing: Thing) -> str:
    args = [thing[name] for name in row.args]
    if "/" not in row.route:
        path = reverse(row.route, args=args)
    else:  # an address without a name
        pattern = row.route.replace("(?P<url>.*)$", "nowhere/")
        path = "/" + re.sub(r"<[^>]*>", lambda _match: str(args.pop(0)), pattern)
    return f"{path}?{row.query.format(**thing)}" if row.query else path


def send(client: Client, row: Row, thing: Thing) -> Any:
    path, content = address(row, thing), row.body(thing) if row.body else {}
    if row.method == "GET":
        return client.get(path)
    return post_json(client, path, content) if row.is_json else client.post(path, content)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {row.route for row in ROWS} == routes()


@pytest.mark.parametrize(
    ("row", "whose"),
    [pytest.param(row, whose, id=f"{row} of {whose}") for row in ROWS for whose in row.table],
)
def test_everybody_gets_what_is_theirs_and_who_is_refused_changes_nothing(
    world: World, row: Row, whose: str
) -> None:
    expected, answers = {}, {}
    for actor, cell in zip(ACTORS, row.table[whose].split(), strict=True):
        with undone(world) as changes:
            response = send(world.client(actor), row, world.things[whose])
            is_changed = changes.has_files() or (changes.written and fingerprint() != world.fingerprint)
        expected[actor], answers[actor] = row.success if cell in "+=" else cell, outcome(response)
        assert not is_changed or (cell == "+" and row.method == "POST"), f"{actor} changed something"
        assert world.tells(actor, response) == [], f"{actor} is told of what is not theirs"
    assert answers == expected


HIDDEN = [
    (row, actor)
    for row in ROWS
    if row.args and {"hers", "missing"} <= row.table.keys()
    for actor in ("stranger", "nobody", "anonymous")
    if row.table["hers"].split()[ACTORS.index(actor)] != "+"
]


@pytest.mark.parametrize(
    ("row", "actor"), [pytest.param(row, actor, id=f"{row} for {actor}") for row, actor in HIDDEN]
)
def test_strangers_thing_and_a_missing_one_are_told_alike(world: World, row: Row, actor: str) -> None:
    hers, missing = (_told(world, actor, row, world.things[whose]) for whose in ("hers", "missing"))
    assert hers == missing


def _told(world: World, actor: str, row: Row, thing: Thing) -> Any:
    """An answer without the ids that were asked for, and without what is new in every answer."""
    with undone(world):
        response = send(world.client(actor), row, thing)
    named = "|".join(sorted((re.escape(str(thing[name])) for name in row.args), key=len, reverse=True))
    text = re.sub(rf"\b(?:{named})\b", "#", response.text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = text.replace(response["X-Request-ID"], "")
    new = ("Content-Length", "Expires", "X-Request-ID")
    headers = {name: value for name, value in response.items() if name not in new}
    headers = {name: re.sub(rf"\b(?:{named})\b", "#", value) for name, value in headers.items()}
    return response.status_code, headers, text
