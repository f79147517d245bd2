"""Scripts in the language of the page, as a browser loads them: collected, by the import map that the policy allows."""

import re

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.server import Server
from tests.browser.test_explore import address
from tests.browser.test_notices import UPLINK
from tests.browser.test_offline import DOWN
from tests.browser.witness import Witness
from tests.crash.conftest import eventually
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

LOCALES = {"en": "en-GB", "de": "de-DE"}


@pytest.fixture
def probe(ada: Person) -> Probe:
    found = ada.register("Orchard", interval_s=60)
    found.send(*weather(until_s=now_s() - 30, hours=30))
    return found


@pytest.mark.parametrize(
    ("language", "number", "age", "keys"),
    [("en", "24.6", r"\d+\ss ago", "Keys"), ("de", "24,6", r"vor \d+\ss", "Tasten")],
)
def test_live_values_and_shortcuts_are_in_the_language_of_the_page(
    language: str, number: str, age: str, keys: str, ada: Person, probe: Probe, window: Window
) -> None:
    page = window(ada, locale=LOCALES[language])
    page.goto(probe.path)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")

    probe.send({"observed_at": now_s(), "values": {"temperature": 24.6}})

    expect(page.locator("sf-sky sf-value[q=temperature] b")).to_have_text(number)
    expect(page.locator("sf-live .age")).to_have_text(re.compile(age))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name=keys, exact=True)).to_be_visible()


@pytest.mark.parametrize("language", LOCALES)
def test_keys_of_explore_follow_its_links_in_every_language(
    language: str, ada: Person, probe: Probe, window: Window
) -> None:
    page = window(ada, locale=LOCALES[language])
    page.goto(address(f"{probe.sensor}:temperature", f"{probe.sensor}:humidity"))
    modes = page.locator("nav.modes a")
    compared = page.locator(".choices nav").first.locator("a")
    expect(modes.nth(0)).to_have_attribute("aria-current", "true")

    page.keyboard.press("m")
    expect(modes.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("y")
    expect(compared.nth(1)).to_have_attribute("aria-current", "true")


def test_the_offline_page_is_in_the_language_of_the_page_that_kept_it(
    ada: Person, probe: Probe, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect(*DOWN)
    page = window(ada)
    page.context.add_cookies([{"name": "language", "value": "de", "url": server.url}])
    page.goto("/")
    assert page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)") == page.url
    assert eventually(lambda: page.evaluate("navigator.serviceWorker.controller?.state") == "activated")
    assert eventually(lambda: "Orchard" in str(page.evaluate("JSON.stringify(localStorage)")))

    server.stop()
    page.goto("/alerts/")

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name=re.compile(r"Letzte Werte, Stand \d\d:\d\d"))).to_be_visible()


def test_a_notice_that_arrives_is_shown_in_german(ada: Person, window: Window) -> None:
    probe, page = ada.register("Soil"), window(ada, locale="de-DE")
    page.goto(probe.start_path)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")

    httpx2.post(f"{probe.url}/in/{probe.key}/ttn/up", json=UPLINK, timeout=PATIENCE_S).raise_for_status()

    expect(page.locator("sf-notices li")).to_have_count(1)
    expect(page.locator("sf-notices [data-fact=times]")).to_have_text("einmal")
    told = _words(page)
    page.reload()
    assert _words(page) == told


def _words(page: Page) -> list[str]:
    return page.locator("sf-notices li .words > p:not(.what), h2[data-headline]").all_inner_texts()
