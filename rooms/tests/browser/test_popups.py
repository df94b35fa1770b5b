"""The admin's pop-ups, which Unfold shows in a frame, work although no other page may be framed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from rooms.models import Establishment, Room
from rooms.tests.browser.conftest import enter

FRAME = """
url => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.onload = () => {
    let page = null;
    try { page = frame.contentDocument; } catch { /* what is refused belongs to no site */ }
    done(Boolean(page?.querySelector("form")));
  };
  frame.src = url;
  document.body.append(frame);
})
"""


@pytest.fixture
def staff_page(new_context: Callable[..., BrowserContext], live_server: Any, sam: User, room: Room) -> Page:
    """The form for a new room, which platform staff have opened."""
    context = new_context()
    enter(context, sam, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/add/")
    return page


def test_establishment_made_in_a_pop_up_is_chosen(staff_page: Page, alice: User) -> None:
    staff_page.locator("[data-id=related-widget-wrapper-establishment] [x-ref]").click()
    staff_page.locator("#add_id_establishment").click()
    popup = staff_page.frame_locator("iframe.related-modal-frame")
    # Refused for want of an owner, then taken: the answer to a form is framed too.
    popup.locator("[name=name]").fill("Auberge du Lac")
    popup.locator("button[name=_save], input[name=_save]").click()
    expect(popup.locator("form .errorlist, form .errornote").first).to_be_attached()
    expect(popup.locator("[name=name]")).to_have_value("Auberge du Lac")
    owner = popup.locator("[name=owner]")
    owner.evaluate(
        "(field, [id, name]) => { field.append(new Option(name, id, true, true)); }", [str(alice.pk), "alice"]
    )
    popup.locator("button[name=_save], input[name=_save]").click()
    chosen = staff_page.locator("[name=establishment] option:checked")
    expect(chosen).to_have_text("Auberge du Lac")
    assert Establishment.objects.get(name="Auberge du Lac").owner == alice


@pytest.mark.parametrize("path", ["/admin/", "/admin/rooms/room/", "/admin/login/"])
def test_no_other_page_is_framed_even_by_the_site(
    browser: Any, live_server: Any, sam: User, path: str
) -> None:
    context = browser.new_context()  # what it says of the frame it refuses is expected
    enter(context, sam, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/")
    assert page.evaluate(FRAME, path) is False
    assert page.evaluate(FRAME, "/admin/rooms/establishment/add/?_popup=1") is True
    context.close()
