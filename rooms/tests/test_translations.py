"""French is complete: every text has its translation, and the compiled catalogues are current."""

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


def test_djangos_own_sentences_speak_as_ours_do() -> None:
    with override("fr"):
        selected = gettext("Delete selected %(verbose_name_plural)s")
        saved = gettext("The {name} “{obj}” was changed successfully.").format(name="chambre", obj="Amont")
    assert selected == "Supprimer la sélection (%(verbose_name_plural)s)"
    assert saved == "C’est enregistré\xa0: «\xa0Amont\xa0» (chambre)."


def test_texts_for_djangos_own_script_are_ours_too(as_root: Client) -> None:
    script = as_root.get(reverse("admin:jsi18n")).content.decode()
    assert r"S\u00e9lection\u00a0: %(sel)s sur %(cnt)s" in script
