"""People come, and what was removed comes back: as stories, on a laptop and on a phone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from rooms.models import Owner, Room
from rooms.tests.browser.conftest import enter
from rooms.tests.conftest import add_photos

PHONE = {"width": 390, "has_touch": True, "device_scale_factor": 2}
PASSWORD = "une-mer-de-lin-41"


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def test_new_owner_follows_the_link_on_a_phone_and_adds_a_room(
    new_context: Callable[..., BrowserContext], live_server: Any, sam: User
) -> None:
    office = new_context()
    enter(office, sam, live_server.url)
    page = office.new_page()
    page.goto(f"{live_server.url}/admin/rooms/owner/add/")
    page.fill("[name=name]", "Nora Neuf")
    page.fill("[name=email]", "nora@example.com")
    page.fill("[name=establishment]", "Maison Neuf")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    link = page.locator("code").inner_text()

    phone = new_context(**PHONE).new_page()
    phone.goto(link)
    expect(phone.locator("[name=new_password2]")).to_be_visible()
    assert_fits(phone)
    for field in ("new_password1", "new_password2"):
        phone.fill(f"[name={field}]", PASSWORD)
    phone.locator("[name=new_password2]").press("Enter")
    expect(phone).to_have_url(f"{live_server.url}/reset/done/")
    expect(phone.get_by_role("heading").first).to_be_visible()
    assert_fits(phone)
    phone.goto(f"{live_server.url}/admin/login/")
    expect(phone.get_by_role("button", name="English")).to_be_visible()
    assert_fits(phone)
    phone.fill("[name=username]", "Nora@Example.com")
    phone.fill("[name=password]", PASSWORD)
    phone.press("[name=password]", "Enter")
    expect(phone).to_have_url(f"{live_server.url}/admin/")
    phone.goto(f"{live_server.url}/admin/rooms/room/add/")
    phone.fill("[name=name]", "Chambre du jardin")
    phone.locator("[name=_continue]:visible, [name=_save]:visible").first.click()
    expect(phone.get_by_text("Chambre du jardin").first).to_be_visible()
    room = Room.objects.get()
    assert room.establishment.owner == Owner.objects.get(email="nora@example.com")


def test_room_with_ten_photos_goes_and_comes_back_on_a_phone(
    new_context: Callable[..., BrowserContext], live_server: Any, alice: User, room: Room
) -> None:
    photos = [photo.pk for photo in add_photos(room, 10)]
    context = new_context(**PHONE)
    enter(context, alice, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/{room.pk}/delete/")
    expect(page.get_by_text("peut être rétabli")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Oui, enlever").click()
    page.get_by_role("link", name="ce qui a été enlevé", exact=True).click()
    restore = page.get_by_role("button", name="Rétablir Chambre 1")
    expect(restore).to_be_visible()
    assert not Room.objects.exists()
    assert_fits(page)
    restore.click()
    expect(page.get_by_text("est de retour")).to_be_visible()
    page.get_by_role("link", name="Chambre 1", exact=True).first.click()
    expect(page.locator("[data-gallery] [data-photo]")).to_have_count(10)
    assert [photo.pk for photo in room.images.all()] == photos


def test_chosen_rooms_come_back_at_once(
    new_context: Callable[..., BrowserContext], live_server: Any, alice: User, room: Room
) -> None:
    Room.objects.create(establishment=room.establishment, name="Chambre 2")
    context = new_context()
    enter(context, alice, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/")
    page.locator("#action-toggle").check()
    page.select_option("[name=action]", "delete_selected")
    page.locator("#changelist-actions [name=index]").click()
    page.get_by_role("button", name="Oui, enlever").click()
    expect(page.get_by_role("link", name="ce qui a été enlevé", exact=True)).to_be_visible()
    assert not Room.objects.exists()
    page.goto(f"{live_server.url}/admin/rooms/room/?removed=yes")
    for name in ("Chambre 1", "Chambre 2"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Rétablir la sélection").click()
    expect(page.get_by_text("est de retour").first).to_be_visible()
    assert Room.objects.count() == 2
