"""Redacts secrets in text that other people read: log lines, and what devices sent and is shown on pages."""

import re

# The secret part of a sensor key, an API token, the token of a shared link, and the fields that consoles and platforms
# use for secrets, in a query string or in JSON.
_SECRETS = re.compile(
    r"(?P<key>sf_[a-z0-9]{8}-)[A-Za-z0-9_-]{8,}"
    r"|(?P<token>sf[ts]_)[A-Za-z0-9_-]{8,}"
    r"|(?P<field>\b(?:password|passkey|siteauthenticationkey|mac|appid|api_?key|token|p)(?:=|[\"']\s*:\s*[\"']?))"
    r"[^&\s'\"]+",
    re.IGNORECASE,
)
# A console's PASSKEY is an MD5 sum. Nothing that a device's owner needs to read has 32 such digits.
_DIGESTS = re.compile(r"\b[0-9A-F]{32}\b", re.IGNORECASE)
# Orders for the direction of text, and what is not to be seen at all; joiners are needed by some scripts.
_HIDDEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")
CUT = "…"


def redacted(text: str) -> str:
    """Return the text with every secret replaced by an ellipsis."""
    return _SECRETS.sub(lambda match: f"{match['key'] or match['token'] or match['field']}…", text)


def told(text: str, most: int) -> str:
    """Return a device's text in a form that may be stored and shown: one line of at most `most` characters."""
    storable = text[: 4 * most].encode(errors="replace").decode()
    line = " ".join(_DIGESTS.sub("…", redacted(storable)).translate(_HIDDEN).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + CUT
