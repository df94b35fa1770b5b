"""Names of photo files, and storages that keep a photo's files safely.

A photo is a master and its smaller versions; their names follow from one random stem, never
from anything a client sent, and no name is used twice. No ORM and no image work here.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.exceptions import SuspiciousFileOperation, SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage
from storages.utils import clean_name, setting

from rooms.errors import StorageFull, StorageUnavailable
from rooms.limits import VERSION_SIDES_PX
from rooms.pixels import formats

log = logging.getLogger(__name__)

_OUR_NAME = re.compile(r"^(photos/[0-9a-f]{2}/[0-9a-f]{32})(?:\.jpg|_(\d+)\.webp)\Z")
_FULL = {errno.ENOSPC, errno.EDQUOT}

# With two attempts, a bucket that is silent is given up within ten seconds.
BUCKET_CONNECT_SECONDS = 2.0
BUCKET_READ_SECONDS = 4.0
# For so long after that a thread does not ask again: what cleans up after a failure must not wait once more.
BUCKET_PAUSE_SECONDS = 2.0
_BUCKET_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"}
_one_client = threading.Lock()


def new_master_name() -> str:
    """A name no photo ever had: 128 random bits, spread over 256 folders."""
    stem = secrets.token_hex(16)
    return f"photos/{stem[:2]}/{stem}.jpg"


def is_ours(name: str) -> bool:
    """Whether `name` is one this module made; older systems' files have others."""
    return _OUR_NAME.match(name) is not None


def home_name(master_name: str) -> str:
    """The name of our pattern that the smaller versions of a photo are named after.

    The master's own, or for a file of an older system one that follows from it.
    """
    if is_ours(master_name):
        return master_name
    stem = hashlib.sha256(master_name.encode()).hexdigest()[:32]
    return f"photos/{stem[:2]}/{stem}.jpg"


def version_name(master_name: str, side_px: int) -> str:
    """The name of the smaller version whose longest side is `side_px`."""
    return f"{home_name(master_name).removesuffix('.jpg')}_{side_px}.webp"


def version_url(storage: Storage, master_name: str, side_px: int) -> str:
    """The address of a smaller version; for an older system's photo one that makes it on first need."""
    if is_ours(master_name):
        return storage.url(version_name(master_name, side_px))
    return f"{storage.url(master_name)}?side={side_px}"


def master_of(name: str) -> str:
    """The master's name of any of a photo's files; a name that is not ours is its own master."""
    match = _OUR_NAME.match(name)
    return f"{match[1]}.jpg" if match else name


def names_of(master_name: str) -> list[str]:
    """All files of a photo. The master is last written and first removed, so it never stands alone."""
    return [*(version_name(master_name, side) for side in VERSION_SIDES_PX), master_name]


def files_of(master_name: str, master: bytes, versions: Mapping[int, bytes]) -> dict[str, bytes]:
    """Bytes by name for `store`, versions first."""
    return {**{version_name(master_name, side): data for side, data in versions.items()}, master_name: master}


def store(storage: Storage, files: Mapping[str, bytes]) -> None:
    """Keeps all `files` (bytes by name) safely, or none: on return they survive a power cut.

    Raises `StorageFull` or `StorageUnavailable` after removing what was written.
    """
    begun: list[str] = []
    try:
        if isinstance(storage, LocalPhotoStorage):
            begun.extend(files)
            storage.save_durably(files)
        else:
            for name, data in files.items():
                begun.append(name)
                _save_exactly(storage, name, data)
    except Exception as error:
        remove_quietly(storage, begun)
        is_full = isinstance(error, OSError) and error.errno in _FULL
        raise (StorageFull() if is_full else StorageUnavailable()) from error


def remove(storage: Storage, master_name: str) -> None:
    """Removes all files of a photo; one that is gone already is no error. Raises what the storage raises."""
    for name in reversed(names_of(master_name)):
        storage.delete(name)


def remove_quietly(storage: Storage, names: Iterable[str]) -> bool:
    """Removes `names` where it can; False where something may be left. For cleaning up after a failure."""
    is_clean = True
    for name in names:
        try:
            storage.delete(name)
        except Exception:  # the first failure is what the caller reports; the loose entry keeps the rest
            is_clean = False
    return is_clean


def _save_exactly(storage: Storage, name: str, data: bytes) -> None:
    saved = storage.save(name, ContentFile(data))
    if saved != name:  # 128 random bits twice, or a storage that renames: either way not our file
        storage.delete(saved)
        raise FileExistsError(errno.EEXIST, "name already taken", name)


class LocalPhotoStorage(FileSystemStorage):
    """Files on a local disk, never partial under their public name."""

    def save_durably(self, files: Mapping[str, bytes]) -> None:
        """Writes each file under a temporary name, syncs it, renames it, then syncs the folders."""
        pending: list[tuple[Path, Path]] = []
        try:
            for name, data in files.items():
                target = Path(self.path(name))
                _make_folder(target.parent)
                partial = Path(self.path(_partial_name(name)))
                pending.append((partial, target))
                _write_synced(partial, data)
            for partial, target in pending:
                os.rename(partial, target)
        except BaseException:
            for partial, _target in pending:
                partial.unlink(missing_ok=True)
            raise
        for folder in {target.parent for _partial, target in pending}:
            _sync_folder(folder)

    def delete(self, name: str) -> None:
        """Removes the file, and what a write of it that was cut short left."""
        super().delete(name)
        Path(self.path(_partial_name(name))).unlink(missing_ok=True)

    def _save(self, name: str, content: "File[bytes]") -> str:
        # The way in for everything else that saves through Django: the same care, one file.
        data: Any = content.read()
        self.save_durably({name: data if isinstance(data, bytes) else data.encode()})
        return name


class BucketUnavailable(OSError):
    """The bucket did not answer, or not with what was asked for: trying again later may help."""


class BucketPhotoStorage(S3Storage):
    """Files in an S3-compatible bucket; what fails there is an `OSError`, as it is on a disk.

    No name is overwritten: a late delete would take the new file. A file is one request, and all
    threads share one client, which botocore allows and which costs a tenth of a second to make.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        patience = Config(
            connect_timeout=BUCKET_CONNECT_SECONDS,
            read_timeout=BUCKET_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2},
            # Many servers other than Amazon's know no newer checksums; https guards the way as well.
            request_checksum_calculation=setting("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"),
            response_checksum_validation=setting("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"),
        )
        self.client_config = patience.merge(self.client_config)

    def get_default_settings(self) -> dict[str, Any]:
        defaults: dict[str, Any] = super().get_default_settings()
        # Amazon wants the bucket in the host name, nearly all others in the path.
        style = defaults["addressing_style"] or ("path" if defaults["endpoint_url"] else "auto")
        return defaults | {"addressing_style": style, "file_overwrite": False, "querystring_auth": False}

    @property
    def bucket(self) -> Any:
        with _one_client:
            return super().bucket

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        # Photos are served by our own view, which knows who may see what and sets the headers.
        return FileSystemStorage(location="/").url(name)

    def exists(self, name: str) -> bool:
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        with self._asking(name) as (client, place):
            return int(client.head_object(**place)["ContentLength"])

    def delete(self, name: str) -> None:
        """Removes the file; one that is gone already is no error, a bucket that is gone is one."""
        try:
            with self._asking(name) as (client, place):
                client.delete_object(**place)
        except FileNotFoundError:
            return

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("A photo in a bucket is opened for reading only.")
        with self._asking(name) as (client, place):
            return ContentFile(client.get_object(**place)["Body"].read(), name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        content.seek(0)
        data = content.read()
        # Of the bytes themselves: a client may claim any type, and a name's need not be known here.
        true_format = formats.sniff(data[: formats.HEAD_BYTES])
        type_ = formats.CONTENT_TYPES[true_format] if true_format else self.default_content_type
        options = self._get_write_parameters(name) | {"ContentType": type_}
        with self._asking(name) as (client, place):
            client.put_object(**place, **options, Body=data)
        return str(clean_name(name))

    @contextmanager
    def _asking(self, name: str) -> Iterator[tuple[Any, dict[str, str]]]:
        """The client and the place of `name`; turns whatever the bucket answers to it into an `OSError`."""
        place = {"Bucket": self.bucket_name, "Key": self._key(name)}
        if time.monotonic() < getattr(self._connections, "paused_until", 0):
            raise BucketUnavailable(errno.EAGAIN, "no answer a moment ago", name)
        try:
            yield self.bucket.meta.client, place
        except ClientError as error:
            raise _bucket_refusal(error, name) from error
        except Exception as error:  # no answer, no credentials, half an answer: boto's have no common root
            log.error("bucket %s: %s", self.bucket_name, error)
            self._connections.paused_until = time.monotonic() + BUCKET_PAUSE_SECONDS
            self._bucket = None  # the next one looks for credentials anew
            raise BucketUnavailable(errno.EIO, str(error), name) from error

    def _key(self, name: str) -> str:
        try:
            key = str(self._normalize_name(clean_name(name)))
        except SuspiciousOperation as error:
            raise SuspiciousFileOperation(str(error)) from error
        if not name or key.endswith("/"):
            raise FileNotFoundError(errno.ENOENT, "no file name", name)
        return key


def _bucket_refusal(error: ClientError, name: str) -> OSError:
    status = error.response["ResponseMetadata"].get("HTTPStatusCode")
    code = error.response["Error"].get("Code", "")
    if status == 404 and code != "NoSuchBucket":
        return FileNotFoundError(errno.ENOENT, "not in the bucket", name)
    log.error("bucket: %s", error)
    if status == 507 or code in _BUCKET_FULL:
        return OSError(errno.ENOSPC, str(error), name)
    return BucketUnavailable(errno.EIO, str(error), name)


def _partial_name(name: str) -> str:
    folder, _slash, base = name.rpartition("/")
    return f"{folder}/.{base}.part" if folder else f".{base}.part"


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        _write_all(file, data)


def _write_all(file: IO[bytes], data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
