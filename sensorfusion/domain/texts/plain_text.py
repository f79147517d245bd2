"""Which texts can be stored, and which are plain: one line without characters that cannot be seen.

A name with line breaks, marks that reverse the order of letters, or letters without width imitates another name in
lists and logs. The patterns are written for Python and for ECMAScript, because the API's description has them too.
"""

import re
from typing import Final

# Controls with line breaks and tabs; the soft hyphen; marks of direction; letters without width; line separators.
_UNSEEN: Final = r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
# Joiners have no width either, but emoji, Persian and the scripts of India need them; letters of Europe do not.
_JOINED: Final = r"(?![\s\S]*[\u0000-\u052f][\u200c\u200d])"
# Halves of characters are not in it: to ECMAScript without the flag `u`, every emoji is two of them.
PLAIN: Final = rf"^{_JOINED}[^{_UNSEEN}]*$"

_plain: Final = re.compile(PLAIN.replace("$", r"\Z"))


def is_storable(text: str) -> bool:
    """Return whether PostgreSQL takes the text: it refuses NUL and halves of characters."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def is_plain(text: str) -> bool:
    """Return whether the text is one line without unseen characters."""
    return _plain.match(text) is not None and is_storable(text)
