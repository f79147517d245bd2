"""The cards of the overview update by themselves."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import Person, now_s, weather
from tests.browser.report import WATCH_SHIFTS
from tests.browser.server import Server
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser


def test_a_battery_is_shown_when_it_is_low_and_hidden_when_it_was_changed(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 60, hours=1, every_s=60))
    page = visit("/", ada)
    card = page.locator(f'article[data-sensor="{probe.sensor}"]')
    expect(page.locator("sf-live")).to_contain_text("Live")
    expect(card.locator(".low")).to_be_hidden()

    probe.send({"observed_at": now_s(), "values": {"battery": 7}})
    expect(card.locator(".low")).to_have_text("7\u00a0%")

    probe.send({"observed_at": now_s(), "values": {"battery": 96}})
    expect(card.locator(".low")).to_be_hidden()


def test_a_server_that_is_away_is_not_told_as_a_late_sensor(
    ada: Person, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect("WebSocket connection|ERR_CONNECTION|Failed to (fetch|load)")
    probe = ada.register("Orchard station", interval_s=2)
    ada.register("Cellar")
    probe.send({"observed_at": now_s(), "values": {"temperature": 8.5}})
    page = window(ada)
    page.clock.install()
    page.goto("/")
    expect(page.locator("sf-live")).to_contain_text("Live")

    server.stop()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "reconnecting")
    page.clock.run_for(60_000)

    expect(page.locator("[data-sites]")).to_contain_text(", as of ")
    expect(page.locator(f'[data-sensor="{probe.sensor}"][data-state]').first).to_have_attribute("data-state", "live")


@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("view", ["cards", "table"])
def test_nothing_moves_while_a_sensor_goes_late(ada: Person, window: Window, view: str, width: int) -> None:
    for name in ("Orchard station", "Barn", "Cellar"):
        probe = ada.register(name, interval_s=4)
        probe.send({"observed_at": now_s(), "values": {"temperature": 8.5, "humidity": 60}})
    page = window(ada, viewport={"width": width, "height": 800})
    page.clock.install()
    page.goto(f"/?view={view}")
    expect(page.locator("sf-live")).to_contain_text("Live")
    page.evaluate(WATCH_SHIFTS)

    page.clock.run_for(20_000)

    expect(page.locator("#cards [data-sensor][data-state=late]")).to_have_count(3)
    assert page.evaluate("moved") <= 0.05


def test_the_table_is_sorted_by_its_heads(ada: Person, visit: Visit) -> None:
    for name, value in (("Barn", 3.5), ("Attic", 21.0)):
        ada.register(name, interval_s=60).send({"observed_at": now_s(), "values": {"temperature": value}})
    page = visit("/?view=table", ada)
    first = page.locator("#cards tr th").first
    expect(first).to_contain_text("Attic")

    page.locator("th[data-key=value] button").click()
    expect(first).to_contain_text("Barn")
    page.locator("th[data-key=value] button").click()
    expect(first).to_contain_text("Attic")
    expect(page.locator("th[data-key=value]")).to_have_attribute("aria-sort", "descending")


INTERVAL_S = 8
LATE_MS = 22_000  # after the last reading of a sensor with that interval; short enough for the link to stay as it is


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
@pytest.mark.parametrize(("view", "width"), [("cards", 390)])
def test_a_sensor_that_goes_late_moves_to_the_top_once_nothing_is_used(
    ada: Person, window: Window, view: str, width: int, motion: str
) -> None:
    for name, interval_s in (("Attic", 3600), ("Barn", 3600), ("Cellar", INTERVAL_S)):
        ada.register(name, interval_s=interval_s).send({"observed_at": now_s(), "values": {"temperature": 8.5}})
    page = window(ada, viewport={"width": width, "height": 800}, reduced_motion=motion)
    page.clock.install()
    page.goto(f"/?view={view}")
    expect(page.locator("sf-live")).to_contain_text("Live")
    names = page.locator("#cards :is(h3, th a)")
    expect(names).to_have_text(["Attic", "Barn", "Cellar"])
    page.evaluate(WATCH_SHIFTS)
    last = page.locator("#cards a").last
    last.focus()
    page.clock.run_for(LATE_MS)
    late = page.locator("#cards [data-sensor][data-state=late]")
    expect(late).to_contain_text("Cellar")
    expect(names).to_have_text(["Attic", "Barn", "Cellar"])
    expect(last).to_be_focused()

    last.hover()
    last.blur()
    page.clock.run_for(3_000)
    expect(names).to_have_text(["Attic", "Barn", "Cellar"])

    page.mouse.move(2, 2)
    page.clock.run_for(3_000)
    expect(names).to_have_text(["Cellar", "Attic", "Barn"])
    page.clock.run_for(1_000)
    assert page.evaluate("moved") <= 0.05


def test_the_site_of_a_sensor_that_goes_late_comes_first(ada: Person, window: Window) -> None:
    first = ada.register("Attic", interval_s=3600)
    first.send({"observed_at": now_s(), "values": {"temperature": 8.5}})
    site = (
        ada.client.post("/api/v1/sites/", json={"name": "Zeebrugge", "time_zone": "UTC"})
        .raise_for_status()
        .json()["id"]
    )
    other = ada.register("Boat", interval_s=INTERVAL_S, site=site)
    other.send({"observed_at": now_s(), "values": {"temperature": 8.5}})
    page = window(ada, viewport={"width": 1360, "height": 800})
    page.clock.install()
    page.goto("/?view=cards")
    expect(page.locator("sf-live")).to_contain_text("Live")
    names = page.locator("#cards h3")
    expect(names).to_have_text(["Attic", "Boat"])

    page.clock.run_for(LATE_MS)
    expect(names).to_have_text(["Boat", "Attic"])
    expect(page.locator("#cards > *").first).to_contain_text("Zeebrugge")


def test_rows_that_a_reader_sorted_stay_in_that_order(ada: Person, window: Window) -> None:
    for name, interval_s in (("Attic", 3600), ("Cellar", INTERVAL_S)):
        ada.register(name, interval_s=interval_s).send({"observed_at": now_s(), "values": {"temperature": 8.5}})
    page = window(ada)
    page.clock.install()
    page.goto("/?view=table")
    names = page.locator("#cards th a")
    page.locator("th[data-key=site] button").click()
    page.mouse.move(2, 2)

    page.clock.run_for(LATE_MS)

    expect(page.locator("#cards tr[data-state=late]")).to_have_count(1)
    expect(names).to_have_text(["Attic", "Cellar"])
