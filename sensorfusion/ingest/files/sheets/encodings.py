"""Detects the encoding of a text table, and decodes bytes that are not valid in it.

Most programs write UTF-8 or a code page of Windows. A byte that is not UTF-8 is read as cp1252 where it stands, so a
file may even mix both: `°` is one byte in cp1252, and no other common character of a table looks like it.
"""

import codecs
from typing import Final

from sensorfusion.ingest.files.opening import BadTable

MIXED: Final = "sensorfusion-cp1252"  # the name of the error handler
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOSTLY: Final = 0.4  # of a UTF-16 file in Latin letters, half of the bytes are zero


def encoding_of(begin: bytes) -> str:
    """Return the encoding of a file that begins like this: UTF-16 and UTF-32 by their marks or zeros, else UTF-8."""
    for mark, name in _BOMS:
        if begin.startswith(mark):
            return name
    even, odd = begin[0::2].count(0), begin[1::2].count(0)
    if odd > _MOSTLY * len(begin[1::2]) and even < odd / 4:
        return "utf-16-le"
    if even > _MOSTLY * len(begin[0::2]) and odd < even / 4:
        return "utf-16-be"
    return "utf-8-sig"


def checked(name: str) -> str:
    """Return the name of an encoding that was asked for.

    :raises BadTable: there is no such encoding.
    """
    try:
        if codecs.lookup(name)._is_text_encoding:
            return name
    except LookupError:
        pass
    raise BadTable(f"There is no encoding {name!r}: use a name such as utf-8, cp1252, cp1250 or utf-16.")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_letter(byte) for byte in wrong), error.end


def _letter(byte: int) -> str:
    """Decode one byte; the five that cp1252 leaves out are read as Latin-1."""
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(MIXED, _as_cp1252)
