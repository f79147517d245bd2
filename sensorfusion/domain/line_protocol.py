"""Parser of InfluxDB's line protocol, one point per line.

`measurement,tag=a field=1.5,other="text" 1732255200000000000`. Escapes: a backslash before a comma, an equals sign or a
blank in names and tags; before a quote or a backslash in text. Any other backslash is literal. Quoted text may contain
line ends.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

Field = float | int | str | bool


@dataclass(frozen=True, slots=True)
class Point:
    """One line."""

    line: int  # counted from 1
    measurement: str
    tags: Mapping[str, str]
    fields: Mapping[str, Field]
    timestamp: int | None

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
    [ \t]*+ (?P<key> (?: \\. | [^\\ \n]++ )++ ) [ ]+
    (?P<fields> (?: "(?:\\.|[^"\\]++)*+" | \\. | [^"\\ \n]++ )++ )
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
    r"""(?P<name> (?: \\. | [^\\,=]++ )++ ) = (?P<value> "(?:\\.|[^"\\]++)*+" | [^,"]++ ) (?P<end> , | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_TEXT_ESCAPE = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LONGEST_NUMBER = 64  # characters; longer than any measured number
_INTEGER = re.compile(r"[-+]?[0-9]{1,20}[iu]")
_TRUE, _FALSE = frozenset(("t", "T", "true", "True", "TRUE")), frozenset(("f", "F", "false", "False", "FALSE"))


def text_of(body: bytes) -> str:
    """Decode a request's body; one that is not UTF-8 is of a program that writes a Western European encoding."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def parse(text: str) -> Iterator[Point | BadLine]:
    """Parse the points of a text one after the other; an invalid line does not affect the others."""
    at, line = 0, 1
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        if text[at:end].lstrip()[:1] not in ("", "#"):
            match = _LINE.match(text, at)
            end = match.end() if match else end
            yield _point(line, match) if match else BadLine(line, "it is not measurement,tags fields timestamp")
        line += text.count("\n", at, end)
        at = end


def _point(line: int, match: re.Match[str]) -> Point | BadLine:
    measurement, *pairs = _COMMA.split(match["key"])
    tags = dict(tag for pair in pairs if (tag := _tag(pair)))
    if len(tags) != len(pairs):
        return BadLine(line, "a tag is not name=value, or is there twice")
    fields = _fields(match["fields"])
    if isinstance(fields, str):
        return BadLine(line, fields)
    stamp = match["timestamp"]
    return Point(line, _plain(measurement), tags, fields, int(stamp) if stamp else None)


def _tag(pair: str) -> tuple[str, str] | None:
    name, *value = _EQUALS.split(pair, maxsplit=1)
    return (_plain(name), _plain(value[0])) if name and value else None


def _plain(escaped: str) -> str:
    return _ESCAPE.sub(r"\1", escaped) if "\\" in escaped else escaped


def _escaped(plain: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", plain)


def _fields(text: str) -> dict[str, Field] | str:
    """Parse the fields of a point, or return what is wrong with one."""
    fields: dict[str, Field] = {}
    at = 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if not match:
            return f"{text[at : at + 32]!r} is not name=value"
        value = _value(match["value"])
        if value is None:
            return f"{match['value'][:32]!r} is no value: text needs quotes"
        fields[_plain(match["name"])] = value
        at = match.end()
        if match["end"] and at == len(text):
            return "there is nothing after the last comma"
    return fields


def _value(text: str) -> Field | None:
    if text[0] == '"':
        return _TEXT_ESCAPE.sub(r"\1", text[1:-1])
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text[:-1])
    return float(text) if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) else None


# Nanoseconds in one of each precision; v1 and v2 of the interface spell some differently.
PRECISIONS: Mapping[str, int] = MappingProxyType(
    {
        "": 1, "n": 1, "ns": 1,
        "u": 1_000, "us": 1_000, "µ": 1_000, "ms": 1_000_000,
        "s": 10**9, "m": 60 * 10**9, "h": 3_600 * 10**9,
    }
)  # fmt: skip
