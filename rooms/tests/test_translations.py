"""French is complete: every text has its translation, and the compiled catalogues are current."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("*/*locale/fr/LC_MESSAGES/django*.po"))


@pytest.fixture(params=CATALOGUES, ids=lambda path: "/".join((*path.parts[-5:-3], path.stem)))
def catalogue(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_all_catalogues_are_looked_at() -> None:
    names = {"/".join((*path.parts[-5:-3], path.stem)) for path in CATALOGUES}
    assert names >= {
        "backoffice/locale/django",
        "backoffice/locale/djangojs",
        "backoffice/packages_locale/django",
        "backoffice/packages_locale/djangojs",
        "rooms/locale/django",
    }


def test_every_text_is_translated(catalogue: Path) -> None:
    texts = polib.pofile(str(catalogue))
    assert [entry.msgid for entry in texts if not entry.translated() or entry.fuzzy] == []


def test_placeholders_are_kept(catalogue: Path) -> None:
    def placeholders(text: str) -> set[str]:
        return {part for part in text.replace("%(", " %(").split() if part.startswith("%(")}

    for entry in polib.pofile(str(catalogue)):
        names = {part.split(")")[0] for part in placeholders(entry.msgid)}
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not translation or {part.split(")")[0] for part in placeholders(translation)} == names


def test_compiled_catalogue_is_current(catalogue: Path) -> None:
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    source = polib.pofile(str(catalogue))
    assert {(e.msgid, e.msgstr, *e.msgstr_plural.values()) for e in compiled} == {
        (e.msgid, e.msgstr, *e.msgstr_plural.values()) for e in source
    }


def test_french_typography(catalogue: Path) -> None:
    for entry in polib.pofile(str(catalogue)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert not any(f" {mark}" in text for mark in ":;!?»"), text
            assert "« " not in text


SCRIPT_TEXT = re.compile(r'\bn?gettext\(\s*"((?:[^"\\\\]|\\\\.)*)"(?:,\s*"([^"]*)")?')
SCRIPT_TEXTS = Path(settings.BASE_DIR, "backoffice/locale/fr/LC_MESSAGES/djangojs.po")
# Words of our English texts that no French sentence contains.
ENGLISH = re.compile(
    r"\b(the|is|are|at|going|waiting|checking|saving|remove|earlier|again|choose|not|you)\b", re.I
)


def test_catalogue_holds_just_what_the_script_says() -> None:
    sources = [*Path(settings.BASE_DIR, "static/admin/rooms").glob("*.js")]
    said = {pair for path in sources for pair in SCRIPT_TEXT.findall(path.read_text())}
    entries = polib.pofile(str(SCRIPT_TEXTS))
    assert {(entry.msgid, entry.msgid_plural) for entry in entries} == said
    assert len(said) > 70
    for entry in entries:
        files = {Path(name).name for name, _line in entry.occurrences}
        texts = {
            path.name
            for path in sources
            if (entry.msgid, entry.msgid_plural) in SCRIPT_TEXT.findall(path.read_text())
        }
        assert files == texts, entry.msgid


def test_texts_of_the_script_are_french() -> None:
    for entry in polib.pofile(str(SCRIPT_TEXTS)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            assert ENGLISH.findall(re.sub(r"%\(\w+\)s", "", text)) == []


def test_texts_of_the_script_for_one_hold_the_number_too() -> None:
    """French says them of none as well: a number that is written into them would be a lie."""
    counted = [entry for entry in polib.pofile(str(SCRIPT_TEXTS)) if entry.msgid_plural]
    assert len(counted) > 10
    for entry in counted:
        assert all("%(count)s" in text for text in [entry.msgid, *entry.msgstr_plural.values()])
        assert not any(re.search(r"\d", text) for text in entry.msgstr_plural.values())


def test_djangos_own_sentences_speak_as_ours_do() -> None:
    with override("fr"):
        selected = gettext("Delete selected %(verbose_name_plural)s")
        saved = gettext("The {name} “{obj}” was changed successfully.").format(name="chambre", obj="Amont")
    assert selected == "Supprimer la sélection (%(verbose_name_plural)s)"
    assert saved == "C’est enregistré\xa0: «\xa0Amont\xa0» (chambre)."


def test_texts_for_djangos_own_script_are_ours_too(as_root: Client) -> None:
    script = as_root.get(reverse("admin:jsi18n")).content.decode()
    assert r"S\u00e9lection\u00a0: %(sel)s sur %(cnt)s" in script


def test_texts_of_scripts_follow_the_language_and_are_kept_by_browsers(as_alice: Client) -> None:
    address = reverse("admin:jsi18n")
    french = as_alice.get(address)
    assert r"Photo %(position)s sur %(total)s" in french.content.decode()
    assert french["Cache-Control"] == "private, no-cache"
    assert as_alice.get(address, headers={"If-None-Match": french["ETag"]}).status_code == 304
    as_alice.post(reverse("set_language"), {"language": "en"})
    english = as_alice.get(address, headers={"If-None-Match": french["ETag"]})
    assert english.status_code == 200
    assert "sur %(total)s" not in english.content.decode()


def test_stranger_is_not_given_the_texts_of_scripts(client: Client) -> None:
    assert client.get(reverse("admin:jsi18n")).status_code == 302
