"""Parser of InfluxDB's line protocol, one point per line.

`measurement,tag=a field=1.5,other="text" 1732255200000000000`. Escapes: a backslash before a comma, an equals sign or a
blank in names and tags; before a quote or a backslash in text. Any other backslash is literal. Quoted text may contain
line ends.

A value that the protocol does not know does not cost the line: NaN and nothing are missing values, infinity is a number
for the checks to reject, and any other word is the text that it would be in quotes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from sensorfusion.domain.line_protocol.plain import Plain, plain_line
from sensorfusion.domain.numerals import is_infinite, is_missing
from sensorfusion.domain.repeated import Repeated, without_repeats

# A point is one reading, of which 500 quantities can be stored. Each field is identified by the key and its own name.
MOST_FIELDS = 2_000
LONGEST_KEY = 1_024

Field = float | int | str | bool | Repeated | None


class Point(NamedTuple):
    """One line."""

    line: int  # counted from 1
    measurement: str
    tags: Mapping[str, str]
    fields: Mapping[str, Field]
    timestamp: int | None
    key: str = ""  # measurement and tags as they were written; the same key has the same measurement and tags

    @property
    def name_characters(self) -> int:
        """How long the names of all fields are with their series."""
        return len(self.fields) * len(self.key)

    def series(self, *, without: str = "") -> str:
        """Return the key of the point's series, with its tags in order; one tag may be left out."""
        tags = (f",{_escaped(name)}={_escaped(value)}" for name, value in sorted(self.tags.items()) if name != without)
        return _escaped(self.measurement) + "".join(tags)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be parsed, and why."""

    line: int
    detail: str


# Possessive, without backtracking: parsing takes time linear in the length, also for a line of megabytes.
_LINE = re.compile(
    r"""
    [ \t]*+ (?P<key> (?> \\. | [^\\ \n]++ )++ ) [ ]+
    (?P<fields> (?> "(?>\\.|[^"\\]++)*+" | \\. | [^"\\ \n]++ )++ )
    (?: [ ]+ (?P<timestamp> -?[0-9]{1,19} ) )?
    [ \t]* \r? (?: \n | \Z )
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMA = re.compile(r"(?<!\\),")
_EQUALS = re.compile(r"(?<!\\)=")
_ESCAPE = re.compile(r"\\([,= ])")
_TO_ESCAPE = re.compile(r"[,= ]")
_FIELD = re.compile(
    r"""(?P<name> (?> \\. | [^\\,=]++ )++ ) = (?P<value> "(?>\\.|[^"\\]++)*+" | [^,"]*+ ) (?P<end> , | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_TEXT_ESCAPE = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LONGEST_NUMBER = 64  # characters; longer than any measured number
_INTEGER = re.compile(r"[-+]?[0-9]{1,20}[iu]")
_TRUE, _FALSE = frozenset(("t", "T", "true", "True", "TRUE")), frozenset(("f", "F", "false", "False", "FALSE"))


def parse(text: str) -> Iterator[Point | BadLine]:
    """Parse the points of a text one after the other; an invalid line does not affect the others."""
    for line, found in _lines(text):
        if isinstance(found, Plain):
            yield Point(line, *found.series, found.fields, found.timestamp, found.key)
        else:
            yield _point(line, found) if found else BadLine(line, "it is not measurement,tags fields timestamp")


def line_numbers(text: str) -> Iterator[int]:
    """Yield the numbers of the lines that `parse` yields, without the fields of unusual ones."""
    return (line for line, _ in _lines(text))


def _lines(text: str) -> Iterator[tuple[int, Plain | re.Match[str] | None]]:
    """Yield each line that is neither blank nor a comment, by its number, in its parts if it has them."""
    at, line = 0, 1
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        content = text[at:end]
        if plain := plain_line(content.removesuffix("\n")):
            yield line, plain
        elif content.lstrip()[:1] not in ("", "#"):
            match = _LINE.match(text, at)
            end = match.end() if match else end
            yield line, match
        line += 1 if plain else text.count("\n", at, end)
        at = end


def _point(line: int, match: re.Match[str]) -> Point | BadLine:
    if len(match["key"]) > LONGEST_KEY:
        return BadLine(line, f"its measurement and tags have more than {LONGEST_KEY:,} characters")
    measurement, *pairs = _COMMA.split(match["key"])
    tags = dict(tag for pair in pairs if (tag := _tag(pair)))
    if len(tags) != len(pairs):
        return BadLine(line, "a tag is not name=value, or is there twice")
    fields = _fields(match["fields"])
    if isinstance(fields, str):
        return BadLine(line, fields)
    stamp = match["timestamp"]
    return Point(line, _plain(measurement), tags, fields, int(stamp) if stamp else None, match["key"])


def _tag(pair: str) -> tuple[str, str] | None:
    name, *value = _EQUALS.split(pair, maxsplit=1)
    return (_plain(name), _plain(value[0])) if name and value else None


def _plain(escaped: str) -> str:
    return _ESCAPE.sub(r"\1", escaped) if "\\" in escaped else escaped


def _escaped(plain: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", plain)


def _fields(text: str) -> Mapping[str, Field] | str:
    """Parse the fields of a point, or return what is wrong with one."""
    fields: list[tuple[str, Field]] = []
    at = 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if not match:
            return f"{text[at : at + 32]!r} is not name=value"
        fields.append((_plain(match["name"]), _value(match["value"])))
        if len(fields) > MOST_FIELDS:
            return f"it has more than {MOST_FIELDS:,} fields"
        at = match.end()
        if match["end"] and at == len(text):
            return "there is nothing after the last comma"
    return without_repeats(fields)  # type: ignore[return-value]  # of fields


def _value(text: str) -> Field:
    if text.startswith('"'):
        return _TEXT_ESCAPE.sub(r"\1", text[1:-1])
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text[:-1])
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return float(text)
    return _word(text)


def _word(text: str) -> Field:
    if is_infinite(text):
        return -inf if text.startswith("-") else inf
    return None if is_missing(text, kind="") else text


# Nanoseconds in one of each precision; v1 and v2 of the interface spell some differently.
PRECISIONS: Mapping[str, int] = MappingProxyType(
    {
        "": 1, "n": 1, "ns": 1,
        "u": 1_000, "us": 1_000, "µ": 1_000, "ms": 1_000_000,
        "s": 10**9, "m": 60 * 10**9, "h": 3_600 * 10**9,
    }
)  # fmt: skip
