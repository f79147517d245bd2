"""Charts show what is stored: live as without scripts, after a failed load, and after their place on screen changed."""

import json
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import WARMER, Person, Probe, now_s, weather
from tests.browser.report import Report
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser

HOUR = 3600
# An observer that reports in one batch what happened before, as busy browsers do: the chart left the screen (or is said
# to have), and came back.
OBSERVER = """
window.IntersectionObserver = class {
  constructor(report) { this.report = report; }
  observe(target) {
    const batch = BATCH.map((isIntersecting) => ({ target, isIntersecting }));
    setTimeout(() => this.report(batch, this), 0);
  }
  unobserve() {}
  disconnect() {}
};
"""


CELLS = "rows => rows.map(({ cells }) => [...cells].map((each) => each.textContent.trim()).join(' '))"


def month_with_holes(person: Person) -> Probe:
    """A month of a reading every 20 minutes, without one hour and without 33 of them."""
    probe = person.register("Orchard station", interval_s=1200)
    now = now_s() // HOUR * HOUR
    silent = {now - 100 * HOUR, *(now - ago * HOUR for ago in range(300, 333))}
    times = (at for at in range(now - 29 * 24 * HOUR, now, 1200) if at // HOUR * HOUR not in silent)
    readings = [
        {"observed_at": at + 60, "values": {"temperature": round(5 + at % 7001 / 1000, 1), "rain": 0.2}} for at in times
    ]
    for first in range(0, len(readings), 500):
        probe.send(*readings[first : first + 500])
    return probe


def cards(page: Page) -> list[dict[str, Any]]:
    """Return what the charts say: their sentences up to now, their subtitles and their tables."""
    found = []
    for chart in page.locator("sf-chart").all():
        chart.locator("summary").click()
        expect(chart.locator("tbody tr").first).to_be_visible()
        rows = chart.locator("tbody tr").evaluate_all(CELLS)
        told = chart.locator("figcaption").inner_text().partition(";")[0].rstrip(".")
        found.append({"sentence": told, "subtitle": chart.locator("[data-fact=resolution]").inner_text(), "rows": rows})
    return found


@pytest.mark.parametrize("span", ["6h", "24h", "7d", "30d", "1y"])
def test_the_live_picture_shows_the_data_of_the_servers(ada: Person, visit: Visit, span: str) -> None:
    probe = month_with_holes(ada)

    drawn = visit(f"{probe.path}?r={span}", ada, java_script_enabled=False)
    path = drawn.locator("sf-chart.main .placeholder path.line").get_attribute("d") or ""
    page = visit(f"{probe.path}?r={span}", ada)
    Report(page).until_drawn()
    page.locator("sf-chart").last.scroll_into_view_if_needed()
    expect(page.locator("sf-chart").last.locator("canvas")).to_be_visible()

    held = page.locator("sf-chart.main").evaluate(
        """chart => {
          const { t, gaps } = chart.data.temperature;
          const from = Date.now() / 1000 - SPAN;
          return [t.filter((at) => at >= from).length, gaps.filter(([, to]) => to >= from).length];
        }""".replace("SPAN", str({"6h": 6, "24h": 24, "7d": 168, "30d": 720, "1y": 8760}[span] * HOUR))
    )
    assert [len(re.findall("[ML]", path)), path.count("M") - 1] == held
    assert cards(drawn) == cards(page)


def test_another_span_that_cannot_be_loaded_leaves_picture_and_sentence(
    ada: Person, visit: Visit, witness: Witness
) -> None:
    witness.expect("503")
    probe = ada.register("Orchard station", interval_s=300)
    probe.send(*weather(until_s=now_s()))
    page = visit(probe.path, ada)
    report = Report(page)
    report.until_live()
    told = report.main_chart.locator("figcaption").inner_text()
    subtitle = report.main_chart.locator("[data-fact=resolution]").inner_text()

    page.route("**/series?*", lambda route: route.fulfill(status=503, body=json.dumps({"detail": "away"})))
    report.ranges.get_by_text("7\u00a0d").click()

    failed = report.main_chart.locator(".plot-failed")
    expect(failed).to_contain_text("The last 7 days could not be loaded.")
    assert report.main_chart.locator("figcaption").inner_text() == told
    assert report.main_chart.locator("[data-fact=resolution]").inner_text() == subtitle
    assert "in the last 24 hours" in told

    page.unroute("**/series?*")
    failed.get_by_role("button", name="Retry").click()
    expect(report.main_chart.locator("figcaption")).to_contain_text("in the last 7 days")
    expect(failed).to_have_count(0)


@pytest.mark.parametrize("batch", ["[false, true]", "[true, false]"], ids=["newest entry", "watchdog"])
def test_a_chart_on_screen_never_stands_still(ada: Person, window: Window, witness: Witness, batch: str) -> None:
    witness.expect("closed before the connection is established")  # its time may pass while the clock is moved on
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 60, hours=2, every_s=60))
    page = window(ada)
    page.clock.install()
    page.add_init_script(OBSERVER.replace("BATCH", batch))
    page.goto(probe.path)
    page.clock.run_for(2_000)
    report = Report(page)
    expect(report.pill).to_have_attribute("data-state", "live")

    page.set_viewport_size({"width": 900, "height": 700})
    newest = now_s()
    probe.send({"observed_at": newest, "values": {"temperature": WARMER}})
    expect(report.hero).to_contain_text(str(WARMER))
    page.clock.run_for(60_000)

    # What a watchdog asks for is on its way in real time.
    page.wait_for_function(
        "newest => document.querySelector('sf-chart.main').drawnUntil('temperature') === newest", arg=newest
    )


def test_time_is_stepped_through_and_days_are_chosen_and_the_address_knows(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=3600)
    probe.send(*weather(until_s=now_s(), hours=24 * 12, every_s=3600))
    page = visit(probe.path, ada)
    report = Report(page)
    report.until_live()
    told = report.main_chart.locator("figcaption")
    dates = report.ranges.locator("[data-fact=span]")

    report.ranges.get_by_role("link", name="Earlier").click()
    expect(told).to_contain_text("in this span")
    expect(dates).to_contain_text(" – ")
    assert "from=" in page.url
    report.ranges.get_by_role("link", name="Later").click()
    expect(told).to_contain_text("in the last 24 hours")
    assert "from=" not in page.url

    page.go_back()
    expect(told).to_contain_text("in this span")
    report.ranges.get_by_role("link", name="Now").click()
    expect(told).to_contain_text("in the last 24 hours")

    report.ranges.get_by_role("button", name="Choose days").click()
    first, last = (time.strftime("%Y-%m-%d", time.gmtime(now_s() - ago * 24 * HOUR)) for ago in (5, 3))
    report.ranges.get_by_label("First day").fill(first)
    report.ranges.get_by_label("Last day").fill(last)
    report.ranges.get_by_role("button", name="Show").click()
    expect(told).to_contain_text("in this span")
    chosen = dates.inner_text()

    without = visit(f"{probe.path}?day={first}&through={last}", ada, java_script_enabled=False)
    assert chosen.startswith(without.locator("sf-range [data-fact=span]").inner_text())
    assert without.locator("sf-chart.main figcaption").inner_text() == told.inner_text()
    without.locator("sf-range").get_by_role("link", name="Now").click()
    expect(without.locator("sf-chart.main figcaption")).to_contain_text("in the last 24 hours")


def test_a_day_of_the_address_becomes_its_instants(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=3600)
    probe.send(*weather(until_s=now_s(), hours=24 * 12, every_s=3600))
    day = time.strftime("%Y-%m-%d", time.gmtime(now_s() - 4 * 24 * HOUR))

    page = visit(f"{probe.path}?day={day}", ada)
    Report(page).until_drawn()

    expect(page.locator("sf-chart.main figcaption")).to_contain_text("in this span")
    assert "from=" in page.url
    assert "day=" not in page.url
