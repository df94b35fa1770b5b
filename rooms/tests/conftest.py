"""The cast of the tests: alice owns, bob is a stranger, sam is platform staff, root is a superuser."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from rooms.models import Establishment, Room


@pytest.fixture(autouse=True)
def media_root(settings: Any, tmp_path: Path) -> Path:
    """Every test has a media folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
