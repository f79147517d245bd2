"""Everything on the report page can be reached and used by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import WARMER, Person, Probe, now_s, weather
from tests.browser.report import Report

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const at = document.activeElement;
  const inside = part => part && !!at.closest(part);
  if (inside(".skip")) return "skip link";
  if (inside("sf-live")) return "pill";
  if (inside("sf-range")) return "range";
  if (inside("sf-chart.main .plot")) return "chart";
  return at.tagName;
}"""
MOST_STOPS = 60


@pytest.fixture
def probe(ada: Person) -> Probe:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 20, hours=2, every_s=60))
    return probe


@pytest.fixture
def report(ada: Person, probe: Probe, visit: Visit) -> Report:
    report = Report(visit(f"{probe.path}?r=6h", ada))
    report.until_live()
    return report


def stops(page: Page, until: str) -> list[str]:
    """Press Tab until an element has the focus, and return the elements focused on the way."""
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
        if found[-1] == until:
            return found
    raise AssertionError(f"{until} was not reached: {found}")


def test_tab_reaches_everything_in_the_order_of_the_page(report: Report) -> None:
    found = stops(report.page, until="chart")

    assert found[0] == "skip link"
    order = [found.index(part) for part in ("skip link", "pill", "range", "chart")]
    assert order == sorted(order)


def test_the_skip_link_leads_past_the_frame(report: Report) -> None:
    report.page.keyboard.press("Tab")
    expect(report.page.locator(".skip")).to_be_in_viewport()

    report.page.keyboard.press("Enter")

    expect(report.page.locator("main")).to_be_focused()


def test_arrow_keys_move_a_chart_s_cursor(report: Report) -> None:
    plot = report.main_chart.locator(".plot")
    time = report.main_chart.locator(".readout-time")
    newest = time.inner_text()
    plot.focus()

    report.page.keyboard.press("End")
    report.page.keyboard.press("ArrowLeft")
    report.page.keyboard.press("ArrowLeft")
    expect(time).not_to_have_text(newest)
    two_back = time.inner_text()
    report.page.keyboard.press("ArrowRight")
    expect(time).not_to_have_text(two_back)
    report.page.keyboard.press("Home")
    first = time.inner_text()
    report.page.keyboard.press("Shift+ArrowRight")
    expect(time).not_to_have_text(first)


def test_space_pauses_and_goes_on(report: Report, probe: Probe) -> None:
    shown = report.hero.locator("b").inner_text()
    held = len(report.points("temperature"))

    report.page.keyboard.press("Space")
    expect(report.pill).to_have_attribute("data-state", "paused")
    probe.send({"observed_at": now_s(), "values": {"temperature": WARMER}})
    expect(report.pill).to_contain_text("Paused · 1 new")
    expect(report.hero.locator("b")).to_have_text(shown)
    assert len(report.points("temperature")) == held

    report.page.keyboard.press("Space")
    expect(report.pill).to_have_attribute("data-state", "live")
    expect(report.hero).to_contain_text(str(WARMER))
    assert len(report.points("temperature")) == held + 1


def test_digits_choose_the_range_and_the_address_follows(report: Report) -> None:
    for key, name in (("2", "1h"), ("5", "7d"), ("4", "24h")):
        report.page.keyboard.press(key)
        expect(report.ranges.locator(f"a[data-range='{name}']")).to_have_attribute("aria-current", "true")
        expect(report.ranges.locator("[aria-current]")).to_have_count(1)
        assert f"r={name}" in report.page.url

    report.page.go_back()
    expect(report.ranges.locator("a[data-range='7d']")).to_have_attribute("aria-current", "true")


def test_stepping_back_holds_the_page_and_escape_returns(report: Report, probe: Probe) -> None:
    report.page.keyboard.press("<")
    expect(report.pill).to_have_attribute("data-state", "paused")
    assert "from=" in report.page.url

    report.page.keyboard.press("Escape")

    expect(report.pill).to_have_attribute("data-state", "live")
    assert "from=" not in report.page.url


def test_the_theme_is_kept_and_drawn_by_the_server(report: Report) -> None:
    page = report.page
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    assert 'data-theme="dark"' in page.request.get(page.url).text()  # before any script runs: nothing flashes
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    background = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")
    expect(page.locator("body")).not_to_have_css("background-color", background)


def test_units_change_everywhere_on_the_page(report: Report) -> None:
    celsius = report.hero.inner_text()
    assert "°C" in celsius

    for _ in range(2):  # metric, uk, us
        with report.page.expect_navigation():
            report.page.keyboard.press("u")

    expect(report.hero).to_contain_text("°F")
    report.until_live()
    expect(report.main_chart.locator(".readout")).to_contain_text("°F")


def test_the_keys_are_listed_and_can_be_turned_off(report: Report) -> None:
    page = report.page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Space")

    dialog.get_by_label("Keys work without Ctrl").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("1")
    expect(report.ranges.locator("a[data-range='6h']")).to_have_attribute("aria-current", "true")
    assert "r=6h" in page.url


def test_the_switcher_opens_searches_and_leads_on(ada: Person, report: Report) -> None:
    page = report.page
    ada.register("Beehive")
    page.reload()

    page.keyboard.press("/")
    expect(page.locator("#switcher input")).to_be_focused()
    page.keyboard.type("bee")
    expect(page.locator("#switcher-rows li:visible")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Beehive", level=1)).to_be_visible()


def test_an_opened_switcher_has_the_values_of_now_and_not_of_when_the_page_was_loaded(
    ada: Person, report: Report
) -> None:
    page = report.page
    page.clock.install()
    hive = ada.register("Beehive")
    page.goto("/account/")
    hive.send({"values": {"temperature": 34.5}})
    page.clock.fast_forward(60_000)

    page.keyboard.press("/")
    row = page.locator("#switcher-rows a", has_text="Beehive")
    expect(row).to_contain_text("34.5")
    expect(row.locator("sf-badge")).to_have_attribute("data-state", "live")


def test_the_switcher_of_a_live_page_keeps_its_states(report: Report) -> None:
    report.until_live()
    expect(report.pill).not_to_have_text(report.pill.inner_text())  # the page's clock has ticked

    report.page.keyboard.press("/")

    expect(report.page.locator("#switcher-rows sf-badge")).to_have_attribute("data-state", "live")


def test_t_and_u_go_through_themes_and_units(report: Report) -> None:
    root = report.page.locator("html")

    for theme in ("light", "dark", "auto"):
        report.page.keyboard.press("t")
        expect(root).to_have_attribute("data-theme", theme)
    for units in ("uk", "us", "scientific", "metric"):
        report.page.keyboard.press("u")
        expect(root).to_have_attribute("data-units", units)
        report.until_live()
