"""Formats log records, and redacts secrets in them: some devices put them into URLs, and a mistyped URL is logged."""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from sensorfusion.domain.log_context import log_context
from sensorfusion.domain.redaction import redacted

_STANDARD: Final = logging.LogRecord("", 0, "", 0, "", (), None).__dict__.keys() | {"asctime", "message", "taskName"}


class RedactingFormatter(logging.Formatter):
    """Formats a record, including what it is about and its traceback, and redacts the result."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # the name that logging calls
        about = " ".join(f"{name}={value}" for name, value in log_context().items())
        return f"{super().formatMessage(record)}{about and f' [{about}]'}"

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class JsonFormatter(RedactingFormatter):
    """Formats a record as one JSON object on one line, with what it is about and the members of its `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **log_context(),
            **{name: value for name, value in record.__dict__.items() if name not in _STANDARD},
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: _plain(value) for name, value in said.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else redacted(str(value))
