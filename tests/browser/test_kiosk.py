"""A wall fits every screen, follows its sensors for weeks, says what is wrong, and goes on by itself."""

import re
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s, weather
from tests.browser.server import Server
from tests.browser.witness import Witness
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

SCREENS: Final = {
    "a television": (1920, 1080),
    "a large television": (3840, 2160),
    "a tablet": (1024, 768),
    "a phone": (390, 844),
    "a small phone, turned": (640, 360),
}
TURNS: Final = 60
AWAY: Final = ("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection to", "502|503")
# The parts of a wall that are cut off by the window, or by another part.
CUT: Final = """() => {
  const seen = [...document.querySelectorAll("main.kiosk :is(h1, b, dt, p, dd, figure, .k-compass)")];
  const isOut = ({ left, right, top, bottom }) =>
    left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
  const found = seen.filter((each) => isOut(each.getBoundingClientRect())).map((each) => each.outerHTML.slice(0, 80));
  const { scrollWidth, scrollHeight } = document.documentElement;
  return scrollWidth > innerWidth || scrollHeight > innerHeight ? [...found, "scrolls"] : found;
}"""


# `look(isSeen)` hides the page or shows it; `asked` are the locks that it asked for.
FAKE_WAKE_LOCK: Final = """
window.asked = [];
window.refused = false;
let isHidden = false;
Object.defineProperty(document, "hidden", { get: () => isHidden });
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  asked.push(kind);
  if (refused) throw new DOMException("not now", "NotAllowedError");
} } });
window.look = (isSeen) => {
  isHidden = !isSeen;
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


def station(person: Person, name: str = "Orchard station", **details: Any) -> Probe:
    probe = person.register(name, interval_s=300, **details)
    probe.send(*weather(until_s=now_s() - 60, hours=24))
    return probe


def freezer(person: Person) -> Probe:
    probe = person.register("Freezer", interval_s=300, kind="freezer")
    begun = now_s() - 60 - 280 * 300
    probe.send(
        *(
            {"observed_at": begun + each * 300, "values": {"temperature": -18.6 + each % 5 / 10, "door_open": False}}
            for each in range(280)
        )
    )
    return probe


def door(person: Person) -> Probe:
    probe = person.register("Shop door", interval_s=300, kind="contact")
    probe.send(
        *({"observed_at": now_s() - 60 - each * 300, "values": {"door_open": False}} for each in range(30)[::-1])
    )
    return probe


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what no locator tells; the page's policy lets no predicate be evaluated."""
    for _ in range(PATIENCE_S * 10):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come")


@pytest.mark.parametrize("made", [station, freezer, door])
def test_it_fills_every_screen_without_scrolling(ada: Person, window: Window, made: Callable[[Person], Probe]) -> None:
    page = window(ada)
    page.goto(f"{made(ada).path}?kiosk=1")
    for name, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(CUT) == [], name
        box = page.locator(".k-number b").bounding_box()
        assert box
        assert box["height"] >= height / 8, name


def test_keys_open_and_leave_it(ada: Person, window: Window, witness: Witness) -> None:
    witness.expect("WebSocket connection to")  # a page that is left at once may still be connecting
    probe = station(ada)
    page = window(ada)
    page.goto(probe.path)
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    page.keyboard.press("f")
    expect(page.locator("main.kiosk")).to_contain_text("Orchard station")
    page.wait_for_load_state("load")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"{probe.path}$"))
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    page.goto("/")
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    page.keyboard.press("f")
    expect(page.locator("main.kiosk")).to_contain_text("Orchard station")


def test_it_is_live_across_a_restart_of_the_server(
    ada: Person, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect(*AWAY)
    probe = station(ada)
    page = window(ada)
    page.goto(f"{probe.path}?kiosk=1")
    number = page.locator(".k-number b")
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1}})
    expect(number).to_have_text("14.1")

    server.stop()
    trouble = page.locator(".kiosk-trouble")
    expect(trouble).to_contain_text("The server does not answer. These are the last values, as of")
    expect(number).to_have_text("14.1")
    server.start()
    expect(trouble).to_be_hidden()
    probe.send({"observed_at": now_s() - 10, "values": {"temperature": 14.3}})
    expect(number).to_have_text("14.3")


def test_a_signed_out_wall_goes_dark_and_comes_back_by_itself(ada: Person, window: Window, witness: Witness) -> None:
    probe = station(ada)
    page = window(ada)
    page.goto(f"{probe.path}?kiosk=1")
    expect(page.locator(".k-number b")).not_to_be_empty()

    page.context.clear_cookies()
    trouble = page.locator(".kiosk-trouble")
    expect(trouble).to_contain_text("This screen is signed out.")
    assert "/tv/" in trouble.inner_text()
    assert page.locator("main").inner_text().strip() == ""

    page.context.add_cookies(ada.cookies)
    expect(page.locator("h1")).to_have_text("Orchard station")
    expect(trouble).to_be_hidden()


def test_a_new_release_is_loaded(ada: Person, window: Window) -> None:
    probe = station(ada)
    page = window(ada)
    page.goto(f"{probe.path}?kiosk=1")

    def released(route: Any) -> None:
        answer = route.fetch()
        text = re.sub(r'(<script type="module" src="[^"]+)"', r'\1?release=2"', answer.text())
        route.fulfill(response=answer, body=text)

    page.route("**/*again=1*", released, times=1)
    with page.expect_navigation(wait_until="load"):
        probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1}})
    expect(page.locator(".k-number b")).to_have_text("14.1")


def test_many_turns_leave_nothing_behind(ada: Person, window: Window) -> None:
    """Weeks are driven by the page's clock: every turn is a real request, a real socket, and a real drawing."""
    for name in ("Aardvark", "Mole", "Zebra"):
        station(ada, name)
    page = window(ada, viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    sockets: list[Any] = []
    page.on("websocket", lambda each: sockets.append(each))
    page.clock.install()
    page.goto("/?kiosk=1&every=3600")
    heading = page.locator("h1")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def turn() -> None:
        before = heading.inner_text()
        page.clock.fast_forward(3_601_000)
        expect(heading).not_to_have_text(before)

    for _ in range(6):
        turn()
    begun = held(session)
    shown = set()
    for _ in range(TURNS):
        turn()
        shown.add(heading.inner_text())

    assert shown == {"Aardvark", "Mole", "Zebra"}
    ended = held(session)
    assert ended["JSEventListeners"] <= begun["JSEventListeners"] + 5
    assert ended["Nodes"] <= begun["Nodes"] * 1.5
    assert ended["Documents"] <= begun["Documents"] + 3
    until(lambda: sum(not each.is_closed() for each in sockets) <= 1)


def held(session: Any) -> dict[str, float]:
    """Return what the page holds once what it has left is collected."""
    session.send("HeapProfiler.collectGarbage")
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}


def test_a_touched_wall_keeps_its_sensor_and_hides_the_pointer_later(ada: Person, window: Window) -> None:
    station(ada, "Aardvark")
    station(ada, "Zebra")
    page = window(ada)
    page.clock.install()
    page.goto("/?kiosk=1&every=5")
    root = page.locator("html")
    page.mouse.move(200, 200)
    page.clock.run_for(4_000)
    expect(root).to_have_attribute("data-idle", "")
    page.clock.run_for(20_000)
    expect(page.locator("h1")).to_have_text("Aardvark")
    page.keyboard.press("ArrowRight")
    page.clock.run_for(500)
    expect(page.locator("h1")).to_have_text("Zebra")


def test_a_television_shows_what_is_chosen_on_a_phone_until_it_is_revoked(
    ada: Person, window: Window, witness: Witness
) -> None:
    witness.expect("status of 404")
    probe = station(ada, "Hidden mast")
    tv, phone = window(viewport={"width": 1920, "height": 1080}), window(ada, viewport={"width": 390, "height": 844})
    tv.goto("/tv/")
    code = tv.locator(".screen-code").inner_text()
    phone.goto(f"/tv/open/?code={code.replace('-', '')}")
    phone.locator("#id_sensor").select_option(probe.sensor)
    phone.get_by_role("button", name="Next").click()
    phone.get_by_label("Name", exact=True).fill("Garden air")
    phone.get_by_label("Humidity").uncheck()
    phone.get_by_role("button", name="Show it on the screen").click()
    expect(phone.get_by_text("for a TV")).to_be_visible()

    expect(tv.locator("main.kiosk h1")).to_have_text("Garden air")
    assert "Humidity" not in tv.content()
    assert "Hidden mast" not in tv.content()
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1}})
    expect(tv.locator(".k-number b")).to_have_text("14.1")

    phone.get_by_role("button", name="Revoke “Garden air”").click()
    expect(tv.locator(".kiosk-trouble")).to_contain_text("Nothing is shown here any more.")
    assert "14.1" not in tv.locator("body").inner_text()


def test_a_television_shows_the_page_of_a_site(ada: Person, window: Window) -> None:
    probe = station(ada, "Orchard mast")
    made = ada.publish(f"tv-{probe.sensor[:8]}", probe, name="North Road")
    tv, phone = window(viewport={"width": 1920, "height": 1080}), window(ada, viewport={"width": 390, "height": 844})
    tv.goto("/tv/")
    code = tv.locator(".screen-code").inner_text()
    phone.goto("/tv/open/")
    phone.locator("#id_sensor").select_option(made["id"])
    phone.get_by_role("button", name="Next").click()
    phone.get_by_label("Code").fill(code)
    phone.get_by_role("button", name="Show it on the screen").click()
    expect(phone.get_by_text("The screen shows it in a moment")).to_be_visible()

    expect(tv.locator("main.kiosk h1")).to_have_text("Orchard mast")


def test_it_asks_to_keep_the_screen_awake_again_whenever_it_is_seen_again(ada: Person, window: Window) -> None:
    page = window(ada)
    page.add_init_script(FAKE_WAKE_LOCK)
    page.goto(f"{station(ada).path}?kiosk=1")
    expect(page.locator(".k-number b")).not_to_be_empty()
    assert page.evaluate("asked") == ["screen"]

    page.evaluate("look(false)")
    assert page.evaluate("asked") == ["screen"]
    page.evaluate("look(true)")
    assert page.evaluate("asked") == ["screen", "screen"]


def test_a_browser_that_refuses_the_wake_lock_shows_the_wall_all_the_same(ada: Person, window: Window) -> None:
    probe, page = station(ada), window(ada)
    page.add_init_script(FAKE_WAKE_LOCK)
    page.add_init_script("refused = true")
    page.goto(f"{probe.path}?kiosk=1")
    probe.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1}})

    expect(page.locator(".k-number b")).to_have_text("14.1")
    assert page.evaluate("asked") == ["screen"]


def test_the_page_of_a_site_shows_its_sensors_in_turns_until_it_is_private(
    ada: Person, window: Window, witness: Witness
) -> None:
    witness.expect("status of 404", "WebSocket connection to")
    first, second = station(ada, "Aardvark"), station(ada, "Zebra")
    slug = f"wall-{first.sensor[:8]}"
    made = ada.publish(slug, first, second, name="North Road")
    page = window()
    page.goto(f"/p/{slug}/")
    expect(page.get_by_role("heading", name="North Road")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("main.kiosk h1")).to_have_text("Aardvark")
    first.send({"observed_at": now_s() - 30, "values": {"temperature": 14.1}})
    expect(page.locator(".k-number b")).to_have_text("14.1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("main.kiosk h1")).to_have_text("Zebra")
    page.keyboard.press("ArrowRight")
    expect(page.locator("main.kiosk h1")).to_have_text("Aardvark")

    ada.client.delete(f"/api/v1/site-shares/{made['id']}/").raise_for_status()

    expect(page.locator(".kiosk-trouble")).to_contain_text("Nothing is shown here any more.")
    assert "14.1" not in page.locator("body").inner_text()


def test_without_a_script_the_wall_shows_its_values(ada: Person, window: Window) -> None:
    page: Page = window(ada, java_script_enabled=False)
    page.goto(f"{station(ada).path}?kiosk=1")

    expect(page.locator(".k-number b")).not_to_be_empty()
    expect(page.locator(".k-tiles dt").first).to_be_visible()
