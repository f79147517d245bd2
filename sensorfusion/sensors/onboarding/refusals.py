"""The sentences of refusals in the reader's language, for the page that waits for the first reading.

The stream tells refusals in English, as a receipt does: `js/elements/sf-onboard.js` finds the sentence here.
"""

import json

from sensorfusion.domain.errors import ERRORS
from sensorfusion.domain.texts.translation import gettext


def sentences() -> str:
    """Return as JSON, by code, the sentence in English and in the reader's language; empty where both are the same."""
    both_of = {code: [each.message, gettext(each.message)] for code, each in ERRORS.items()}
    found = {code: both for code, both in both_of.items() if both[0] != both[1]}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""
