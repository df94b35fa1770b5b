"""Staff find three rooms without photos among six hundred, and mend one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, expect

from rooms import storage
from rooms.models import Establishment, Room, RoomImage
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage


def make_rooms(owner: User) -> None:
    """Six hundred in thirty establishments; three of them are published and have no photo."""
    houses = Establishment.objects.bulk_create(
        Establishment(name=f"Maison {number:02}", owner=owner) for number in range(30)
    )
    rooms = Room.objects.bulk_create(
        Room(establishment=house, name=f"Chambre {number:02}", published=True)
        for house in houses
        for number in range(20)
    )
    bare = {5, 250, 599}
    RoomImage.objects.bulk_create(
        RoomImage(room=room, image=storage.new_master_name(), order=1, caption="Le lit")
        for place, room in enumerate(rooms)
        if place not in bare
    )


def test_staff_mend_three_rooms_among_six_hundred(
    new_context: Callable[..., BrowserContext],
    live_server: Any,
    alice: User,
    sam: User,
    small_photos: list[Path],
) -> None:
    make_rooms(alice)
    context = new_context()
    enter(context, sam, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/")
    page.locator("[data-figure=published-without-photo][data-value='3']").click()
    expect(page.locator(".room-chip")).to_have_count(2)
    expect(page.locator("[data-room]")).to_have_count(3)
    page.locator("[data-room] a").first.click()
    for number, photo in enumerate(small_photos[:3], start=1):
        gallery = GalleryPage(page, live_server.url)
        expect(page.locator("[data-gallery][data-live]")).to_be_attached()
        gallery.choose(photo)
        gallery.wait_ready(1)
        gallery.wait_until_saved()
        if number < 3:
            page.get_by_role("link", name="Chambre suivante").click()
    assert not Room.objects.exclude(images__isnull=False).exists()
    page.goto(f"{live_server.url}/admin/")
    expect(page.locator("[data-figure=published-without-photo]")).to_have_attribute("data-value", "0")
