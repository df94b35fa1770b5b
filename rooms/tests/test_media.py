"""Photos are served as pictures and nothing else, to those who may see them."""

import pytest
from django.test import Client

from rooms.models import Draft, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, insert_old_row, lay_file, picture, signed_in


@pytest.fixture
def photo(room):
    return add_photos(room, 1)[0]


@pytest.fixture
def temporary(alice):
    return add_photos(None, 1, draft=Draft.objects.create(user=alice))[0]


def statuses(photo, *clients):
    return [
        client.get(address).status_code
        for client in clients
        for address in (photo.image_url, photo.thumbnail_url)
    ]


@pytest.mark.parametrize("version", ["image_url", "thumbnail_url"])
def test_headers_let_it_be_nothing_but_a_picture(photo, version):
    response = Client().get(getattr(photo, version))
    assert response.status_code == 200
    assert response["Content-Type"] == ("image/jpeg" if version == "image_url" else "image/webp")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_temporary_photo_is_its_uploaders_and_the_superusers(temporary, alice, bob, sam, root):
    assert statuses(temporary, signed_in(alice), signed_in(root)) == [200] * 4
    assert statuses(temporary, Client(), signed_in(bob), signed_in(sam)) == [404] * 6


def test_private_photo_is_kept_by_no_cache(temporary, as_alice):
    response = as_alice.get(temporary.image_url)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_removed_photo_is_for_those_who_may_work_on_its_room(photo, alice, bob, sam):
    galleries.remove(photo)
    assert statuses(photo, signed_in(alice), signed_in(sam)) == [200] * 4
    assert statuses(photo, Client(), signed_in(bob)) == [404] * 4
    assert signed_in(alice).get(photo.image_url)["Cache-Control"] == "private, no-store"


def test_photo_that_becomes_a_rooms_keeps_its_address(temporary, room):
    temporary.room = room
    temporary.save()
    assert statuses(temporary, Client()) == [200, 200]


def test_user_without_staff_status_sees_nothing_private(temporary, alice):
    alice.is_staff = False
    alice.save()
    assert statuses(temporary, signed_in(alice)) == [404, 404]


def test_photo_without_draft_is_nobodys_but_a_superusers(alice, root):
    photo = add_photos(None, 1)[0]
    assert statuses(photo, Client(), signed_in(alice)) == [404] * 4
    assert statuses(photo, signed_in(root)) == [200, 200]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "photos/",
        "photos/ab/",
        "../db.sqlite3",
        "%2e%2e/manage.py",
        "..%2f..%2fmanage.py",
        "%252e%252e/manage.py",
        "photos/..%5c..%5cmanage.py",
        "/",
        "//etc/passwd",
        ".",
        "photos",
        "/etc/passwd",
        "photos/x.jpg",
        "%00",
        "old/orphan.jpg",
        "photos//x",
        "x" * 5000,
    ],
)
def test_nothing_but_photos_is_served(root, media_root, path):
    lay_file(media_root, "old/orphan.jpg")
    assert signed_in(root).get(f"/media/{path}").status_code == 404


def test_version_nobody_made_is_not_found_under_our_names(photo):
    name = photo.image.name.removesuffix(".jpg")
    assert Client().get(f"/media/{name}_99.webp").status_code == 404
    assert Client().get(f"/media/{name}.webp").status_code == 404


def test_missing_file_is_not_found(photo, media_root):
    (media_root / photo.image.name).unlink()
    assert Client().get(photo.image_url).status_code == 404


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_older_systems_file_has_the_type_of_its_content(db, room, media_root, file_format, content_type):
    lay_file(media_root, "old/2019/IMG 1.html", picture(file_format=file_format))
    photo = insert_old_row(room, "old/2019/IMG 1.html")
    response = Client().get(photo.image_url)
    assert (response.status_code, response["Content-Type"]) == (200, content_type)


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"<svg/>", b"", b"%PDF-1.7"])
def test_older_systems_file_that_is_no_picture_is_not_served(db, room, media_root, content):
    lay_file(media_root, "old/page.jpg", content)
    photo = insert_old_row(room, "old/page.jpg")
    assert Client().get(photo.image_url).status_code == 404


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/hostname"])
def test_row_that_points_out_of_the_folder_reaches_nothing(db, room, media_root, name):
    media_root.mkdir()
    lay_file(media_root.parent, "secret.jpg")
    photo = insert_old_row(room, name)
    assert Client().get(f"/media/{name}").status_code == 404
    assert Client().get(photo.image_url).status_code == 404


@pytest.mark.parametrize(("method", "status"), [("head", 200), ("post", 405), ("put", 405), ("delete", 405)])
def test_photos_are_only_read(photo, method, status):
    response = getattr(Client(), method)(photo.image_url)
    assert response.status_code == status
    assert RoomImage.objects.exists()


# --- caches, and parts of a photo -----------------------------------------------------------


@pytest.mark.parametrize("version", ["image_url", "thumbnail_url"])
def test_cache_that_has_a_public_photo_is_told_so_without_its_bytes(photo, version):
    first = Client().get(getattr(photo, version))
    again = Client().get(getattr(photo, version), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy"):
        assert again[name] == first[name]


@pytest.mark.parametrize("known", ['"another"', "W/", "garbage", '"a", "b"', "x" * 2000])
def test_other_tags_get_the_photo(photo, known):
    response = Client().get(photo.image_url, headers={"If-None-Match": known})
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")


def test_master_and_versions_have_tags_of_their_own(photo):
    assert Client().get(photo.image_url)["ETag"] != Client().get(photo.thumbnail_url)["ETag"]


@pytest.mark.parametrize("tag", ["*", "photo"])
def test_private_photo_is_asked_for_anew_each_time(temporary, as_alice, tag):
    headers = {"If-None-Match": f'"{temporary.image.name}"' if tag == "photo" else tag}
    mine = as_alice.get(temporary.image_url, headers=headers)
    assert mine.status_code == 200
    assert "ETag" not in mine
    assert Client().get(temporary.image_url, headers=headers).status_code == 404


def test_removed_photo_is_not_confirmed_to_who_has_it(photo):
    tag = Client().get(photo.image_url)["ETag"]
    galleries.remove(photo)
    assert Client().get(photo.image_url, headers={"If-None-Match": tag}).status_code == 404


def test_older_systems_file_has_no_tag_for_it_may_change(db, room, media_root):
    lay_file(media_root, "old/a.jpg")
    response = Client().get(insert_old_row(room, "old/a.jpg").image_url, headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert "ETag" not in response


@pytest.mark.parametrize(
    "ranges",
    [
        "bytes=0-0",
        "bytes=-1",
        "bytes=5-2",
        "bytes=99999999999999-",
        "lines=1-2",
        "bytes=",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(10_000)),
        "bytes=" + ",".join(["0-"] * 10_000),
    ],
)
def test_photo_is_served_whole_whatever_parts_are_asked_for(photo, ranges):
    whole = Client().get(photo.image_url)
    response = Client().get(photo.image_url, headers={"Range": ranges})
    assert (response.status_code, response.content) == (200, whole.content)
    assert response["Accept-Ranges"] == "none"
    assert "Content-Range" not in response


@pytest.mark.parametrize("query", ["?x=y", "?side=", "?side=320&side=640", "?side=-1", "?%ff=%fe"])
def test_queries_change_nothing_about_our_photos(photo, query):
    assert Client().get(photo.image_url + query).content == Client().get(photo.image_url).content
