"""A page as a tree of elements, read with Python's own parser."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, Union

VOID: Final = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))

Node = Union["Element", str]


@dataclass(eq=False)
class Element:
    """An element; its texts are strings among its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """Return whether the element itself can be read; one that is `hidden` waits for the script."""
        return "hidden" not in self.attributes and self.tag not in ("script", "style", "template")

    @property
    def text(self) -> str:
        """All text that is shown, its white space folded; a no-break space is white space."""
        return " ".join("".join(self._texts()).split()) if self.is_shown else ""

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.is_shown:
                yield from child._texts()

    def walk(self) -> Iterator["Element"]:
        """Yield the elements below this one in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, tag: str = "", *, of: str = "", **attributes: str) -> list["Element"]:
        """Return the elements below this one with a tag, a class, and attributes (`data_fact` is data-fact)."""
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if tag in ("", each.tag)
            and (not of or of in each.attributes.get("class", "").split())
            and all(each.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", *, of: str = "", **attributes: str) -> "Element":
        """Return the first such element, an empty one if there is none."""
        found = self.all(tag, of=of, **attributes)
        return found[0] if found else Element("nothing")


def parsed(html: str) -> Element:
    """Return the document of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attributes)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._add(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def _add(self, tag: str, attributes: list[tuple[str, str | None]]) -> Element:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self._open[-1].children.append(element)
        return element
