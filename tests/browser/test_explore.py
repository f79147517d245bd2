"""Explore as its reader uses it: by mouse, by keyboard only, live, and by address."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import PASSWORD, WARMER, Person, Probe, instant, now_s, weather
from tests.patience import PATIENCE_MS

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
MOST_STOPS = 80


@pytest.fixture
def probes(ada: Person) -> tuple[Probe, Probe]:
    found = ada.register("Orchard", interval_s=300), ada.register("Shed", interval_s=300)
    for probe in found:
        probe.send(*weather(until_s=now_s() - 30, hours=30))
    return found


def address(*series: str, more: str = "") -> str:
    return f"/explore/?{'&'.join(f's={each}' for each in series)}{more}"


def both(probes: tuple[Probe, Probe]) -> list[str]:
    return [f"{probe.sensor}:temperature" for probe in probes]


def lines(page: Page) -> int:
    return page.locator(".picture path.line").count()


def tick(page: Page, series: str) -> None:
    box = page.locator(f'input[type=checkbox][value="{series}"]')
    box.evaluate("each => each.closest('.sensor').open = true")
    box.check()


def test_ticked_series_are_drawn_and_back_takes_them_away(
    ada: Person, probes: tuple[Probe, Probe], visit: Visit
) -> None:
    page = visit("/explore/", ada)
    first, second = both(probes)
    tick(page, first)
    expect(page.locator(".chip")).to_have_count(1)
    tick(page, f"{probes[0].sensor}:humidity")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".axis-heads span")).to_have_text(["°C", "%"])

    page.go_back()

    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(f'input[type=checkbox][value="{probes[0].sensor}:humidity"]')).not_to_be_checked()
    tick(page, second)
    expect(page.locator(".chip")).to_have_count(2)
    assert second in unquote(page.url)


def test_crosshair_names_values_under_the_mouse_and_the_arrow_keys(
    ada: Person, probes: tuple[Probe, Probe], visit: Visit
) -> None:
    page = visit(address(*both(probes)), ada)
    page.locator(".picture").hover(position={"x": 400, "y": 100})
    expect(page.locator("#reading")).to_contain_text(re.compile(r"Orchard .*°C.*Shed .*°C"))
    before = page.locator("#reading").inner_text()

    page.locator(".picture").focus()
    page.keyboard.press("Home")

    expect(page.locator("#reading")).not_to_have_text(before)
    expect(page.locator(".crosshair").first).to_have_attribute("visibility", "visible")


def test_the_keys_of_the_chart_stop_at_a_note_and_tell_its_text(
    ada: Person, probes: tuple[Probe, Probe], visit: Visit
) -> None:
    noted = {"text": "Shield cleaned", "start": instant(now_s() - 3 * 86_400 // 4)}
    ada.client.post(f"/api/v1/sensors/{probes[0].sensor}/notes/", json=noted).raise_for_status()
    page = visit(address(*both(probes)), ada)
    told = page.locator("#reading")

    page.locator(".picture").focus()
    page.keyboard.press("Home")
    for _ in range(MOST_STOPS * 2):
        if "Note 1" in told.inner_text():
            break
        page.keyboard.press("ArrowRight")

    expect(told).to_contain_text("Note 1 Orchard, Note: Shield cleaned")
    until(page, ".notes a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from="))
    expect(page.locator(".notes li")).to_contain_text("Shield cleaned")


def test_drag_zooms_and_now_returns(ada: Person, probes: tuple[Probe, Probe], visit: Visit) -> None:
    page = visit(address(*both(probes)), ada)
    box = page.locator(".picture").bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 80, steps=4)
    page.mouse.up()

    page.wait_for_url(re.compile("from="))
    page.get_by_role("link", name="Now", exact=True).click()

    page.wait_for_url(re.compile("r=24h"))


def choose(page: Page, view: str) -> None:
    """Choose a view, and wait until the page is that of its address."""
    link = page.get_by_role("navigation", name="View").get_by_role("link", name=view)
    link.click()
    expect(link).to_have_attribute("aria-current", "true")


def test_each_view_and_comparison_is_a_link(ada: Person, probes: tuple[Probe, Probe], visit: Visit) -> None:
    page = visit(address(*both(probes)), ada)
    for view, part in (
        ("Multiples", ".picture.small >> nth=1"),
        ("Scatter", ".pairs >> nth=0"),
        ("Distribution", "text=95 % below"),
        ("Table", ".results .table >> nth=0"),
    ):
        choose(page, view)
        expect(page.locator(part)).to_be_visible()
    choose(page, "Time")
    page.get_by_text("Compare", exact=True).click()
    page.get_by_role("link", name="Second series").click()
    expect(page.get_by_text("Orchard minus Shed")).to_be_visible()
    expect(page.locator(".picture")).to_have_count(2)


def test_new_readings_are_drawn_while_one_looks(ada: Person, probes: tuple[Probe, Probe], visit: Visit) -> None:
    page = visit(address(*both(probes), more="&r=1h"), ada)
    expect(page.locator("sf-live")).to_have_attribute("data-state", re.compile("live|late"))

    probes[0].send({"observed_at": now_s(), "values": {"temperature": WARMER}})

    expect(page.locator(".figures-card")).to_contain_text(str(WARMER), timeout=PATIENCE_MS)
    newest = page.locator(".panel-figure script").evaluate("each => JSON.parse(each.textContent).lines[0].v.at(-1)")
    assert newest == WARMER


def test_search_finds_a_quantity(ada: Person, probes: tuple[Probe, Probe], visit: Visit) -> None:
    page = visit("/explore/", ada)
    page.keyboard.press("/")
    page.keyboard.type("shed humid")

    expect(page.locator(".chooser li:visible")).to_have_text([re.compile("humid", re.IGNORECASE)] * 3)


def test_a_picture_and_a_table_are_saved_as_files(ada: Person, probes: tuple[Probe, Probe], visit: Visit) -> None:
    page = visit(address(*both(probes)), ada)
    for name, ending in (("Picture (PNG)", b"\x89PNG"), ("CSV", b"time (")):
        page.get_by_role("button", name="Chart menu").click()
        with page.expect_download() as saved:
            page.locator("#chart-menu").get_by_text(name).click()
        assert saved.value.path().read_bytes().startswith(ending)
        page.keyboard.press("Escape")


def test_without_scripts_the_address_is_a_picture_and_a_table(
    ada: Person, probes: tuple[Probe, Probe], visit: Visit
) -> None:
    page = visit(address(*both(probes)), ada, java_script_enabled=False)

    expect(page.locator(".picture path.line")).to_have_count(2)
    page.locator(f'input[type=checkbox][value="{probes[1].sensor}:temperature"]').uncheck()
    page.get_by_role("button", name="Show").first.click()
    expect(page.locator(".picture path.line")).to_have_count(1)


def until(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached")


def test_from_sign_in_to_a_saved_comparison_by_keyboard_only(
    ada: Person, probes: tuple[Probe, Probe], window: Window
) -> None:
    page = window()
    page.goto("/sign-in/?next=/explore/")
    until(page, "input[type=email]")
    page.keyboard.type(ada.email)
    until(page, "input[type=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Explore")).to_be_visible()
    for place, name in enumerate(("orchard temperature", "shed temperature"), 1):
        page.wait_for_load_state("networkidle")  # the keys are bound by then
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox", name="Find a quantity")).to_be_focused()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(name)
        until(page, "input[type=checkbox]")
        page.keyboard.press("Space")
        expect(page.locator(".chip")).to_have_count(place)
    page.get_by_role("button", name="Saved").focus()
    page.keyboard.press("Enter")
    until(page, "#save-name")
    page.keyboard.type("Both roofs")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Both roofs")).to_be_visible()
    assert lines(page) == 2


@pytest.mark.parametrize("width", [1360, 390, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_fits_and_is_quiet(
    ada: Person, probes: tuple[Probe, Probe], window: Window, width: int, theme: str
) -> None:
    page = window(ada, viewport={"width": width, "height": 900}, color_scheme=theme)
    for mode in ("time&c=second", "multiples", "scatter", "distribution", "table"):
        page.goto(address(*both(probes), more=f"&m={mode}"))
        page.wait_for_load_state("networkidle")
        wanted, given = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wanted <= given, mode
