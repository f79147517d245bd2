"""An alert rule is built with its preview, fires on a post, and is acknowledged in another browser: no page reloads."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, instant, now_s
from tests.browser.test_every_page import PHONE, fits, until
from tests.browser.witness import Traffic

pytestmark = pytest.mark.browser


@pytest.fixture
def freezer(ada: Person) -> Probe:
    """A freezer that reports each minute, and has been between -20 and -19.8 °C."""
    probe, began = ada.register("Freezer", interval_s=60), now_s() - 600
    values = [{"temperature": -20 + 0.1 * (number % 3)} for number in range(10)]
    probe.send(*({"observed_at": instant(began + 60 * n), "values": values[n]} for n in range(10)))
    return probe


def follows(page: Page, path: str) -> None:
    """Open a page that is to stay, and wait until it follows alerts."""
    traffic = Traffic(page)
    page.goto(path)
    page.evaluate("window.isSamePage = true")
    until(page, lambda: bool(traffic.of_type("alerts")))


def stayed(page: Page) -> bool:
    return page.evaluate("window.isSamePage") is True


def watch(page: Page, probe: Probe) -> None:
    """Build a rule that fires at once above -19 °C, in the form."""
    page.goto(f"/sensors/{probe.sensor}/alert-rules/new/?quantity=temperature")
    page.locator("[name=clear_high]").fill("")
    page.locator("[name=for_min]").fill("0")
    page.locator("[name=high]").fill("-21")
    expect(page.locator("[data-swap=try] .verdict")).to_contain_text("it would have fired 1 time")
    page.locator("[name=high]").fill("-19")
    expect(page.locator("[data-swap=try] .verdict")).to_contain_text("it would have fired 0 times")
    page.get_by_role("button", name="Save and watch").click()
    expect(page).to_have_url(f"{probe.url}/alerts/")


def warm_up(probe: Probe) -> None:
    probe.send({"observed_at": instant(now_s()), "values": {"temperature": -18.6}})


def test_alert_me_begins_at_the_present_value_and_its_limit_is_dragged(
    ada: Person, freezer: Probe, window: Window
) -> None:
    page = window(ada)
    page.goto(freezer.path)
    page.locator("sf-chart").get_by_role("link", name="Alert me about Temperature").click()
    limit = page.locator("[name=high]")
    expect(limit).to_have_value("-20")
    expect(page.locator(".verdict")).to_be_visible()

    def is_dragged() -> bool:
        """Drag the limit up. While one page fades into the next, no pointer reaches what is on it."""
        picture, grip = (page.locator(f".tried {part}").first.bounding_box() for part in ("svg", ".grip"))
        assert picture
        assert grip
        page.mouse.move(grip["x"] + 200, grip["y"] + grip["height"] / 2)
        page.mouse.down()
        page.mouse.move(picture["x"] + 200, picture["y"] - 40, steps=3)
        page.mouse.up()
        return float(limit.input_value()) > -19.9

    until(page, is_dragged)
    expect(page.locator("[data-swap=try] .verdict")).to_contain_text("it would have fired 0 times")


def test_rule_fires_on_a_post_and_is_acknowledged_in_another_browser(
    ada: Person, freezer: Probe, window: Window
) -> None:
    page, phone = window(ada), window(ada, viewport=PHONE)
    watch(page, freezer)
    for each in (page, phone):
        follows(each, "/alerts/")
        expect(each.get_by_text("Nothing is active.")).to_be_visible()
    warm_up(freezer)

    for each in (page, phone):
        expect(each.locator(".active .sentence")).to_contain_text("Freezer")
    assert fits(phone)
    expect(page.locator(".places [data-swap=alerts-top]")).to_contain_text("1")

    phone.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".active .seen")).to_contain_text("Acknowledged by Ada")
    expect(page.get_by_text("1 active alert, acknowledged or snoozed.")).to_be_visible()
    expect(page.locator(".places [data-swap=alerts-top]")).to_be_empty()
    assert stayed(page)


def test_sensor_page_and_overview_follow_alerts_without_a_reload(ada: Person, freezer: Probe, window: Window) -> None:
    page, overview = window(ada), window(ada)
    watch(page, freezer)
    follows(page, freezer.path)
    follows(overview, "/")
    expect(page.locator(".places [data-swap=alerts-top]")).to_be_empty()
    warm_up(freezer)

    expect(page.locator(".places [data-swap=alerts-top]")).to_contain_text("1")
    expect(page.get_by_text("An alert of this sensor needs attention.")).to_be_visible()
    expect(overview.locator("#cards").get_by_text("1 alert", exact=True)).to_be_visible()

    other = window(ada)
    other.goto("/alerts/")
    other.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".places [data-swap=alerts-top]")).to_be_empty()
    expect(page.get_by_text("An alert of this sensor needs attention.")).to_be_hidden()
    expect(overview.locator("#cards").get_by_text("1 alert", exact=True)).to_be_hidden()
    assert stayed(page)
    assert stayed(overview)


def test_without_javascript_an_alert_is_read_and_acknowledged(ada: Person, freezer: Probe, window: Window) -> None:
    watch(window(ada), freezer)
    page = window(ada, viewport=PHONE, java_script_enabled=False)
    warm_up(freezer)

    def is_active() -> bool:
        page.goto("/alerts/")
        return page.locator("main .active .sentence").count() == 1

    until(page, is_active)
    expect(page.locator("main .active .sentence")).to_contain_text("Freezer")
    expect(page.locator("main .active .sentence")).to_contain_text("−18.6 °C")
    expect(page.locator(".places [data-swap=alerts-top]")).to_contain_text("1")

    page.locator("main").get_by_role("button", name="Acknowledge").click()
    expect(page.locator("main .active .seen")).to_contain_text("Acknowledged by Ada")
    expect(page.locator(".places [data-swap=alerts-top]")).to_be_empty()
