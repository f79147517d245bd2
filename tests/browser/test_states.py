"""Old data is never shown as fresh: late, offline and paused sensors are marked, and keep their last values."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.report import Report

pytestmark = pytest.mark.browser

OPACITY = """digits => {
  let opacity = 1;
  for (let part = digits; part; part = part.parentElement) opacity *= getComputedStyle(part).opacity;
  return opacity;
}"""


def silent_for(person: Person, seconds: int) -> Probe:
    probe = person.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - seconds, hours=3, every_s=60))
    return probe


def opacity(report: Report) -> float:
    """Return the opacity of the hero's digits."""
    return float(report.hero.locator("b").evaluate(OPACITY))


def test_a_late_sensor_is_called_late_and_its_value_is_dimmed(ada: Person, visit: Visit) -> None:
    report = Report(visit(silent_for(ada, 240).path, ada))

    expect(report.hero).to_have_attribute("data-state", "late")
    expect(report.pill).to_have_attribute("data-state", "late")
    expect(report.pill).to_contain_text("Late")
    expect(report.hero.locator("b")).not_to_be_empty()
    assert opacity(report) < 0.9


def test_a_silent_sensor_says_since_when(ada: Person, visit: Visit) -> None:
    report = Report(visit(silent_for(ada, 4000).path, ada))

    expect(report.hero).to_have_attribute("data-state", "offline")
    expect(report.pill).to_have_attribute("data-state", "offline")
    expect(report.pill).to_contain_text("No data since")
    expect(report.banner).to_contain_text("Expected every")
    assert opacity(report) < 0.7


def test_silence_is_hatched_before_and_after_scripts_run(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 4000)

    without = visit(f"{probe.path}?r=6h", ada, java_script_enabled=False)
    expect(without.locator("sf-chart.main .placeholder .silent")).to_have_text("no data")
    report = Report(visit(f"{probe.path}?r=6h", ada))
    report.until_drawn()


def test_a_paused_sensor_is_called_paused(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 60)
    ada.change(probe, status="paused")

    report = Report(visit(probe.path, ada))

    expect(report.pill).to_have_attribute("data-state", "paused")
    expect(report.pill).to_contain_text("Sensor paused")
    expect(report.hero).to_have_attribute("data-state", "paused")
    assert opacity(report) < 0.9


def test_pausing_a_sensor_reaches_the_pages_that_are_open(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 20)
    report = Report(visit(probe.path, ada))
    report.until_live()

    ada.change(probe, status="paused")
    expect(report.pill).to_contain_text("Sensor paused")

    ada.change(probe, status="active")
    expect(report.pill).to_have_attribute("data-state", "live")


def test_a_silent_sensor_comes_back_to_life_without_a_reload(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 4000)
    report = Report(visit(probe.path, ada))
    expect(report.pill).to_have_attribute("data-state", "offline")

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.3}})

    expect(report.pill).to_have_attribute("data-state", "live")
    expect(report.hero).to_have_attribute("data-state", "live")
    expect(report.hero).to_contain_text("12.3")
    expect(report.banner).to_be_hidden()


def test_a_page_says_what_it_can_without_scripts(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 30)

    page = visit(probe.path, ada, java_script_enabled=False)

    expect(page.locator("sf-sky .reading sf-value b")).not_to_be_empty()
    expect(page.locator("sf-chart.main .placeholder")).to_be_visible()
    page.locator("sf-range a[data-range='1h']").click()
    expect(page.locator("sf-range a[data-range='1h']")).to_have_attribute("aria-current", "true")
