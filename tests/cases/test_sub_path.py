"""PUBLIC_URL with a path, behind a real nginx that removes the path from requests and one that does not."""

import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import BrowserContext, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests import nginx
from tests.browser.server import free_port
from tests.browser.witness import Witness
from tests.cases.crawler import Crawler
from tests.crash.platform import Platform, environment
from tests.patience import PATIENCE_MS, PATIENCE_S

pytestmark = pytest.mark.browser

CASE = (Path(__file__).parent / "deployment" / "sub-path.nginx").read_text()
PASSWORD = "correct horse battery staple"
# What the case's location lacks for sockets: nginx does not pass on the headers of an upgrade by itself.
SOCKETS = (
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
    "proxy_set_header Connection $connection_to_platform;"
)
_addresses = IPv4Network("198.19.0.0/16").hosts()
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Stand:
    """One platform and its proxies; each url is the address below which that proxy serves it."""

    platform: Platform
    direct: str
    removing: str
    leaving: str
    as_in_the_case: str

    def client(self, url: str) -> httpx2.Client:
        # An address of its own, as through a proxy on this machine: attempts to sign in are counted by address.
        headers = {"Referer": f"{url}/", "Origin": origin(url), "X-Forwarded-For": str(next(_addresses))}
        return httpx2.Client(base_url=url, timeout=PATIENCE_S, headers=headers)


def origin(url: str) -> str:
    return url.removesuffix("/sf")


def location(*, port: str, removes: bool, sockets: bool) -> str:
    """The case's location with the platform's port, with or without the slash that makes nginx remove the path."""
    given = CASE.replace("127.0.0.1:8000/;", f"127.0.0.1:{port}{'/' if removes else ''};")
    assert port in given
    return given.replace("}", f"{SOCKETS} }}") if sockets else given


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    directory = Path(tempfile.mkdtemp(prefix="sf-sub-path-"))
    port, removing, leaving, bare = (free_port() for _ in range(4))
    servers = "\n".join(
        f"server {{ listen 127.0.0.1:{listened}; {location(port=port, removes=removes, sockets=sockets)} "
        "location / { return 421; } }"
        for listened, removes, sockets in ((removing, True, True), (leaving, False, True), (bare, True, False))
    )
    given = {"PUBLIC_URL": f"http://127.0.0.1:{removing}/sf", "ALLOWED_HOSTS": "127.0.0.1"}
    with nginx.running(servers, port=int(removing)):
        platform = Platform(directory / "data", "--port", port, "--demo", given=given)
        try:
            yield Stand(
                platform,
                f"http://127.0.0.1:{port}",
                *(f"http://127.0.0.1:{each}/sf" for each in (removing, leaving, bare)),
            )
        finally:
            platform.stop()
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(params=["removing", "leaving"])
def url(stand: Stand, request: pytest.FixtureRequest) -> str:
    return str(getattr(stand, request.param))


@pytest.fixture
def ada(stand: Stand, url: str) -> Iterator[httpx2.Client]:
    """A client that signed up by the page's form."""
    with stand.client(url) as client:
        sign_up(client)
        yield client


def sign_up(client: httpx2.Client) -> str:
    email = f"ada{next(_numbers)}@example.org"
    client.get("/sign-up/").raise_for_status()
    form = {"email": email, "password": PASSWORD, "name": "Ada"}
    answer = client.post("/sign-up/", data={**form, "csrfmiddlewaretoken": client.cookies["sensorfusion_csrf"]})
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith("/sf/")
    return email


def register(client: httpx2.Client) -> dict[str, Any]:
    """Register a sensor over the API with the browser's session."""
    headers = {"X-CSRFToken": client.cookies["sensorfusion_csrf"]}
    made: dict[str, Any] = (
        client.post("/api/v1/sensors/", json={"name": "Orchard"}, headers=headers).raise_for_status().json()
    )
    return made


def administrator(stand: Stand, client: httpx2.Client) -> None:
    """Sign the client in as somebody who may use the admin, who is not to be found by signing up."""
    email = f"grace{next(_numbers)}@example.org"
    made = [sys.executable, "-m", "sensorfusion", "create_operator", "--email", email, "--admin", "--password-stdin"]
    given = environment(SENSORFUSION_DATA=str(stand.platform.data))
    subprocess.run(made, input=PASSWORD, text=True, env=given, check=True, capture_output=True, timeout=PATIENCE_S)
    client.get("/sign-in/").raise_for_status()
    form = {"email": email, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["sensorfusion_csrf"]}
    answer = client.post("/sign-in/", data=form)
    assert (answer.status_code, answer.headers["location"]) == (302, "/sf/")


def test_every_address_of_every_page_is_below_the_path_and_answers(stand: Stand, url: str) -> None:
    with stand.client(url) as client:
        administrator(stand, client)
        made = register(client)
        crawler = Crawler(client, f"{url}/")
        crawler.crawl("", "sign-in/", "sign-up/", *(path for path in all_pages(made["id"])))

    assert not crawler.outside
    assert not crawler.failed
    assert len(crawler.answers) > 100


def test_every_address_of_the_demo_is_below_the_path_and_answers(stand: Stand) -> None:
    said = re.search(r"Sign in as (\S+) with the password (\S+)", stand.platform.said)
    assert said
    with stand.client(stand.removing) as client:
        client.get("/sign-in/").raise_for_status()
        token = client.cookies["sensorfusion_csrf"]
        client.post("/sign-in/", data={"email": said[1], "password": said[2], "csrfmiddlewaretoken": token})
        crawler = Crawler(client, f"{stand.removing}/")
        crawler.crawl("")

    assert not crawler.outside
    assert not crawler.failed
    assert sum("/series" in page or "/sensors/" in page for page in crawler.answers) > 10


def all_pages(sensor: str) -> Iterator[str]:
    """Yield the path of every page and API address that needs no more than the id of a sensor."""
    for route in routes(get_resolver()):
        path = route.replace("sensors/<uuid:uuid>", f"sensors/{sensor}")
        if "<" not in path and "^" not in path and not route.startswith("admin/") and not path.endswith(_NOT_READ):
            yield path


# These take a form, need a parameter, or answer another kind than a page for a reader; a poll must be set up first.
_NOT_READ = (
    "/poll/", "/offer/",
    "sign-out/", "account/profile/", "account/email/", "account/email/again/", "account/email/cancel/",
    "account/password/", "account/tokens/", "sign-in/address/", "sign-in/second-factor/", "sign-in/passkey/",
    "account/sessions/end/",
    *(f"account/confirm/{by}" for by in ("code/", "passkey/")),
    *(f"account/second-factor/{of}" for of in ("app/", "app/remove/", "passkeys/", "codes/", "codes/new/")),
    "sensors/unknown-names/", "api/v1/provision/", "data/3.0/stations/", "api/v1/explore/", "tv/state/",
    "api/v1/rules/preview/",
    *(f"api/v1/auth/{name}/" for name in ("login", "logout", "password", "register")),
)  # fmt: skip


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from routes(each, path)


def test_cookies_are_for_the_path_only(ada: httpx2.Client, url: str) -> None:
    assert {cookie.path for cookie in ada.cookies.jar} == {"/sf/"}


def test_another_django_on_the_host_does_not_disturb_the_session(ada: httpx2.Client) -> None:
    ada.headers["Cookie"] = "; ".join(
        ["sessionid=other", "csrftoken=other", *(f"{n}={v}" for n, v in ada.cookies.items())]
    )

    assert ada.get("/account/").status_code == 200


def test_sign_in_leads_back_to_the_page_that_was_asked_for(stand: Stand, url: str) -> None:
    with stand.client(url) as visitor:
        answer = visitor.get("/account/")

    assert (answer.status_code, answer.headers["location"]) == (302, "/sf/sign-in/?next=/sf/account/")


def test_links_of_the_api_are_below_the_path(ada: httpx2.Client, url: str) -> None:
    for name in ("First", "Second"):
        headers = {"X-CSRFToken": ada.cookies["sensorfusion_csrf"]}
        ada.post("/api/v1/sensors/", json={"name": name}, headers=headers).raise_for_status()
    page = ada.get("/api/v1/sensors/?page_size=1").json()

    assert page["next"].startswith(f"{url}/api/v1/sensors/?")
    assert ada.get(page["next"]).json()["previous"].startswith(f"{url}/api/v1/sensors/?")


def test_description_of_the_api_names_its_server(ada: httpx2.Client) -> None:
    described = ada.get("/api/schema/?format=json").json()

    assert described["servers"] == [{"url": "/sf"}]
    assert "/api/v1/sensors/" in described["paths"]


def test_reading_is_stored_through_the_proxy_with_the_shown_command(ada: httpx2.Client, stand: Stand) -> None:
    made = register(ada)
    shown = ada.get(f"/sensors/{made['id']}/start/").text

    assert f"{stand.removing}/api/v1/readings" in shown
    assert "/sf/weatherstation/updateweatherstation.php?" in shown
    sent = ada.post("/api/v1/readings", json={"temperature": 21.4}, headers={"Authorization": f"Bearer {made['key']}"})
    assert sent.json()["accepted"] == 1
    glued = ada.get(f"/data/report/{made['key']}/?tempf=70.1&dateutc=now")
    assert glued.status_code == 200


def test_doors_and_probes_answer_without_the_path_too(stand: Stand, ada: httpx2.Client) -> None:
    headers = {"Authorization": f"Bearer {register(ada)['key']}"}

    for path in ("", "/sf"):
        assert httpx2.get(f"{stand.direct}{path}/healthz").json()["code"] == "alive"
        assert httpx2.get(f"{stand.direct}{path}/readyz").json()["code"] == "ready"
        sent = httpx2.post(f"{stand.direct}{path}/api/v1/readings", json={"humidity": 60}, headers=headers)
        assert sent.status_code == 200
    assert httpx2.get(f"{stand.direct}/sfx/healthz").status_code == 404


def test_readings_are_sent_over_a_socket_below_the_path(url: str, ada: httpx2.Client) -> None:
    headers = {"Authorization": f"Bearer {register(ada)['key']}"}
    with connect(f"{url.replace('http', 'ws')}/ws/ingest/", additional_headers=headers) as socket:
        socket.send('{"temperature": 21.4}')
        assert json.loads(socket.recv(PATIENCE_S))["accepted"] == 1


def test_from_signing_up_to_a_live_page_and_out_again_in_a_browser(
    url: str, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(
        viewport={"width": 1360, "height": 1000}, extra_http_headers={"X-Forwarded-For": str(next(_addresses))}
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    witness, asked = Witness(), list[str]()
    witness.watch(context)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))

    page.goto(f"{url}/")
    page.get_by_role("link", name="Create one").click()
    email = sign_up_by_hand(page)
    page.get_by_label("Name of the sensor").fill("Greenhouse")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Register and get its key").click()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    shown = page.locator("#example-curl").inner_text()
    subprocess.run(["bash", "-c", shown], check=True, capture_output=True, timeout=PATIENCE_S)
    page.get_by_role("link", name="Open live page").click()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    subprocess.run(["bash", "-c", shown.replace("21.4", "13.7")], check=True, capture_output=True, timeout=PATIENCE_S)
    expect(page.locator("main")).to_contain_text("13.7")

    before = page.locator("html").get_attribute("data-theme")
    page.locator("[data-action=theme]").first.click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", str(before))
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", str(before))
    page.locator("button.avatar").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{url}/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("button.avatar")).to_be_visible()

    assert page.url == f"{url}/"
    assert [each for each in asked if "/sf/" not in each] == []
    assert any(each.startswith("ws") for each in asked)
    assert {cookie.get("path") for cookie in context.cookies()} == {"/sf/"}
    assert not witness.unexpected


def sign_up_by_hand(page: Page) -> str:
    email = f"joan{next(_numbers)}@example.org"
    page.get_by_label("Name").fill("Joan")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    return email


def test_handshake_that_lost_its_upgrade_is_told_so(stand: Stand, ada: httpx2.Client) -> None:
    address = f"{stand.as_in_the_case.replace('http', 'ws')}/ws/live/"
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin(origin(stand.as_in_the_case))):
        pass

    assert refused.value.response.status_code == 426
    assert b"proxy_set_header Upgrade" in (refused.value.response.body or b"")
    stand.platform.hear("'/ws/live/' was refused with 426")
