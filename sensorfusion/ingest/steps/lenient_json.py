"""JSON as devices write it: read leniently where a strict decoder refuses it, so that one value never costs the others.

Programs that print JSON by hand write `nan` for a broken probe, nothing for a missing one, `+5`, `.5`, `080` or `ON`,
a comma after the last value, a byte order mark, bytes of an older encoding. Each of these is rewritten to JSON, and
only outside of strings; in strings, escapes that do not exist keep their backslash, and half a character becomes
U+FFFD. Comments, single quotes, unquoted names and decimal commas are not read: there is more than one way to read
them. NaN becomes null, a missing value; Infinity stays, and is rejected by the checks under its name.

Every pattern is possessive and every token is looked at once, so the time is linear in the length of the text.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from sensorfusion.domain.encodings import decode_text
from sensorfusion.domain.repeated import without_repeats

# A rewritten value takes about 2 µs; ten for each of the 10,000 readings of the largest request take 0.2 s.
MOST_MENDS: Final = 100_000
# JSON knows four blanks. Buffers also end with NUL or Ctrl-Z, and texts pass through editors and web pages.
_BLANK = r"[\s\x00-\x20\x7f\u200b\ufeff]"
_END = r"(?=[\s\x00-\x20\x7f\u200b\ufeff\[\]{}:,\"]|\Z)"
_ESCAPE = r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})'
_VALID = re.compile(
    rf"""(?> [ \t\r\n]++
           | "(?>[^"\\]++|{_ESCAPE})*+"
           | (?:-?+(?:0|[1-9][0-9]{{0,300}}+)(?>\.[0-9]++)?+(?>[eE][-+]?+[0-9]++)?+|true|false|null){_END}
           | [\]}}] | [\[{{](?!{_BLANK}*+,) | :(?!{_BLANK}*+[,}}]) | ,(?!{_BLANK}*+(?:[,\]}}]|\Z)) )*+""",
    re.VERBOSE,
)
_ODD = re.compile(
    rf"""(?P<blanks> {_BLANK}++ )
       | (?P<commas> (?>(?P<opened> [\[{{]{_BLANK}*+ ))?+ ,(?>{_BLANK}*+,)*+ )
       | (?P<colon> : )
       | (?P<text> "(?>[^"\\]++|\\.)*+" )
       | (?P<word> (?>(?!{_BLANK})[^\[\]{{}}:,"])++ )""",
    re.VERBOSE | re.DOTALL,
)
_CLOSES = re.compile(rf"{_BLANK}*+(?:[\]}}]|\Z)")
_KEY = re.compile(rf'{_BLANK}*+"(?>[^"\\]++|\\.)*+"{_BLANK}*+:', re.DOTALL)
_ESCAPES = re.compile(_ESCAPE + r"|\\")
_PAIRS = re.compile(r"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..")
_HALF = re.compile(r"\\u[dD][89a-fA-F]..")
_NUMERAL = re.compile(r"[-+]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?>[eE][-+]?[0-9]++)?+")
_WORD = re.compile(r"(?![/#'`<])[^'`\\]{1,64}")
# What printf and its kin print: C and Arduino, Microsoft's C, JavaScript, Python, Go, spreadsheets.
_NAN: Final = frozenset(("nan", "nan(ind)", "nan(snan)", "1.#nan", "1.#qnan", "1.#snan", "1.#ind"))
_INFINITE: Final = frozenset(("inf", "infinity", "1.#inf", "ovf"))
_LITERALS: Final = {
    "null": "null", "none": "null", "nil": "null", "undefined": "null", "true": "true", "false": "false"
}  # fmt: skip


class NotMendable(ValueError):
    """The text is not JSON, and cannot be read safely as any."""


def decode_leniently(text: bytes) -> Any:
    """Decode one value of JSON as devices write it; a name with two values in one object is `Repeated`.

    :raises NotMendable: it cannot be read safely.
    """
    try:
        return json.loads(_halves(_mended(decode_text(text))), strict=False, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError) as error:
        raise NotMendable(str(error)) from None


def _mended(text: str) -> str:
    """Return the text with everything outside of strings rewritten to JSON."""
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    at = mends = 0
    while at < len(text):
        valid = _VALID.match(text, at)
        assert valid  # it matches the empty text too
        yield valid[0]
        at = valid.end()
        odd = _ODD.match(text, at)
        if odd is None:
            yield text[at:]  # not even a token; the decoder says where
            return
        mends += 1
        if mends > MOST_MENDS:
            raise NotMendable(f"more than {MOST_MENDS:,} values are not JSON")
        yield _MENDS[str(odd.lastgroup)](odd)
        at = odd.end()


def _blanks(odd: re.Match[str]) -> str:
    return " "


def _commas(odd: re.Match[str]) -> str:
    """Drop commas without a value: before a closing bracket, and between members; elsewhere null takes the place."""
    count, opened = odd["commas"].count(","), (odd["opened"] or "")[:1]
    if opened == "{" or _CLOSES.match(odd.string, odd.end()):
        return opened
    if opened:
        return opened + "null," * count
    return "," if _KEY.match(odd.string, odd.end()) else "," + "null," * (count - 1)


def _colon(odd: re.Match[str]) -> str:
    """Put null after a name without a value, as a template writes it for a sensor that is away."""
    return ":null"


def _text(odd: re.Match[str]) -> str:
    r"""Double the backslashes that begin no escape of JSON, as in "C:\data" or "\x41"."""
    return _ESCAPES.sub(lambda escape: escape[0] if len(escape[0]) > 1 else r"\\", odd["text"])


def _word(odd: re.Match[str]) -> str:
    """Rewrite what stands in place of a value: NaN, Infinity, a literal, a number, or text without quotes."""
    word = odd["word"]
    folded = word.lower()
    bare = folded.lstrip("+-")
    if bare in _NAN:
        return "null"
    if bare in _INFINITE:
        return "-Infinity" if folded.startswith("-") else "Infinity"
    if literal := _LITERALS.get(folded):
        return literal
    if _NUMERAL.fullmatch(word):
        return _number(word)
    return json.dumps(word) if _before(odd) in (":", "[", ",") and _WORD.fullmatch(word) else word


def _number(word: str) -> str:
    """Write a number as JSON does; an integer of hundreds of digits is beyond any range."""
    try:
        return repr(int(word)) if len(word) < 20 else repr(float(word)).replace("inf", "Infinity")
    except ValueError:
        return repr(float(word)).replace("inf", "Infinity")


def _before(odd: re.Match[str]) -> str:
    """Return the last character before a token that is no blank."""
    at = odd.start() - 1
    while at >= 0 and _IS_BLANK.match(odd.string, at):
        at -= 1
    return odd.string[at] if at >= 0 else ""


def _halves(text: str) -> str:
    """Replace escapes of half a character, which cannot be stored or sent."""
    if not _HALF.search(text):
        return text
    return _PAIRS.sub(lambda found: r"\ufffd" if len(found[0]) == 6 else found[0], text)


_IS_BLANK = re.compile(_BLANK)
_MENDS: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "blanks": _blanks, "commas": _commas, "colon": _colon, "text": _text, "word": _word
}  # fmt: skip
