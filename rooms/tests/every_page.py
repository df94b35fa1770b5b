"""Every page that people meet, and a small world to show in it.

What must hold on all of them is the business of the tests that go through this list.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from rooms.models import Activity, CleanupRun, Establishment, Manager, Room, UploadFailure
from rooms.services import gallery, lifecycle
from rooms.tests.conftest import add_photos

PHOTO_COUNT = 8


@dataclass(frozen=True)
class Address:
    """`who` of the cast opens `path`, nobody where it is empty. The world fills in names in braces."""

    path: str
    who: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.path.strip('/')}_{self.who}"


ADDRESSES = [
    Address("/admin/login/"),
    Address("/admin/password_reset/"),
    Address("/admin/password_reset/done/"),
    Address("/reset/Mg/used-already/"),
    Address("/reset/done/"),
    Address("/invitation/taken-back/"),
    Address("/admin/", "alice"),
    Address("/admin/", "sam"),
    Address("/admin/", "root"),
    Address("/admin/password_change/", "alice"),
    Address("/admin/password_change/done/", "alice"),
    Address("/admin/help/", "alice"),
    Address("/admin/help/", "sam"),
    Address("/admin/rooms/room/", "alice"),
    Address("/admin/rooms/room/", "sam"),
    Address("/admin/rooms/room/?photos=none&published__exact=1", "sam"),
    Address("/admin/rooms/room/{empty_room}/change/?_changelist_filters=photos%3Dnone", "sam"),
    Address("/admin/rooms/room/?q=nothing-is-called-so", "sam"),
    Address("/admin/rooms/room/add/", "alice"),
    Address("/admin/rooms/room/{room}/change/", "alice"),
    Address("/admin/rooms/room/{empty_room}/change/", "alice"),
    Address("/admin/rooms/room/{room}/delete/", "alice"),
    Address("/admin/rooms/room/{room}/history/", "alice"),
    Address("/admin/rooms/room/?removed=yes", "alice"),
    Address("/admin/rooms/establishment/?removed=yes", "sam"),
    Address("/admin/rooms/establishment/", "alice"),
    Address("/admin/rooms/establishment/", "sam"),
    Address("/admin/rooms/establishment/add/", "sam"),
    Address("/admin/rooms/establishment/{establishment}/change/", "alice"),
    Address("/admin/rooms/establishment/{establishment}/change/", "sam"),
    Address("/admin/rooms/establishment/{establishment}/delete/", "sam"),
    Address("/admin/rooms/establishment/{establishment}/history/", "sam"),
    Address("/admin/rooms/cleanuprun/", "sam"),
    Address("/admin/rooms/cleanuprun/{run}/change/", "sam"),
    Address("/admin/rooms/cleanuprun/{run}/history/", "sam"),
    Address("/admin/rooms/system/", "sam"),
    Address("/admin/rooms/activity/", "sam"),
    Address("/admin/rooms/uploadfailure/", "sam"),
    Address("/admin/rooms/uploadfailure/{failure}/change/", "sam"),
    Address("/admin/rooms/owner/", "sam"),
    Address("/admin/rooms/owner/add/", "sam"),
    Address("/admin/rooms/owner/{alice}/change/", "sam"),
    Address("/admin/rooms/owner/{alice}/history/", "sam"),
    Address("/admin/auth/user/", "root"),
    Address("/admin/auth/user/add/", "root"),
    Address("/admin/auth/user/{alice}/change/", "root"),
    Address("/admin/auth/user/{alice}/password/", "root"),
    Address("/admin/auth/user/{alice}/delete/", "root"),
    Address("/admin/auth/user/{alice}/history/", "root"),
    Address("/admin/auth/group/", "root"),
    Address("/admin/auth/group/add/", "root"),
    Address("/admin/auth/group/{group}/change/", "root"),
    Address("/admin/auth/group/{group}/delete/", "root"),
    Address("/admin/auth/group/{group}/history/", "root"),
    Address("/admin/auth/user/", "alice", status=403),
    Address("/no-such-page/", "alice", status=404),
]


def make_world(alice: User, sam: User, root: User) -> dict[str, Any]:
    """Who and what is in the pages; the names are those that `Address.path` uses."""
    establishment = Establishment.objects.create(name="Hôtel Bellevue", owner=alice, city="Paris")
    Manager.objects.create(establishment=establishment, email="gerante@example.com")
    room = Room.objects.create(
        establishment=establishment, name="Chambre 1", number="1", price_night="1234.50"
    )
    empty_room = Room.objects.create(establishment=establishment, name="Chambre 2", published=True)
    photos = add_photos(room, PHOTO_COUNT)
    gallery.remove(photos[-1], user=alice)
    removed = Room.objects.create(establishment=establishment, name="Chambre 3", number="3")
    lifecycle.remove_rooms(Room.objects.filter(pk=removed.pk), user=alice)
    run = CleanupRun.objects.create(
        days=1, with_audit=True, finished_at=timezone.now(), photos=1234, files=4936, bytes=5_000_000_000
    )
    CleanupRun.objects.create(days=2)
    for thing, flag in ((room, ADDITION), (room, CHANGE), (establishment, ADDITION), (alice, CHANGE)):
        _log(sam, thing, flag)
    failure = UploadFailure.objects.create(
        user=alice, room=room, code="too_slow", bytes=5_000_000, browser="Firefox 128", where="page"
    )
    people = {"alice": alice, "sam": sam, "root": root}
    things = {
        "establishment": establishment,
        "room": room,
        "empty_room": empty_room,
        "run": run,
        "failure": failure,
    }
    return people | things | {"group": Group.objects.get(name="Owners")}


def fill(path: str, world: dict[str, Any]) -> str:
    return path.format_map({name: thing.pk for name, thing in world.items()})


def _log(user: User, thing: Any, flag: int) -> None:
    kind = ContentType.objects.get_for_model(thing)
    message = '[{"changed": {"fields": ["Name"]}}]' if flag == CHANGE else '[{"added": {}}]'
    Activity.objects.create(
        user=user,
        content_type=kind,
        object_id=thing.pk,
        object_repr=str(thing),
        action_flag=flag,
        change_message=message,
    )
