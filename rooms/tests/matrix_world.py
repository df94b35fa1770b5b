"""The world of the matrix: ten people, what belongs to whom, and how one request is judged.

What each of them may do there is in `test_matrix`.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.admin.models import CHANGE
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from rooms.models import (
    Activity,
    Channel,
    CleanupRun,
    Draft,
    Establishment,
    Manager,
    Room,
    RoomImage,
    UploadFailure,
)
from rooms.services import gallery as galleries
from rooms.services import lifecycle
from rooms.tests.conftest import DRAFT, OTHER_DRAFT, add_photos, signed_in

ACTORS = (
    "anonymous",
    "guest",  # an account that is not staff, with an owner's permissions
    "nobody",  # staff without any permission
    "viewer",
    "owner",
    "manager",
    "stranger",  # another owner
    "staff",  # of the platform
    "superuser",
    "gone",  # an owner deactivated since they signed in
)
# Whose things nobody of these is ever told about, whatever they ask.
KEPT_FROM = {
    "hers": {"anonymous", "guest", "nobody", "stranger", "gone"},
    "his": {"anonymous", "guest", "nobody", "viewer", "owner", "manager", "gone"},
}
MISSING = 987_654_321
NO_DRAFT = "33333333-3333-4333-8333-333333333333"
# Sessions change with every message, and are each user's own; refused uploads count towards the rate.
UNWATCHED = {"django_session", "rooms_uploadcount"}


def routes() -> set[str]:
    """Every address of the site: its name, or its pattern where it has none."""

    def walk(patterns: Any, path: str, namespace: str) -> Iterator[str]:
        for entry in patterns:
            if isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}" if entry.name else f"{path}{entry.pattern}"
            else:
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from walk(entry.url_patterns, f"{path}{entry.pattern}", inner)

    return set(walk(get_resolver().url_patterns, "", ""))


class World:
    """Alice (the owner) and Bob (the stranger) each have an establishment, a room, photos and a draft.

    Of Alice's, the manager and the viewer are managers too; the viewer has the permissions to look only.
    """

    def __init__(self, media: Path) -> None:
        self.media = media
        self.cookies = {name: self._sign_in(self._person(name)) for name in ACTORS if name != "anonymous"}
        User.objects.filter(username="gone").update(is_active=False)
        self.hers, self.his = self._belongings("owner", DRAFT), self._belongings("stranger", OTHER_DRAFT)
        establishment = Establishment.objects.get(pk=self.hers["establishment"])
        for name in ("manager", "viewer"):
            line = Manager.objects.create(establishment=establishment, email=f"{name}@example.com")
            self.hers["manager"] = self.his["manager"] = line.pk
        self.hers |= self._managers_own()
        self.hers["her_other_room"] = self.his["her_other_room"] = self.hers["other_room"]
        for things in (self.hers, self.his):
            things["his_establishment"], things["his_photo"] = self.his["establishment"], self.his["photo"]
        self.hers["second_establishment"] = Establishment.objects.create(
            name="Chalet", owner=establishment.owner
        ).pk
        self.missing = dict.fromkeys(self.hers, MISSING) | {
            "draft": NO_DRAFT,
            "app": "nothing",
            "content_type": self.hers["content_type"],
            "file": "photos/00/0.jpg",
            "removed_file": "photos/00/0.jpg",
            "temporary_file": "photos/00/0.jpg",
            "hidden_file": "photos/00/0.jpg",
        }
        self.things = {"hers": self.hers, "his": self.his, "missing": self.missing}
        self.secrets = {"hers": self._secrets("owner"), "his": self._secrets("stranger")}
        self.fingerprint = fingerprint()
        self.files = self.files_now()

    def _secrets(self, owner: str) -> list[str]:
        """Words that stand for nobody else's things: names, a city, files."""
        photos = RoomImage.all_objects.filter(uploaded_by__username=owner)
        files = [Path(photo.file_name).stem for photo in photos]
        return [f"Hôtel {owner}", f"Ville-{owner}", f"Chambre {owner}", *files]

    def tells(self, actor: str, response: Any) -> list[str]:
        """What an answer says of others' things, though `actor` is not to know them."""
        text = "" if response.streaming else response.content.decode(errors="replace")
        kept = [whose for whose, people in KEPT_FROM.items() if actor in people]
        return [secret for whose in kept for secret in self.secrets[whose] if secret in text]

    def _managers_own(self) -> dict[str, Any]:
        """An establishment that the manager of hers owns, with a room."""
        owner = User.objects.get(username="manager")
        establishment = Establishment.objects.create(name="Pension", owner=owner)
        room = Room.objects.create(establishment=establishment, name="Chambre")
        return {"managers_establishment": establishment.pk, "managers_room": room.pk}

    def _person(self, name: str) -> User:
        user = User.objects.create_user(name, f"{name}@example.com", "pass", is_staff=name != "guest")
        groups = {"owner": "Owners", "manager": "Owners", "stranger": "Owners", "gone": "Owners"}
        if group := (groups | {"guest": "Owners", "staff": "Staff"}).get(name):
            user.groups.add(Group.objects.get(name=group))
        if name == "viewer":
            looking = ("view_room", "view_roomimage", "view_establishment")
            user.user_permissions.set(Permission.objects.filter(codename__in=looking))
        user.is_superuser = name == "superuser"
        user.save()
        return user

    def _sign_in(self, user: User) -> str:
        return signed_in(user).cookies["sessionid"].value

    def _belongings(self, owner: str, draft_id: str) -> dict[str, Any]:
        user = User.objects.get(username=owner)
        establishment = Establishment.objects.create(name=f"Hôtel {owner}", city=f"Ville-{owner}", owner=user)
        room = Room.objects.create(establishment=establishment, name=f"Chambre {owner}")
        photo, removed = add_photos(room, 2, uploaded_by=user)
        removed_room = Room.objects.create(establishment=establishment, name=f"Chambre {owner} d’avant")
        hidden = add_photos(removed_room, 1, uploaded_by=user)[0]
        lifecycle.remove_rooms(Room.objects.filter(pk=removed_room.pk), user=user)
        removed_establishment = Establishment.objects.create(name=f"Hôtel {owner} d’avant", owner=user)
        lifecycle.remove_establishments(Establishment.objects.filter(pk=removed_establishment.pk), user=user)
        draft = Draft.objects.create(id=draft_id, user=user)
        temporary, removed_temporary = add_photos(None, 2, draft=draft, uploaded_by=user)
        galleries.remove(removed, user=user)
        galleries.remove(removed_temporary)
        deed = Activity.objects.create(
            user=user, content_type=ContentType.objects.get_for_model(Room), object_id=str(room.pk),
            object_repr=room.name, action_flag=CHANGE,
        )  # fmt: skip
        return {
            "establishment": establishment.pk,
            "room": room.pk,
            "other_room": Room.objects.create(establishment=establishment, name=f"Autre chambre {owner}").pk,
            "photo": photo.pk,
            "removed": removed.pk,
            "draft": draft_id,
            "temporary": temporary.pk,
            "removed_temporary": removed_temporary.pk,
            "user": user.pk,
            "group": Group.objects.create(name=owner).pk,
            "app": "rooms",
            "accounts": "auth",
            "uid": "Mg",
            "token": "used-already",
            "content_type": ContentType.objects.get_for_model(Room).pk,
            "channel": Channel.objects.create(slug=owner, name=owner).pk,
            "run": CleanupRun.objects.create(days=1).pk,
            "deed": deed.pk,
            "failure": UploadFailure.objects.create(user=user, code="network", where="page").pk,
            "file": photo.file_name,
            "removed_file": removed.file_name,
            "temporary_file": temporary.file_name,
            "removed_room": removed_room.pk,
            "hidden": hidden.pk,
            "hidden_file": hidden.file_name,
            "removed_establishment": removed_establishment.pk,
        }

    def files_now(self) -> set[str]:
        return {os.path.join(folder, name) for folder, _, names in os.walk(self.media) for name in names}

    def client(self, actor: str) -> Client:
        """A browser with the actor's session: a new one, so that a log-out harms nobody."""
        client = Client(raise_request_exception=False)
        if actor in self.cookies:
            client.cookies["sessionid"] = self.cookies[actor]
        return client


def outcome(response: Any) -> str:
    """The status; of a redirect, where it leads."""
    if response.status_code != 302:
        return str(response.status_code)
    target = response.url.split("?")[0]
    return {"/admin/login/": "login", "/admin/": "home"}.get(target, "done")


class Changes:
    """What one request did: the statements that write, and the files that were not there before."""

    def __init__(self, world: World) -> None:
        self.world, self.written = world, list[str]()

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.written.append(sql)
        return execute(sql, params, many, context)

    @cached_property
    def files(self) -> set[str]:
        """Those after the request: looked for once, since nobody else writes there."""
        return self.world.files_now()

    def has_files(self) -> bool:
        return self.files != self.world.files

    def drop_new_files(self) -> None:
        for path in self.files - self.world.files:
            os.unlink(path)


@contextmanager
def undone(world: World) -> Iterator[Changes]:
    """Whatever is changed in here is as before afterwards."""
    changes = Changes(world)
    with transaction.atomic():
        with connection.execute_wrapper(changes.note):
            yield changes
        transaction.set_rollback(True)
    changes.drop_new_files()


def fingerprint() -> str:
    """Of all that is kept in the database: every row of every table."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - UNWATCHED):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()
