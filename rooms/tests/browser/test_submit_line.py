"""The buttons under a form: saving comes first and is what one sees, deleting comes last and quietly."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage

SAVES = ("_save", "_continue", "_addanother")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_deleting_is_neither_first_nor_red(
    visit: Callable[..., GalleryPage], alice: User, room: Room, width: int, colour_scheme: str
) -> None:
    page = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=width, color_scheme=colour_scheme).page
    delete = page.locator("#submit-row a[href*='/delete/']")
    saves = [page.locator(f"#submit-row button[name={name}]") for name in SAVES]
    boxes = [button.bounding_box() for button in (*saves, delete)]
    assert all(boxes)
    corners = [(box["y"], box["x"]) for box in boxes if box]
    if width == 390:
        assert corners == sorted(corners)  # one under the other, in this order
    else:
        assert min(corners, key=lambda corner: corner[1]) == corners[-1]  # far from Save, on the right
    assert delete.evaluate("link => getComputedStyle(link).backgroundColor") == "rgba(0, 0, 0, 0)"
    stops = page.evaluate(
        "[...document.querySelectorAll('#submit-row button, #submit-row a')].map(one => one.name || 'delete')"
    )
    assert (stops[0], stops[-1]) == ("_save", "delete")
