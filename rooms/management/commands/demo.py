"""`manage.py demo`: people, establishments and rooms with photos, to try the product with."""

import io
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rooms.demo import catalogue
from rooms.models import Establishment, Gallery, Room, RoomImage
from rooms.models.people import OWNERS, STAFF
from rooms.services import uploads


class Command(BaseCommand):
    help: Any = gettext_lazy(
        "Creates demonstration data; run again, it keeps what is there and fills what is missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(_("The demonstration's passwords are known to all: not on a public site."))
        if _is_somebody_elses():
            self.stdout.write(_("This database has accounts of its own: the demonstration was left out."))
            return
        people = {name: _person(name, OWNERS) for name in catalogue.OWNERS}
        people[catalogue.STAFF] = _person(catalogue.STAFF, STAFF)
        for described in catalogue.ESTABLISHMENTS:
            establishment = _establishment(described, people[described.owner])
            for room in described.rooms:
                self._fill(establishment, room)
        self.stdout.write(_("Log-ins:"))
        for name, user in people.items():
            password = catalogue.PASSWORD if user.check_password(catalogue.PASSWORD) else _("(changed)")
            self.stdout.write(f"{name} / {password}")

    def _fill(self, establishment: Establishment, described: catalogue.Room) -> None:
        """Adds the photos of a room that never had one; a room somebody deleted stays deleted."""
        room = Room.objects.filter(establishment=establishment, name=described.name).first()
        if room is None or not described.photos or RoomImage.all_objects.filter(room=room).exists():
            return
        self.stdout.write(
            _("Adding the photos of %(room)s (%(count)s)…") % {"count": len(described.photos), "room": room}
        )
        # All read before the first is added: a file that is missing leaves no half-filled room.
        contents = [(photo.caption, photo.path.read_bytes()) for photo in described.photos]
        for caption, content in contents:
            uploads.add_photo(establishment.owner, Gallery(room=room), io.BytesIO(content), caption=caption)


def _is_somebody_elses() -> bool:
    """Whether people have accounts here and the demonstration has none: its passwords are known to all."""
    names = {*catalogue.OWNERS, catalogue.STAFF}
    return User.objects.exists() and not User.objects.filter(username__in=names).exists()


def _person(name: str, group: str) -> User:
    user, is_new = User.objects.get_or_create(
        username=name,
        defaults={"email": f"{name}@example.com", "first_name": name.capitalize(), "is_staff": True},
    )
    if is_new:
        user.set_password(catalogue.PASSWORD)
        user.save(update_fields=["password"])
        user.groups.add(Group.objects.get(name=group))
    return user


@transaction.atomic
def _establishment(described: catalogue.Establishment, owner: User) -> Establishment:
    establishment, is_new = Establishment.all_objects.get_or_create(
        name=described.name, owner=owner, defaults={"city": described.city}
    )
    if is_new:
        Room.objects.bulk_create(
            Room(
                establishment=establishment,
                name=room.name,
                number=room.number,
                kind=room.kind,
                capacity=room.capacity,
                beds=room.beds,
                surface_m2=room.surface_m2,
                price_night=room.price_night,
                description=room.description,
                published=room.published,
            )
            for room in described.rooms
        )
    return establishment
