"""An owner with an establishment, for the bench's database."""

import os

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402  # models come after setup()

from rooms.models import Establishment, roles  # noqa: E402

owner = User.objects.create_user("owner", password=os.environ["BENCH_PASSWORD"], is_staff=True)
owner.groups.add(Group.objects.get(name=roles.OWNERS))
Establishment.objects.create(name="Bench", city="Arles", owner=owner)
