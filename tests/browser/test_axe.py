"""Axe finds nothing in pages of people who are signed in: in both themes, in forced colours, late, offline and new.

Pages for people without an account are in `test_public_pages.py`.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.report import Report
from tests.browser.test_every_page import paths
from tests.browser.test_public_pages import AXE, FOUND

pytestmark = pytest.mark.browser

# In forced colours the palette is the reader's: axe would read backgrounds that the browser does not paint then.
FOUND_BY_LINES = FOUND.replace("axe.run()", "axe.run({ rules: { 'color-contrast': { enabled: false } } })")
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}


def station(person: Person, name: str, *, silent_s: int) -> Probe:
    probe = person.register(name, interval_s=300, latitude=52.2, longitude=21.0)
    probe.send(*weather(until_s=now_s() - silent_s, hours=24))
    return probe


@pytest.fixture
def kinds(ada: Person) -> dict[str, Probe]:
    """A sensor of each look that a page has: by state, and by what there is to draw."""
    alone = {
        "vane": {"wind_direction": 210},
        "door": {"door_open": True},
        "mode": {"mode": "heating"},
        "typo": {"temprature": 21.5},
        "tiny": {"leakage": 1.5e-7},
        "logger": {f"channel_{number}": number / 4 for number in range(60)},
    }
    found = {name: ada.register(name.title()) for name in alone}
    for name, values in alone.items():
        found[name].send(*({"observed_at": now_s() - 60 * back, "values": values} for back in range(6, 0, -1)))
    return {
        "late": station(ada, "Late", silent_s=1_000),
        "offline": station(ada, "Offline", silent_s=9_000),
        **found,
    }


def violations(page: Page, look: str) -> Any:
    page.evaluate(AXE)
    return page.evaluate(FOUND_BY_LINES if look == "forced" else FOUND)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_page_of_an_owner(ada: Person, window: Window, look: str) -> None:
    probe, waiting = station(ada, "Orchard", silent_s=60), ada.register("Waiting")
    same_name = {"name": "My site", "time_zone": "UTC"}
    ada.client.post("/api/v1/sites/", json=same_name).raise_for_status()
    page = window(ada, reduced_motion="reduce", **LOOKS[look])
    found = {}
    for path in [*paths(probe, waiting), f"/explore/?s={probe.sensor}:temperature&s={probe.sensor}:humidity"]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found[path] = violations(page, look)

    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_the_page_of_any_sensor(
    ada: Person, kinds: dict[str, Probe], window: Window, look: str
) -> None:
    page = window(ada, reduced_motion="reduce", **LOOKS[look])
    found = {}
    for name, probe in kinds.items():
        page.goto(probe.path)
        page.wait_for_load_state("networkidle")
        if name in ("late", "offline"):
            expect(Report(page).pill).to_have_attribute("data-state", name)
        found[name] = violations(page, look)

    assert {name: each for name, each in found.items() if each} == {}
