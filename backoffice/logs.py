"""How a line of the log is written: Django's and gunicorn's alike, with one clock that says its zone.

A line that is written while a request is under way says which: its id, the client's address, and the user.
"""

import copy
import json
import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from gunicorn.glogging import Logger

from backoffice.gunicorn import LOG_FORMAT

LINE: Final = "%(asctime)s [%(process)d] %(levelname)s %(name)s %(message)s"
FORMATS: Final = ("text", "json")


@dataclass(frozen=True)
class Trace:
    """A request under way; `describe` tells what is known of its sender by now, and asks no database."""

    id: str
    describe: Callable[[], dict[str, object]]

    def fields(self) -> dict[str, object]:
        return {"request": self.id, **self.describe()}


present: ContextVar[Trace | None] = ContextVar("present", default=None)


class Line(logging.Formatter):
    """In UTC. Below an error it is one line: what is refused is no fault of ours, and needs no traceback."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """With the request, where the message does not name the same itself."""
        named = [f"{name}={value}" for name, value in find_fields().items()]
        return " ".join([super().formatMessage(record), *(one for one in named if not _says(record, one))])

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record) if self.takes_lines(record) else self._format_bare(record)

    def takes_lines(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR

    def _format_bare(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return " ".join(super().format(bare).split())


class OneLine(Line):
    """The message alone, whatever the level: no traceback, and no line end that a client chose."""

    def takes_lines(self, record: logging.LogRecord) -> bool:
        return False


class JsonLine(Line):
    """The same as one JSON object a line, a traceback within it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record),
            "process": record.process,
            "level": record.levelname,
            "logger": record.name,
            "message": " ".join(record.getMessage().split()),
            **find_fields(),
        }
        if record.exc_info and self.takes_lines(record):
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class OneJsonLine(JsonLine, OneLine):
    """As `OneLine`."""


class ServerLog(Logger):
    """gunicorn's own log, in the same lines: its master and its workers have two clocks otherwise."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        line = JsonLine if LOG_FORMAT == "json" else Line
        for handler in self.error_log.handlers:
            handler.setFormatter(line(LINE))


def find_fields() -> dict[str, object]:
    """What is known of the request under way; nothing outside of one."""
    trace = present.get()
    return {} if trace is None else trace.fields()


def _says(record: logging.LogRecord, field: str) -> bool:
    return f" {field} " in f" {record.message} "


def make_configuration(level: str, line_format: str) -> dict[str, Any]:
    """Django's setting `LOGGING`, for lines of one of the `FORMATS` from `level` on."""
    line, one_line = (JsonLine, OneJsonLine) if line_format == "json" else (Line, OneLine)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": line, "format": LINE},
            "one_line": {"()": one_line, "format": LINE},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"},
            "one_line": {"class": "logging.StreamHandler", "formatter": "one_line"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Its words mask who and whence, or repeat line ends: `rooms.monitoring` writes these lines.
            "axes": {"level": "ERROR"},
            # What Django refuses by itself, a foreign `Host` or a look-up that no list offers: one line each.
            "django.security": {"handlers": ["one_line"], "propagate": False},
        },
    }
