"""The strip of the whole record: a brush for pointer, touch and keys, and links without scripts."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser

HOUR = 3600
DAY = 24 * HOUR


def probe_of_days(person: Person, days: int = 40) -> Probe:
    """A probe in UTC with four readings a day."""
    person.client.patch(f"/api/v1/sites/{person.site()}/", json={"time_zone": "UTC"}).raise_for_status()
    probe = person.register("Orchard station", interval_s=6 * HOUR)
    begin = now_s() // DAY * DAY - (days - 1) * DAY
    times = range(begin + 60, now_s(), 6 * HOUR)
    probe.send(*({"observed_at": at, "values": {"temperature": 5 + n % 9}} for n, at in enumerate(times)))
    return probe


def handle(page: Page, label: str) -> Locator:
    return page.get_by_role("slider", name=label)


def chosen(page: Page) -> tuple[int, int]:
    """Return the first and the last day of the address, counted back from today."""
    expect(page).to_have_url(re.compile("from="))
    query = parse_qs(urlsplit(page.url).query)
    start, end = (int(query[name][0]) for name in ("from", "to"))
    assert start % DAY == end % DAY == 0
    today = now_s() // DAY
    return today - start // DAY, today - (end // DAY - 1)


def opened(visit: Visit, probe: Probe, person: Person, **context: Any) -> Page:
    page = visit(probe.path, person, **context)
    Report(page).until_drawn()
    expect(handle(page, "First day shown")).to_be_visible()
    return page


def test_keys_choose_days_and_the_charts_follow(ada: Person, visit: Visit) -> None:
    page = opened(visit, probe_of_days(ada), ada)
    first, last = handle(page, "First day shown"), handle(page, "Last day shown")
    expect(last).to_have_attribute("aria-valuenow", str(now_s() // DAY))

    first.press("Home")
    expect(page.locator("sf-range [data-fact=span]")).to_contain_text("–")
    assert chosen(page) == (39, 0)
    last.press("Home")
    first.press("Shift+ArrowRight")
    expect(page).to_have_url(re.compile(f"to={(now_s() // DAY - 38) * DAY}$"))
    assert chosen(page) == (39, 39)
    last.press("Shift+ArrowRight")
    last.press("ArrowLeft")
    first.press("ArrowUp")
    expect(last).to_have_attribute("aria-valuenow", str(now_s() // DAY - 10))
    expect(page).to_have_url(re.compile(f"to={(now_s() // DAY - 9) * DAY}$"))

    assert chosen(page) == (38, 10)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "paused")
    page.locator("a[data-step='0']").click()
    expect(page).not_to_have_url(re.compile("from="))
    expect(last).to_have_attribute("aria-valuenow", str(now_s() // DAY))


def test_drag_chooses_moves_and_resizes(ada: Person, visit: Visit) -> None:
    page = opened(visit, probe_of_days(ada), ada)
    strip = page.locator(".brush")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    assert box is not None

    left, width, y = box["x"], box["width"], box["y"] + box["height"] / 2

    def drag(start: float, end: float) -> None:
        """Drag from the middle of a day of the record to that of another."""
        for place, day in enumerate((start, (start + end) / 2, end)):
            page.mouse.move(left + (day + 0.5) / 40 * width, y)
            if place == 0:
                page.mouse.down()
        page.mouse.up()

    drag(5, 9)
    assert chosen(page) == (34, 30)
    drag(7, 17)
    expect(page).to_have_url(re.compile(f"from={(now_s() // DAY - 24) * DAY}&"))
    assert chosen(page) == (24, 20)
    drag(20, -3)  # the handle beside the window's end, which stops at the other one
    expect(page).to_have_url(re.compile(f"to={(now_s() // DAY - 23) * DAY}$"))
    assert chosen(page) == (24, 24)


def test_touch_chooses_and_lets_the_page_scroll(ada: Person, visit: Visit) -> None:
    page = opened(visit, probe_of_days(ada), ada, has_touch=True, viewport={"width": 390, "height": 844})
    strip = page.locator(".brush")
    strip.scroll_into_view_if_needed()
    assert strip.evaluate("each => getComputedStyle(each).touchAction") == "pan-y"

    strip.evaluate(
        """each => {
          const { left, top, width } = each.getBoundingClientRect();
          const at = (type, day) => each.dispatchEvent(new PointerEvent(type, {
            bubbles: true, isPrimary: true, pointerType: "touch", pointerId: 1,
            clientX: left + (day + .5) / 40 * width, clientY: top + 9,
          }));
          each.setPointerCapture = () => {}; // there is no finger
          at("pointerdown", 3), at("pointermove", 6), at("pointermove", 10), at("pointerup", 10);
        }"""
    )

    assert chosen(page) == (36, 29)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_record_has_links(ada: Person, visit: Visit) -> None:
    page = visit(probe_of_days(ada, 70).path, ada, java_script_enabled=False)

    expect(page.locator(".brush .handle")).to_have_count(0)
    links = page.locator(".record nav a")
    href = links.nth(1).get_attribute("href") or ""
    page.goto(page.url.split("?")[0] + href)

    expect(page.locator("sf-range [data-fact=span]")).to_contain_text("–")
    assert re.fullmatch(r"\?day=\d{4}-\d\d-01&through=\d{4}-\d\d-\d\d", href)
