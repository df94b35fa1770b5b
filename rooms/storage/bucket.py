"""Photos in an S3-compatible bucket. Loaded only where one is set, for boto is large."""

import errno
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.files.utils import validate_file_name
from storages.backends.s3 import S3Storage
from storages.utils import clean_name, setting

from rooms.pixels import formats
from rooms.storage.names import Entry, Kind
from rooms.storage.writer import BucketUnavailable

log = logging.getLogger(__name__)
# With two attempts, a bucket that is silent is given up within ten seconds.
BUCKET_CONNECT_SECONDS = 2.0
BUCKET_READ_SECONDS = 4.0
# Names in one answer: as many as S3 gives.
BUCKET_LISTED_AT_ONCE = 1000
# For so long after that a thread does not ask again: what cleans up after a failure must not wait once more.
BUCKET_PAUSE_SECONDS = 2.0
_BUCKET_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"}
_one_client = threading.Lock()


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
        self.client_config: Any = patience.merge(self.client_config)

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

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        # Not another name, as Django would look for: names are random, so a taken one means a fault.
        if self.exists(name):
            raise FileExistsError(errno.EEXIST, "name already taken", name)
        return name

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

    def list_folder(self, folder: str) -> Iterator[Entry]:
        """What lies directly in `folder`; see `names.ListableStorage`."""
        prefix = f"{self._key(folder)}/" if folder else self._root()
        question: dict[str, Any] = {"Prefix": prefix, "Delimiter": "/", "MaxKeys": BUCKET_LISTED_AT_ONCE}
        while question:
            with self._asking(folder) as (client, place):
                page = client.list_objects_v2(Bucket=place["Bucket"], **question)
            for part in page.get("CommonPrefixes", ()):
                yield Entry(self._name(part["Prefix"].rstrip("/")), Kind.FOLDER)
            for part in page.get("Contents", ()):
                yield Entry(
                    self._name(part["Key"]), Kind.FILE, part["Size"], part["LastModified"].timestamp()
                )
            token = page.get("NextContinuationToken")
            question = question | {"ContinuationToken": token} if token else {}

    def _root(self) -> str:
        return f"{self.location.strip('/')}/" if self.location.strip("/") else ""

    def _name(self, key: str) -> str:
        return key.removeprefix(self._root())

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
        place = {"Bucket": self.bucket_name, "Key": self._key(name) if name else ""}
        if time.monotonic() < getattr(self._connections, "paused_until", 0):
            raise BucketUnavailable(errno.EAGAIN, "no answer a moment ago", name)
        try:
            yield self.bucket.meta.client, place
        except ClientError as error:
            if _status(error) in (502, 503, 504):
                self._pause()
            raise _bucket_refusal(error, name) from error
        except Exception as error:  # no answer, no credentials, half an answer: boto's have no common root
            log.error("bucket %s: %s", self.bucket_name, error)
            self._pause()
            if isinstance(error, NoCredentialsError):
                # A client that was made without credentials never looks for them again.
                self._bucket = self._connections.connection = None
            raise BucketUnavailable(errno.EIO, str(error), name) from error

    def _pause(self) -> None:
        self._connections.paused_until = time.monotonic() + BUCKET_PAUSE_SECONDS

    def _key(self, name: str) -> str:
        validate_file_name(name, allow_relative_path=True)  # as a disk: nothing outside, nothing nameless
        return str(self._normalize_name(clean_name(name)))


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"].get("HTTPStatusCode", 0))


def _bucket_refusal(error: ClientError, name: str) -> OSError:
    status = _status(error)
    code = error.response["Error"].get("Code", "")
    # Only the bucket itself can say so: not a proxy before it, nor whoever has its address now.
    if status == 404 and (code == "NoSuchKey" or error.operation_name == "HeadObject"):
        return FileNotFoundError(errno.ENOENT, "not in the bucket", name)
    log.error("bucket: %s", error)
    is_full = status == 507 or code in _BUCKET_FULL
    return BucketUnavailable(errno.ENOSPC if is_full else errno.EIO, str(error), name)
