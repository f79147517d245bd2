"""The server is really stopped: pages that are opened say so, with the last values of the account that saw them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, now_s
from tests.browser.server import Server
from tests.browser.witness import Witness
from tests.crash.conftest import eventually

pytestmark = pytest.mark.browser

DOWN = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_FAILED", "WebSocket connection to", "502|503")


@pytest.fixture
def page(ada: Person, window: Window, witness: Witness) -> Page:
    """The overview of a person with one sensor, once the worker is there and has kept its files."""
    witness.expect(*DOWN)
    probe = ada.register("Orchard station", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 18.4}})
    page = window(ada)
    page.goto("/")
    assert page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)") == page.url
    assert eventually(lambda: page.evaluate("navigator.serviceWorker.controller?.state") == "activated")
    assert eventually(lambda: "Orchard station" in str(page.evaluate("JSON.stringify(localStorage)")))
    return page


def test_pages_show_the_last_values_while_the_server_is_away_and_open_when_it_is_back(
    page: Page, server: Server
) -> None:
    server.stop()
    page.goto("/alerts/")

    expect(page.get_by_role("heading", name="The server cannot be reached")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"Last values, as of \d\d:\d\d"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Orchard station"))).to_contain_text("18.4")
    expect(page.locator(".wrong h1")).to_have_css("font-family", re.compile("Geist"))  # its styles are kept too

    server.start()
    expect(page.get_by_role("heading", name="Alerts", exact=True)).to_be_visible()


def test_the_last_values_have_the_times_of_the_reader_s_clock(page: Page) -> None:
    page.get_by_role("button", name="Units and clock").click()
    page.get_by_role("button", name="12 hours").click()
    expect(page.locator("html")).to_have_attribute("data-clock", "12")
    assert eventually(lambda: '\\"clock\\":\\"12' in str(page.evaluate("JSON.stringify(localStorage)")))

    page.goto("/offline/")

    expect(page.get_by_role("heading", name=re.compile(r"Last values, as of \d{1,2}:\d\d [ap]m"))).to_be_visible()


def test_nothing_but_the_offline_page_and_its_files_is_kept(page: Page) -> None:
    page.goto("/sensors/")
    page.goto("/")

    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name))))"
        ".then((opened) => Promise.all(opened.map((cache) => cache.keys())))"
        ".then((found) => found.flat().map(({ url }) => new URL(url).pathname))"
    )

    assert "/offline/" in kept
    assert [path for path in kept if path != "/offline/" and not path.startswith("/static/")] == []


def test_signing_out_forgets_the_values(page: Page, server: Server) -> None:
    page.locator("button.avatar").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert eventually(lambda: "Orchard station" not in str(page.evaluate("JSON.stringify(localStorage)")))

    server.stop()
    page.goto("/")

    expect(page.get_by_role("heading", name="The server cannot be reached")).to_be_visible()
    expect(page.locator(".kept")).to_be_hidden()
    assert "Orchard station" not in page.content()
    server.start()
