"""What happens when a photo, a room, an establishment or a user is deleted.

- A photo's files become pending in its transaction. django-cleanup deletes them after the commit, and
  then their entries go. Its gallery is renumbered, unless the whole gallery is deleted.
- Django's cascade deletes the photos of a room, the rooms of an establishment and the photos of a draft.
  `locking` makes sure that no photo arrives meanwhile. The row of a saved draft, or of a file on its way,
  stays and no longer names the room (`SET_NULL`).
- With a user go their establishments and drafts, and what others uploaded there. What they uploaded into
  others' rooms stays, and so does their line in a list of managers.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django_cleanup.signals import cleanup_post_delete

from rooms.models import photo_files
from rooms.models.draft import Draft
from rooms.models.establishment import Establishment
from rooms.models.photo import RoomImage


@receiver(post_delete, sender=RoomImage)
def list_files_as_pending(instance: RoomImage, origin: Any = None, **kwargs: Any) -> None:
    """In the transaction that deletes a photo, by a page, a cascade or the shell."""
    if instance.image:
        photo_files.list_deletion(instance.file_name)
    if getattr(origin, "model", type(origin)) is RoomImage:  # else the whole gallery goes
        instance._renumber(instance._locked_galleries())


@receiver(cleanup_post_delete, sender=RoomImage)
def strike_deleted_files_off(file_name: str, success: bool, **kwargs: Any) -> None:
    if success:
        photo_files.strike_off(file_name)


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def delete_what_a_user_owns(instance: Any, using: str, **kwargs: Any) -> None:
    """In the transaction that deletes the user, before anything of theirs is deleted.

    Django collects what a deletion takes before it begins the transaction; a photo that arrives after
    that would point to a room that is gone. Deleted here, under locks, all of it is found.
    """
    drafts = Draft.objects.using(using).filter(user=instance)
    establishments = Establishment.all_objects.using(using).filter(owner=instance)
    # In the order of uploads: their gallery, then their user, whose row they hold for the foreign key.
    drafts.lock()
    establishments.lock_contents()
    users = get_user_model()._default_manager.using(using).filter(pk=instance.pk)
    users.select_for_update().values_list("pk").first()
    drafts.delete()
    establishments.delete()
