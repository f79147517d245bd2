"""Decodes the characters of input: UTF-8 as a rule, UTF-16 by its mark or its zeros, other bytes by an older encoding.

Devices and their templates mix encodings: a degree sign is one byte where a table of cp1252 was compiled in, two where
the source file was UTF-8. Bytes that are not UTF-8 are read one by one, and the UTF-8 around them stays as it is.
"""

import codecs
from typing import Final
from urllib.parse import unquote_plus

# Bytes that are not UTF-8, as Python marks them, by their characters in cp1252, which has none for five of them.
_OLDER: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0x100)
}
# Around a text: blanks, a mark, and the zeros and Ctrl-Z that end buffers.
AROUND: Final = " \t\r\n\0\x1a\ufeff"


def decode_text(raw: bytes) -> str:
    """Decode bytes; every byte becomes some character."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    if len(raw) > 1 and raw.count(b"\0") * 3 > len(raw) and (raw[0] == 0) != (raw[1] == 0):
        return raw.decode("utf-16-be" if raw[0] == 0 else "utf-16-le", errors="replace")
    return readable(raw.decode("utf-8-sig", errors="surrogateescape"))


def in_utf8(raw: bytes) -> bytes:
    """Return text in UTF-8, so that it can be split into lines; it is unchanged unless it is marked as UTF-16."""
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return decode_text(raw).encode(errors="replace") if marked else raw


def unquote_text(quoted: str) -> str:
    """Decode a percent-encoded field; a percent sign that begins no code stays."""
    if "%" not in quoted and "+" not in quoted:
        return quoted
    return readable(unquote_plus(quoted, errors="surrogateescape"))


def readable(text: str) -> str:
    """Replace bytes that are not UTF-8, which Python marked in the text, by the characters of the older encoding."""
    return text if text.isascii() else text.translate(_OLDER)
