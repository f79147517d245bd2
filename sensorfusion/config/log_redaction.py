"""Takes secrets out of log lines: some devices put theirs into addresses, and a mistyped address is logged."""

import logging
import re

# A sensor's key after its public part, an API token, and the fields in which consoles and platforms have theirs.
_SECRETS = re.compile(
    r"(?P<key>sf_[a-z0-9]{8}-)[A-Za-z0-9_-]{8,}"
    r"|(?P<token>sft_)[A-Za-z0-9_-]{8,}"
    r"|(?P<field>\b(?:password|passkey|siteauthenticationkey|mac|appid|api_?key|token|p)=)[^&\s'\"]+",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Return the text with an ellipsis in place of every secret in it."""
    return _SECRETS.sub(lambda match: f"{match['key'] or match['token'] or match['field']}…", text)


class RedactingFormatter(logging.Formatter):
    """Writes a record as told, with its traceback, and then takes the secrets out."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
