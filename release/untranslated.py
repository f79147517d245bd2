"""Text in templates that is not marked for translation: `python -m release.untranslated sensorfusion/sensors`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.template.base import Lexer, Token, TokenType

PACKAGE: Final = Path(__file__).parents[1] / "sensorfusion"
# Attributes that people read.
_ATTRIBUTE: Final = re.compile(r'\b(title|aria-label|aria-description|alt|placeholder|summary|label)="([^"]*)"')
_CONTENT: Final = re.compile(r'<meta[^>]*name="description"[^>]*content="([^"]*)"')
_HIDDEN: Final = re.compile(r"<(script|style|code|pre|kbd|samp|svg:defs)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ARGUMENT: Final = re.compile(r"""(?<!_\()(["'])((?:(?!\1).)*)\1""")
_FILTERED: Final = re.compile(r"""\|(?:default|default_if_none|yesno|pluralize|add):(["'])((?:(?!\1).)*)\1""")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_MACHINES: Final = ("page", "modules", "styles", "body_class", "kind")  # blocks that hold names for scripts and styles
_VALUE: Final = "\x00"  # where a tag or a variable stands
# Words that are the same in every language: names, units, and what devices are told.
SAME: Final = frozenset(
    (
        *(
            "SensorFusion",
            "API",
            "JSON",
            "NDJSON",
            "CSV",
            "URL",
            "HTTP",
            "HTTPS",
            "MQTT",
            "UTC",
            "QR",
            "PNG",
            "PDF",
            "SVG",
            "SSID",
        ),
        *("TLS", "IP", "ID", "Excel", "Parquet", "ntfy", "Grafana", "Python", "Arduino", "MicroPython", "ESPHome"),
        *("Tasmota", "Home", "Assistant", "OpenAPI", "Swagger", "Redoc", "hPa", "km", "cm", "mm", "min", "kB", "MB"),
        *("GB", "kWh"),
    )
)


class Found(NamedTuple):
    """A text of a template's line."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def unmarked(path: Path) -> Iterator[Found]:
    """Find the texts of a template, and of its attributes and arguments, that no translation tag is around."""
    source = path.read_text(encoding="utf-8")
    text, arguments = _without_tags(Lexer(source).tokenize())
    for line, argument in arguments:
        if _is_text(argument):
            yield Found(path, line, argument)
    text = _HIDDEN.sub(_blank, text)
    for match in [*_ATTRIBUTE.finditer(text), *_CONTENT.finditer(text)]:
        if _is_text(match[match.lastindex or 1]):
            yield Found(path, text.count("\n", 0, match.start()) + 1, match[match.lastindex or 1].strip())
    for number, content in enumerate(_TAG.sub(_blank, text).split("\n"), 1):
        if _is_text(content):
            yield Found(path, number, " ".join(content.replace(_VALUE, "…").split()).strip("… "))


def _without_tags(tokens: list[Token]) -> tuple[str, list[tuple[int, str]]]:
    """Return the text with a sign for each tag, and the text arguments of tags with their lines."""
    parts: list[str] = []
    arguments: list[tuple[int, str]] = []
    is_marked, block = False, ""
    for token in tokens:
        lines = "\n" * token.contents.count("\n")
        if token.token_type == TokenType.TEXT:
            parts.append(lines if is_marked or block in _MACHINES else token.contents)
            continue
        parts.append(_VALUE + lines)
        name, *rest = token.contents.split() or [""]
        if token.token_type == TokenType.BLOCK and name in ("block", "endblock"):
            block = rest[0] if name == "block" else ""
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "comment"):
            is_marked = True
        elif token.token_type == TokenType.BLOCK and name in ("endblocktranslate", "endcomment"):
            is_marked = False
        elif token.token_type == TokenType.BLOCK and name in ("include", "icon", "contents", "with"):
            found = _ARGUMENT.findall(token.contents.split(" with ", 1)[-1]) if name == "include" else []
            arguments += [(token.lineno or 0, each) for _, each in found if " " in each or each[:1].isupper()]
        elif token.token_type == TokenType.VAR:
            arguments += [(token.lineno or 0, each) for _, each in _FILTERED.findall(token.contents)]
    return "".join(parts), arguments


def _is_text(text: str) -> bool:
    return any(word not in SAME for word in _WORD.findall(re.sub(r"&\w+;", " ", text)))


def _blank(match: re.Match[str]) -> str:
    return _VALUE + "\n" * match[0].count("\n")


def main(folders: list[str]) -> int:
    paths = [path for folder in folders or [str(PACKAGE)] for path in Path(folder).rglob("templates/**/*.html")]
    found = [each for path in sorted(paths) for each in unmarked(path)]
    print(*found, sep="\n")
    print(f"{len(found)} texts", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
