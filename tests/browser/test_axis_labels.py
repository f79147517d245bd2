"""Labels beside the server's drawings: none is cut off, none is over its drawing, wide screens and narrow ones."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s

pytestmark = pytest.mark.browser

# Labels that leave the card they are in, or reach into their drawing, by more than a pixel.
_FAULTS: Final = """() => {
  const faults = [];
  for (const svg of document.querySelectorAll(".plot > svg, .picture > svg, .tried > svg")) {
    const plot = svg.querySelector("svg").getBoundingClientRect();
    const card = svg.closest(".card, .doc, section, figure").getBoundingClientRect();
    for (const text of svg.querySelectorAll(":scope > text")) {
      const { left, right, width } = text.getBoundingClientRect();
      const said = text.textContent.trim();
      if (!width || !said) continue;
      const ends = [Math.max(card.left, 0), Math.min(card.right, innerWidth)];
      if (left < ends[0] - 1 || right > ends[1] + 1) faults.push(`cut off: ${said}`);
      if (text.matches(".y, .e:not(.named)") && right > plot.left + 1) faults.push(`over the drawing: ${said}`);
      if (text.matches(".right, .end") && left < plot.right - 1) faults.push(`over the drawing: ${said}`);
    }
    const across = [...svg.querySelectorAll(":scope > text.x")].map((each) => each.getBoundingClientRect());
    const shown = across.filter(({ width }) => width);
    if (shown.some((each, place) => place && each.left < shown[place - 1].right)) faults.push("marks over each other");
  }
  return faults;
}"""
_MARKS: Final = """() => {
  const marks = document.querySelectorAll("svg text.y, svg text.e, svg text.x");
  return [...marks].map((each) => each.textContent.trim());
}"""
SIZES: Final = ((1360, 900), (390, 844))


@pytest.fixture
def probe(ada: Person) -> Probe:
    """A sensor of air pressure, of a counter of many digits, and of very small numbers."""
    found = ada.register("Cellar", interval_s=3600)
    newest = now_s() // 3600 * 3600
    found.send(
        *(
            {
                "observed_at": newest - back * 3600,
                "values": {
                    "pressure": 1013.25 + back / 20,
                    "visitors_in_the_northern_hall": 12_500 + 10 * back,
                    "leakage": 0.000012 + back * 1e-7,
                },
            }
            for back in range(60, -1, -1)
        )
    )
    return found


def pages(probe: Probe) -> list[str]:
    month = datetime.fromtimestamp(now_s() - 30 * 3600, UTC)  # of half of the readings, also on the first of a month
    series = [f"s={probe.sensor}:{name}" for name in ("pressure", "visitors_in_the_northern_hall", "leakage")]
    return [
        probe.path,
        f"{probe.path}?r=7d",
        f"{probe.path}reports/{month.year}/{month.month:02}/",
        f"/explore/?{series[0]}&{series[1]}&m=overlay",
        f"/explore/?{series[0]}&{series[2]}&m=scatter",
        f"/explore/?{series[0]}&m=distribution",
    ]


@pytest.mark.parametrize("size", SIZES)
def test_labels_have_room_beside_every_drawing(ada: Person, probe: Probe, window: Window, size: Any) -> None:
    width, height = size
    page = window(ada, java_script_enabled=False, viewport={"width": width, "height": height})
    page.context.add_cookies([{"name": "units", "value": "scientific", "url": ada.url}])
    seen = {path: faults(page, path) for path in pages(probe)}

    assert seen == {path: [] for path in seen}


def faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    marks = page.evaluate(_MARKS)
    assert any("," in each or "×" in each for each in marks), (path, marks)
    found: list[str] = page.evaluate(_FAULTS)
    return found


def test_names_at_the_ends_of_lines_keep_their_room_when_the_script_draws(ada: Person, window: Window) -> None:
    labels = {"temperature": {"label": "Air in the northern hall"}, "dew_point": {"label": "Dew in the northern hall"}}
    probe = ada.register("Hall", interval_s=600, quantities=labels)
    newest = now_s() // 600 * 600
    probe.send(
        *(
            {"observed_at": newest - back * 600, "values": {"temperature": 20 + back / 50, "dew_point": 9 - back / 50}}
            for back in range(30, -1, -1)
        )
    )
    still, live = window(ada, java_script_enabled=False), window(ada)
    still.goto(probe.path)
    live.goto(probe.path)
    drawn = live.locator("#chart-temperature .u-over")
    drawn.wait_for()

    ends = [_right(still, "#chart-temperature .placeholder"), _right(live, "#chart-temperature .u-over")]

    card = still.locator("#chart-temperature .plot").bounding_box()
    assert card is not None
    assert card["x"] + card["width"] - ends[0] > 120
    assert ends[1] == pytest.approx(ends[0], abs=1)


def _right(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"] + box["width"]
