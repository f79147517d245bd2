"""Parts of the report page whose scripts are loaded when they are first used."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import Person, now_s, weather
from tests.browser.report import Report

pytestmark = pytest.mark.browser


@pytest.fixture
def report(ada: Person, visit: Visit) -> Report:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 20, hours=26, every_s=60))
    report = Report(visit(f"{probe.path}?r=6h", ada))
    report.until_live()
    return report


def test_the_table_of_a_chart_is_filled_when_it_is_opened(report: Report) -> None:
    table = report.main_chart.locator("details")
    table.locator("tbody").evaluate("body => body.replaceChildren()")

    table.locator("summary").click()

    expect(table.locator("tbody tr").first).to_be_visible()
    expect(table.locator("thead th").first).to_have_text("Time")


def test_the_details_of_the_connection_are_filled_when_they_are_opened(report: Report) -> None:
    report.pill.locator("button").click()

    details = report.page.locator("#live-details")
    expect(details.locator("[data-fact=rate]")).to_contain_text("in the last minute")
    expect(details.locator("[data-fact=server-time]")).to_contain_text(":")


def test_chosen_days_are_shown_in_place(report: Report) -> None:
    report.page.evaluate("window.isSamePage = true")
    report.ranges.locator("[popovertarget=choose-days]").click()

    report.page.locator("#choose-days button").press("Enter")

    expect(report.ranges).to_have_attribute("data-zoomed", "")
    expect(report.page.locator("#choose-days")).to_be_hidden()
    assert report.page.evaluate("window.isSamePage")
