"""The one writer of photos' files: reserve a name, write the files, then commit or give back.

An entry of the list of pending files is written before its file, and removed in the transaction that
creates the photo. It is written again in the transaction that deletes the photo, and removed once the files
are gone. So after a crash a list names all files without a photo, and nobody has to search the storage.

`PhotoField` is how the shell and forms come here: it normalises whatever is assigned to it. Uploads of the
gallery come through `services.uploads`, which uses the same gate and assigns the name of a stored file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final, Self

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import QuerySet
from django.db.models.fields.files import ImageFieldFile
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms import images, storage
from rooms.errors import PhotoError, StorageUnavailable
from rooms.limits import UPLOAD_LEASE_MINUTES
from rooms.models.room import Draft, Room

# What `fill` writes: these go with the file.
FIGURES: Final = ("width", "height", "size", "versions_bytes", "metrics")


class PendingFileQuerySet(models.QuerySet["PendingFile"]):
    def uploads(self) -> Self:
        """Files about to be written, by an upload under way or one that died."""
        return self.filter(kind=PendingFile.Kind.UPLOAD)

    def deletions(self) -> Self:
        """Files about to be removed."""
        return self.filter(kind=PendingFile.Kind.DELETE)

    def in_flight(self) -> Self:
        """Uploads under way: each holds a place in its gallery and its user's quota."""
        return self.uploads().filter(noted_at__gte=lease_start())

    def removable(self) -> Self:
        """Files nobody waits for any more: deletions, and uploads that died."""
        is_upload = models.Q(kind=PendingFile.Kind.UPLOAD)
        return self.exclude(is_upload & models.Q(noted_at__gte=lease_start()))

    def to_delete(self) -> int:
        """Makes deletions of them: an upload that began one then fails. Returns how many."""
        return self.update(kind=PendingFile.Kind.DELETE)


class PendingFile(models.Model):
    class Kind(models.TextChoices):
        UPLOAD = "upload", "upload"
        DELETE = "delete", "delete"

    # The master's name; those of the smaller versions follow from it.
    name = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DELETE, db_default=Kind.DELETE)
    # The lease of an upload begins then.
    noted_at = models.DateTimeField(db_default=Now())
    # SET_NULL: should the room or draft go while its upload runs, the entry must stay.
    room = models.ForeignKey(Room, null=True, default=None, related_name="+", on_delete=models.SET_NULL)
    draft = models.ForeignKey(Draft, null=True, default=None, related_name="+", on_delete=models.SET_NULL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, default=None, related_name="+", on_delete=models.SET_NULL
    )
    upload_id = models.UUIDField(null=True, default=None)
    # The photo's present file, where another one is being made of it: one at a time, or work is wasted.
    replaces = models.CharField(  # noqa: DJ001  # many replace nothing, and "" would be unique
        max_length=255, unique=True, null=True, default=None
    )

    objects = PendingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending file")
        verbose_name_plural = _("pending files")

    def __str__(self) -> str:
        return self.name


def lease_start() -> models.expressions.CombinedExpression:
    """The moment, by the database's clock, before which an upload still under way has died."""
    return Now() - timedelta(minutes=UPLOAD_LEASE_MINUTES)


class NewFile:
    """A file under a new name in `storage`, from its reservation to its row."""

    def __init__(self, storage_: Storage) -> None:
        self.name = storage.new_master_name()
        self._storage = storage_
        self._is_reserved = False
        self._may_have_row = False

    def reserve(self, *, replaces: str | None = None, **owner: Any) -> None:
        """Lists it as being written, for 15 minutes at most; `owner` names its gallery and its user.

        Raises `StorageUnavailable` where somebody is at another file in the place of `replaces`.
        """
        fields = {"name": self.name, "kind": PendingFile.Kind.UPLOAD, **owner}
        if replaces is None:
            PendingFile.objects.create(**fields)
        else:
            PendingFile.objects.removable().filter(replaces=replaces).update(replaces=None)
            try:
                with transaction.atomic():
                    PendingFile.objects.create(**fields, replaces=replaces)
            except IntegrityError:
                raise StorageUnavailable from None
        self._is_reserved = True

    def is_in_flight(self) -> bool:
        """Whether its row could still be added."""
        return PendingFile.objects.in_flight().filter(name=self.name).exists()

    def write(self, processed: images.ProcessedImage) -> None:
        """Stores the master and its smaller versions: on return they survive a power cut.

        Raises `StorageFull` or `StorageUnavailable`.
        """
        storage.store(self._storage, storage.files_of(self.name, processed.master, processed.versions))

    def write_copy(self, master_name: str) -> None:
        """As `write`, with the bytes of a photo that is stored already. Raises `OSError` too."""
        files = {}
        for new, old in zip(storage.names_of(self.name), storage.names_of(master_name), strict=True):
            if old == master_name or self._storage.exists(old):  # versions can be made again
                with self._storage.open(old) as file:
                    files[new] = file.read()
        storage.store(self._storage, files)

    def commit(self) -> None:
        """Takes it off the list, in the transaction that gives it to a row.

        Raises `StorageUnavailable` where a cleanup thought the upload dead and took the files.
        """
        count, _by_model = PendingFile.objects.uploads().filter(name=self.name).delete()
        if not count:
            raise StorageUnavailable
        self._may_have_row = True

    def give_back(self) -> None:
        """Removes what was written and the reservation; what cannot be removed stays on the list.

        Does nothing where a row has the file: a commit may come through whose answer is lost.
        """
        entries = PendingFile.objects.filter(name=self.name)
        try:
            if self._may_have_row and not _lock(entries):
                return
            if storage.remove_quietly(self._storage, storage.names_of(self.name)):
                entries.delete()
            else:
                entries.to_delete()
        except (DatabaseError, PhotoError):
            return  # the database is away: the entry's lease ends by itself


@transaction.atomic
def _lock(entries: QuerySet[PendingFile]) -> bool:
    """Whether there are any, once a transaction that is still taking them off has ended."""
    return bool(list(entries.select_for_update().values_list("pk")))


@contextmanager
def new_file(storage_: Storage) -> Iterator[NewFile]:
    """A new file to reserve, write and commit, given back whole where the block fails.

    Uncommitted at the end of the block, its reservation stays until a row is saved with it, or ends.
    """
    file = NewFile(storage_)
    try:
        yield file
    except BaseException:
        if file._is_reserved:
            file.give_back()
        raise


def fill(photo: Any, processed: images.ProcessedImage) -> None:
    """Writes what is known of the file into the photo's row."""
    photo.width, photo.height = processed.width_px, processed.height_px
    photo.size = len(processed.master)  # bytes
    photo.versions_bytes = sum(map(len, processed.versions.values()))
    photo.metrics = asdict(processed.metrics)


def copy(storage_: Storage, master_name: str) -> str:
    """Stores the files of a photo once more, and returns their new master's name. To be committed by a save.

    Raises `StorageFull` or `StorageUnavailable`.
    """
    try:
        with new_file(storage_) as file:
            file.reserve()
            file.write_copy(master_name)
    except OSError as error:
        raise StorageUnavailable from error
    return file.name


def hand_over(old_name: str, new_name: str) -> None:
    """In the transaction in which a row takes a new file for an old one; either may be empty."""
    strike_off(new_name)
    if old_name:
        list_deletion(old_name)


def list_deletion(name: str) -> None:
    """In the transaction in which a row lets go of the file: it is to be removed."""
    entry = PendingFile(name=name, kind=PendingFile.Kind.DELETE)
    PendingFile.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["name"], update_fields=["kind"]
    )


def strike_off(name: str) -> None:
    """The file has a row, or is gone: nothing is pending any more."""
    PendingFile.objects.filter(name=name).delete()


class PhotoFieldFile(ImageFieldFile):
    instance: Any

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Normalises `content` and stores it with its smaller versions under a new name; `name` is ignored.

        Raises a `PhotoError` and stores nothing where the file does not pass.
        """
        processed = images.process(content)
        with new_file(self.storage) as file:
            file.reserve()
            file.write(processed)
        self.name = file.name
        self._set_instance_attribute(self.name, content)  # type: ignore[attr-defined]
        self._committed = True
        fill(self.instance, processed)
        if save:
            self.instance.save()

    def delete(self, save: bool = True) -> None:
        """Removes the file with its smaller versions; a file of an older system that two rows share stays."""
        name = self.name or ""
        if storage.is_ours(name) or (name and not self._is_shared()):
            for version in storage.names_of(name)[:-1]:
                self.storage.delete(version)
            super().delete(save)

    def _is_shared(self) -> bool:
        return self.field.model._base_manager.filter(**{self.field.name: self.name}).exists()


class PhotoField(models.ImageField):
    attr_class = PhotoFieldFile

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # Migrations see a plain ImageField: how a file is stored is not the schema's business.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs
