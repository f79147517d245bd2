"""A page whose browser was offline, or whose tab was frozen, catches up when it is back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser

# As browsers do with a page in the back-forward cache. (That a tab which is hidden for minutes releases its socket too
# is tested with a clock in tests/js.)
PUT_AWAY = "() => { dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true})) }"
TAKE_OUT = "() => { dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true})) }"


@pytest.fixture
def probe(ada: Person) -> Probe:
    probe = ada.register("Orchard station", interval_s=60)
    now = now_s()
    probe.send(*({"observed_at": now - 60 * ago, "values": {"temperature": ago}} for ago in (4, 3, 2)))
    return probe


def eventually(page: Page, claim: Callable[[], bool]) -> None:
    """Wait until a condition is true: numbers are painted at once, charts with the next frame."""
    for _ in range(100):
        if claim():
            return
        page.wait_for_timeout(100)
    raise AssertionError("waited in vain")


def test_a_browser_that_was_offline_says_so_and_catches_up(
    ada: Person, probe: Probe, window: Window, witness: Witness
) -> None:
    witness.expect("ERR_INTERNET_DISCONNECTED", "WebSocket connection to")
    page = window(ada)
    page.goto(probe.path)
    report = Report(page)
    report.until_live()

    page.context.set_offline(True)
    expect(report.pill).to_have_attribute("data-state", "browser-offline")
    expect(report.pill).to_contain_text("You are offline")
    expect(report.hero).to_contain_text("2.0")
    probe.send(
        {"observed_at": now_s() - 30, "values": {"temperature": 7}},
        {"observed_at": now_s(), "values": {"temperature": 8}},
    )
    page.context.set_offline(False)

    expect(report.pill).to_have_attribute("data-state", "live")
    expect(report.hero).to_contain_text("8.0")
    eventually(page, lambda: [value for _, value in report.points("temperature")] == [4, 3, 2, 7, 8])


def test_a_tab_that_was_put_away_gives_its_socket_back_and_catches_up(
    ada: Person, probe: Probe, window: Window
) -> None:
    page = window(ada)
    with page.expect_websocket() as opened:
        page.goto(probe.path)
    report = Report(page)
    report.until_live()

    with opened.value.expect_event("close"):
        page.evaluate(PUT_AWAY)
    probe.send({"observed_at": now_s(), "values": {"temperature": 9}})
    assert [value for _, value in report.points("temperature")] == [4, 3, 2]
    page.evaluate(TAKE_OUT)

    expect(report.hero).to_contain_text("9.0")
    expect(report.pill).to_have_attribute("data-state", "live")
    assert [value for _, value in report.points("temperature")] == [4, 3, 2, 9]
