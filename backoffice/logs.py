"""What our log lines leave out."""

import logging


class WithoutTraceback(logging.Filter):
    """A refusal is one line: where in Django it was decided tells nobody anything."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True
