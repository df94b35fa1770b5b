"""What a posted gallery says: each value beside the one the page was given, and nothing that is no number."""

import pytest

from rooms.forms import PhotoForm, read_edits
from rooms.services.gallery import Edit

CARD = {
    "images-TOTAL_FORMS": "1",
    "images-0-id": "7",
    "initial-images-0-caption": "old",
    "images-0-caption": " new ",
    "initial-images-0-order": "2",
    "images-0-order": "1",
}


def read(**changes):
    return read_edits({key: value for key, value in (CARD | changes).items() if value is not None}, "images")


def test_values_come_in_pairs():
    assert read() == [Edit(photo_id=7, captions=("old", "new"), orders=(2, 1))]


@pytest.mark.parametrize("name", ["caption", "order"])
def test_missing_field_changes_nothing(name):
    (edit,) = read(**{f"images-0-{name}": None})
    old, new = edit.captions if name == "caption" else edit.orders
    assert old == new


def test_emptied_caption_is_a_change():
    assert read(**{"images-0-caption": ""})[0].captions == ("old", "")


def test_tick_removes():
    assert read(**{"images-0-DELETE": "on"})[0].is_removed


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "²", "١", "9" * 40, "1e3", " 1", None])
def test_photo_without_a_number_is_left_out(number):
    assert read(**{"images-0-id": number}) == []


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 40])
def test_place_that_is_no_number_changes_nothing(number):
    assert read(**{"images-0-order": number})[0].orders == (2, 2)


@pytest.mark.parametrize("total", ["", "x", "-1", "0", None])
def test_impossible_total_is_an_empty_gallery(total):
    assert read(**{"images-TOTAL_FORMS": total}) == []


def test_endless_total_is_read_only_so_far():
    assert len(read(**{"images-TOTAL_FORMS": "999999999"})) == 1


def test_card_limits_its_caption():
    assert PhotoForm().fields["caption"].widget.attrs["maxlength"] == "200"
