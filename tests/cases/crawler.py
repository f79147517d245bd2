"""Follows every address in the pages of a site: links, forms, assets, and what scripts and style sheets are given."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

_ATTRIBUTES = ("href", "src", "action", "data-root", "poster", "formaction")
_PAGE_DATA = ("live", "api", "sign_in")
_IN_STYLES = re.compile(r"""url\(\s*["']?([^"')]+)""")
# An address in a text for people and devices, such as an example: up to what cannot be part of it.
_SHOWN = re.compile(r"https?://[^\s\"'<>&\\)]+")


_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9W-]*[0-9][0-9W-]*")
MOST_ALIKE = 16


@dataclass
class Crawler:
    """Requests each page below `root` once; `outside` are the addresses on the same host that are not below it."""

    client: httpx2.Client
    root: str  # http://127.0.0.1:8080/sf/
    answers: dict[str, int] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    outside: set[tuple[str, str]] = field(default_factory=set)
    alike: Counter[str] = field(default_factory=Counter)

    def crawl(self, *paths: str) -> None:
        waiting = [urljoin(self.root, path) for path in paths]
        self.given.update(waiting)
        while waiting:
            page = waiting.pop()
            key = urlsplit(page)._replace(query="", fragment="").geturl()
            if key in self.answers or not self._is_of_interest(key):
                continue
            answer = self.client.get(page)
            self.answers[key] = answer.status_code
            waiting += self._to_follow(page, answer)

    def _is_of_interest(self, page: str) -> bool:
        """Return whether few addresses were alike but for ids and dates: each week of a sensor has a report."""
        shape = _VARYING.sub("*", urlsplit(page).path)
        self.alike[shape] += 1
        return self.alike[shape] <= MOST_ALIKE

    @property
    def failed(self) -> dict[str, int]:
        """The addresses that did not answer, but for those of forms (405) that no link leads to."""
        no_page = {page for page in self.given if self.answers.get(page) == 405}
        return {page: status for page, status in self.answers.items() if status >= 400 and page not in no_page}

    def _to_follow(self, page: str, answer: httpx2.Response) -> Iterator[str]:
        for found, is_followed in addresses_in(answer):
            address = urljoin(page, found)
            if urlsplit(address).netloc != urlsplit(self.root).netloc:
                continue
            if not f"{address}/".startswith(self.root):
                self.outside.add((page, found))
            elif is_followed:
                yield address


def addresses_in(answer: httpx2.Response) -> Iterator[tuple[str, bool]]:
    """Yield the addresses of a response, and whether a GET of each is to be expected to work."""
    if location := answer.headers.get("location"):
        yield location, True
    match answer.headers.get("content-type", "").partition(";")[0]:
        case "text/html":
            yield from _Page.read(answer.text)
        case "text/css":
            yield from ((found, not found.startswith("#")) for found in _IN_STYLES.findall(answer.text))
        case "application/json":
            yield from _in_json(answer.json())


def _in_json(value: Any) -> Iterator[tuple[str, bool]]:
    match value:
        case dict():
            for each in value.values():
                yield from _in_json(each)
        case list():
            for each in value:
                yield from _in_json(each)
        case str() if _SHOWN.fullmatch(value):
            yield value, True


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []
        self._script = ""

    @classmethod
    def read(cls, text: str) -> list[tuple[str, bool]]:
        page = cls()
        page.feed(text)
        return page.found

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._script = (given.get("type") or given.get("id") or "") if tag == "script" else ""
        is_post = tag in ("form", "button") and (given.get("method") or "").lower() == "post"
        for name in _ATTRIBUTES:
            value = given.get(name)
            if value is not None and not value.startswith(("#", "data:", "mailto:", "javascript:")):
                self.found.append((value, not is_post))

    def handle_endtag(self, tag: str) -> None:
        self._script = ""

    def handle_data(self, text: str) -> None:
        if self._script == "importmap":
            self.found += [(each, True) for each in json.loads(text)["imports"].values()]
        elif self._script == "application/json" and text.startswith("{"):
            data = json.loads(text)
            self.found += [(data[name], False) for name in _PAGE_DATA if data.get(name)]
        self.found += [(each.rstrip(".,:;?"), False) for each in _SHOWN.findall(text)]
