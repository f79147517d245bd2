"""Pages for people without an account: the way of a public site, what each page weighs, and what axe finds in it."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from django.urls import URLPattern, get_resolver
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.server import Server
from tests.browser.test_budget import bytes_of_first_view
from tests.browser.witness import Witness
from tests.patience import PATIENCE_S
from tests.plugins.budgets import Within

pytestmark = pytest.mark.browser

EMBED_MOST: Final = 40_000  # bytes as they are sent
PAGE_MOST: Final = 110_000
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text()
FOUND: Final = """async () => (await axe.run()).violations
  .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`)"""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """A platform of these tests alone, with a front page."""
    directory = Path(tempfile.mkdtemp(prefix="sf-public-"))
    server = Server(directory / "data", "--workers", "1", given={"SENSORFUSION_FRONT_PAGE": "public"})
    yield server
    server.end()
    shutil.rmtree(directory, ignore_errors=True)


def station(person: Person, name: str) -> Probe:
    probe = person.register(name, interval_s=300, latitude=52.2, longitude=21.0)
    probe.send(*weather(until_s=now_s() - 60, hours=24))
    return probe


def routes(*begin: str) -> list[str]:
    """Return the routes that begin so; a new one is in it by itself."""
    return [each for each in _patterns(get_resolver().url_patterns) if each.startswith(begin)]


def _patterns(patterns: Any, before: str = "") -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _patterns(each.url_patterns, route)


@pytest.fixture
def pages(ada: Person) -> Iterator[list[str]]:
    """Every address of a page for people without an account, with something on each; and of a locked link."""
    probes = station(ada, "Mast"), station(ada, "Shed")
    probes[0].send({"observed_at": now_s() - 30, "values": {"temperature": 12.5, "door_open": True}})
    slug = f"road-{probes[0].sensor[:8]}"
    made = ada.publish(slug, *probes, name="North Road", about="A station in a garden.", history="30d")
    token = ada.share(probes[0], "Garden air", "temperature", "humidity", "door_open").split("/s/")[1].strip("/")
    locked = {"sensor": probes[0].sensor, "name": "Locked", "quantities": ["temperature"], "password": "open, sesame"}
    url = ada.client.post("/api/v1/shares/", json=locked).raise_for_status().json()["url"]
    found = ["/"]
    for route in routes("s/<", "p/<", "tv/"):
        path = "/" + route.replace("<str:token>", token).replace("<str:page>", slug)
        answer = httpx2.get(f"{ada.url}{path}", timeout=PATIENCE_S)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append(path)
    more = ["?kiosk=1", "?view=map"]
    yield [
        *found,
        *(f"/p/{slug}/{each}" for each in more),
        f"/s/{token}/?kiosk=1",
        url.removeprefix(ada.url),
        "/s/none/",
    ]
    ada.client.delete(f"/api/v1/site-shares/{made['id']}/").raise_for_status()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_page(window: Window, pages: list[str], witness: Witness, theme: str) -> None:
    witness.expect("status of 404")  # of the icon of embedded parts, which are in no frame here; and of no link
    page = window(color_scheme=theme, reduced_motion="reduce")
    found = {}
    for path in pages:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE)
        found[path] = page.evaluate(FOUND)

    assert len(found) >= 12
    assert {path: each for path, each in found.items() if each} == {}


def test_what_axe_would_find_is_found(window: Window, server: Server) -> None:
    """Ensures that the test above can fail."""
    page = window()
    page.goto("/tv/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate(AXE)

    assert [each.partition(":")[0] for each in page.evaluate(FOUND)] == ["html-has-lang"]


def test_pages_and_embedded_parts_are_light(window: Window, pages: list[str], witness: Witness, within: Within) -> None:
    witness.expect("status of 404")
    embeds = [each for each in pages if "/embed/" in each]
    assert len(embeds) == len([each for each in routes("s/<", "p/<") if "/embed/" in each]) >= 5
    for path in pages:
        found = bytes_of_first_view(window(), path, lambda page: expect(page.locator("main")).to_be_visible())
        kind = re.sub(r"/[sp]/[^/]+/", lambda each: f"/{each[0][1]}/…/", path)
        within(f"bytes of {kind}", found["all"], EMBED_MOST if path in embeds else PAGE_MOST)
        if path in embeds:
            assert found["Font"] == 0


def test_a_site_is_made_public_seen_live_by_everybody_and_made_private(
    ada: Person, window: Window, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = station(ada, "Hidden mast")
    slug = f"way-{probe.sensor[:8]}"
    hers, theirs = window(ada), window()
    hers.goto(f"/sites/{probe.site}/sharing/")
    hers.get_by_label("Public", exact=True).check()
    hers.get_by_label("Address of a public page").fill(slug)
    hers.get_by_label("Name", exact=True).fill("North Road")
    hers.get_by_label("Place").select_option(label="To about 10 km")
    hers.get_by_label("Name on the page").fill("Garden")
    hers.get_by_label("Pressure").uncheck()
    hers.get_by_role("button", name=re.compile("Share|Save")).click()
    expect(hers.get_by_text("The site is shared.")).to_be_visible()

    theirs.goto("/")
    expect(theirs.get_by_role("list", name="Public stations")).to_contain_text("North Road")
    expect(theirs.get_by_role("group", name="Map of the public stations").locator(".mark")).not_to_have_count(0)
    theirs.get_by_role("list", name="Public stations").get_by_role("link", name="North Road").click()
    expect(theirs).to_have_url(re.compile(f"/p/{slug}/"))
    theirs.locator("#cards a.card", has_text="Garden").click()
    expect(theirs.get_by_role("heading", name="Garden")).to_be_visible()
    sockets = opened(theirs)
    theirs.reload()
    value = theirs.locator("[data-q=temperature]")
    expect(value).not_to_contain_text("14.1")
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1, "humidity": 60, "pressure": 1001.5}})
    expect(value).to_contain_text("14.1")
    for told in ("Hidden mast", "1001", probe.sensor):
        assert told not in theirs.content()

    hers.get_by_role("button", name="Make the site private").click()

    expect(theirs.get_by_role("heading", name="Nothing is shared here")).to_be_visible()
    assert "14.1" not in theirs.locator("body").inner_text()
    assert sockets
    assert all(each.is_closed() for each in sockets)
    answer = theirs.goto(f"/p/{slug}/")
    assert answer
    assert answer.status == 404
    theirs.goto("/")
    expect(theirs.get_by_text("North Road")).to_have_count(0)


def test_a_sensor_is_public_by_one_button_until_it_is_not(ada: Person, window: Window, witness: Witness) -> None:
    witness.expect("status of 404")
    probe = station(ada, "Hidden mast")
    slug = f"one-{probe.sensor[:8]}"
    hers, theirs = window(ada), window()
    hers.goto(f"{probe.path}shares/")
    form = hers.get_by_role("region", name="Public", exact=True)
    form.get_by_label("Name on the page").fill("Garden air")
    form.get_by_label("Pressure").uncheck()
    form.get_by_label("Address of the page").fill(slug)
    form.get_by_label("Place").select_option(label="To about 10 km")
    form.get_by_role("button", name="Make public").click()
    expect(form).to_contain_text(re.compile("as “Garden air”, live: .*Temperature"))
    expect(form).to_contain_text("the place to about 10 km")
    assert "Pressure" not in form.inner_text()

    theirs.goto(f"/p/{slug}/")
    card = theirs.locator("#cards a.card", has_text="Garden air")
    expect(card).not_to_contain_text("14.1")
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1, "humidity": 60, "pressure": 1001.5}})
    expect(card).to_contain_text("14.1")
    for told in ("Hidden mast", "1001", probe.sensor):
        assert told not in theirs.content()

    form.get_by_role("button", name="No longer public").click()
    expect(form.get_by_role("button", name="Make public")).to_be_visible()
    expect(theirs.get_by_role("heading", name="Nothing is shared here")).to_be_visible()
    assert "14.1" not in theirs.locator("body").inner_text()


def opened(page: Page) -> list[WebSocket]:
    found: list[WebSocket] = []
    page.on("websocket", lambda each: found.append(each))
    return found
