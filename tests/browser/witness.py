"""Observes a page's console messages, requests, and WebSocket frames."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

HERE = ("127.0.0.1", "localhost")
_LOUD = ("error", "warning")
# Chromium rejects a promise that no page can reach when a second navigation begins before the first page is shown.
_OF_THE_BROWSER = r"^uncaught: Transition was aborted because of invalid state\. Page already revealed$"


@dataclass
class Witness:
    """Watches every page of a test; at its end there must be no message that the test did not expect."""

    complaints: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._note)
        context.on("request", self._follow)
        context.on("requestfailed", self._forget)

    def expect(self, *patterns: str) -> None:
        """Allow messages like these: a browser logs an error when a server is down."""
        self._expected += patterns

    @property
    def unexpected(self) -> list[str]:
        return [
            each
            for each in self.complaints
            if not any(re.search(known, each) for known in [_OF_THE_BROWSER, *self._expected])
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in _LOUD:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _note(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in HERE:
            self.abroad.append(request.url)

    def _forget(self, request: Request) -> None:
        """Requests refused by the policy never leave the browser; the console logs them."""
        if request.failure == "csp" and request.url in self.abroad:
            self.abroad.remove(request.url)


@dataclass
class Traffic:
    """The requests and the socket frames of one page; create it before the page is opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", self._listen)

    def forget(self) -> None:
        """Count from here on."""
        self.requests.clear()
        self.frames.clear()

    def of_type(self, name: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == name]

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda text: self.frames.append(json.loads(text)))
