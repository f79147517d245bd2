"""After a restart of the server every viewer has the same data as the database: no hole, no duplicate."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.people import Person, Probe, now_s
from tests.browser.report import Report
from tests.browser.server import Server
from tests.browser.witness import Witness
from tests.crash.conftest import eventually
from tests.journeys.people import Owner, Watcher
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser


def test_pages_and_a_program_have_everything_after_a_restart(
    ada: Person, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection to", "502|503")
    probe = ada.register("Orchard station", interval_s=60)
    first = now_s() - 60
    probe.send(*readings(first, range(10)))
    one, other = (Report(open_hour(window(ada), probe)) for _ in range(2))
    with following(probe) as watcher:
        for report in (one, other):
            report.until_live()
        probe.send(*readings(first, range(10, 15)))
        expect(one.hero).to_contain_text("14")

        server.stop()
        for report in (one, other):
            expect(report.pill).to_have_attribute("data-state", "reconnecting")
            expect(report.pill).to_contain_text("Reconnecting")
            expect(report.hero).to_contain_text("14")  # earlier values stay
        server.start()
        probe.send(*readings(first, range(15, 25)))  # for most viewers before they are back
        for report in (one, other):
            expect(report.pill).not_to_have_attribute("data-state", "reconnecting")
            expect(report.hero).to_contain_text("24")
        probe.send(*readings(first, range(25, 30)))
        for report in (one, other):
            expect(report.hero).to_contain_text("29")

        stored = [(epoch_s(each["observed_at"]), each["values"]["temperature"]) for each in probe.stored()]
        assert stored == [(first + number, number) for number in range(30)]
        for report in (one, other):
            assert report.points("temperature") == stored
        expect_program_to_have(watcher, count=30)
        assert watcher.breaks >= 1


def test_what_was_paused_during_a_restart_comes_when_the_page_goes_on(
    ada: Person, window: Window, server: Server, witness: Witness
) -> None:
    witness.expect("ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "WebSocket connection to", "502|503")
    probe = ada.register("Orchard station", interval_s=60)
    first = now_s() - 60
    probe.send(*readings(first, range(5)))
    report = Report(open_hour(window(ada), probe))
    report.until_live()
    report.page.keyboard.press("Space")
    expect(report.pill).to_contain_text("Paused")

    server.stop()
    server.start()
    probe.send(*readings(first, range(5, 12)))
    expect(report.pill).to_contain_text("· 7 new")
    assert len(report.points("temperature")) == 5

    report.page.keyboard.press("Space")
    expect(report.hero).to_contain_text("11")
    assert report.points("temperature") == [(first + number, number) for number in range(12)]


def readings(first: int, numbers: range) -> list[dict[str, object]]:
    return [{"observed_at": first + number, "values": {"temperature": number}} for number in numbers]


def open_hour(page: Page, probe: Probe) -> Page:
    page.goto(f"{probe.path}?r=1h")
    return page


def epoch_s(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@contextmanager
def following(owner: Owner) -> Iterator[Watcher]:
    """A program that follows the stream meanwhile; in a thread, because Playwright's loop runs in ours."""
    watcher = Watcher(owner)
    loop = asyncio.new_event_loop()
    task = loop.create_task(watcher.watch())
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    try:
        yield watcher
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(PATIENCE_S)


def _run(loop: asyncio.AbstractEventLoop, task: "asyncio.Task[None]") -> None:
    try:
        loop.run_until_complete(task)
    except asyncio.CancelledError:
        pass
    finally:
        loop.close()


def expect_program_to_have(watcher: Watcher, *, count: int) -> None:
    assert eventually(lambda: watcher.last_seq >= count)
    assert [each["seq"] for each in watcher.received] == list(range(1, count + 1))
