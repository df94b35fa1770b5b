"""The cast of the tests: alice owns, bob is a stranger, sam is platform staff, root is a superuser."""

import gc
import io
import os
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import Client
from PIL import Image
from xdist.scheduler import LoadScopeScheduling

from rooms.models import Establishment, Manager, Room, RoomImage
from rooms.tests.other_database import emptied, models_read, rolled_back
from rooms.tests.postgres_cluster import running_cluster


class ByServer(LoadScopeScheduling):
    """Whoever is free gets the next test; but one process runs all that share a server, which starts once."""

    def _split_scope(self, nodeid: str) -> str:
        folder = re.match(r"rooms/tests/live/(\w+)/", nodeid)
        database = "postgresql" if "postgresql" in nodeid.partition("::")[2] else "sqlite"
        return f"{folder[1]}-{database}" if folder else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByServer | None:
    """For `--dist loadgroup`. The groups of pytest-xdist 3.8 go unseen: pytest 9.2 keeps ids elsewhere."""
    return ByServer(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """Thousands of tests are known now, and stay: the garbage collector need not look at them each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def media_root(settings: Any, tmp_path: Path) -> Path:
    """Every test has a media folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Users of different tests have the same ids: what one of them did lately is not another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody cuts the power here: what is synced, and in which order, `test_storage` looks at itself."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture(scope="session", autouse=True)
def quick_commits() -> None:
    """SQLite waits for no disk in this process; servers and commands that tests start and kill do as ever."""

    def wait_for_nothing(connection: Any, **kwargs: Any) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=OFF")

    connection_created.connect(wait_for_nothing, weak=False)


@pytest.fixture(scope="session")
def postgresql_urls(django_db_blocker: Any) -> Iterator[dict[Any, str]]:
    """A database with all tables for tests that commit nothing, and one for those that do."""
    with running_cluster() as cluster:
        migrated = cluster.create_database("migrated")
        with models_read(migrated, django_db_blocker):
            call_command("migrate", verbosity=0)
        yield {use: cluster.create_database(use.__name__, like="migrated") for use in (rolled_back, emptied)}


def _user(name: str, group: str = "") -> User:
    user = User.objects.create_user(name, f"{name}@example.com", "pass", is_staff=True)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def alice(db: None) -> User:
    return _user("alice", "Owners")


@pytest.fixture
def bob(db: None) -> User:
    return _user("bob", "Owners")


@pytest.fixture
def sam(db: None) -> User:
    return _user("sam", "Staff")


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", "root@example.com", "pass")


@pytest.fixture
def room(alice: User) -> Room:
    return Room.objects.create(
        establishment=Establishment.objects.create(name="Hôtel Bellevue", owner=alice), name="Chambre 1"
    )


@pytest.fixture
def as_alice(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return signed_in(bob)


def signed_in(user: User, **kwargs: Any) -> Client:
    client = Client(**kwargs)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def picture(
    size: tuple[int, int] = (64, 48), file_format: str = "JPEG", colour: Any = (200, 120, 40), **options: Any
) -> bytes:
    """A valid picture, its bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, file_format, **options)
    return buffer.getvalue()


def photo_file(
    name: str = "photo.jpg", content: bytes | None = None, content_type: str = "image/jpeg"
) -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, picture() if content is None else content, content_type)


# --- clients ----------------------------------------------------------------------------

CSRF_TOKEN = "t" * 32
DRAFT = "11111111-1111-4111-8111-111111111111"
OTHER_DRAFT = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def as_sam(sam: User) -> Client:
    return signed_in(sam)


@pytest.fixture
def as_root(root: User) -> Client:
    return signed_in(root)


@pytest.fixture
def establishment(room: Room) -> Establishment:
    """Alice's; its only room is `room`."""
    return room.establishment


@pytest.fixture
def bobs_room(bob: User) -> Room:
    return Room.objects.create(
        establishment=Establishment.objects.create(name="Auberge du Lac", owner=bob), name="Suite"
    )


@pytest.fixture
def managing_bob(establishment: Establishment, bob: User) -> Manager:
    """Bob as a manager of Alice's establishment."""
    return Manager.objects.create(establishment=establishment, email=bob.email)


def guarded(user: User | None = None, **headers: str) -> Client:
    """A client whose CSRF token is checked, and which sends a good one unless `headers` say otherwise."""
    client = Client(enforce_csrf_checks=True, headers={"X-CSRFToken": CSRF_TOKEN} | headers)
    client.cookies["csrftoken"] = CSRF_TOKEN
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- mails ------------------------------------------------------------------------------


@pytest.fixture
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_URL = f"filemail:///{tmp_path}/mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def mails(folder: Path) -> list[str]:
    """As text, however it was encoded on its way. Two of one moment may lie in one file."""
    files = sorted(folder.iterdir()) if folder.exists() else []
    found = b"".join(file.read_bytes() for file in files).split(b"-" * 79)
    letters = [message_from_bytes(mail.strip(), policy=default) for mail in found if mail.strip()]
    return [f"Subject: {mail['Subject']}\nTo: {mail['To']}\n\n{mail.get_content()}" for mail in letters]


# --- galleries --------------------------------------------------------------------------


def add_photos(room: Room | None, count: int = 3, **fields: Any) -> list[RoomImage]:
    """Photos in a room's gallery (or a draft's: `draft=`), as the shell would add them."""
    return [
        RoomImage.objects.create(room=room, image=photo_file(), caption=f"Photo {number}", **fields)
        for number in range(1, count + 1)
    ]


def upload(client: Client, room: Room | None = None, content: bytes | None = None, /, **fields: Any) -> Any:
    """Sends one photo to a room, or without one to a draft."""
    url = f"/rooms/{room.pk}/upload-image/" if room else "/rooms/upload-image-temp/"
    return client.post(url, {"image": photo_file(content=content), **fields})


def upload_ids(client: Client, count: int, room: Room | None = None, **fields: Any) -> list[int]:
    """Uploads `count` photos and returns their ids."""
    return [upload(client, room, **fields).json()["image"]["id"] for _number in range(count)]


def post_json(client: Client, url: str, content: Any) -> Any:
    return client.post(url, content, content_type="application/json")


def places(**gallery: Any) -> list[tuple[int, int]]:
    """Ids and orders of a gallery's photos as the database has them: `places(room=room)`."""
    return list(RoomImage.objects.filter(**gallery).order_by("order", "pk").values_list("pk", "order"))


def in_order(*photo_ids: int) -> list[tuple[int, int]]:
    """What `places` is for a gallery of these photos, placed 1..n."""
    return [(photo_id, place) for place, photo_id in enumerate(photo_ids, start=1)]


def files_in(folder: Path) -> set[str]:
    """All files under a folder, temporary ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def insert_old_row(room: Room | None, name: str, caption: str = "", order: int = 0) -> RoomImage:
    """A row as an older system wrote it: only these four columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO rooms_roomimage (room_id, image, caption, "order") VALUES (%s, %s, %s, %s)',
            [room and room.pk, name, caption, order],
        )
    return RoomImage.objects.get(image=name)


def lay_file(folder: Path, name: str, content: bytes | None = None) -> Path:
    """A file at any path of the media folder, as an older system left it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture() if content is None else content)
    return path


# --- the admin --------------------------------------------------------------------------


def room_form(establishment: Establishment, **fields: Any) -> dict[str, Any]:
    """What the page of a room posts."""
    return {
        "establishment": establishment.pk,
        "name": "Chambre 7",
        "number": "",
        "kind": "double",
        "capacity": "2",
        "beds": "",
        "description": "",
        "images-TOTAL_FORMS": "0",
        "images-INITIAL_FORMS": "0",
        "images-MIN_NUM_FORMS": "0",
        "images-MAX_NUM_FORMS": "1000",
        **fields,
    }


def card(index: int, photo: RoomImage, **changes: Any) -> dict[str, Any]:
    """The fields of one card as the page was given them, with what the user changed in them."""
    given = {"caption": photo.caption, "order": photo.order}
    return {
        f"images-{index}-id": photo.pk,
        **{f"initial-images-{index}-{name}": value for name, value in given.items()},
        **{f"images-{index}-{name}": value for name, value in (given | changes).items()},
    }


def cards(photos: list[RoomImage], changes: dict[int, dict[str, Any]] | None = None) -> dict[str, Any]:
    """All cards of a gallery; `changes` by the photo's id."""
    form: dict[str, Any] = {"images-TOTAL_FORMS": len(photos), "images-INITIAL_FORMS": len(photos)}
    for index, photo in enumerate(photos):
        form |= card(index, photo, **(changes or {}).get(photo.pk, {}))
    return form
