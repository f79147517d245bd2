"""The pages of docs/browser.md, served by another site: they are live, resume, and end with their right."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.blocked_sockets import proxy
from tests.browser.conftest import Window
from tests.browser.elsewhere import Elsewhere, elsewhere
from tests.browser.people import Person, Probe, now_s
from tests.browser.server import Server
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser
_DOCS = Path(__file__).parents[2] / "docs" / "browser.md"


@pytest.fixture
def site(elsewhere_port: int, witness: Witness) -> Iterator[Elsewhere]:
    witness.expect(
        "WebSocket connection to", "ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY_RESPONSE", "502|503"
    )
    with elsewhere(elsewhere_port) as serving:
        yield serving


def example(number: int, server: str, **words: str) -> str:
    """Return a page of the docs, for this server."""
    code = re.findall(r"```html\n(.*?)```", _DOCS.read_text(encoding="utf-8"), re.DOTALL)[number]
    for word, text in {"https://sensors.example.org": server, **words}.items():
        assert word in code
        code = code.replace(word, text)
    return str(code)


def of_sensor(page: Page, site: Elsewhere, probe: Probe, server: str) -> None:
    site.page = example(1, server, SENSOR=probe.sensor, TOKEN=probe.token)
    page.goto(site.url)


def send(probe: Probe, first: int, numbers: range) -> None:
    probe.send(*({"observed_at": first + number, "values": {"temperature": number}} for number in numbers))


@pytest.mark.parametrize("carrier", ["socket", "events"])
def test_a_page_with_a_token_counts_every_reading_once_across_a_restart(
    carrier: str, ada: Person, window: Window, server: Server, site: Elsewhere
) -> None:
    probe, first = ada.register("Mast", interval_s=1), now_s() - 60
    send(probe, first, range(3))
    page = window()
    with proxy(server.url) as way:
        way.sockets = "open" if carrier == "socket" else "refused"
        of_sensor(page, site, probe, way.url)
        expect(page.locator("#state")).to_have_text(carrier)
        expect(page.locator("#temperature")).to_have_text("2.0")
        expect(page.locator("#count")).to_have_text("3")
        send(probe, first, range(3, 6))
        expect(page.locator("#count")).to_have_text("6")

        server.stop()
        expect(page.locator("#state")).to_have_text("waiting")
        server.start()
        send(probe, first, range(6, 10))
        expect(page.locator("#state")).to_have_text(carrier)
        send(probe, first, range(10, 12))

        expect(page.locator("#temperature")).to_have_text("11.0")
        expect(page.locator("#count")).to_have_text("12")


def test_a_token_that_ends_is_told(ada: Person, window: Window, server: Server, site: Elsewhere) -> None:
    probe = ada.register("Mast", interval_s=60)
    send(probe, now_s() - 60, range(3))
    page = window()
    of_sensor(page, site, probe, server.url)
    expect(page.locator("#state")).to_have_text("socket")

    [token] = ada.client.get("/api/v1/auth/tokens/").raise_for_status().json()["results"]
    ada.client.delete(f"/api/v1/auth/tokens/{token['id']}/").raise_for_status()

    expect(page.locator("#state")).to_have_text("The token has ended.")


@pytest.mark.parametrize("way_of_sockets", ["open", "refused"])
def test_a_page_with_a_link_is_live_until_the_link_ends(
    way_of_sockets: str, ada: Person, window: Window, server: Server, site: Elsewhere, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = ada.register("Mast", interval_s=60)
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 12.3, "humidity": 61}})
    with proxy(server.url) as way:
        way.sockets = "open" if way_of_sockets == "open" else "refused"
        link = ada.share(probe, "Air", "temperature").replace(server.url, way.url)
        page = window()
        site.page = example(0, way.url, LINK=link.rstrip("/").rpartition("/")[2])
        page.goto(site.url)
        expect(page.locator("#temperature")).to_have_text("12.3 °C")

        probe.send({"observed_at": now_s(), "values": {"temperature": 12.6, "humidity": 61}})
        expect(page.locator("#temperature")).to_have_text("12.6 °C")
        [made] = ada.client.get("/api/v1/shares/").raise_for_status().json()["results"]
        ada.client.delete(f"/api/v1/shares/{made['id']}/").raise_for_status()

        expect(page.locator("#state")).to_have_text("The link has ended.")


def test_a_page_of_a_site_that_is_not_listed_reads_nothing(
    ada: Person, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect("CORS policy", "ERR_FAILED", "status of 403")
    probe = ada.register("Mast", interval_s=60)
    send(probe, now_s() - 60, range(3))
    with elsewhere() as other:
        page = window()
        with page.expect_event("requestfailed", lambda request: request.url.endswith("sensorfusion.js")):
            of_sensor(page, other, probe, server.url)

        expect(page.locator("#temperature")).to_have_text("–")
