"""Redacts secrets in log records: some devices put them into URLs, and a mistyped URL is logged."""

import logging

from sensorfusion.domain.redaction import redacted


class RedactingFormatter(logging.Formatter):
    """Formats a record, including its traceback, and redacts the result."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
