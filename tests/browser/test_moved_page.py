"""A page that moved with readings of all kinds shows what a page shows that is loaded after them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report

pytestmark = pytest.mark.browser

EVERY_S: Final = 600
# What a reader sees: sentences, tables, tiles, today; without ages, last year and the month (as of the time of the
# page), and drawings.
_SEEN: Final = """() => {
  const skipped = ["[hidden]", "sf-age", ".visually-hidden", "[data-fact=kept]", "[data-fact=clock]", ".readout",
    ".plot", "svg", ".rolled", ".sub"].join();
  const text = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(skipped).forEach((each) => each.remove());
    return copy.textContent.replace(/\\s+/g, " ").trim();
  };
  const found = {};
  const keep = (name, element) => (found[name] = text(element));
  keep("hero", document.querySelector("sf-sky .now"));
  keep("wind", document.querySelector("sf-compass"));
  document.querySelectorAll("sf-tile").forEach((each) => keep(`tile ${each.getAttribute("q")}`, each));
  for (const each of document.querySelectorAll("sf-chart")) {
    keep(`sentence of ${each.id}`, each.querySelector("figcaption"));
    keep(`table of ${each.id}`, each.querySelector("tbody"));
  }
  document.querySelectorAll(".comparison tbody tr").forEach((each) => keep(`against ${each.dataset.quantity}`, each));
  return found;
}"""


def station(now: int) -> dict[int, dict[str, Any]]:
    """Two days of a station, every ten minutes."""
    return {at: _values(at) for at in range(now - 2 * 86400 - 3600, now - 60, EVERY_S)}


def _values(at: int) -> dict[str, Any]:
    turn = at // EVERY_S
    return {
        "temperature": 10 + turn % 37 / 10,
        "humidity": 60 + turn % 17,
        "pressure": 1010 + turn % 29 / 10,
        "wind_speed": 3 + turn % 5,
        "wind_direction": 200 + turn % 40,
        "wind_gust": 9 + turn % 3,
        "rain_day": turn % 144 / 10,
        "soil_temperature": 8 + turn % 13 / 10,
    }


Kind = tuple[str, Callable[[int, int], Sequence[dict[str, Any]]]]


def _reading(at: int, **values: Any) -> dict[str, Any]:
    return {"observed_at": at, "values": values}


# Each makes readings from the instant of a new one and from that of the last of the two days.
KINDS: Final[tuple[Kind, ...]] = (
    ("a new reading", lambda now, last: [_reading(now, **_values(last))]),
    ("a new high", lambda now, last: [_reading(now, temperature=19.5, humidity=93)]),
    ("that high corrected downward", lambda now, last: [_reading(now - 1, temperature=11.5, humidity=61)]),
    ("a low", lambda now, last: [_reading(now, temperature=2.5, pressure=1001.5)]),
    ("that low corrected upward", lambda now, last: [_reading(now - 1, temperature=11.0, pressure=1010.5)]),
    ("a late high of today", lambda now, last: [_reading(last + 120, temperature=20.5, soil_temperature=16)]),
    ("a late value of yesterday", lambda now, last: [_reading(now - 86400, temperature=1.5, humidity=12)]),
    ("a calm", lambda now, last: [_reading(now, wind_speed=0.1, wind_direction=0)]),
    ("wind after the calm", lambda now, last: [_reading(now, wind_speed=7.5, wind_direction=300, wind_gust=12)]),
    ("a counter that grows", lambda now, last: [_reading(now, rain_day=15.2)]),
    ("a counter that restarts", lambda now, last: [_reading(now, rain_day=0.4)]),
    ("a late value of the counter", lambda now, last: [_reading(last + 60, rain_day=15.0)]),
    ("a bad value", lambda now, last: [_reading(now, temperature=160.0, humidity=66)]),
    ("a good value after it", lambda now, last: [_reading(now, temperature=11.2)]),
    ("a quantity alone", lambda now, last: [_reading(now, pressure=1012.5)]),
    ("several at once", lambda now, last: [_reading(now - 2, temperature=11.4), _reading(now, temperature=11.6)]),
)


def seen(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(_SEEN)
    return found


def test_the_moved_page_is_the_reloaded_page(ada: Person, window: Window) -> None:
    ada.move_to_midday()
    probe = ada.register("Orchard station", interval_s=EVERY_S)
    begun = now_s()
    probe.send(*({"observed_at": at, "values": values} for at, values in station(begun).items()))
    # So high that every chart is in view.
    moved = window(ada, viewport={"width": 1360, "height": 6000})
    loaded = window(ada, java_script_enabled=False)
    moved.goto(probe.path)
    Report(moved).until_live()
    moved.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")

    for name, readings in KINDS:
        _send(probe, readings(_next(moved), max(station(begun))))
        _until_same(moved, loaded, probe.path, name)


def test_values_that_an_exclusion_covers_in_advance_never_show(ada: Person, window: Window) -> None:
    ada.move_to_midday()
    probe = ada.register("Calibrated station", interval_s=EVERY_S)
    begun = now_s()
    readings = station(begun)
    probe.send(*({"observed_at": at, "values": values} for at, values in readings.items()))
    ada.exclude(probe, "temperature", start_s=begun, end_s=begun + 3600)
    moved = window(ada, viewport={"width": 1360, "height": 6000})
    loaded = window(ada, java_script_enabled=False)
    moved.goto(probe.path)
    Report(moved).until_live()
    moved.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")

    _send(probe, [_reading(_next(moved), temperature=19.5, humidity=77)])
    _until_same(moved, loaded, probe.path, "a value that is excluded")
    assert "77" in seen(moved)["tile humidity"]
    assert "19.5" not in str(seen(moved))

    ada.exclude(probe, None, start_s=begun, end_s=begun + 3600)
    Report(moved).until_live()
    _send(probe, [_reading(_next(moved), temperature=18.5, humidity=93)])
    _until_same(moved, loaded, probe.path, "a reading that is excluded")
    assert "93" not in seen(moved)["tile humidity"]


def _next(page: Page) -> int:
    """Wait for the next second, so that every reading has an instant of its own."""
    begin = now_s()
    while now_s() <= begin + 1:
        page.wait_for_timeout(100)
    return now_s()


def _send(probe: Probe, readings: Sequence[dict[str, Any]]) -> None:
    for reading in readings:
        probe.send(reading)


def _until_same(moved: Page, loaded: Page, path: str, name: str) -> None:
    differing: dict[str, tuple[str | None, str | None]] = {}
    for _ in range(30):
        moved.wait_for_timeout(500)
        loaded.goto(path)
        expected, found = seen(loaded), seen(moved)
        differing = {
            part: (found.get(part), expected.get(part))
            for part in expected | found
            if found.get(part) != expected.get(part)
        }
        if not differing:
            return
    raise AssertionError(f"after {name}, as (moved, loaded): {differing}")
