"""Pages go out compressed: a room's has 110 kB, and a phone on weak Wi-Fi waits for each of them.

Photos are compressed by themselves, static files ahead by WhiteNoise. Error pages stay as they are: Django
pads what it compresses by chance, and a stranger's object must look just like a missing one.
"""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Django's own, with its guard against guessing secrets by length (BREACH), for pages alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if response.status_code != 200 or not is_page:
            return response
        return super().process_response(request, response)
