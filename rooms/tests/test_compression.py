"""What goes out compressed: pages, and nothing whose length somebody could compare."""

import gzip

import pytest

from rooms.tests.conftest import add_photos

COMPRESSED = {"Accept-Encoding": "gzip"}


def test_page_goes_out_compressed(as_alice, room):
    add_photos(room, 10)
    address = f"/admin/rooms/room/{room.pk}/change/"
    plain = as_alice.get(address)
    packed = as_alice.get(address, headers=COMPRESSED)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert b'data-count="10"' in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 4


@pytest.mark.parametrize(
    ("address", "status"), [("/admin/rooms/room/0/change/", 302), ("/admin/rooms/run/", 404)]
)
def test_refusal_does_not(as_alice, address, status):
    answer = as_alice.get(address, headers=COMPRESSED)
    assert answer.status_code == status
    assert "Content-Encoding" not in answer


def test_answers_to_the_script_do_not(as_alice, room):
    add_photos(room, 10)
    answer = as_alice.get(f"/rooms/{room.pk}/images/", headers=COMPRESSED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
