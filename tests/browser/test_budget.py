"""The cost of the report page: bytes of the first view, and layout shifts while it loads and updates."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.report import Report
from tests.browser.server import Server
from tests.browser.test_every_page import PHONE, sign_in_to_the_demo
from tests.plugins.budgets import Within

pytestmark = pytest.mark.browser

KB = 1024  # as in tests/web/test_scripts.py
MOST_BYTES = {"all": 150 * KB, "Script": 60 * KB, "Stylesheet": 18 * KB, "Font": 48 * KB, "Document": 30 * KB}
MOST_REQUESTS = 20
MOST_SHIFT = 0.05
UPDATES = 20

# Sums layout shifts without user input, as the cumulative layout shift does.
NOTE_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;
}).observe({type: "layout-shift", buffered: true});
"""


def until_live(page: Page) -> None:
    expect(Report(page).pill).to_have_attribute("data-state", "live")


def bytes_of_first_view(page: Page, path: str, is_drawn: Callable[[Page], None] = until_live) -> Counter[str]:
    """Count the bytes transferred until the page is drawn and idle, by type."""
    session = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    found: Counter[str] = Counter()

    def finished(event: dict[str, Any]) -> None:
        found[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])
        found["all"] += int(event["encodedDataLength"])
        found["requests"] += 1

    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(path)
    is_drawn(page)
    page.wait_for_load_state("networkidle")
    return found


@pytest.mark.parametrize("viewport", [{"width": 1360, "height": 1000}, PHONE], ids=["desktop", "phone"])
def test_the_first_view_is_light(window: Window, server: Server, viewport: dict[str, int], within: Within) -> None:
    page = window(viewport=viewport)
    sign_in_to_the_demo(page, server)
    address = page.locator("#cards a.card", has_text="LaGuardia").get_attribute("href")
    assert address
    page.wait_for_load_state("networkidle")  # what the overview still loads is not of the first view

    found = bytes_of_first_view(page, address)

    view = f"of the first view at {viewport['width']} px"
    for kind, most in MOST_BYTES.items():
        within(f"bytes {view}, {kind}", found[kind], most)
    within(f"requests {view}", found["requests"], MOST_REQUESTS)


@pytest.mark.parametrize("viewport", [{"width": 1360, "height": 1000}, PHONE], ids=["desktop", "phone"])
def test_nothing_jumps_while_the_page_loads_and_lives(
    ada: Person, window: Window, viewport: dict[str, int], within: Within
) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    begin = now_s() - 120
    probe.send(*weather(until_s=begin, hours=2, every_s=60))
    page = window(ada, viewport=viewport)
    page.add_init_script(NOTE_SHIFTS)
    page.goto(probe.path)
    report = Report(page)
    report.until_live()
    page.wait_for_load_state("networkidle")
    while_loading = page.evaluate("shifted")

    for number in range(UPDATES):
        send_wide_and_narrow(probe, begin + 2 * (number + 1), number)
    expect(report.hero).to_contain_text(str(last(UPDATES - 1)).replace("-", "−"))
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    within(f"layout shift at {viewport['width']} px while loading", while_loading, MOST_SHIFT)
    within(f"layout shift at {viewport['width']} px of updates", page.evaluate("shifted") - while_loading, MOST_SHIFT)


def send_wide_and_narrow(probe: Probe, at: int, number: int) -> None:
    """Values that need one digit, then three, then a sign."""
    values = {"temperature": last(number), "humidity": 5 if number % 2 else 100, "pressure": 999.9 + number % 3}
    probe.send({"observed_at": at, "values": {**values, "wind_speed": 9.5 + number, "wind_direction": 18 * number}})


def last(number: int) -> float:
    return (9.9, 10.1, -10.4)[number % 3]
