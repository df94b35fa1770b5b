"""Templates that stand in for Unfold's own: an upgrade that changes an original names the copy to look at."""

import hashlib
from pathlib import Path

import pytest
import unfold

COPIES = Path(__file__).resolve().parents[2] / "templates"
ORIGINALS = Path(unfold.__file__).parent / "templates"

# The BLAKE2 hash of the original that each copy was made from.
COPIED_FROM = {
    "admin/base.html": "7c95da5d574c05123c7f93d277f3bf52",
    "admin/filter.html": "43603d4b57316c8360a1c3e76f126666",
    "admin/index.html": "d0919d4c8cf165949471213f9829e640",
    "admin/object_history.html": "62d0bf3a097130252703ad2149d621a5",
    "admin/search_form.html": "e6ba6b75df8372dc749fe5844d4c48d7",
    "admin/submit_line.html": "a3e9d88cfc1fd755e55b1c7df87355d0",
    "unfold/helpers/change_list_filter_button.html": "09ec3e65b685b4dd105fb2857a8d0d91",
    "unfold/helpers/edit_inline/tabular_heading.html": "378db2ce1e7d211f34dc3483c399ce6e",
    "unfold/helpers/language_form.html": "3750e77c06b5bf39e6e678444ee64ea0",
    "unfold/helpers/navigation_header.html": "f56e23850fe5f7b919091e9be1ceaaa3",
    "unfold/helpers/navigation_user.html": "d1e15fdbb89f90cd87f53c7c60383b76",
    "unfold/helpers/theme_switch.html": "fcf1ed93462e8199af0fd9e2023b1cdc",
    "unfold/helpers/theme_switch_dropdown.html": "5280424d726336d5dfd7ee5d93e29f79",
    "unfold/helpers/welcomemsg.html": "b11387327ea1ec9efcb9533c2cf81525",
    "unfold/layouts/unauthenticated.html": "703fd217a5adde69699d0c05a719a4fc",
    "unfold/widgets/related_widget_wrapper.html": "3b37c118547af21fc25a9333a3eff05c",
}


def test_every_template_that_hides_one_of_unfold_is_listed() -> None:
    hiding = {str(path.relative_to(COPIES)) for path in COPIES.rglob("*.html")}
    assert {name for name in hiding if (ORIGINALS / name).exists()} == set(COPIED_FROM)


@pytest.mark.parametrize("name", COPIED_FROM)
def test_original_is_the_one_the_copy_was_made_from(name: str) -> None:
    found = hashlib.blake2b((ORIGINALS / name).read_bytes(), digest_size=16).hexdigest()
    assert found == COPIED_FROM[name], (
        f"Unfold changed {name}: compare it with ours, then put the new hash here"
    )


def test_notice_of_the_copies_names_each_of_them() -> None:
    notice = (COPIES.parent / "docs" / "LICENCES.md").read_text()
    assert "Copyright (c)" in notice
    assert [name for name in COPIED_FROM if name not in notice] == []
