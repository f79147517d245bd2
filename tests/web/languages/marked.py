"""A language in which every translated text is between brackets: what is outside of them, no translator can reach."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Final

import pytest
from django.test import Client
from django.utils import translation

OPEN, CLOSE = "⟦", "⟧"
MARKED: Final = "marked"
SILENT: Final = ("script", "style", "code", "pre", "kbd", "samp", "template", "title")
READ: Final = ("title", "aria-label", "aria-description", "alt", "placeholder")
VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
WORD: Final = re.compile(r"[^\W\d_]{2,}")


@contextmanager
def marked_texts() -> Iterator[None]:
    """Translate every text of German pages into itself, between brackets, for the block; English stays plain."""
    known = translation._trans  # type: ignore[attr-defined]
    chosen = known.get_language

    def language() -> str | None:
        return MARKED if chosen() in ("de", MARKED) else chosen()  # what is remembered is not that of another test

    def said(message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message and language() == MARKED else message

    functions = {
        "get_language": language,
        "gettext": said,
        "pgettext": lambda context, message: said(message),
        "ngettext": lambda one, many, number: said(one if number == 1 else many),
        "npgettext": lambda context, one, many, number: said(one if number == 1 else many),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, function in functions.items():
            patch.setattr(known, name, function)
        yield
    translation.deactivate()  # a page that has ended went back to the language that it thought it came from


def reading_german(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


class Unmarked(HTMLParser):
    """Collects the texts of a page that are outside of brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID and (
            tag in SILENT or self._silent or "data-same" in given or given.get("translate") == "no"
        ):
            self._silent.append(tag)
        if not self._depth and not self._silent:
            self.found += [outside for name in READ if (outside := _outside(given.get(name) or ""))]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        for piece in re.split(f"([{OPEN}{CLOSE}])", data):
            if piece in (OPEN, CLOSE):
                self._depth += 1 if piece == OPEN else -1
            elif not self._depth and not self._silent and WORD.search(piece):
                self.found.append(" ".join(piece.split()))


def _outside(text: str) -> str:
    while text != (text := re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text)):
        pass
    return text.strip() if WORD.search(text) else ""


def unmarked(html: str) -> Iterator[str]:
    """Return what a reader of a page sees that was not translated."""
    parser = Unmarked()
    parser.feed(html)
    yield from parser.found
