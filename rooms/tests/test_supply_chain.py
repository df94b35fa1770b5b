"""What the product runs on is pinned by hash, and what the tools say about it is what they know."""

import re
import runpy
from email.message import Message
from typing import Any

import pytest
from django.conf import settings

PROJECT = settings.BASE_DIR
AUDIT = runpy.run_path(str(PROJECT / ".ci" / "audit"))
LICENCES = runpy.run_path(str(PROJECT / ".ci" / "licences"))
SAFE = {"name": "django", "version": "5.2", "vulns": []}
HURT = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
HURT_FOR_GOOD = {"name": "six", "version": "1.0", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
SKIPPED = {"name": "asgiref", "skip_reason": "not found"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes_and_from_no_named_place(name: str) -> None:
    text = (PROJECT / name).read_text()
    pins = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    names = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(pins) == len(names) > 20
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert not re.search(r"https?://|--index|--find-links", text)


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([SAFE], 0, ["1 of 1 packages looked up."]),
        ([SAFE, HURT], 1, ["pillow 1.0: PYSEC-1, repaired in 1.1", "2 of 2"]),
        ([HURT_FOR_GOOD], 1, ["six 1.0: PYSEC-2, repaired in no version yet"]),
        ([SAFE, SKIPPED], 0, ["1 of 2", "not reachable for 1: asgiref."]),
        ([HURT, SKIPPED], 1, ["pillow", "not reachable for 1"]),
    ],
)
def test_audit_fails_for_a_known_flaw_and_says_what_nobody_looked_up(
    packages: list[dict[str, Any]], status: int, words: list[str]
) -> None:
    judged, lines = AUDIT["judge"]({"dependencies": packages})
    assert judged == status
    assert [word for word in words if word not in "\n".join(lines)] == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT", "License": "text"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License", "License": "text"}, "BSD License"),
        ({"Classifier": "License :: OSI Approved", "License": "MIT\nCopyright"}, "MIT"),
        ({}, "not stated"),
    ],
)
def test_licence_is_what_the_package_says(fields: dict[str, str], licence: str) -> None:
    package = Message()
    for name, value in fields.items():
        package[name] = value
    assert LICENCES["licence_of"](package) == licence


def test_every_package_of_the_product_is_listed() -> None:
    names = LICENCES["find_packages"]((PROJECT / "requirements.txt").read_text())
    listed = LICENCES["list_licences"]()
    other_systems = {"colorama", "tzdata"}
    assert {name for name in names if f"| {name} |" not in listed} <= other_systems
    assert "not stated" not in listed
