"""The one family of errors a photo can meet, with the stable codes that clients rely on.

Every message is a full sentence that says what to do; limits are in the message. No HTTP,
no ORM and no Pillow here. An error is a `ValidationError`, so that forms and models report
it as they report any other.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # known to the type checker alone

type Text = str | _StrPromise


class PhotoError(ValidationError):
    """Something the user or the server cannot do with a photo.

    `code` and `status` (an HTTP status) never change; `text` may hold `%(name)s` parts that
    the keyword arguments fill; `retry_after_s` is set where trying again later may help.
    """

    code: str = "invalid_request"
    status: ClassVar[int] = 400
    text: ClassVar[Text] = _("This request could not be understood. Reload the page and try again.")
    retry_after_s: int | None = None

    def __init__(self, text: Text | None = None, *, retry_after_s: int | None = None, **params: Any) -> None:
        super().__init__(text or self.text, code=type(self).code, params=params)
        self.retry_after_s = retry_after_s or self.retry_after_s

    def sentence(self) -> str:
        """The message in the active language, with its limits filled in."""
        return str(self.messages[0])


class NoFile(PhotoError):
    code = "no_file"
    text = _("No photo arrived: the file is missing or empty. Choose a photo and try again.")


class InvalidRequest(PhotoError):
    pass


class NotAuthenticated(PhotoError):
    code = "not_authenticated"
    status = 401
    text = _("Your session has ended. Sign in again: your photos are kept.")


class Forbidden(PhotoError):
    code = "forbidden"
    status = 403
    text = _("You do not have permission to do this. Ask the platform's staff for it.")


class CsrfFailed(PhotoError):
    code = "csrf_failed"
    status = 403
    text = _("This page has expired. Reload it and try again.")


class NotFound(PhotoError):
    code = "not_found"
    status = 404
    text = _("This room or photo does not exist (any more). Reload the page.")


class MethodNotAllowed(PhotoError):
    code = "method_not_allowed"
    status = 405
    text = _("This address does not answer this kind of request.")


class LimitReached(PhotoError):
    code = "limit_reached"
    status = 409
    text = _("This room already has its %(limit)s photos. Remove one before adding another.")


class StaleOrder(PhotoError):
    code = "stale_order"
    status = 409
    text = _("The photos have changed meanwhile. Here is their present order: arrange them again.")


class FileTooLarge(PhotoError):
    code = "file_too_large"
    status = 413
    text = _("This photo is too large: at most %(limit)s. Choose a smaller one, or save it smaller.")


class UnsupportedType(PhotoError):
    code = "unsupported_type"
    status = 415
    text = _("This file is not a JPEG, PNG, GIF or WebP photo. Save it as one of these four types.")


class InvalidImage(PhotoError):
    code = "invalid_image"
    status = 422
    text = _("This photo is incomplete or damaged. Open it on your device, save it anew and try again.")


class TooManyPixels(PhotoError):
    code = "too_many_pixels"
    status = 422
    text = _(
        "This photo has too many pixels: at most %(limit)s megapixels (width x height). Save it smaller."
    )


class QuotaExceeded(PhotoError):
    code = "quota_exceeded"
    status = 429
    text = _(
        "You hold too many photos of unfinished rooms: at most %(limit)s. "
        "Save your rooms or remove photos, then try again."
    )


class RateLimited(PhotoError):
    code = "rate_limited"
    status = 429
    text = _("Too many photos in a short time. Wait %(seconds)s seconds, then try again.")


class StorageUnavailable(PhotoError):
    code = "storage_unavailable"
    status = 503
    text = _("The photo could not be stored just now; nothing was kept. Try again in a moment.")
    retry_after_s = 5


class Busy(StorageUnavailable):
    """Nothing failed: others are served first, and whoever comes again is served as well."""

    text = _("Many photos are arriving just now; nothing was kept of this one. Send it again in a moment.")
    retry_after_s = 2  # a photo or two are done by then


class StorageFull(PhotoError):
    code = "storage_full"
    status = 507
    text = _("There is no room left to store photos; nothing was kept. Tell the platform's staff.")
    retry_after_s = 300
