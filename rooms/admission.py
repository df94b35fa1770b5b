"""Lets only so many uploads into a process at a time, so that its pages always find a thread.

The others are told when to come again, before their body is read. Which photo is decoded next is for
`pixels.decoding`.
"""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase

from rooms.api.endpoint import answer_unread
from rooms.errors import Busy
from rooms.pixels import decoding

log = logging.getLogger(__name__)

# As many as may wait to be decoded: none that was let in is sent away later for want of a place there.
PLACES: Final = decoding.MAX_PRESENT
# Of these, for users who have no other upload here: a flood of one is never all there is.
FOR_OTHERS: Final = 4
LONGEST_WAIT_S: Final = 30
# Until the first upload has said how long it kept its place.
FIRST_GUESS_S: Final = 4.0
# What the newest upload weighs in the mean.
NEWEST_SHARE: Final = 0.1
LOGGED_EVERY_S: Final = 60.0
PLACE: Final = "upload_place"  # on the request, with the user it was taken for


class Places:
    """Who has an upload under way in this process, and when there will be a place for one more."""

    def __init__(self, count: int = PLACES, for_others: int = FOR_OTHERS) -> None:
        self._count, self._for_others = count, for_others
        self._lock = threading.Lock()
        self._taken: Counter[Hashable] = Counter()
        self._kept_s = FIRST_GUESS_S
        self._promised_until = self._logged_at = -math.inf

    def enter(self, whose: Hashable) -> int | None:
        """Takes a place; where there is none, the seconds after which to come again, 1 to 30.

        Each who is sent away is promised the next place to get free, so a crowd does not come back at once.
        """
        with self._lock:
            free = self._count - self._taken.total()
            if free > (self._for_others if self._taken[whose] else 0):
                self._taken[whose] += 1
                return None
            now = time.monotonic()
            one_s = self._kept_s / self._count
            self._promised_until = min(max(self._promised_until, now) + one_s, now + LONGEST_WAIT_S)
            self._tell_log(now)
            return max(1, math.ceil(self._promised_until - now))

    def leave(self, whose: Hashable, kept_s: float) -> None:
        """Gives a place back that was kept for so long."""
        with self._lock:
            self._kept_s += NEWEST_SHARE * (kept_s - self._kept_s)
            self._taken[whose] -= 1
            if not self._taken[whose]:
                del self._taken[whose]

    def _tell_log(self, now: float) -> None:
        if now - self._logged_at >= LOGGED_EVERY_S:
            self._logged_at = now
            log.warning("all %s places for uploads are taken: others are told to come again", self._count)


places: Final = Places()


class AdmitUploads:
    """Middleware; it waits until the view is known, and comes before anything that reads the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        try:
            return self.get_response(request)
        finally:
            if whose := getattr(request, PLACE, None):
                places.leave(whose, time.monotonic() - began)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponseBase | None:
        if not getattr(view, "takes_file", False) or request.method != "POST":
            return None
        whose = request.session.get(SESSION_KEY)
        if whose is None:
            return None
        wait_s = places.enter(whose)
        if wait_s is not None:
            answer: Any = answer_unread(request, Busy(retry_after_s=wait_s))
            answer._has_been_logged = True  # Django's own mark: it would write an error for each
            return answer  # type: ignore[no-any-return]
        setattr(request, PLACE, whose)
        return None
