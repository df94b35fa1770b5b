"""Refuses a photo that is too large while it streams in, before the rest reaches memory or disk.

Django parses a body before any view runs (its CSRF check reads `request.POST`), so this is
the only place that is early enough. What to answer is the view's business: it finds the
refusal on the request.
"""

from collections.abc import Callable
from typing import IO, Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

from rooms import images, limits
from rooms.errors import PhotoError

REFUSAL = "photo_refusal"


def find_refusal(request: HttpRequest) -> PhotoError | None:
    """Why the body of `request` was not read to its end; None where it was.

    Reads the body where nothing has done so before, as the CSRF check usually has.
    """
    _ = request.FILES
    return getattr(request, REFUSAL, None)


def drop_unfinished(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no temporary file outlives its request.

    Where a client falls silent or its connection breaks, Django forgets the file it was writing,
    which then stays on the disk until the garbage collector comes by.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        handlers = request.upload_handlers if request.content_type == "multipart/form-data" else []
        if any(getattr(handler, "is_reading", False) for handler in handlers):
            for handler in handlers:
                handler.upload_interrupted()
        return response

    return handle


class PhotoLimitUploadHandler(FileUploadHandler):
    """Counts each file's own bytes; keeps nothing itself."""

    announced_bytes = 0
    received_bytes = 0
    is_reading = False

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        """Reads nothing of what nobody sent."""
        if not self._is_watching() or self.request.user.is_authenticated:
            self.announced_bytes = content_length
            self.is_reading = True
            return None
        return QueryDict(), MultiValueDict()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Stops at the file of a body that cannot be one photo; the fields before it are known by then."""
        super().new_file(*args, **kwargs)
        self.received_bytes = 0
        if (
            self._is_watching()
            and self.announced_bytes > limits.photo_max_bytes() + limits.FORM_OVERHEAD_BYTES
        ):
            self._refuse(self.announced_bytes)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received_bytes += len(raw_data)
        if self.received_bytes > limits.photo_max_bytes():
            self._refuse(self.received_bytes)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def upload_complete(self) -> None:
        """The body was read to its end, whatever was in it."""
        self.is_reading = False

    def _is_watching(self) -> bool:
        return self.request is not None and self.request.path.startswith("/rooms/")

    def _refuse(self, size_bytes: int) -> None:
        try:
            images.refuse_size(size_bytes)
        except PhotoError as refusal:
            setattr(self.request, REFUSAL, refusal)
            raise StopUpload(connection_reset=True) from refusal
