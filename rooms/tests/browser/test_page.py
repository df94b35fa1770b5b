"""The page itself: its language, its safety, its ways without mouse, script or permission."""

import re
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import Permission, User
from playwright.sync_api import BrowserContext, expect

from rooms.models import Room
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

# Words of our English texts that no French sentence contains.
ENGLISH = """
    the is are at going waiting checking saving saved? remove caption earlier later cover up try
    again choose drop full under not drag undo show close
"""
NOT_FRENCH = re.compile(rf"\b({'|'.join(ENGLISH.split())})\b", re.IGNORECASE)
# All that the gallery shows, names or will say. Icons are words too, but nobody reads them.
ALL_TEXT = """
panel => {
  const copy = panel.cloneNode(true);
  copy.querySelectorAll(".material-symbols-outlined, script").forEach((icon) => icon.remove());
  const names = ["title", "aria-label", "placeholder", "alt"];
  return [
    copy.textContent,
    ...[...copy.querySelectorAll("*")].flatMap((one) => names.map((name) => one.getAttribute(name) ?? "")),
  ].join("\\n");
}
"""
PAYLOAD = "</script><img src=x onerror=\"document.title='owned'\">{{ 7*7 }}"


def test_french_page_speaks_french_only(room_page: GalleryPage, small_photos: list[Path]) -> None:
    room_page.choose(*small_photos[:2])
    room_page.wait_ready(2)
    room_page.press("remove", 0)
    said = room_page.panel.evaluate(ALL_TEXT)
    assert NOT_FRENCH.findall(said) == []
    assert "Enlever la photo 1" in said


def test_english_page_speaks_english(visit: Callable[..., GalleryPage], room: Room, alice: User) -> None:
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", locale="en-GB")
    expect(gallery.panel).to_contain_text("Choose photos")
    expect(gallery.panel).to_contain_text("up to 5 MB each")


def test_captions_are_text_whatever_they_say(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    room_page.caption(0, PAYLOAD)
    room_page.wait_until_saved()
    room_page.page.reload()
    assert room_page.captions() == [PAYLOAD]
    assert room_page.page.title() != "owned"
    assert room_page.page.locator("img[src=x]").count() == 0


def test_enter_goes_to_the_next_caption(room_page: GalleryPage, room: Room, small_photos: list[Path]) -> None:
    room_page.choose(*small_photos[:2])
    room_page.wait_ready(2)
    room_page.card(0).locator("[data-caption]").focus()
    room_page.page.keyboard.type("Le lit")
    room_page.page.keyboard.press("Enter")
    room_page.page.keyboard.type("Le bain")
    room_page.wait_until_saved()
    assert [photo.caption for photo in room.images.all()] == ["Le lit", "Le bain"]


def test_keyboard_alone_moves_photos_and_keeps_the_focus(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    room_page.choose(*small_photos[:3])
    room_page.wait_ready(3)
    room_page.wait_until_saved()
    first, second, third = room_page.ids()
    button = room_page.card(2).locator("[data-action=move-earlier]")
    button.focus()
    for place in (2, 1, 1):  # the third press leads nowhere
        room_page.page.keyboard.press("Enter")
        expect(room_page.status).to_contain_text(f"Photo {place} sur 3")
        assert room_page.page.evaluate("document.activeElement.dataset.action") == "move-earlier"
    assert room_page.ids() == [third, first, second]
    expect(room_page.card(0).locator("[data-action=move-earlier]")).to_have_attribute("aria-disabled", "true")
    room_page.wait_until_saved()
    assert [photo.pk for photo in room.images.all()] == [third, first, second]


def test_pasted_photo_goes_up_and_a_dropped_link_does_not(room_page: GalleryPage, room: Room) -> None:
    room_page.page.evaluate(
        """async () => {
          const picture = await new Promise((done) => Object.assign(document.createElement("canvas"),
            {width: 30, height: 20}).toBlob(done, "image/png"));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([picture], "image.png", {type: "image/png"}));
          document.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true}));
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/uri-list", "https://example.com/photo.jpg");
          dataTransfer.setData("text/html", "<img src=x>");
          document.querySelector("[data-dropzone]").dispatchEvent(
            new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
        }"""
    )
    room_page.wait_ready(1)
    expect(room_page.cards).to_have_count(1)
    assert room.images.count() == 1


def test_finger_on_the_picture_scrolls_and_on_the_grip_drags(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    first, second = add_photos(room, 2)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=390, has_touch=True)
    finger = gallery.page.context.new_cdp_session(gallery.page)

    def swipe(part: str) -> None:
        gallery.card(0).scroll_into_view_if_needed()
        start = gallery.card(0).locator(part).bounding_box()
        goal = gallery.card(1).locator("h3").bounding_box()
        assert start
        assert goal
        x, y = start["x"] + start["width"] * 0.5, start["y"] + start["height"] * 0.7
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        gallery.page.wait_for_timeout(50)
        for step in range(1, 9):
            point = {"x": x + (goal["x"] + 80 - x) * step / 8, "y": y + (goal["y"] + 40 - y) * step / 8}
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            gallery.page.wait_for_timeout(30)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe("[data-thumb]")
    assert gallery.ids() == [first.pk, second.pk]
    gallery.page.wait_for_timeout(500)  # the page glides on a little
    swipe("[data-grip]")
    expect(gallery.card(0)).to_have_attribute("data-photo-id", str(second.pk))
    gallery.wait_until_saved()
    assert [photo.pk for photo in room.images.all()] == [second.pk, first.pk]


def test_who_may_only_look_finds_nothing_to_press(
    new_context: Callable[..., BrowserContext], live_server: object, room: Room, sam: User
) -> None:
    add_photos(room, 2)
    sam.groups.clear()
    sam.user_permissions.set(
        Permission.objects.filter(codename__in=["view_room", "view_roomimage", "see_every_establishment"])
    )
    context = new_context()
    enter(context, sam, live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/{room.pk}/change/")  # type: ignore[attr-defined]
    expect(page.locator("[data-photo]")).to_have_count(2)
    expect(page.locator("[data-gallery]")).to_contain_text("Photo 2")
    assert page.locator("[data-gallery] :is(button, input:not([type=hidden]), [data-dropzone])").count() == 0


def test_without_script_captions_can_be_saved_and_photos_removed(
    new_context: Callable[..., BrowserContext], live_server: object, room: Room, alice: User
) -> None:
    add_photos(room, 2)
    context = new_context(java_script_enabled=False)
    enter(context, alice, live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/rooms/room/{room.pk}/change/")  # type: ignore[attr-defined]
    page.locator("[data-caption]").first.fill("Sans script")
    page.locator("[data-photo] input[type=checkbox]").nth(1).check()
    page.locator("[name=_continue]").click()
    expect(page.locator("[data-photo]")).to_have_count(1)
    assert [photo.caption for photo in room.images.all()] == ["Sans script"]
