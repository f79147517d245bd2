"""The ribbon of a record beside today's extremes: a reading that breaks one shows it, and takes it along."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser

HOUR_S = 3600
DAYS = 40


@pytest.fixture
def cellar(ada: Person) -> Probe:
    """A sensor with forty days of readings between 10 and 20 °C, the coldest and the warmest of them a month ago."""
    ada.move_to_midday()
    probe = ada.register("Cellar", interval_s=HOUR_S)
    begun = now_s() - 60
    hours = range(DAYS * 24, 0, -1)
    probe.send(*({"observed_at": begun - hour * HOUR_S, "values": _values(hour)} for hour in hours))
    return probe


def _values(hour: int) -> dict[str, float]:
    day, of_day = divmod(hour, 24)
    return {"temperature": 20.0 if hour == 700 else 10.0 if hour == 710 else 13.0 + day % 3 + of_day / 12}


def test_a_reading_that_breaks_a_record_shows_its_ribbon_and_takes_it_along(
    ada: Person, cellar: Probe, window: Window
) -> None:
    page = window(ada)
    page.goto(cellar.path)
    Report(page).until_live()
    expect(ribbons(page)).to_have_count(0)
    begun = now_s()

    cellar.send({"observed_at": begun - 2, "values": {"temperature": 20.0}})
    expect(high(page)).to_contain_text("20.0°")
    expect(ribbons(page)).to_have_count(0)  # as high as it was before

    cellar.send({"observed_at": begun - 1, "values": {"temperature": 20.4}})
    expect(ribbons(page)).to_have_text([_as_loaded(ada, cellar, window)])
    expect(high(page)).to_contain_text("Record")

    cellar.send({"observed_at": begun - 1, "values": {"temperature": 19.0}})  # a correction
    expect(high(page)).to_contain_text("20.0°")
    expect(ribbons(page)).to_have_count(0)

    cellar.send({"observed_at": begun - 30, "values": {"temperature": 9.5}})
    expect(page.locator("sf-today [data-fact=low]")).to_contain_text("Record")
    ada.exclude(cellar, "temperature", start_s=begun - 30, end_s=begun - 29)
    expect(ribbons(page)).to_have_count(0)


def _as_loaded(ada: Person, probe: Probe, window: Window) -> str:
    """Return the server's words of the only ribbon."""
    loaded = window(ada, java_script_enabled=False)
    loaded.goto(probe.path)
    expect(ribbons(loaded)).to_have_count(1)
    return ribbons(loaded).inner_text()


def ribbons(page: Page) -> Locator:
    return page.locator("sf-today [data-beyond]:not([hidden])")


def high(page: Page) -> Locator:
    return page.locator("sf-today [data-fact=high]")
