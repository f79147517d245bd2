"""The report page updates when a reading arrives, and only changes are transferred."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.people import WARMER, Person, now_s, weather
from tests.browser.report import Report
from tests.browser.witness import Traffic

pytestmark = pytest.mark.browser


def test_everything_on_the_page_moves_when_a_reading_is_posted(ada: Person, window: Window) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 60, hours=2, every_s=60))
    page = window(ada)
    traffic = Traffic(page)
    page.goto(probe.path)
    report = Report(page)
    report.until_live()
    seen = report.points("temperature")
    page.wait_for_load_state("networkidle")
    traffic.forget()

    told = str(WARMER)
    probe.send({"observed_at": now_s(), "values": {"temperature": WARMER, "humidity": 53}})

    expect(report.hero).to_contain_text(told)
    expect(report.value("humidity")).to_contain_text("53")
    expect(page).to_have_title(f"{told}\u00a0°C · Orchard station")
    expect(report.pill).to_contain_text("Live")
    expect(report.main_chart.locator("figcaption")).to_contain_text(f"now {told}")
    assert [value for _, value in report.points("temperature")] == [*(value for _, value in seen), WARMER]
    assert len(traffic.of_type("readings")) == 1
    assert len(traffic.of_type("readings")[0]["readings"]) == 1
    assert traffic.requests == []


def test_a_reading_of_one_quantity_leaves_the_others_as_they_are(ada: Person, window: Window) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 11.5, "humidity": 64}})
    page = window(ada)
    page.goto(probe.path)
    report = Report(page)
    report.until_live()

    probe.send({"observed_at": now_s(), "values": {"temperature": 11.9}})

    expect(report.hero).to_contain_text("11.9")
    expect(report.value("humidity")).to_have_text("64")


def test_a_correction_replaces_a_point_of_the_chart(ada: Person, window: Window) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    now = now_s()
    probe.send(*({"observed_at": now - 60 * ago, "values": {"temperature": 20 + ago}} for ago in (3, 2, 1)))
    page = window(ada)
    page.goto(probe.path)
    report = Report(page)
    report.until_live()

    probe.send({"observed_at": now - 60, "values": {"temperature": 5.5}})

    expect(report.hero).to_contain_text("5.5")
    assert report.points("temperature") == [(now - 180, 23), (now - 120, 22), (now - 60, 5.5)]
