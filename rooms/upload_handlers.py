"""Receives the one file of an upload, and refuses any other file while it streams in.

Django parses a body before any view runs, so only a handler is early enough. A file that is too large, or not
expected, reaches neither memory nor disk. The view answers: it finds the refusal on the request.
"""

import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from rooms import images, limits
from rooms.errors import InvalidRequest, PhotoError

REFUSAL = "photo_refusal"


def find_refusal(request: HttpRequest) -> PhotoError | None:
    """Why the body of `request` was not read to its end; None where it was.

    Reads the body where nothing has done so before.
    """
    _ = request.FILES
    return getattr(request, REFUSAL, None)


def has_sender_left(request: HttpRequest) -> bool:
    """Whether whoever sends it has hung up; False where the server does not say."""
    connection = request.META.get("gunicorn.socket")
    return connection is not None and bool(connection.has_left())


class PhotoUploadHandler(FileUploadHandler):
    """Keeps a small photo in memory, a larger one in a file without a name: it ends with the process.

    Most photos are small, and arrive even where the disk of temporary files is full. Large ones would be
    too much memory: all threads may have one that waits for its turn to be decoded.
    """

    # What is looked at in one go: a photo has a dozen of these.
    chunk_size = 256 * 1024
    announced_bytes = 0
    received_bytes = 0
    file: IO[bytes]

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: Any,  # bytes, whatever Django's types say
        encoding: str | None = None,
    ) -> None:
        self.announced_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stops at a file that nobody asked for, or in a body that cannot be one photo.

        The fields before it are known by then.
        """
        super().new_file(*args, **kwargs)
        if not _takes_file(self.request):
            self._refuse(InvalidRequest())
        if self.announced_bytes > settings.ROOM_PHOTO_MAX_BYTES + limits.FORM_OVERHEAD_BYTES:
            self._refuse_size(self.announced_bytes)
        self.received_bytes = 0
        self.file = tempfile.SpooledTemporaryFile(  # noqa: SIM115  # the request closes it
            settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received_bytes += len(raw_data)
        if self.received_bytes > settings.ROOM_PHOTO_MAX_BYTES:
            self._refuse_size(self.received_bytes)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        """The rest will not come: what has come is not to wait for the garbage collector."""
        if hasattr(self, "file"):
            self.file.close()

    def _refuse_size(self, size_bytes: int) -> None:
        try:
            images.refuse_size(size_bytes)
        except PhotoError as refusal:
            self._refuse(refusal)

    def _refuse(self, refusal: PhotoError) -> None:
        setattr(self.request, REFUSAL, refusal)
        raise StopUpload(connection_reset=True) from refusal


def _takes_file(request: HttpRequest | None) -> bool:
    """Whether the view that will answer is one of the few that were made to take a file."""
    match = request.resolver_match if request else None
    return bool(match and getattr(match.func, "takes_file", False))
