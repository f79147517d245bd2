"""Names of quantities: which are allowed, and how names that people write are folded to allowed ones.

`Außentemperatur °C` becomes `Aussentemperatur_degC`. Different names may fold to the same one; `ingest.steps.naming`
tells them apart and remembers which is which.
"""

import re
from functools import lru_cache
from hashlib import sha256

from anyascii import anyascii

LONGEST = 64
LONGEST_WHICH = 24  # characters that distinguish a further source of a quantity
_ALLOWED = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]*\Z")
_OTHERS = re.compile(r"[^A-Za-z0-9_.:-]+")
_MOST_READ = 256  # characters; what follows shows only in the digest


def is_allowed(name: str) -> bool:
    """Return whether this is the name of a quantity: 1 to 64 letters, digits and _ . : - after a first letter."""
    return len(name) <= LONGEST and _ALLOWED.match(name) is not None


def fold(text: str, *, longest: int = LONGEST) -> str:
    """Return an allowed name that reads like the text, in any script; an allowed name stays as it is."""
    if len(text) <= longest and is_allowed(text):
        return text
    folded = _letters(text[:_MOST_READ]).strip("_.:-")
    if not folded[:1].isalpha():
        folded = f"x_{folded}" if folded else "x"
    return folded[:longest].rstrip("_.:-")


def fold_which(text: str) -> str:
    """Return what distinguishes a source, such as an address, in the form in which names hold it; may be empty."""
    return _letters(text[:_MOST_READ]).replace(":", "").lower().strip("_.-")[:LONGEST_WHICH]


def fold_apart(text: str) -> str:
    """Return an allowed name that no other text has: a folded name with a digest of the text."""
    if is_allowed(text):
        return text
    digest = sha256(text.encode(errors="backslashreplace")).hexdigest()[:10]
    return f"{fold(text, longest=LONGEST - len(digest) - 1)}.{digest}"


@lru_cache(maxsize=4_096)
def _letters(text: str) -> str:
    """Return the text in allowed letters; the apostrophe of a soft sign or an elision is dropped."""
    return _OTHERS.sub("_", anyascii(text).replace("'", ""))
