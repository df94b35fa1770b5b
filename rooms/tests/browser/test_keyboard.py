"""The main job without a mouse: by the keyboard alone, and by the names that assistive technology says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Locator, Page, expect

from rooms.models import Room

MOST_TABS = 60
# Prevented: on a busy machine Chromium may take half a minute to show a dialog, or never show it.
NOTE_CLICK = """
field => field.addEventListener("click", (event) => {
  window.isOpened = event.isTrusted;
  event.preventDefault();
}, { once: true })
"""


class Keyboard:
    """Hands that only know keys: what has the focus is found by pressing Tab, as anybody would."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def go_to(self, goal: Locator, *, back: bool = False) -> None:
        for _tab in range(MOST_TABS):
            if goal.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.press("Shift+Tab" if back else "Tab")
        pytest.fail(f"The Tab key does not reach {goal}.")

    def use(self, role: Any, name: str, key: str = "Enter", **options: Any) -> None:
        self.go_to(self.page.get_by_role(role, name=name, **options))
        self.press(key)

    def follow(self, role: Any, name: str, **options: Any) -> None:
        """Presses what leads to another page."""
        self.go_to(self.page.get_by_role(role, name=name, **options))
        with self.page.expect_navigation():
            self.press("Enter")

    def sign_in(self) -> None:
        self.fill("textbox", "Nom d’utilisateur", "alice")
        self.fill("textbox", "Mot de passe", "pass")
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, role: Any, name: str, text: str, **options: Any) -> None:
        self.go_to(self.page.get_by_role(role, name=name, **options))
        self.press("ControlOrMeta+a")
        self.type(text)

    def choose_files(self, *files: Path) -> None:
        """By the button that opens the system's own dialog, which is out of a page's reach.

        And out of a test's: that the key opens it is seen by the click that it is to the browser.
        """
        field = self.page.get_by_label("Choisir des photos")
        self.go_to(field)
        field.evaluate(NOTE_CLICK)
        self.press("Enter")
        self.page.wait_for_function("window.isOpened")
        field.set_input_files(list(files))


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], live_server: Any, room: Room) -> Page:
    """Nobody is signed in."""
    page = new_context(viewport={"width": 1360, "height": 900}).new_page()
    page.goto(f"{live_server.url}/admin/")
    return page


def captions(page: Page) -> Locator:
    """One a photo."""
    return page.get_by_role("textbox", name="Légende de la photo")


def texts(page: Page) -> list[str]:
    return [field.input_value() for field in captions(page).all()]


def test_whole_story_by_keyboard(page: Page, room: Room, small_photos: list[Path]) -> None:
    keys = Keyboard(page)
    keys.sign_in()

    keys.follow("link", "Chambres", exact=True)
    keys.follow("link", "Ajouter : chambre")
    expect(page.locator("[data-gallery][data-live]")).to_be_attached()
    keys.go_to(page.get_by_role("combobox", name="Établissement"))
    keys.type("Hôtel")
    keys.fill("textbox", "Nom", "Chambre bleue")
    keys.choose_files(*small_photos[:3])
    status = page.locator("[data-status]")
    expect(captions(page)).to_have_count(3)
    expect(status).to_contain_text("3 photos ajoutées")

    for number, text in enumerate(("Le lit", "Le bain", "La vue"), start=1):
        keys.fill("textbox", f"Légende de la photo {number}", text)
    keys.go_to(page.get_by_role("slider", name="Place de la photo 3"), back=True)
    keys.press("ArrowLeft")
    expect(status).to_contain_text("Photo 2 sur 3")
    keys.press("Home")
    expect(status).to_contain_text("Photo 1 sur 3")
    assert texts(page) == ["La vue", "Le lit", "Le bain"]

    keys.use("button", "Enlever la photo 3")
    expect(captions(page)).to_have_count(2)
    keys.press("ControlOrMeta+z")
    expect(captions(page)).to_have_count(3)
    assert texts(page) == ["La vue", "Le lit", "Le bain"]

    keys.use("button", "Enregistrer", exact=True)
    page.wait_for_url("**/admin/rooms/room/")
    saved = Room.objects.get(name="Chambre bleue").images.all()
    assert [photo.caption for photo in saved] == ["La vue", "Le lit", "Le bain"]


def test_whole_story_by_names(page: Page, room: Room, small_photos: list[Path]) -> None:
    page.get_by_role("textbox", name="Nom d’utilisateur").fill("alice")
    page.get_by_role("textbox", name="Mot de passe").fill("pass")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("navigation").get_by_role("link", name="Chambres", exact=True).click()
    page.get_by_role("link", name="Ajouter : chambre").click()
    page.get_by_role("combobox", name="Établissement").select_option("Hôtel Bellevue")
    page.get_by_role("textbox", name="Nom").fill("Chambre verte")
    page.get_by_label("Choisir des photos").set_input_files(small_photos[:3])
    expect(captions(page)).to_have_count(3)
    page.get_by_role("textbox", name="Légende de la photo 2").fill("Le bain")
    page.get_by_role("button", name="Choisir la photo 2 comme couverture").click()
    page.get_by_role("combobox", name="Déplacer la photo 3 à la place").select_option("2")
    page.get_by_role("button", name="Enlever la photo 3").click()
    expect(captions(page)).to_have_count(2)
    page.get_by_role("button", name="Annuler").click()
    expect(captions(page)).to_have_count(3)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/admin/rooms/room/")
    saved = Room.objects.get(name="Chambre verte").images.all()
    assert [photo.caption for photo in saved] == ["Le bain", "", ""]


def test_language_is_switched_by_keyboard_and_kept(page: Page, alice: User) -> None:
    keys = Keyboard(page)
    keys.sign_in()
    keys.use("button", "alice")
    keys.press("Escape")
    expect(page.get_by_role("button", name="English")).to_be_hidden()
    keys.press("Enter")
    keys.follow("button", "English")
    expect(page.get_by_role("link", name="Rooms").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(page.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    keys.use("button", "alice")
    keys.follow("button", "Français")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_menu_and_filters_of_a_phone_open_by_keyboard(
    new_context: Callable[..., BrowserContext], live_server: Any, page: Page, room: Room
) -> None:
    keys = Keyboard(page)
    page.set_viewport_size({"width": 390, "height": 900})
    keys.sign_in()
    rooms = page.get_by_role("navigation").get_by_role("link", name="Chambres", exact=True)
    expect(page.get_by_role("button", name="Menu", exact=True)).to_be_visible()
    expect(rooms).to_be_hidden()
    keys.use("button", "Menu", exact=True)
    expect(rooms).to_be_visible()
    keys.go_to(page.get_by_role("button", name="Fermer le menu"), back=True)
    keys.press("Enter")
    expect(rooms).to_be_hidden()
    page.goto(f"{live_server.url}/admin/rooms/room/")
    keys.use("button", "Filtres")
    expect(page.get_by_role("heading", name="Conseils")).to_be_visible()
