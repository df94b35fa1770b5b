"""A server in its bad moments: answers put between the page and the real one."""

from collections.abc import Callable

from playwright.sync_api import Route

UPLOAD = "**/upload-image/"
UPLOAD_TEMPORARY = "**/upload-image-temp/"
REORDER = "**/reorder-images/"


def refuse(status: int, code: str, **headers: str) -> Callable[[Route], None]:
    """The server's answer in one of its bad moments."""
    body = {"success": False, "code": code, "error": f"Refusé : {code}."}
    return lambda route: route.fulfill(status=status, json=body, headers=headers)


class Sometimes:
    """Handles the first requests with `handlers`, in turn, and lets all others through."""

    def __init__(self, *handlers: Callable[[Route], None]) -> None:
        self.handlers = list(handlers)
        self.upload_ids: list[str] = []

    def __call__(self, route: Route) -> None:
        body = (route.request.post_data_buffer or b"").decode("latin-1")
        self.upload_ids.append(body.partition('name="upload_id"')[2].strip()[:36])
        (self.handlers.pop(0) if self.handlers else Route.continue_)(route)
