"""The list of pending files, kept right when photos are deleted: by a page, a cascade or the shell.

django-cleanup removes the files after the commit; this notes them before and strikes them off after.
"""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from django_cleanup.signals import cleanup_post_delete

from rooms.models import photo_files
from rooms.models.photo import RoomImage


@receiver(post_delete, sender=RoomImage)
def account_for_deletion(instance: RoomImage, origin: Any = None, **kwargs: Any) -> None:
    """In the transaction that deletes a photo, its files become pending and its gallery closes the gap."""
    if instance.image:
        photo_files.list_deletion(instance.file_name)
    if getattr(origin, "model", type(origin)) is RoomImage:  # else the whole gallery goes
        instance._renumber(instance._locked_galleries())


@receiver(cleanup_post_delete, sender=RoomImage)
def drop_deleted_file(file_name: str, success: bool, **kwargs: Any) -> None:
    """Once django-cleanup has removed the files, nothing is pending any more."""
    if success:
        photo_files.strike_off(file_name)
