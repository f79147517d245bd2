"""One folding of texts that are compared without case: names of sensors, external ids, e-mail addresses.

Only this function folds, and its result is stored, so that Python and PostgreSQL cannot disagree: `lower()`, `upper()`
and `casefold()` map letters such as the dotless i and the long s differently, and in SQL by the database's locale.
"""

import unicodedata

# A letter can unfold to eighteen. This many fit into an index entry of PostgreSQL, at 4 bytes each.
LONGEST = 500
# Turkish letters of which case mapping makes an i, or an i with a combining dot.
_LETTERS_I = str.maketrans({"ı": "i", "İ": "i"})


def fold(text: str) -> str:
    """Return a text for comparison: compatible forms, case, invisible characters and runs of spaces do not count."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    plain = unicodedata.normalize("NFKC", visible).translate(_LETTERS_I).casefold()
    folded = " ".join(unicodedata.normalize("NFKC", plain).split())
    return (folded or text)[:LONGEST]
