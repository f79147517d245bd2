"""Pages of doors, freezers and meters move with the stream, and say live what the server says after a reload."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser
SHARE: Final = re.compile(r"([\d.]+)\s%")  # of the time until now: it is another one some seconds later


def opened(page: Page, probe: Probe) -> Locator:
    page.goto(probe.path)
    Report(page).until_live()
    page.wait_for_function("!!customElements.get('sf-spans')")
    return page.locator(".instrument")


def shares(lines: list[str]) -> list[float]:
    return [float(each) for each in SHARE.findall("\n".join(lines))]


def told(instrument: Locator) -> list[str]:
    """Return what can be read: sentences, marks, and rows of open tables."""
    return [each for each in instrument.all_inner_texts()[0].split("\n") if each.strip()]


def regular(values: list[Any], name: str, *, until_s: float, every_s: float = 300) -> list[dict[str, Any]]:
    count = len(values)
    return [
        {"observed_at": until_s - every_s * (count - 1 - place), "values": {name: value, "battery_voltage": 3.0}}
        for place, value in enumerate(values)
    ]


def test_door_opens_on_the_page_and_the_reload_says_the_same(ada: Person, window: Window) -> None:
    probe = ada.register("Shop door", interval_s=300, kind="contact")
    now = now_s()
    probe.send(*regular([False, True, False, False], "door_open", until_s=now - 300))
    page = window(ada)
    instrument = opened(page, probe)
    expect(page.locator(".hero .reading")).to_contain_text("closed")
    drawn = instrument.locator(".strip .on").count()

    probe.send({"observed_at": now, "values": {"door_open": True}})

    expect(page.locator(".hero .reading")).to_contain_text("open")
    expect(instrument.locator("[data-fact=headline]")).to_contain_text("Open since")
    expect(instrument.locator(".strip .on")).to_have_count(drawn + 1)
    live = told(instrument)
    assert told(opened(page, probe)) == live


def test_freezer_leaves_its_band_on_the_page(ada: Person, window: Window) -> None:
    band = {"temperature": {"low": -25, "high": -18}}
    probe = ada.register("Freezer", interval_s=300, kind="freezer", quantities=band)
    now = now_s()
    probe.send(*regular([-20.0, -16.0, -21.0, -20.5], "temperature", until_s=now - 300))
    page = window(ada)
    instrument = opened(page, probe)
    expect(instrument.locator("[data-fact=headline]")).to_contain_text("In the band since")

    probe.send({"observed_at": now, "values": {"temperature": -17.2}})

    expect(instrument.locator("[data-fact=headline]")).to_contain_text("Above since")
    live = told(instrument.locator("sf-spans"))
    reloaded = told(opened(page, probe).locator("sf-spans"))
    assert [SHARE.sub("%", each) for each in reloaded] == [SHARE.sub("%", each) for each in live]
    assert shares(reloaded) == pytest.approx(shares(live), abs=2)  # of 20 minutes, some seconds later


def test_meter_counts_on_the_page(ada: Person, window: Window) -> None:
    probe = ada.register("Electricity", interval_s=300, kind="meter")
    now = now_s()
    counts = [100.0 + place for place in range(4)]
    rows = regular(counts, "energy", until_s=now - 300)
    probe.send(*({**row, "values": {**row["values"], "power": 500}} for row in rows))
    page = window(ada)
    page.goto(probe.path)
    Report(page).until_live()
    page.wait_for_function("!!customElements.get('sf-bullet')")

    probe.send({"observed_at": now, "values": {"energy": 105.5, "power": 600}})

    total = page.locator("sf-bullet [data-fact=total]")
    expect(total).not_to_have_text("3.00")
    live = total.inner_text()
    page.reload()
    expect(total).to_have_text(live)


# Where the marks of a ruler are, by its own scale, whose ends may be those of an hour ago.
_ON_SCALE: Final = """() => [...document.querySelectorAll("sf-ruler[data-low]")].flatMap((ruler) => {
  const [low, high] = [+ruler.dataset.low, +ruler.dataset.high];
  const at = (element, name) => (parseFloat(element.getAttribute(name)) / 100) * (high - low);
  const [now, today] = [ruler.querySelector(".now"), ruler.querySelector(".today")];
  return [low + at(now, "x"), low + at(today, "x"), at(today, "width")];
})"""
# What is drawn of a vessel and of a meter's bars, and what is written at them.
_DRAWN: Final = """() => [...document.querySelectorAll("sf-ruler.tank, sf-bullet")].flatMap((element) => [
  element.innerText.replace(/\\s+/g, " ").trim(),
  ...[...element.querySelectorAll("rect, line, text")].map((each) =>
    ["class", "x", "x1", "width", "y", "height"].map((name) => each.getAttribute(name)).join(" ")),
])"""


def until_reloaded(moved: Page, loaded: Page, path: str) -> None:
    """Wait until the page that moved shows what a page without scripts shows."""
    seen: list[tuple[Any, Any]] = []
    for _ in range(40):
        moved.wait_for_timeout(500)
        loaded.goto(path)
        seen = [(page.evaluate(_ON_SCALE), page.evaluate(_DRAWN)) for page in (moved, loaded)]
        (scale, drawn), (true_scale, true_drawn) = seen
        if drawn == true_drawn and scale == pytest.approx(true_scale, rel=2e-3, abs=2e-3):
            return
    raise AssertionError(seen)


@pytest.mark.parametrize(
    ("kind", "name", "before", "after"),
    [
        ("freezer", "temperature", [-20.0, -19.5, -21.0, -20.5], [-19.0, -22.0, -16.5]),
        ("room", "co2", [640.0, 655.0, 650.0, 660.0], [690.0, 720.0, 610.0]),
        ("tank", "level", [1.0, 1.01, 1.02, 1.03], [1.05, 1.02]),
        ("meter", "energy", [100.0, 101.0, 102.0, 103.0], [103.5, 105.5, 0.5]),
    ],
)
def test_instrument_moves_as_a_reload_draws_it(
    ada: Person, window: Window, kind: str, name: str, before: list[float], after: list[float]
) -> None:
    ada.move_to_midday()
    settings = {"freezer": {name: {"low": -25, "high": -18}}, "tank": {name: {"high": 2.0}}}
    probe = ada.register(f"A {kind}", interval_s=300, kind=kind, quantities=settings.get(kind, {}))
    now = now_s()
    probe.send(*regular(before, name, until_s=now - 300))
    moved, loaded = window(ada), window(ada, java_script_enabled=False)
    opened(moved, probe)
    assert moved.evaluate(_DRAWN) or moved.evaluate(_ON_SCALE)

    for place, value in enumerate(after):
        probe.send({"observed_at": now - 60 + 10 * place, "values": {name: value}})
        until_reloaded(moved, loaded, probe.path)
