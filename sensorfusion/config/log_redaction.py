"""Redacts secrets in log records: some devices put them into URLs, and a mistyped URL is logged."""

import logging
import re

# The secret part of a sensor key, an API token, and the fields that consoles and platforms use for secrets.
_SECRETS = re.compile(
    r"(?P<key>sf_[a-z0-9]{8}-)[A-Za-z0-9_-]{8,}"
    r"|(?P<token>sft_)[A-Za-z0-9_-]{8,}"
    r"|(?P<field>\b(?:password|passkey|siteauthenticationkey|mac|appid|api_?key|token|p)=)[^&\s'\"]+",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Return the text with every secret replaced by an ellipsis."""
    return _SECRETS.sub(lambda match: f"{match['key'] or match['token'] or match['field']}…", text)


class RedactingFormatter(logging.Formatter):
    """Formats a record, including its traceback, and redacts the result."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
