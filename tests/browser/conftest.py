"""A real browser, a real platform, and people with sensors of their own in every test."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import PASSWORD, Person, address_of
from tests.browser.server import Server, free_port
from tests.browser.witness import Witness
from tests.patience import PATIENCE_MS
from tests.plugins.chromium import launch_arguments

# A page answers in milliseconds; two busy cores may need longer. Waiting costs nothing when all is well.

_numbers = itertools.count(1)


class Visit(Protocol):
    def __call__(self, path: str, person: Person | None = None, **context: Any) -> Page: ...


class Window(Protocol):
    def __call__(self, person: Person | None = None, **context: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed browser. Here and not in the plugin, whose fixtures Playwright's own would override."""
    ours = launch_arguments()
    given = browser_type_launch_args.get("args", [])
    return {**browser_type_launch_args, **ours, "args": [*given, *ours["args"]]}


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def elsewhere_port() -> int:
    """The port of another site, whose pages may use the API."""
    return int(free_port())


@pytest.fixture(scope="session")
def running(elsewhere_port: int) -> Iterator[Server]:
    """The platform of all browser tests.

    As root PostgreSQL runs under another account, which must be able to enter its directory.
    """
    directory = Path(tempfile.mkdtemp(prefix="sf-browser-"))
    server = Server(directory / "data", given={"CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{elsewhere_port}"})
    yield server
    server.end()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def server(running: Server) -> Server:
    """The running platform, also after a test stopped it."""
    running.start()
    return running


@pytest.fixture
def sign_up(server: Server) -> Iterator[Callable[[str], Person]]:
    """Create a person with an account of their own, different in every test."""
    people: list[Person] = []

    def make(name: str) -> Person:
        people.append(Person.sign_up(server.url, f"{name} {next(_numbers)}"))
        return people[-1]

    yield make
    for person in people:
        person.close()


@pytest.fixture
def ada(sign_up: Callable[[str], Person]) -> Person:
    return sign_up("Ada")


@pytest.fixture
def root(server: Server) -> Iterator[Person]:
    """An administrator of the installation."""
    name = f"Root {next(_numbers)}"
    server.make_administrator(email=address_of(name), name=name, password=PASSWORD)
    person = Person.sign_in(server.url, name)
    yield person
    person.close()


@pytest.fixture
def witness() -> Iterator[Witness]:
    """Watches every page of the test: an error in the console fails it, and so does a request to another server."""
    watching = Witness()
    yield watching
    assert not watching.unexpected
    assert not watching.abroad


@pytest.fixture
def window(new_context: Callable[..., BrowserContext], server: Server, witness: Witness) -> Window:
    """Open an empty tab in a browser of its own, signed in as an operator or not."""

    def open_one(person: Person | None = None, **context: Any) -> Page:
        made = new_context(**{"base_url": server.url, "viewport": {"width": 1360, "height": 1000}, **context})
        made.set_default_timeout(PATIENCE_MS)
        if person:
            made.add_cookies(person.cookies)
        witness.watch(made)
        return made.new_page()

    return open_one


@pytest.fixture
def visit(window: Window) -> Visit:
    """Open a page in a browser of its own."""

    def open_page(path: str, person: Person | None = None, **context: Any) -> Page:
        page = window(person, **context)
        page.goto(path)
        return page

    return open_page
