"""Parser for request headers as people write them: one `Name: value` per line."""

import re
from collections.abc import Mapping

from sensorfusion.ingest.polling.fetching import OUR_HEADERS

MOST = 20
_LINE = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}):[ \t]*([\x21-\x7e][\x20-\x7e\t]*)")


class BadHeaders(ValueError):
    """A line cannot be parsed; the message names the line, but repeats nothing that may be secret."""


def parse_headers(text: str) -> Mapping[str, str]:
    """Parse the lines.

    :raises BadHeaders: for the first line that cannot be parsed.
    """
    headers: dict[str, str] = {}
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadHeaders(f"Line {number} is not like X-API-Key: 0123abc, in plain ASCII.")
        if match[1].lower() in OUR_HEADERS:
            raise BadHeaders(f"Line {number}: {match[1]} is set by the server.")
        headers[match[1]] = match[2].rstrip()
    if len(headers) > MOST:
        raise BadHeaders(f"At most {MOST} headers are sent.")
    return headers
