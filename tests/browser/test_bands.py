"""The bands behind a chart's line: what is usual for the week, and what is allowed; live as without scripts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sensorfusion.domain.weather.weeks import Week
from tests.browser.conftest import Visit, Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser

HOUR = 3600
# Notes what is filled on a canvas below the lines, as shares of its height; what is as high as the plot is a night.
FILLS = """
const fill = CanvasRenderingContext2D.prototype.fillRect;
window.filled = [];
CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
  window.filled.push([y / devicePixelRatio, height / devicePixelRatio]);
  return fill.call(this, x, y, width, height);
};
"""
PLACES = """chart => [...chart.querySelectorAll(".placeholder > svg > g > path:is(.usual, .allowed)")].map((path) => {
  const [, , y, height] = ["x", "width", "y", "height"].map((side) => path.getBBox()[side] / 1000);
  return [y, height];
})"""
DRAWN = """chart => {
  const plot = chart.querySelector(".u-over").getBoundingClientRect();
  const top = plot.top - chart.querySelector(".plot").getBoundingClientRect().top;
  return window.filled.slice(-40).map(([y, height]) => [(y - top) / plot.height, height / plot.height]);
}"""


def probe_of_years(person: Person) -> Probe:
    """A probe with the same week of two earlier years, from 0 to 20 °C, and with a day of 8 to 13 °C until now."""
    probe = person.register("Orchard station", interval_s=1800, quantities={"temperature": {"high": 14, "low": -40}})
    now = now_s()
    this = Week.of(datetime.fromtimestamp(now, UTC).date())
    for years in (1, 2):
        first, last = this.earlier(years).first - timedelta(days=1), this.earlier(years).last + timedelta(days=1)
        begin = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
        hours = ((last - first).days + 1) * 24
        probe.send(*({"observed_at": begin + n * HOUR + 60, "values": {"temperature": n % 21}} for n in range(hours)))
    today = range(now - 24 * HOUR, now + 1, 1800)
    probe.send(*({"observed_at": at, "values": {"temperature": 8 + n % 6}} for n, at in enumerate(today)))
    return probe


def told(page: Page) -> dict[str, Any]:
    """Return what the main chart says of its bands."""
    chart = page.locator("sf-chart.main")
    expect(chart.locator(".bands span")).to_have_count(2)
    chart.locator("summary").click()
    expect(chart.locator("thead th").last).to_contain_text("Usual")
    return {
        "sentence": chart.locator("figcaption").inner_text().partition("Usual")[2],
        "keys": [each.strip() for each in chart.locator(".bands span").all_inner_texts()],
        "head": chart.locator("thead th").all_inner_texts(),
        "cells": sorted(set(chart.locator("tbody td:last-child").all_inner_texts())),
    }


def test_live_bands_are_those_of_the_servers_picture(ada: Person, window: Window) -> None:
    ada.client.patch(f"/api/v1/sites/{ada.site()}/", json={"time_zone": "UTC"}).raise_for_status()
    probe = probe_of_years(ada)
    still = window(ada, java_script_enabled=False)
    live = window(ada)
    live.add_init_script(FILLS)
    for page in (still, live):
        page.goto(probe.path)
    Report(live).until_live()
    expect(live.locator("sf-chart.main figcaption")).to_contain_text("Usual for this week: 2.0 to 18.0\u00a0°C.")

    shown = told(still)
    assert told(live) == shown
    assert "2.0 to 18.0" in shown["cells"]
    drawn = live.locator("sf-chart.main").evaluate(DRAWN)
    for place in still.locator("sf-chart.main").evaluate(PLACES):
        assert any(each == pytest.approx(place, abs=0.012) for each in drawn), (place, drawn)


def test_another_span_has_the_ranges_of_its_weeks(ada: Person, visit: Visit) -> None:
    ada.client.patch(f"/api/v1/sites/{ada.site()}/", json={"time_zone": "UTC"}).raise_for_status()
    probe = probe_of_years(ada)
    page = visit(probe.path, ada)
    report = Report(page)
    report.until_live()
    keys, caption = page.locator("sf-chart.main .bands"), report.main_chart.locator("figcaption")
    expect(keys).to_contain_text("Usual")

    page.locator("a[data-range='1y']").click()
    expect(caption).to_contain_text("in the last year")
    expect(keys).not_to_contain_text("Usual")
    expect(keys).to_contain_text("Allowed: −40.0 to 14.0")

    with page.expect_response("**/usual/**") as asked:
        page.locator("a[data-range='30d']").click()
    weeks = asked.value.json()["weeks"]
    expect(keys).to_contain_text("Usual, week by week")
    expect(caption).to_contain_text("Usual for this week: 2.0 to 18.0\u00a0°C.")
    assert {tuple(each["years"]) for each in weeks} == {tuple(weeks[-1]["years"])}
    assert weeks[-1]["high"] == 18.0
