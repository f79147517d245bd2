"""Writes scripts in the language of a page when static files are collected (`web/storage.py`).

In English only the marks are removed, so a text costs nothing; in another language it is replaced by its translation in
`locale/<language>/LC_MESSAGES/djangojs.mo`. A text without one stays English.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

from sensorfusion.web.languages.marked_texts import Mark, Text, marks_of, texts_of

ENGLISH: Final = "en"  # the language of the source
# The module that has the marks for pages whose scripts were not collected.
MARKS: Final = "sf/translation"

_LOCALES: Final = Path(__file__).parents[1] / "locale"
# Its import, with the empty line behind it where there is no other import.
_IMPORT: Final = re.compile(
    rf'\Aimport \{{[^}}]*\}} from "{MARKS}";\n\n?|^import \{{[^}}]*\}} from "{MARKS}";\n', re.MULTILINE
)
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_POINT: Final = ("decimal point", ".")  # the context and the text of `words/numbers.js`


def messages_of(source: str) -> list[tuple[str | None, str]]:
    """List the context and the text of all messages of a script, each once, in order."""
    return list(dict.fromkeys((each.context, each.message) for each in texts_of(source)))


def languages() -> tuple[str, ...]:
    """Return the languages that scripts are translated to."""
    return tuple(sorted(file.parents[1].name for file in _LOCALES.glob("*/LC_MESSAGES/djangojs.mo")))


def of_page() -> str:
    """Return the language of the page that is being written."""
    return get_language() or ENGLISH


@cache
def catalogue(language: str) -> NullTranslations:
    """Read the messages of a language; English has none."""
    file = _LOCALES / language / "LC_MESSAGES" / "djangojs.mo"
    if not file.is_file():
        return NullTranslations()
    with file.open("rb") as found:
        return GNUTranslations(found)


def in_language(source: str, language: str) -> str:
    """Return a module without marks, its texts in `language`."""
    marks = marks_of(source)
    if not marks and MARKS not in source:
        return source
    return _IMPORT.sub("", _Writing(source, catalogue(language)).code(0, len(source), marks))


class _Writing:
    def __init__(self, source: str, messages: NullTranslations) -> None:
        self.source = source
        self.messages = messages

    def code(self, start: int, end: int, marks: Sequence[Mark]) -> str:
        """Write the code between two places, which contains the marks."""
        parts = []
        for mark in marks:
            parts += [self.source[start : mark.start], self._mark(mark)]
            start = mark.end
        return "".join([*parts, self.source[start:end]])

    def _mark(self, mark: Mark) -> str:
        if isinstance(mark, Text):
            return self._text(mark)
        return self.code(mark.start + len("decimal"), mark.end, mark.marks) + self._pointed()

    def _pointed(self) -> str:
        point = self.messages.pgettext(*_POINT)
        return "" if point == "." else f'.replace(".",{json.dumps(point)})'

    def _text(self, text: Text) -> str:
        holes = [f"${{{self.code(each.start, each.end, each.marks)}}}" for each in text.holes]
        said = self._translation(text)
        if said == text.message:
            return _literal(text.pieces, holes)
        named = dict(zip(text.names, holes, strict=True))
        parts = _PLACEHOLDER.split(said)
        if unknown := set(parts[1::2]) - named.keys():
            raise ValueError(f"{said!r} has placeholders that {text.message!r} does not have: {unknown}")
        return _literal([_escaped(each) for each in parts[::2]], [named[each] for each in parts[1::2]])

    def _translation(self, text: Text) -> str:
        if text.context is None:
            return self.messages.gettext(text.message)
        return self.messages.pgettext(text.context, text.message)


def _literal(pieces: Sequence[str], holes: Sequence[str]) -> str:
    """Write a string as formatters do: quoted if it has no expression."""
    if not holes and not re.search(r'["\n]', pieces[0]):
        return f'"{pieces[0]}"'
    return f"`{''.join(part for pair in zip(pieces, [*holes, ''], strict=True) for part in pair)}`"


def _escaped(text: str) -> str:
    return re.sub(r"[\\`]|\$(?=\{)", r"\\\g<0>", text)
