"""Owners made for one test: nobody else knows them, so that their rooms and photos can be counted."""

import uuid

from django.contrib.auth.models import Group, User

from rooms.models import Establishment

PASSWORD = "pass"


def add_owner() -> User:
    """An owner with an establishment."""
    user = User.objects.create_user(f"owner-{uuid.uuid4().hex}", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Owners"))
    Establishment.objects.create(name="Hôtel Bellevue", owner=user)
    return user
