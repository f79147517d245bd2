"""A part of a link in a page of another site: allowed where the link names the site, refused elsewhere; live."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser
REFUSED = "frame-ancestors"
# Each message of the socket comes a second time, as if the site's day had ended: with no new reading.
_AND_THE_DAY_AFTER = """
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data, isTrusted }) => {
      const later = { ...JSON.parse(data), day_ends_at: "2199-01-01T00:00:00+00:00" };
      const again = new MessageEvent("message", { data: JSON.stringify(later) });
      if (isTrusted) setTimeout(() => this.dispatchEvent(again));
    });
  }
};
"""


@pytest.fixture
def blog() -> Iterator[Callable[[str], str]]:
    """Serve a page with a frame on another port, which is another origin; it takes the address of the frame."""
    framed: dict[str, str] = {}

    class Blog(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path == "/"
            head = '<!doctype html><title>Blog</title><link rel="icon" href="data:,">'
            body = f'{head}<iframe src="{framed["it"]}"></iframe>'
            self.send_response(200 if is_page else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode() if is_page else b"")

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()

    def embed(address: str) -> str:
        framed["it"] = address
        return f"http://127.0.0.1:{server.server_port}"

    yield embed
    server.shutdown()
    serving.join()
    server.server_close()


def link(ada: Person, probe: Probe, *origins: str) -> tuple[str, str]:
    """Make a link that these sites may embed; return its id and address."""
    body = {"sensor": probe.sensor, "name": "Garden air", "quantities": ["temperature"], "origins": list(origins)}
    made = ada.client.post("/api/v1/shares/", json=body).raise_for_status().json()
    return made["id"], made["url"]


def test_a_site_that_the_link_names_shows_it_live_and_others_do_not(
    ada: Person, window: Window, witness: Witness, blog: Callable[[str], str]
) -> None:
    witness.expect(REFUSED, "status of 404")
    probe = ada.register("Hidden mast", interval_s=60)
    readings = [{"observed_at": now_s() - 60 * each, "values": {"temperature": 12.3}} for each in range(9)]
    probe.send(*readings[::-1])
    page = window()

    share, address = link(ada, probe, blog(""))
    page.goto(blog(f"{address}embed/card/"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Garden air")).to_be_visible()
    value = frame.locator("[data-q=temperature]")
    expect(value).to_contain_text("12.3")
    probe.send({"observed_at": now_s(), "values": {"temperature": 12.6}})
    expect(value).to_contain_text("12.6")
    ada.client.delete(f"/api/v1/shares/{share}/").raise_for_status()
    expect(frame.get_by_text("The link has ended.")).to_be_visible()

    _, address = link(ada, probe, "https://another.example.org")
    with page.expect_console_message(lambda message: REFUSED in message.text):
        page.goto(blog(f"{address}embed/card/"))
    expect(page.frame_locator("iframe").get_by_text("12.6")).to_have_count(0)


def test_the_cards_of_a_site_are_live_where_its_page_names_the_site(
    ada: Person, window: Window, witness: Witness, blog: Callable[[str], str]
) -> None:
    witness.expect(REFUSED, "status of 404", "WebSocket connection to")
    probes = [ada.register(name, interval_s=60) for name in ("Mast", "Shed")]
    for probe in probes:
        probe.send(*({"observed_at": now_s() - 60 * each, "values": {"temperature": 12.3}} for each in range(9, 0, -1)))
    slug, parts = f"cards-{probes[0].sensor[:8]}", [(probe.sensor, ["temperature"]) for probe in probes]
    sensors = [{"sensor": sensor, "quantities": names} for sensor, names in parts]
    made = ada.publish(slug, name="North Road", origins=[blog("")], sensors=sensors)
    page = window()

    page.goto(blog(f"{ada.url}/p/{slug}/embed/cards/?theme=dark&transparent=1"))
    frame = page.frame_locator("iframe")
    values = frame.locator("article [data-fact=main] b")
    expect(values).to_have_text(["12.3", "12.3"])
    probes[0].send({"observed_at": now_s(), "values": {"temperature": 12.6}})
    expect(values).to_have_text(["12.6", "12.3"])

    ada.client.patch(f"/api/v1/site-shares/{made['id']}/", json={"origins": ["https://another.example.org"]})
    with page.expect_console_message(lambda message: REFUSED in message.text):
        page.goto(blog(f"{ada.url}/p/{slug}/embed/cards/"))
    expect(page.frame_locator("iframe").get_by_text("12.6")).to_have_count(0)

    ada.client.patch(f"/api/v1/site-shares/{made['id']}/", json={"origins": [blog("")]})
    page.goto(blog(f"{ada.url}/p/{slug}/embed/cards/"))
    expect(values).to_have_text(["12.6", "12.3"])
    ada.client.delete(f"/api/v1/site-shares/{made['id']}/").raise_for_status()
    expect(frame.get_by_text("The page has ended.")).to_be_visible()


def test_what_is_drawn_of_the_day_is_drawn_again_when_the_day_ends(
    ada: Person, window: Window, witness: Witness
) -> None:
    witness.expect("status of 404")  # of the icon: the part is in no frame here
    probe = ada.register("Hidden mast", interval_s=60)
    probe.send(*({"observed_at": now_s() - 60 * each, "values": {"temperature": 12.3}} for each in range(9, -1, -1)))
    _, address = link(ada, probe, "https://blog.example")
    page = window()
    page.add_init_script(_AND_THE_DAY_AFTER)

    with page.expect_request(lambda request: request.resource_type == "xhr" and "/embed/chart/" in request.url):
        page.goto(f"{address}embed/chart/")
    expect(page.locator("[data-fact=day] svg")).to_be_visible()
