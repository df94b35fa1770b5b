"""How every answer goes out: the headers that all of them carry, and pages compressed.

A view that knows better sets a header itself, as `rooms.media` does. Cookies and https are in `settings`.
"""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

CONTENT_SECURITY_POLICY: Final[dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Unfold's Alpine builds its expressions with `new Function`: the one exception we cannot close.
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# What a page could ask of a device. A phone's camera is also behind the file field, which needs no leave.
UNUSED_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY: Final = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


def complete_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: fills in what is missing, and lets no page be framed but the admin's pop-ups.

    Unfold shows those in a frame of the page that asked for them.
    """
    get_framed = csp_replace({"frame-ancestors": [SELF]})(get_response)

    def handle(request: HttpRequest) -> HttpResponseBase:
        is_popup = "_popup=1" in request.META.get("QUERY_STRING", "").split("&")
        response = get_framed(request) if is_popup else get_response(request)
        response["X-Frame-Options"] = "SAMEORIGIN" if is_popup else "DENY"
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return handle


class CompressPages(GZipMiddleware):
    """Django's own, with its guard against guessing secrets by length (BREACH), for pages alone.

    A room's page has 110 kB, and a phone on weak Wi-Fi waits for each of them. Photos are compressed already,
    and static files ahead by WhiteNoise. Error pages stay as they are: Django pads what it compresses by
    chance, and a stranger's object must look just like a missing one.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code != 200 or not is_page:
            return response
        return super().process_response(request, response)
