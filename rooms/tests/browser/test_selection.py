"""Several photos at once: chosen, removed or captioned, and taken back together."""

from playwright.sync_api import expect

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage


def select(gallery: GalleryPage, *indexes: int) -> None:
    gallery.page.get_by_role("button", name="Sélectionner plusieurs").click()
    for index in indexes:
        gallery.page.get_by_role("checkbox", name=f"Sélectionner la photo {index + 1}").click()


def test_selected_photos_are_removed_and_come_back_together(
    gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    select(gallery, 1, 3)
    expect(gallery.page.locator("[data-selected-count]")).to_have_text("2 sélectionnées")
    gallery.page.get_by_role("button", name="Enlever les photos sélectionnées").click()
    assert gallery.ids() == [ids[0], ids[2]]
    expect(gallery.page.get_by_role("button", name="Sélectionner plusieurs")).to_be_focused()
    expect(gallery.page.locator("[data-removed-photo]")).to_have_count(2)
    gallery.wait_until_saved()
    assert room.images.count() == 2

    gallery.page.locator("[data-action=undo]").click()

    expect(gallery.cards).to_have_count(4)
    gallery.wait_until_saved()
    assert gallery.ids() == ids == [photo.pk for photo in room.images.all()]


def test_none_is_selected_at_first_and_that_is_what_it_says(gallery: GalleryPage) -> None:
    gallery.page.locator("[data-action=select-photos]").click()
    count = gallery.page.locator("[data-selected-count]")
    expect(count).to_have_text("0 sélectionnée")
    gallery.card(0).get_by_role("checkbox").click()
    expect(count).to_have_text("1 sélectionnée")
    gallery.card(0).get_by_role("checkbox").click()
    expect(count).to_have_text("0 sélectionnée")


def test_one_caption_for_all_and_the_way_back(gallery: GalleryPage, room: Room) -> None:
    select(gallery, 0, 2)
    gallery.page.get_by_label("Une même légende").fill("La piscine")
    gallery.page.keyboard.press("Enter")
    expect(gallery.status).to_have_text("Légende donnée à 2 photos.")
    gallery.wait_until_saved()
    assert [photo.caption for photo in room.images.all()] == [
        "La piscine",
        "Photo 2",
        "La piscine",
        "Photo 4",
    ]

    gallery.page.locator("[data-action=undo]").click()

    gallery.wait_until_saved()
    assert gallery.captions() == ["Photo 1", "Photo 2", "Photo 3", "Photo 4"]
    assert [photo.caption for photo in room.images.all()] == gallery.captions()


def test_keyboard_alone_selects_and_leaves(gallery: GalleryPage) -> None:
    keyboard = gallery.page.keyboard
    toggle = gallery.page.get_by_role("button", name="Sélectionner plusieurs")
    toggle.focus()
    keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    box = gallery.card(2).get_by_role("checkbox")
    box.focus()
    keyboard.press("Space")
    expect(box).to_be_checked()
    keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    expect(box).to_be_hidden()
    keyboard.press("Enter")
    expect(box).not_to_be_checked()


def test_all_are_selected_and_none_again(gallery: GalleryPage) -> None:
    select(gallery)
    checked = gallery.cards.locator("[data-action=select][aria-checked=true]")
    everything = gallery.page.get_by_role("button", name="Tout sélectionner")
    everything.click()
    expect(checked).to_have_count(4)
    everything.click()
    expect(checked).to_have_count(0)


def test_nothing_selected_nothing_to_do(gallery: GalleryPage, room: Room) -> None:
    select(gallery)
    remove = gallery.page.get_by_role("button", name="Enlever les photos sélectionnées")
    expect(remove).to_have_attribute("aria-disabled", "true")
    remove.click(force=True)
    gallery.page.get_by_label("Une même légende").fill("Rien")
    gallery.page.keyboard.press("Enter")
    gallery.wait_until_saved()
    assert [photo.caption for photo in room.images.all()] == ["Photo 1", "Photo 2", "Photo 3", "Photo 4"]


def test_a_file_name_as_caption_draws_a_hint(gallery: GalleryPage, room: Room) -> None:
    caption = gallery.card(0).locator("[data-caption]")
    hint = gallery.card(0).get_by_text("Dites plutôt ce que montre la photo")
    caption.fill("IMG_2041")
    expect(hint).to_be_visible()
    description = caption.evaluate("field => field.ariaDescribedByElements?.[0]?.textContent")
    assert "Salle de bains" in description
    caption.fill("La vue du lit")
    expect(hint).to_be_hidden()
    expect(caption).not_to_have_attribute("aria-describedby", "")
    gallery.wait_until_saved()
    assert room.images.first().caption == "La vue du lit"
