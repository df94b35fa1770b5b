"""How a line of the log is written where the console's own way says too much."""

import copy
import logging


class OneLine(logging.Formatter):
    """The message alone: no traceback, and no line end that a client chose."""

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        bare.exc_info = bare.exc_text = bare.stack_info = None
        return " ".join(super().format(bare).split())
