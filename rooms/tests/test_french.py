"""In French nothing is in English: every page as it is rendered, with its hidden texts and its titles."""

import re
from html.parser import HTMLParser
from pathlib import Path

import django.contrib.admin
import django.contrib.auth
import polib
import pytest
import unfold
from django.contrib.auth.models import User
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.utils import translation

from rooms.tests.conftest import signed_in
from rooms.tests.every_page import ADDRESSES, fill, make_world
from rooms.tests.test_translations import CATALOGUES

NAMED = ("aria-label", "title", "placeholder", "alt", "data-confirm", "aria-description")
SILENT = ("script", "style")
# Words that are French as well.
SAME_IN_BOTH = {"Photo", "Photos", "photo", "photos", "Menu", "Type", "Message", "Date", "Action", "Versions"}


class Texts(HTMLParser):
    """What of a page is read or heard, piece by piece: `said`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0
        self.is_icon = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_icon = "material-symbols-outlined" in (given.get("class") or "")
        self.silent += tag in SILENT
        self.said += [value for name in NAMED if (value := given.get(name))]
        if given.get("type") in ("submit", "button"):
            self.said.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_icon = False
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.is_icon:
            self.said.append(data)


def english_texts() -> set[str]:
    """All that we, Unfold and Django's admin and log-in can say in English, where French differs."""
    ours = {entry.msgid: entry.msgstr for path in CATALOGUES for entry in polib.pofile(str(path))}
    theirs: dict[str, str] = {}
    for package in (django.contrib.admin, django.contrib.auth):
        assert package.__file__
        path = Path(package.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        theirs |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    return {
        text
        for text, french in (theirs | ours).items()
        if "%" not in text and "{" not in text and text != french and text not in SAME_IN_BOTH
    }


ENGLISH = english_texts()


def find_english(page: str) -> set[str]:
    said = {" ".join(text.split()).rstrip(" :*") for text in Texts(page).said}
    return said & ENGLISH


def test_there_is_enough_english_to_look_for() -> None:
    """And it would be found."""
    assert len(ENGLISH) > 300
    page = '<p>Save</p><input placeholder="Type to search"><script>Remove</script>'
    assert find_english(page) == {"Save", "Type to search"}


@pytest.mark.parametrize("who", ["", "alice", "sam", "root"])
def test_every_page_speaks_french_only(alice: User, sam: User, root: User, who: str) -> None:
    world = make_world(alice, sam, root)
    client = signed_in(world[who]) if who else Client()
    for address in (one for one in ADDRESSES if one.who == who):
        page = client.get(fill(address.path, world), headers={"Accept-Language": "fr"})
        assert page.status_code == address.status
        assert (address, find_english(page.text)) == (address, set())
        assert re.search(r'<html[^>]* lang="fr"', page.text), address


def test_what_a_page_asks_and_refuses_is_french_too(alice: User, sam: User, root: User) -> None:
    world = make_world(alice, sam, root)
    client = signed_in(world["alice"])
    refused = client.post(fill("/admin/rooms/room/{room}/change/", world), {"name": ""})
    chosen = {"action": "delete_selected", "_selected_action": world["room"].pk}
    for page in (refused, client.post("/admin/rooms/room/", chosen), client.post("/admin/logout/")):
        assert page.status_code == 200
        assert find_english(page.text) == set()


def test_numbers_sizes_and_dates_are_french(alice: User, sam: User, root: User) -> None:
    world = make_world(alice, sam, root)
    runs = signed_in(world["sam"]).get("/admin/rooms/cleanuprun/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "4,7 Gio" in runs or "4,7 Go" in runs
    assert re.search(r"1[ \u202f]234", runs)
    assert re.search(rf"\d+ \w+ {world['run'].started_at.year}", runs)
    rooms = signed_in(world["alice"]).get("/admin/rooms/room/").text
    assert re.search(r"1[ \xa0\u202f]?234,50[ \xa0\u202f]€", rooms)


@pytest.mark.parametrize("name", [name for name, app in get_commands().items() if app == "rooms"])
def test_help_of_our_commands_is_french(name: str) -> None:
    with translation.override("fr"):
        parser = load_command_class("rooms", name).create_parser("manage.py", name)
        said = {str(parser.description), *(str(action.help) for action in parser._actions)}
    assert said & ENGLISH == set()


def test_unfold_says_nothing_we_have_no_french_for() -> None:
    with translation.override("fr"):
        texts = sorted(find_texts_of_unfold())
        untranslated = [text for text in texts if translation.gettext(text) == text]
    assert len(texts) > 50
    assert set(untranslated) <= SAME_IN_BOTH


def find_texts_of_unfold() -> set[str]:
    assert unfold.__file__
    templates = Path(unfold.__file__).parent.glob("templates/**/*.html")
    pattern = re.compile(r"""\{% trans(?:late)? (["'])(.+?)\1""")
    return {match[2] for path in templates for match in pattern.finditer(path.read_text())}
