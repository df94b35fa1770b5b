"""Errors of the site, reported to Sentry or a server that speaks its language, where `SENTRY_DSN` is set.

A report says where the code failed. It says nothing of a person but the user's id: no address, no names, no
texts, no body and no path, which may hold a token. The log has these under the same request id.
"""

from collections.abc import Mapping
from typing import Any, Final

import sentry_sdk
from django.conf import settings
from django.core import checks
from sentry_sdk.types import Event
from sentry_sdk.utils import BadDsn

from backoffice import __version__, logs

KEPT: Final = (
    *("event_id", "timestamp", "level", "platform", "logger", "transaction", "transaction_info"),
    *("release", "environment", "sdk", "modules"),
)
KEPT_OF_AN_ERROR: Final = ("type", "module", "mechanism", "stacktrace", "thread_id")


def start() -> None:
    """Begins to report; a DSN that is none is told by a system check."""
    try:
        sentry_sdk.init(
            settings.SENTRY_DSN,
            release=__version__,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            max_breadcrumbs=0,  # lines of the log, with addresses and names
            auto_session_tracking=False,
            send_client_reports=False,
            before_send=_strip,
        )
    except BadDsn:
        checks.register(_warn_of_dsn)


def _warn_of_dsn(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning: the site works without reports, but somebody believes that there are some."""
    return [
        checks.Warning(
            "SENTRY_DSN is no address that errors can be reported to: nothing is reported.",
            hint="Copy the DSN from the settings of the project there: it looks like https://key@host/1.",
            id="backoffice.W001",
        )
    ]


def _strip(event: Event, hint: Mapping[str, Any]) -> Event:
    """Only what is listed goes out: what a new version of the SDK adds stays here."""
    found: dict[str, Any] = dict(event)
    kept: dict[str, Any] = {name: found[name] for name in KEPT if name in found}
    # An error's own words may quote what somebody typed.
    errors = (found.get("exception") or {}).get("values") or []
    if errors:
        bare = [{name: error[name] for name in KEPT_OF_AN_ERROR if name in error} for error in errors]
        kept["exception"] = {"values": bare}
    if "logentry" in found:
        kept["logentry"] = {"message": found["logentry"].get("message", "")}
    fields = logs.find_fields()
    if fields:
        kept["tags"] = {"request": fields["request"]}
        kept["user"] = {"id": str(fields["user"])}
    return kept  # type: ignore[return-value]  # fewer keys of the same dictionary
