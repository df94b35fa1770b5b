"""What goes with a deleted user: their establishments and drafts, whole, whatever is uploaded meanwhile.

Django collects what a deletion takes before it begins the transaction; a photo that arrives after
that would point to a room that is gone. So everything is locked and deleted here first, and Django
finds nothing left to do. What others uploaded into the user's rooms goes with them, what the user
uploaded into others' rooms stays.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from rooms.models.draft import Draft
from rooms.models.establishment import Establishment
from rooms.models.room import Room


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def take_along(instance: Any, using: str, **kwargs: Any) -> None:
    """In the transaction that deletes the user, before anything of theirs is deleted."""
    drafts = Draft.objects.using(using).filter(user=instance)
    establishments = Establishment.objects.using(using).filter(owner=instance)
    # In the order of uploads: their gallery, then their user, whose row they hold for the foreign key.
    drafts.lock()
    Room.objects.using(using).filter(establishment__in=establishments.lock()).lock()
    users = get_user_model()._default_manager.using(using).filter(pk=instance.pk)
    users.select_for_update().values_list("pk").first()
    drafts.delete()
    establishments.delete()
