"""What was typed and not saved outlives reloads and ended sessions; the page asks before it is left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, expect

from rooms.models import Establishment, Room
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage

ADD = "/admin/rooms/room/add/"
RESTORED = "[data-form-memory] [role=status]"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('typed ')).length"


def change(room: Room) -> str:
    return f"/admin/rooms/room/{room.pk}/change/"


def type_all(page: Page) -> None:
    page.fill("[name=name]", "Chambre bleue")
    page.fill("[name=description]", "Vue sur le lac,\nau calme")
    page.select_option("[name=kind]", "suite")
    page.fill("[name=price_night]", "120.50")
    page.check("[name=published]")


def typed(page: Page) -> dict[str, Any]:
    names = ("name", "description", "kind", "price_night")
    return {name: page.input_value(f"[name={name}]") for name in names} | {
        "published": page.is_checked("[name=published]")
    }


ALL_TYPED = {
    "name": "Chambre bleue",
    "description": "Vue sur le lac,\nau calme",
    "kind": "suite",
    "price_night": "120.50",
    "published": True,
}


def asks_before_leaving(page: Page) -> bool:
    """Tries to leave, and stays."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => { location.href = '/admin/'; })")
    page.wait_for_timeout(1000)
    page.remove_listener("dialog", stay)
    return asked == ["beforeunload"]


@pytest.fixture(params=["add", "change"])
def form(
    request: pytest.FixtureRequest, visit: Callable[..., GalleryPage], alice: User, room: Room
) -> GalleryPage:
    return visit(alice, ADD if request.param == "add" else change(room))


def test_text_survives_a_reload_and_is_saved(form: GalleryPage, room: Room) -> None:
    type_all(form.page)
    form.page.reload()
    assert typed(form.page) == ALL_TYPED
    expect(form.page.locator(RESTORED)).not_to_be_empty()
    form.save()
    form.page.wait_for_url("**/admin/rooms/room/")
    saved = Room.objects.get(name="Chambre bleue")
    assert (saved.description.replace("\r", ""), saved.kind) == (ALL_TYPED["description"], "suite")
    assert (str(saved.price_night), saved.published) == ("120.50", True)
    assert form.page.evaluate(KEPT) == 0


def test_untouched_page_is_left_in_silence(form: GalleryPage) -> None:
    form.page.click("[name=name]")
    assert not asks_before_leaving(form.page)
    assert form.page.url.endswith("/admin/")
    assert form.page.evaluate(KEPT) == 0


def test_text_that_was_taken_back_is_left_in_silence(form: GalleryPage) -> None:
    before = form.page.input_value("[name=name]")
    form.page.locator("[name=name]").press_sequentially("x")
    form.page.fill("[name=name]", before)
    assert not asks_before_leaving(form.page)


def test_page_asks_before_typed_text_is_left(form: GalleryPage) -> None:
    form.page.locator("[name=name]").press_sequentially("Chambre")
    assert asks_before_leaving(form.page)
    assert "/admin/rooms/room/" in form.page.url


def test_saving_asks_nothing_and_the_next_form_is_empty(form: GalleryPage) -> None:
    dialogs: list[str] = []
    form.page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    form.page.locator("[name=name]").fill("Chambre bleue")
    form.save("_addanother")
    form.page.wait_for_url("**/room/add/**")
    expect(form.page.locator("[name=name]")).to_have_value("")
    expect(form.page.locator(RESTORED)).to_be_empty()
    assert (dialogs, form.page.evaluate(KEPT)) == ([], 0)


def test_saved_page_that_stays_open_is_clean(room_page: GalleryPage) -> None:
    room_page.page.locator("[name=name]").fill(" Chambre bleue ")
    room_page.save("_continue")
    expect(room_page.page.locator("[name=name]")).to_have_value("Chambre bleue")
    expect(room_page.page.locator(RESTORED)).to_be_empty()
    assert room_page.page.evaluate(KEPT) == 0
    assert not asks_before_leaving(room_page.page)


def test_text_and_photos_come_back_after_the_session_ended(
    form: GalleryPage, alice: User, room: Room, small_photos: list[Path]
) -> None:
    form.choose(*small_photos[:2])
    form.wait_ready(2)
    type_all(form.page)
    Session.objects.all().delete()
    form.save()
    form.page.wait_for_url("**/admin/login/**")
    form.page.fill("[name=username]", "alice")
    form.page.fill("[name=password]", "pass")
    form.page.press("[name=password]", "Enter")
    expect(form.page.locator(RESTORED)).not_to_be_empty()
    assert typed(form.page) == ALL_TYPED
    expect(form.cards).to_have_count(2)
    form.save()
    form.page.wait_for_url("**/admin/rooms/room/")
    assert Room.objects.get(name="Chambre bleue").images.count() == 2


def test_form_with_errors_is_kept_and_asks(form: GalleryPage) -> None:
    form.page.fill("[name=description]", "Vue sur le lac")
    form.page.fill("[name=name]", "")
    form.save()
    expect(form.page.locator(".errors, .errornote, [aria-invalid=true]").first).to_be_visible()
    assert form.page.evaluate(KEPT) == 1
    form.page.click("[name=name]")
    assert asks_before_leaving(form.page)


def test_text_typed_over_what_changed_meanwhile_is_a_conflict(room_page: GalleryPage, room: Room) -> None:
    room_page.page.fill("[name=name]", "La mienne")
    Room.objects.update(name="La leur", beds="2 lits")
    room_page.page.reload()
    expect(room_page.page.locator("[name=name]")).to_have_value("La mienne")
    expect(room_page.page.locator("[name=beds]")).to_have_value("2 lits")
    room_page.save()
    expect(room_page.page.get_by_text("Entre-temps")).to_be_visible()
    room.refresh_from_db()
    assert room.name == "La leur"
    room_page.save()
    room_page.page.wait_for_url("**/admin/rooms/room/")
    room.refresh_from_db()
    assert (room.name, room.beds) == ("La mienne", "2 lits")


def test_two_drafts_never_mix(visit: Callable[..., GalleryPage], alice: User, room: Room) -> None:
    first = visit(alice, ADD)
    second = GalleryPage(first.page.context.new_page(), first.base_url).open(ADD)
    for page, name in ((first.page, "Une"), (second.page, "Autre")):
        page.fill("[name=name]", name)
    for page, name in ((first.page, "Une"), (second.page, "Autre")):
        page.reload()
        expect(page.locator("[name=name]")).to_have_value(name)


def test_draft_that_is_taken_up_again_has_its_text(
    visit: Callable[..., GalleryPage], alice: User, room: Room, small_photos: list[Path]
) -> None:
    form = visit(alice, ADD)
    form.choose(small_photos[0])
    form.wait_ready(1)
    form.page.fill("[name=name]", "Chambre bleue")
    form.open(ADD)
    expect(form.page.locator("[name=name]")).to_have_value("")
    form.page.locator("[data-abandoned] a").click()
    expect(form.page.locator("[name=name]")).to_have_value("Chambre bleue")
    expect(form.cards).to_have_count(1)


def test_signing_out_forgets(form: GalleryPage) -> None:
    form.page.fill("[name=name]", "Chambre bleue")
    assert form.page.evaluate(KEPT) == 1
    form.page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    form.page.wait_for_url(lambda url: "/room/" not in url)
    assert form.page.evaluate(KEPT) == 0


def test_next_person_at_the_computer_finds_nothing(
    room_page: GalleryPage, bob: User, managing_bob: Any, room: Room
) -> None:
    room_page.page.fill("[name=name]", "La mienne")
    room_page.page.context.clear_cookies()
    enter(room_page.page.context, bob, room_page.base_url)
    room_page.open(change(room))
    expect(room_page.page.locator("[name=name]")).to_have_value("Chambre 1")
    assert room_page.page.evaluate(KEPT) == 0


def test_establishments_are_kept_too(
    visit: Callable[..., GalleryPage], alice: User, establishment: Establishment
) -> None:
    page = visit(alice, ADD).page
    path = f"/admin/rooms/establishment/{establishment.pk}/change/"
    page.goto(page.url.partition("/admin/")[0] + path)
    page.fill("[name=city]", "Annecy")
    page.reload()
    expect(page.locator("[name=city]")).to_have_value("Annecy")
    page.locator("button[name=_save]").click()
    page.wait_for_url("**/admin/rooms/establishment/")
    establishment.refresh_from_db()
    assert establishment.city == "Annecy"
