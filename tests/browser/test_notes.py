"""Notes on live charts: numbered marks that follow the span, and the list that says what they are."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import Person, now_s
from tests.browser.report import Report
from tests.browser.test_charts import month_with_holes

pytestmark = pytest.mark.browser


def test_a_note_is_marked_on_every_chart_and_follows_its_span(ada: Person, visit: Visit) -> None:
    probe = month_with_holes(ada)
    page = visit(f"{probe.path}?r=7d", ada)
    path, at = f"/api/v1{probe.path}notes/", now_s() - 2 * 86_400
    headers = {"X-CSRFToken": next(each["value"] for each in page.context.cookies() if "csrf" in each["name"])}
    note = {"text": "Shield cleaned", "start": page.evaluate("at => new Date(at * 1000).toISOString()", at)}
    assert page.request.post(page.url.split("/sensors/")[0] + path, data=note, headers=headers).status == 201

    page.reload()
    report = Report(page)
    report.until_drawn()

    mark = report.main_chart.locator(".note-marks i")
    expect(mark).to_have_text("1")
    expect(page.locator(".notes li")).to_contain_text("Note Shield cleaned")
    share = mark.evaluate("each => parseFloat(each.style.left)")
    assert 71 < share < 72  # two of seven days before the end
    page.get_by_role("link", name="24 h").click()
    expect(page.locator(".notes")).to_be_hidden()
    expect(mark).to_have_count(0)
