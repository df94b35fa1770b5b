"""The page "System": what platform staff see of the disk and of what runs by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backoffice import __version__
from rooms.admin import system
from rooms.models import CleanupRun, Room
from rooms.tests.conftest import add_photos, upload

PAGE = "/admin/rooms/system/"


def lines(client: Client) -> dict[str, str]:
    response = client.get(PAGE, headers={"Accept-Language": "en"})
    groups: Any = response.context["groups"]
    return {label: value for _name, group in groups for label, value in group}


def test_owners_see_none_of_it(as_alice: Client) -> None:
    assert as_alice.get(PAGE).status_code == 403


def test_before_the_first_photo_all_is_empty(as_sam: Client) -> None:
    found = lines(as_sam)
    assert found["Photos in rooms"].startswith("0 ")
    assert (found["Oldest unfinished room"], found["Last audit"]) == ("none", "none yet")
    assert "Full, at this growth" not in found


def test_what_there_is_and_how_long_the_disk_lasts(
    as_sam: Client, as_alice: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_photos(room, 2)
    upload(as_alice)
    upload(as_alice, room, b"no photo")
    an_hour_ago = timezone.now() - timedelta(hours=1)
    CleanupRun.objects.create(days=1, with_audit=True, finished_at=an_hour_ago, findings=["x", "y"])
    growth = system.figures.bytes_since(timezone.now() - timedelta(days=30)) / 30
    usage = type("Usage", (), {"used": 1_000, "total": 2_000, "free": int(growth * 41.5)})
    monkeypatch.setattr(system.shutil, "disk_usage", lambda place: usage)
    found = lines(as_sam)
    assert found["Photos in rooms"].startswith("2 ")
    assert found["Photos of unfinished rooms"].startswith("1 ")
    assert found["Full, at this growth"] == "in 41 days"
    usage.free = int(growth * 4000)
    assert lines(as_sam)["Full, at this growth"] == "in more than ten years"
    assert found["Room photos"] == __version__
    assert found["Failed uploads in the last hour"] == "1"
    assert "2 findings" in found["Last audit"]


def test_a_folder_that_is_not_there_yet(as_sam: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "not" / "yet")
    assert "Disk free" in lines(as_sam)
