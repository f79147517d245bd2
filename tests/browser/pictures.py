"""Takes screenshots of every page in every state, for review: `make screenshots` writes them to build/screenshots.

It serves the demo on a free port from a temporary directory, and removes both. With `--docs` it takes those of the
README instead: the demo's report page, as it is at that hour.
"""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.people import PASSWORD, Person, Probe, address_of, now_s, weather
from tests.browser.server import Server
from tests.patience import PATIENCE_MS
from tests.plugins.chromium import launch_arguments

DESKTOP = {"width": 1360, "height": 1000}
PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}
LOOKS = [(viewport, theme) for viewport in (DESKTOP, PHONE, SMALL_PHONE) for theme in ("light", "dark")]
CHANNELS = 60  # of the logger
DOCS = Path(__file__).parents[2] / "docs" / "images"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, help="where the pictures go")
    parser.add_argument("--docs", action="store_true", help="the pictures of the README, to docs/images")
    given = parser.parse_args()
    if not given.docs and not given.directory:
        sys.exit("Say where the pictures go.")
    with _server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        if given.docs:
            take_for_docs(browser, server, DOCS)
        else:
            take_all(browser, server, given.directory)
            print(f"{len(list(given.directory.glob('*.png')))} pictures in {given.directory}")
        browser.close()


def take_for_docs(browser: Browser, server: Server, directory: Path) -> None:
    """One viewport of the demo's first report page."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, viewport, theme in (
        ("report", DESKTOP, "light"),
        ("report-dark", DESKTOP, "dark"),
        ("phone", PHONE, "light"),
    ):
        page = _tab(browser, server, viewport, theme)
        _sign_in_to_the_demo(page, server)
        page.locator("#cards a.card").first.click()
        _settle(page)
        page.screenshot(path=directory / f"{name}.png")
        page.context.close()


def take_all(browser: Browser, server: Server, directory: Path) -> None:
    """Every page in full, at three widths and in two themes."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    ada, nobody = Person.sign_up(server.url, "Ada Lovelace"), Person.sign_up(server.url, "Nemo")
    paths, shared = _paths(ada), _shared_paths(ada)
    administration, root = _administration_paths(ada), _administrator(server)
    for viewport, theme in LOOKS:
        suffix = f"{viewport['width']}-{theme}.png"
        page = _tab(browser, server, viewport, theme)
        for name, path in (_OUTSIDE | shared).items():
            _take(page, path, directory / f"{name}-{suffix}")
        _sign_in_to_the_demo(page, server)
        for name, path in _demo_paths(page).items():
            _take(page, path, directory / f"{name}-{suffix}")
        page.context.close()
        page = _tab(browser, server, viewport, theme, nobody)
        _take(page, "/", directory / f"overview-empty-{suffix}")
        page.context.close()
        page = _tab(browser, server, viewport, theme, ada)
        for name, path in paths.items():
            _take(page, path, directory / f"{name}-{suffix}")
        page.context.close()
        page = _tab(browser, server, viewport, theme, root)
        for name, path in administration.items():
            _take(page, path, directory / f"{name}-{suffix}")
        page.context.close()


def _demo_paths(page: Page) -> dict[str, str]:
    """The overview's views, and the page of each sensor of the demo: stations, freezer, room, door, meter and tank."""
    page.goto("/?view=cards")
    expect(page.locator(".head .sub")).not_to_contain_text("waiting", timeout=2 * PATIENCE_MS)  # history takes seconds
    cards = page.locator("#cards a.card").all()
    found = {each.locator("h3").inner_text(): each.get_attribute("href") or "/" for each in cards}
    sensors = {f"demo-{name.lower().replace(' ', '-')}": path for name, path in found.items()}
    return {f"overview-{view}": f"/?view={view}" for view in ("cards", "table", "map")} | sensors


_OUTSIDE = {"sign-in": "/sign-in/", "sign-up": "/sign-up/", "404": "/nowhere/"}


def _shared_paths(ada: Person) -> dict[str, str]:
    """What a reader without an account sees: a link, and its page on a wall."""
    link = ada.share(_station(ada, "Shared", 10), "Garden", "temperature", "wind_speed")
    return {"shared": link, "shared-kiosk": f"{link}?kiosk=1"}


def _logger(ada: Person) -> Probe:
    probe = ada.register("Logger", interval_s=300)
    values = {f"channel_{number}": 10.0 + number / 10 for number in range(1, CHANNELS + 1)}
    probe.send(*({"observed_at": now_s() - 300 * back, "values": values} for back in range(48, -1, -1)))
    return probe


def _paths(ada: Person) -> dict[str, str]:
    live, late, offline, paused = (_station(ada, name, age) for name, age in _AGES.items())
    ada.change(paused, status="paused")
    waiting = ada.register("Waiting")
    return {
        "overview": "/",
        "report-live": live.path,
        "report-late": late.path,
        "report-offline": offline.path,
        "report-paused": paused.path,
        "report-waiting": waiting.path,
        "report-logger": _logger(ada).path,
        "onboarding": waiting.start_path,
        "sensor-new": "/sensors/new/",
        "sensor-settings": f"{live.path}settings/",
        "sensor-quantities": f"{live.path}quantities/",
        "sensor-quality": f"{live.path}quality/",
        "sensor-names": f"{live.path}names/",
        "sensor-shares": f"{live.path}shares/",
        "sensor-keys": f"{live.path}keys/",
        "sensor-reports": f"{live.path}reports/",
        "sensor-month": f"{live.path}reports/{_month()}/",
        "alert-rule": f"{live.path}alert-rules/new/?quantity=temperature",
        "alerts": "/alerts/",
        "explore": "/explore/",
        "offline": "/offline/",
        "explore-series": f"/explore/?s={live.sensor}:temperature&s={live.sensor}:wind_speed",
        "kiosk": f"{live.path}?kiosk=1",
        "site-settings": f"/sites/{live.site}/settings/",
        "site-new": "/sites/new/",
        "sensors": "/sensors/",
        "account": "/account/",
    }


def _administrator(server: Server) -> Person:
    server.make_administrator(email=address_of("Root"), name="Root", password=PASSWORD)
    return Person.sign_in(server.url, "Root")


def _administration_paths(ada: Person) -> dict[str, str]:
    pages = ("operators", "invitations", "storage", "jobs", "queues", "quotas", "features", "announcements", "audit")
    return {
        "administration": "/administration/",
        **{f"administration-{name}": f"/administration/{name}/" for name in pages},
        "administration-storage-site": f"/administration/storage/{ada.site()}/",
        "confirm": "/account/confirm/",
    }


def _month() -> str:
    return f"{datetime.now(UTC):%Y/%m}"


_AGES = {"Live": 10, "Late": 1_000, "Offline": 9_000, "Paused": 600}  # seconds since the last reading


def _station(ada: Person, name: str, age_s: int) -> Probe:
    probe = ada.register(name, interval_s=300)
    probe.send(*weather(until_s=now_s() - age_s, hours=30))
    return probe


def _take(page: Page, path: str, file: Path) -> None:
    usual, answer = page.viewport_size, page.goto(path)
    assert answer, path
    assert answer.ok or file.name.startswith("404"), f"{path} answers {answer.status}"
    _settle(page)
    _show_all(page)
    page.screenshot(path=file)
    page.set_viewport_size(usual)  # type: ignore[arg-type]  # every tab has one
    print(file.name, flush=True)


def _show_all(page: Page) -> None:
    """Make the window as high as the page, so that what sticks to an edge of it is not over the page's middle."""
    width, height = page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_load_state("networkidle")


def _settle(page: Page) -> None:
    """Wait until everything is drawn: charts when they are scrolled into view, but those of links by the server."""
    page.wait_for_load_state("networkidle")
    if page.locator("sf-live").count():
        expect(page.locator("sf-live")).not_to_have_attribute("data-state", "connecting", timeout=PATIENCE_MS)
    for chart in page.locator("sf-chart:not([sensor=''])").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("canvas").first).to_be_visible(timeout=PATIENCE_MS)
    page.evaluate("scrollTo(0, 0)")


def _tab(browser: Browser, server: Server, viewport: dict[str, int], theme: str, person: Person | None = None) -> Page:
    context = browser.new_context(
        base_url=server.url,
        viewport=viewport,  # type: ignore[arg-type]  # a dict of the two
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        has_touch=viewport != DESKTOP,
        is_mobile=viewport != DESKTOP,
    )
    if person:
        context.add_cookies(person.cookies)
    return context.new_page()


def _sign_in_to_the_demo(page: Page, server: Server) -> None:
    email, password = server.demo
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#cards", timeout=PATIENCE_MS)


@contextmanager
def _server() -> Iterator[Server]:
    directory = Path(tempfile.mkdtemp(prefix="sf-pictures-"))
    server = Server(directory / "data")
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
