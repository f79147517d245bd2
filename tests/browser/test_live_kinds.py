"""Pages of doors, freezers and meters move with the stream, and say live what the server says after a reload."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser
SHARE: Final = re.compile(r"([\d.]+)\s%")  # of the time until now: it is another one some seconds later


def opened(page: Page, probe: Probe) -> Locator:
    page.goto(probe.path)
    Report(page).until_live()
    page.wait_for_function("!!customElements.get('sf-spans')")
    return page.locator(".instrument")


def shares(lines: list[str]) -> list[float]:
    return [float(each) for each in SHARE.findall("\n".join(lines))]


def told(instrument: Locator) -> list[str]:
    """Return what can be read: sentences, marks, and rows of open tables."""
    return [each for each in instrument.all_inner_texts()[0].split("\n") if each.strip()]


def regular(values: list[Any], name: str, *, until_s: float, every_s: float = 300) -> list[dict[str, Any]]:
    count = len(values)
    return [
        {"observed_at": until_s - every_s * (count - 1 - place), "values": {name: value, "battery_voltage": 3.0}}
        for place, value in enumerate(values)
    ]


def test_door_opens_on_the_page_and_the_reload_says_the_same(ada: Person, window: Window) -> None:
    probe = ada.register("Shop door", interval_s=300, kind="contact")
    now = now_s()
    probe.send(*regular([False, True, False, False], "door_open", until_s=now - 300))
    page = window(ada)
    instrument = opened(page, probe)
    expect(page.locator(".hero .reading")).to_contain_text("closed")
    drawn = instrument.locator(".strip .on").count()

    probe.send({"observed_at": now, "values": {"door_open": True}})

    expect(page.locator(".hero .reading")).to_contain_text("open")
    expect(instrument.locator("[data-fact=headline]")).to_contain_text("Open since")
    expect(instrument.locator(".strip .on")).to_have_count(drawn + 1)
    live = told(instrument)
    assert told(opened(page, probe)) == live


def test_freezer_leaves_its_band_on_the_page(ada: Person, window: Window) -> None:
    band = {"temperature": {"low": -25, "high": -18}}
    probe = ada.register("Freezer", interval_s=300, kind="freezer", quantities=band)
    now = now_s()
    probe.send(*regular([-20.0, -16.0, -21.0, -20.5], "temperature", until_s=now - 300))
    page = window(ada)
    instrument = opened(page, probe)
    expect(instrument.locator("[data-fact=headline]")).to_contain_text("In the band since")

    probe.send({"observed_at": now, "values": {"temperature": -17.2}})

    expect(instrument.locator("[data-fact=headline]")).to_contain_text("Above since")
    live = told(instrument.locator("sf-spans"))
    reloaded = told(opened(page, probe).locator("sf-spans"))
    assert [SHARE.sub("%", each) for each in reloaded] == [SHARE.sub("%", each) for each in live]
    assert shares(reloaded) == pytest.approx(shares(live), abs=2)  # of 20 minutes, some seconds later


def test_meter_counts_on_the_page(ada: Person, window: Window) -> None:
    probe = ada.register("Electricity", interval_s=300, kind="meter")
    now = now_s()
    counts = [100.0 + place for place in range(4)]
    rows = regular(counts, "energy", until_s=now - 300)
    probe.send(*({**row, "values": {**row["values"], "power": 500}} for row in rows))
    page = window(ada)
    page.goto(probe.path)
    Report(page).until_live()
    page.wait_for_function("!!customElements.get('sf-bullet')")

    probe.send({"observed_at": now, "values": {"energy": 105.5, "power": 600}})

    total = page.locator("sf-bullet [data-fact=total]")
    expect(total).not_to_have_text("3.00")
    live = total.inner_text()
    page.reload()
    expect(total).to_have_text(live)
