"""How a line of the log is written: Django's and gunicorn's alike, with one clock that says its zone."""

import copy
import logging
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

LINE = "%(asctime)s [%(process)d] %(levelname)s %(name)s %(message)s"


class Line(logging.Formatter):
    """In UTC. Below an error it is one line: what is refused is no fault of ours, and needs no traceback."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

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


class ServerLog(Logger):
    """gunicorn's own log, in the same lines: its master and its workers have two clocks otherwise."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Line(LINE))
