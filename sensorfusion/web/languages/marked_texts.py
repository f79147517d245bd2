"""Finds what is marked in a script's source: texts for readers, and numbers with a decimal point.

A text is a template literal with the tag `gettext`, or `pgettext("context")` where its words have several meanings. The
names of its `${}` are placeholders; other expressions have numbers. A number is the argument of `decimal(...)`.
There is no parser for JavaScript at run time, so this reads strings, comments, regular expressions and templates within
templates by itself. `tests/web/languages/test_marked_texts.py` compares its results with the syntax trees of modules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

NBSP: Final = "NBSP"  # the constant of `words/numbers.js`, which messages contain as the character

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<text>(?<![\w$.\#])(?:gettext|pgettext\("(?P<context>[^"\\]+)"\))`)
    |(?P<number>(?<![\w$.\#])decimal(?=\())
    |(?P<word>[\w$\#]+)
    |(?P<sign>.)
    """,
    re.DOTALL | re.VERBOSE,
)
_EXPRESSION: Final = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
# Words before which a value ends; behind any other word, and behind a closing bracket, a slash divides.
_BEFORE_VALUE: Final = frozenset(
    (
        "await",
        "case",
        "delete",
        "do",
        "else",
        "in",
        "instanceof",
        "new",
        "of",
        "return",
        "throw",
        "typeof",
        "void",
        "yield",
    )
)
_ESCAPE: Final = re.compile(r"\\(?:u\{(\w+)\}|u(\w{4})|x(\w{2})|(.))", re.DOTALL)
_CONTROLS: Final = {"n": "\n", "t": "\t", "\n": ""}
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Hole:
    """An expression in a template: where it is, between its braces, and what is marked in it."""

    start: int
    end: int
    marks: tuple["Text | Number", ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text for readers, from its tag to its closing backtick; `pieces` are as they are written, around the holes."""

    start: int
    end: int
    context: str | None
    pieces: tuple[str, ...]
    holes: tuple[Hole, ...]
    names: tuple[str, ...]  # of the holes, as in the message

    @property
    def message(self) -> str:
        """The text for translators."""
        texts = [_cooked(each) for each in self.pieces]
        if any(sign in text for text in texts for sign in "{}"):
            raise ValueError(f"a brace in a text: {texts}")
        holes = ["\u00a0" if name == NBSP else f"{{{name}}}" for name in self.names]
        return "".join(part for pair in zip(texts, [*holes, ""], strict=True) for part in pair)


@dataclass(frozen=True, slots=True)
class Number:
    """A call of `decimal`: its name begins at `start`, its bracket closes before `end`."""

    start: int
    end: int
    marks: tuple["Text | Number", ...]


Mark = Text | Number


@lru_cache(maxsize=512)  # modules are joined to many files
def marks_of(source: str) -> tuple[Mark, ...]:
    """Return the marks of a module that are not within another, in order.

    :raises ValueError: if a bracket or a template is not closed.
    """
    scan = _Scan(source)
    end = scan.code(0)
    if end != len(source):
        raise ValueError(f"closed before it was opened: {source[end : end + 40]}")
    return tuple(scan.found)


def texts_of(source: str) -> Iterator[Text]:
    """Yield every text of a module, also those within others."""
    waiting = list(marks_of(source))
    while waiting:
        mark = waiting.pop(0)
        if isinstance(mark, Text):
            yield mark
        within = mark.marks if isinstance(mark, Number) else [each for hole in mark.holes for each in hole.marks]
        waiting[:0] = within


@dataclass
class _Scan:
    source: str
    found: list[Mark] = field(default_factory=list)
    before: str = ""  # the token before, empty where a value may begin

    def code(self, at: int) -> int:
        """Read from `at` to the bracket that closes what is open there, or to the end; return the place."""
        depth = 0
        self.before = ""
        while at < len(self.source):
            token = self._next(at)
            kind, text = token.lastgroup, token[0]
            if kind in ("text", "number"):
                at = self._mark(token)
                self.before = ")"
                continue
            if text == "`":
                at = self._template(at + 1)[0]
                self.before = ")"
                continue
            if text in ("}", ")", "]") and not depth:
                return at
            depth += (text in ("{", "(", "[")) - (text in ("}", ")", "]"))
            at = token.end()
            if kind != "space":
                self.before = text
        if depth:
            raise ValueError("not closed")
        return at

    def _next(self, at: int) -> re.Match[str]:
        token = _TOKEN.match(self.source, at)
        assert token, at
        if token[0] == "/" and not self._follows_value():
            return _EXPRESSION.match(self.source, at) or token
        return token

    def _follows_value(self) -> bool:
        last = self.before[-1:]
        return self.before not in _BEFORE_VALUE and (last.isalnum() or last in tuple("_$)]}\"'"))

    def _mark(self, token: re.Match[str]) -> int:
        if token.lastgroup == "number":
            inner, end = self._within(token.end() + 1)
            self.found.append(Number(token.start(), end + 1, inner))
            return end + 1
        end, pieces, holes = self._template(token.end(), keep=False)
        self.found.append(Text(token.start(), end, token["context"], pieces, holes, self._names(holes)))
        return end

    def _template(self, at: int, keep: bool = True) -> tuple[int, tuple[str, ...], tuple[Hole, ...]]:
        """Read a template from behind its backtick; its marks are those of the code around it if `keep`."""
        pieces: list[str] = []
        holes: list[Hole] = []
        start = at
        while True:
            match self.source[at : at + 1]:
                case "":
                    raise ValueError("a template is not closed")
                case "\\":
                    at += 2
                case "`":
                    return at + 1, (*pieces, self.source[start:at]), tuple(holes)
                case "$" if self.source.startswith("${", at):
                    pieces.append(self.source[start:at])
                    marks, end = self._within(at + 2)
                    holes.append(Hole(at + 2, end, marks))
                    self.found += marks if keep else ()
                    at = start = end + 1
                case _:
                    at += 1

    def _within(self, at: int) -> tuple[tuple[Mark, ...], int]:
        """Read code between brackets by itself: its marks, and the place of the closing one."""
        inner = _Scan(self.source)
        end = inner.code(at)
        if end == len(self.source):
            raise ValueError("not closed")
        return tuple(inner.found), end

    def _names(self, holes: tuple[Hole, ...]) -> tuple[str, ...]:
        written = [self.source[each.start : each.end].strip() for each in holes]
        others = [each for each in dict.fromkeys(written) if not _NAME.fullmatch(each)]
        return tuple(str(others.index(each)) if each in others else each for each in written)


def _cooked(piece: str) -> str:
    """Return what a piece of a template stands for."""

    def character(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2] or escape[3]
        return chr(int(code, 16)) if code else _CONTROLS.get(escape[4], escape[4])

    return _ESCAPE.sub(character, piece)
