"""Where a sensor is: chosen on the outline of the world, by keys, by the browser, or written."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def page(ada: Person, visit: Visit) -> Page:
    """The form of a new sensor, where the browser knows its place and lets pages ask for it."""
    here = {"latitude": 52.24, "longitude": 21.01}
    page = visit("/sensors/new/", ada, geolocation=here, permissions=["geolocation"], reduced_motion="reduce")
    expect(page.locator(".world")).to_be_visible()
    return page


def test_a_click_on_the_outline_is_the_place(page: Page) -> None:
    expect_place(page, "", "")

    click_at(page, 0.75, 0.25)

    expect(page.locator("[data-place] output")).to_have_text(re.compile("N, .*E"))
    place = [float(page.locator(f"#id_{name}").input_value()) for name in ("latitude", "longitude")]
    assert place == pytest.approx([45, 90], abs=2)  # a pixel is half a degree
    page.get_by_role("button", name="No place").click()
    expect_place(page, "", "")


def test_arrow_keys_move_the_mark(page: Page) -> None:
    page.locator(".world").focus()

    for key in ("ArrowUp", "Shift+ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect_place(page, "1", "-11")

    page.get_by_role("button", name="Closer").click()
    page.locator(".world").focus()
    page.keyboard.press("ArrowDown")
    expect_place(page, "0.9", "-11")


def test_the_browser_is_asked_where_it_is_only_after_a_click(page: Page) -> None:
    expect_place(page, "", "")

    page.get_by_role("button", name="Where I am now").click()

    expect_place(page, "52.2400", "21.0100")
    expect(page.locator("[data-place] output")).to_have_text("52.24° N, 21.01° E")


def test_half_a_place_is_refused_and_the_fields_work_without_scripts(ada: Person, visit: Visit) -> None:
    page = visit("/sensors/new/", ada, java_script_enabled=False)
    expect(page.locator(".world")).to_be_hidden()
    page.get_by_label("Name of the sensor").fill("Balcony")
    page.get_by_label("Latitude").fill("52.2")

    page.get_by_role("button", name="Register and get its key").click()

    expect(page.locator("#id_longitude_error")).to_contain_text("Longitude is missing")
    page.get_by_label("Longitude").fill("21")
    page.get_by_role("button", name="Register and get its key").click()
    expect(page.get_by_role("heading", name="Connect Balcony")).to_be_visible()


def click_at(page: Page, across: float, down: float) -> None:
    world = page.locator(".world svg")
    world.scroll_into_view_if_needed()
    box = world.bounding_box()
    assert box
    world.click(position={"x": box["width"] * across, "y": box["height"] * down})


def expect_place(page: Page, latitude: str, longitude: str) -> None:
    expect(page.locator("#id_latitude")).to_have_value(latitude)
    expect(page.locator("#id_longitude")).to_have_value(longitude)
