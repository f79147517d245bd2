"""Pages where WebSockets are blocked: they follow by server-sent events, and return to the socket when it works."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.blocked_sockets import Proxy, Way, proxy
from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report
from tests.browser.server import Server
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser
FIRST_TRY_MS = 60_000


@pytest.fixture
def way(server: Server, witness: Witness) -> Iterator[Proxy]:
    witness.expect(
        "WebSocket connection to", "ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY_RESPONSE", "502|503"
    )
    with proxy(server.url) as started:
        yield started


def readings(first: int, numbers: range) -> list[dict[str, object]]:
    return [{"observed_at": first + number, "values": {"temperature": number}} for number in numbers]


def carrier(page: Page, name: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-carrier", name)


def returned(page: Page) -> None:
    """Let the page's time pass, a second at a time, until it is back at the socket.

    In one leap a try would begin and be given up, before the server could answer it in its own time.
    """
    html = page.locator("html")
    for _ in range(2 * FIRST_TRY_MS // 1_000):
        page.clock.run_for(1_000)
        page.wait_for_timeout(30)
        if html.get_attribute("data-carrier") == "socket":
            break
    carrier(page, "socket")


def opened(window: Window, person: Person, way: Proxy, probe: Probe) -> Report:
    page = window(person, base_url=way.url)
    page.goto(f"{probe.path}?r=1h")
    carrier(page, "events")
    return Report(page)


@pytest.mark.parametrize("sockets", ["refused", "silent"])
def test_a_page_moves_by_events_and_has_everything_once_after_a_restart(
    sockets: Way, ada: Person, window: Window, server: Server, way: Proxy
) -> None:
    way.sockets = sockets
    probe = ada.register("Orchard station", interval_s=60)
    first = now_s() - 60
    probe.send(*readings(first, range(10)))
    report = opened(window, ada, way, probe)
    report.until_live()
    probe.send(*readings(first, range(10, 15)))
    expect(report.hero).to_contain_text("14")

    server.stop()
    expect(report.pill).to_have_attribute("data-state", "reconnecting")
    server.start()
    probe.send(*readings(first, range(15, 25)))
    expect(report.hero).to_contain_text("24")
    probe.send(*readings(first, range(25, 30)))
    expect(report.hero).to_contain_text("29")

    stored = [
        (datetime.fromisoformat(each["observed_at"]).timestamp(), each["values"]["temperature"])
        for each in probe.stored()
    ]
    assert stored == [(first + number, number) for number in range(30)]
    assert report.points("temperature") == stored


def test_an_upgrade_that_is_never_answered_leads_to_events(ada: Person, window: Window, way: Proxy) -> None:
    way.sockets = "swallowed"
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*readings(now_s() - 60, range(3)))
    page = window(ada, base_url=way.url)
    page.clock.install()
    page.goto(probe.path)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "connecting")

    page.clock.run_for(20_000)

    carrier(page, "events")


def test_a_page_goes_back_to_the_socket_and_misses_nothing(ada: Person, window: Window, way: Proxy) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    first = now_s() - 60
    probe.send(*readings(first, range(5)))
    page = window(ada, base_url=way.url)
    page.clock.install()
    page.goto(f"{probe.path}?r=1h")
    page.clock.run_for(2_000)
    carrier(page, "events")
    report = Report(page)
    probe.send(*readings(first, range(5, 8)))
    page.clock.run_for(1_000)
    expect(report.hero).to_contain_text("7")

    way.sockets = "open"
    returned(page)
    streams = way.streams
    probe.send(*readings(first, range(8, 12)))
    page.clock.run_for(1_000)

    expect(report.hero).to_contain_text("11")
    page.clock.run_for(1_000)
    assert report.points("temperature") == [(first + number, number) for number in range(12)]
    page.clock.run_for(5_000)  # in a longer leap the socket would seem to be silent
    assert way.streams == streams


def test_a_right_that_is_taken_away_ends_it(ada: Person, sign_up: object, window: Window, way: Proxy) -> None:
    bob: Person = sign_up("Bob")  # type: ignore[operator]  # a fixture's function
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*readings(now_s() - 60, range(3)))
    ada.invite(bob, to=probe.site)
    report = opened(window, bob, way, probe)
    report.until_live()

    ada.put_out(bob, of=probe.site)

    expect(report.banner).to_contain_text("You may not see this sensor any more.")
    probe.send(*readings(now_s() - 30, range(3, 5)))
    expect(report.hero).to_contain_text("2")


def test_signing_out_elsewhere_ends_it(ada: Person, window: Window, way: Proxy, witness: Witness) -> None:
    witness.expect("status of 401")
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*readings(now_s() - 60, range(3)))
    report = opened(window, ada, way, probe)
    report.until_live()

    ada.client.post("/sign-out/")

    expect(report.banner).to_contain_text("You are signed out, so this page has stopped.")


def test_where_both_are_blocked_the_page_says_that_it_polls(
    ada: Person, window: Window, way: Proxy, witness: Witness
) -> None:
    witness.expect("status of 403")
    way.has_events = False
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*readings(now_s() - 60, range(3)))
    page = window(ada, base_url=way.url)
    page.goto(probe.path)

    expect(page.locator("sf-banner")).to_contain_text("Live link blocked, refreshing every 30 s.")


def test_the_overview_and_the_count_of_alerts_move_by_events(ada: Person, window: Window, way: Proxy) -> None:
    probes = [ada.register(name, interval_s=60) for name in ("Orchard", "Cellar")]
    for probe in probes:
        probe.send(*readings(now_s() - 60, range(3)))
    page = window(ada, base_url=way.url)
    page.goto("/")
    carrier(page, "events")

    for number, probe in enumerate(probes, start=40):
        probe.send({"observed_at": now_s(), "values": {"temperature": number}})
        expect(page.locator(f'main [data-sensor="{probe.sensor}"] sf-value').first).to_contain_text(str(number))


def test_the_page_of_alerts_follows_them_by_events(ada: Person, window: Window, way: Proxy) -> None:
    page = window(ada, base_url=way.url)

    page.goto("/alerts/")

    carrier(page, "events")


@pytest.mark.parametrize("path", ["", "embed/card/"])
def test_a_link_is_live_by_events_until_it_is_revoked(
    path: str, ada: Person, window: Window, way: Proxy, server: Server, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = ada.register("Mast", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 12.3}})
    link = ada.share(probe, "Air", "temperature").replace(server.url, "")
    page = window(base_url=way.url)
    page.goto(f"{link}{path}")
    carrier(page, "events")

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6}})
    expect(page.locator("[data-q=temperature]").first).to_contain_text("12.6")
    [made] = ada.client.get("/api/v1/shares/").raise_for_status().json()["results"]
    ada.client.delete(f"/api/v1/shares/{made['id']}/").raise_for_status()

    expect(page.locator("main")).not_to_contain_text("12.6")


def test_the_page_of_a_site_is_live_by_events(ada: Person, window: Window, way: Proxy) -> None:
    probe = ada.register("Mast", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 12.3, "humidity": 61}})
    slug = f"by-events-{probe.sensor[:8]}"
    ada.publish(slug, probe, name="Garden", place="hidden")
    page = window(base_url=way.url)
    page.goto(f"/p/{slug}/")
    carrier(page, "events")

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6}})

    expect(page.locator("main")).to_contain_text("12.6")


def test_a_wall_is_woken_by_events(ada: Person, window: Window, way: Proxy) -> None:
    probe = ada.register("Mast", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 12.3}})
    page = window(ada, base_url=way.url)
    page.goto(f"{probe.path}?kiosk=1")
    carrier(page, "events")

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6}})

    expect(page.locator("main")).to_contain_text("12.6")
