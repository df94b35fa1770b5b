"""Figures for a monitoring system, in the OpenMetrics format. They come from the database alone."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from rooms.models import CleanupRun, PendingFile
from rooms.models.photo import photo_storage
from rooms.services import failures, figures
from rooms.storage import LocalPhotoStorage, find_sizes, names_of

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
# Files are asked for their sizes: beyond these, and in a bucket, it would keep everybody waiting.
SIZED_MAX_PENDING = 500


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """For whoever has the token; without one there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        return HttpResponse("unauthorized", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse("\n".join([*_lines(), "# EOF", ""]), content_type=CONTENT_TYPE)


def _lines() -> Iterator[str]:
    by_state, pending = figures.photos_by_state(), figures.pending_by_kind()
    photos = {state: use.photos for state, use in by_state.items()}
    bytes_ = {state: use.bytes for state, use in by_state.items()} | _pending_bytes(sum(pending.values()))
    yield from _gauge("room_photos", "Photos.", photos | {"pending": sum(pending.values())}, "state")
    yield from _gauge("room_photo_bytes", "All their files.", bytes_, "state", unit="bytes")
    yield from _family("room_photo_uploads", "counter", "Photos that came, by whatever door.")
    yield f"room_photo_uploads_total {figures.uploads_ever()}"
    yield from _family("room_photo_upload_failures", "counter", "Uploads that came to nothing.")
    for code, count in (dict.fromkeys(failures.CODES, 0) | figures.failures_ever()).items():
        yield f'room_photo_upload_failures_total{{code="{code}"}} {count}'
    yield from _family("room_photo_cleanup_seconds", "gauge", "Since the last good cleanup.", "seconds")
    if ended_at := CleanupRun.objects.last_good_at():
        yield f"room_photo_cleanup_seconds {max(0, round((timezone.now() - ended_at).total_seconds()))}"
    yield from _family("room_photo_decode_queue", "gauge", "Photos being made, or waiting for it.")
    yield f"room_photo_decode_queue {pending['upload']}"


def _family(name: str, kind: str, text: str, unit: str = "") -> Iterator[str]:
    yield f"# TYPE {name} {kind}"
    if unit:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {text}"


def _gauge(name: str, text: str, values: Mapping[str, int], label: str, unit: str = "") -> Iterator[str]:
    yield from _family(name, "gauge", text, unit)
    yield from (f'{name}{{{label}="{value}"}} {number}' for value, number in values.items())


def _pending_bytes(count: int) -> dict[str, int]:
    """Of files that are written or about to be removed; missing where measuring would take long."""
    storage = photo_storage()
    if count > SIZED_MAX_PENDING or (count and not isinstance(storage, LocalPhotoStorage)):
        return {}
    names = PendingFile.objects.values_list("name", flat=True) if count else []
    return {"pending": sum(size for name in names for size in find_sizes(storage, names_of(name)))}
