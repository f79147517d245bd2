"""No page logs an error, in light and dark and on a phone; none is too wide, none contacts other servers."""

import re
import time
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sensorfusion.administration.templatetags.administration import PAGES
from sensorfusion.sensors.templatetags.sections import SECTIONS
from tests.browser.conftest import Visit, Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.server import Server
from tests.browser.witness import Witness
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser
LIGHTNESS = """(element) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = getComputedStyle(element).color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 3;
}"""

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1360, "height": 1000}
MEASURE = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture
def probe(ada: Person) -> Probe:
    probe = ada.register("Orchard station", interval_s=300)
    probe.send(*weather(until_s=now_s() - 60, hours=24))
    return probe


def paths(probe: Probe, waiting: Probe) -> list[str]:
    """Return the addresses of pages for people who are signed in; `waiting` has no reading."""
    return [
        "/",
        probe.path,
        waiting.path,
        waiting.start_path,
        f"{probe.path}reports/",
        f"{probe.path}reports/{time.gmtime(now_s() - 60).tm_year}/",
        f"{probe.path}reports/{time.strftime('%G/W%V', time.gmtime(now_s() - 60))}/",
        *(reverse(each.route, args=[probe.sensor]) for each in SECTIONS),
        f"{probe.path}polling/?preset=openweathermap",
        "/sensors/",
        "/sensors/new/",
        "/offline/",
        "/sites/new/",
        "/exports/",
        f"{probe.path}export/",
        f"/sites/{probe.site}/webhooks/",
        f"/sites/{probe.site}/webhooks/add/",
        f"/sites/{probe.site}/settings/",
        f"/sites/{probe.site}/provisioning/",
        "/account/",
        "/alerts/",
        "/alerts/rules/new/",
        "/?view=map",
        f"{probe.path}alert-rules/new/?quantity=temperature",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_is_quiet_and_fits_its_window(
    ada: Person, probe: Probe, window: Window, theme: str, viewport: dict[str, int]
) -> None:
    page = window(ada, viewport=viewport, color_scheme=theme)
    for path in paths(probe, ada.register("Waiting")):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert fits(page), path


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, SMALL_PHONE], ids=["desktop", "phone", "small phone"])
def test_every_page_of_administrators_is_quiet_and_fits(
    root: Person, probe: Probe, window: Window, theme: str, viewport: dict[str, int]
) -> None:
    page = window(root, viewport=viewport, color_scheme=theme)
    for path in (*(reverse(name) for name, *_ in PAGES), f"/administration/storage/{probe.site}/", "/account/confirm/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert fits(page), path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_for_strangers_are_quiet_and_fit(visit: Visit, witness: Witness, theme: str) -> None:
    witness.expect("status of 404")
    page = visit("/sign-in/", viewport=PHONE, color_scheme=theme)
    for path in ("/sign-up/", "/nowhere/"):
        assert fits(page)
        page.goto(path)
    assert fits(page)


def test_the_demo_is_quiet(window: Window, server: Server) -> None:
    page = window()
    sign_in_to_the_demo(page, server)
    page.locator("#cards a.card").first.click()
    expect(page.locator("sf-chart.main canvas")).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert page.locator("sf-chart").count() >= 3


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_api_s_documentation_is_quiet_and_fits(
    visit: Visit, ada: Person, witness: Witness, viewport: dict[str, int]
) -> None:
    witness.expect("OpenAPI Sampler: found allOf")  # Redoc makes one of each oneOf in which a list is a choice
    page = visit("/api/docs/", ada, viewport=viewport)
    expect(page.get_by_text("/api/v1/alerts/", exact=True)).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Read as one page").click()
    expect(page.get_by_role("heading", name="List alerts")).to_be_visible()
    assert fits(page)


def test_the_api_s_documentation_follows_the_theme_and_leads_back(visit: Visit, ada: Person) -> None:
    page = visit("/api/docs/", ada, color_scheme="dark")
    expect(page.get_by_text("/api/v1/alerts/", exact=True)).to_be_visible()
    until(page, lambda: lightness(page, "#api-docs .opblock-tag") > 160)
    page.get_by_role("button", name="Theme: auto").click()
    expect(page.locator("html.dark-mode")).to_have_count(0)
    until(page, lambda: lightness(page, "#api-docs .opblock-tag") < 90)

    page.get_by_role("main").get_by_role("link", name="Overview").click()
    expect(page).to_have_url(re.compile(r"/$"))


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for what is drawn; its colours change over some frames. The page's policy lets no predicate be evaluated."""
    for _ in range(PATIENCE_S * 10):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was never so")


def lightness(page: Page, selector: str) -> float:
    """Return how light a text is, from 0 to 255, in either notation of Chromium."""
    return float(page.locator(selector).first.evaluate(LIGHTNESS))


def fits(page: Page) -> bool:
    wanted, given = page.evaluate(MEASURE)
    return bool(wanted <= given)


def sign_in_to_the_demo(page: Page, server: Server) -> None:
    email, password = server.demo
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#cards")).to_be_visible()
