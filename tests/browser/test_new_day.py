"""A page that is open at midnight shows, until the day's first reading, what a page shows that is loaded then."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Page, WebSocketRoute

from tests.browser.conftest import Window
from tests.browser.people import Person, now_s

pytestmark = pytest.mark.browser

AHEAD: Final = timedelta(hours=2)
# What a page says of today, and the title; without times of the clock, which are those of the zone.
_OF_TODAY: Final = """() => {
  const places = "sf-today dd b, sf-tile .extremes b, sf-tile .total, sf-value, .extent, .said > span";
  const said = [...document.querySelectorAll(places)].map((each) => each.textContent);
  return [document.title, ...said].map((text) => text.replace(/\\s+/g, " ").trim()).join(" | ");
}"""
# Of each sensor: what it is, what it sends, and what a page says of it before and after midnight.
KINDS: Final = {
    "a station": (
        {},
        {"temperature": 12.5, "humidity": 61, "wind_speed": 3.5, "wind_direction": 200, "rain": 0.2},
        ["12.5° | 12.5°", "61% | 61 | 61", "4.0mm"],
        ["– | –", "61% | – | –", "| – |"],
    ),
    "a rain gauge": ({"primary_quantity": "rain_day"}, {"rain_day": 4.2}, ["4.2 mm ·"], ["– · "]),
    "a room": ({"kind": "room"}, {"temperature": 21.5, "humidity": 45}, ["21.5° | 21.5°"], ["– | –", "45% | – | –"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_midnight_takes_what_was_of_the_day_before(ada: Person, window: Window, kind: str) -> None:
    details, values, before, after = KINDS[kind]
    probe = ada.register("Orchard station", interval_s=3600, **details)
    # The newest is of two hours before the present hour: of today at 22 h, of yesterday after midnight.
    newest = now_s() // 3600 * 3600 - 7500
    probe.send(*({"observed_at": newest - back * 3600, "values": values} for back in range(24)))
    ada.move_to(22)
    loaded, moved = window(ada, java_script_enabled=False), window(ada)
    loaded.goto(probe.path)
    assert [each for each in before if each not in said(loaded)] == [], said(loaded)
    moved.route_web_socket("**/ws/live/", _after_midnight)
    moved.goto(probe.path)

    ada.move_to(0)

    loaded.goto(probe.path)
    assert [each for each in after if each not in said(loaded)] == [], said(loaded)
    _until(moved, said(loaded))


def said(page: Page) -> str:
    found: str = page.evaluate(_OF_TODAY)
    return found


def _after_midnight(socket: WebSocketRoute) -> None:
    """Let the server say that it is two hours later: a page follows the server's clock."""
    server = socket.connect_to_server()
    server.on_message(lambda message: socket.send(_later(json.loads(message))))


def _later(message: dict[str, Any]) -> str:
    if message["type"] == "pong":
        at = datetime.fromisoformat(message["at"]) + AHEAD
        message["at"] = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps(message)


def _until(page: Page, expected: str) -> None:
    for _ in range(60):
        page.wait_for_timeout(250)
        if (found := said(page)) == expected:
            return
    assert found == expected
