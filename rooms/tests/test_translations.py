"""French is complete: every text has its translation, and the compiled catalogues are current."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUES = sorted(Path(settings.BASE_DIR).glob("*/*locale/fr/LC_MESSAGES/django.po"))


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-5] + "/" + path.parts[-4])
def catalogue(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_all_catalogues_are_looked_at() -> None:
    assert len(CATALOGUES) == 3


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
