"""An export that is prepared in the background: its state is shown without a reload, and its file downloaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect

from sensorfusion.postgres.embedded import EmbeddedPostgres
from sensorfusion.readings.export.jobs.writing import LOCK
from tests.browser.conftest import Window
from tests.browser.people import Person, now_s
from tests.browser.server import Server

pytestmark = pytest.mark.browser


@contextmanager
def nothing_is_written(server: Server) -> Iterator[None]:
    """Hold the lock of the process that writes exports."""
    url = EmbeddedPostgres(server._data).running_url()
    assert url
    with psycopg.connect(url, autocommit=True) as held:
        held.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def test_an_export_becomes_a_download_while_its_page_is_open(ada: Person, window: Window, server: Server) -> None:
    probe = ada.register("Mast", interval_s=60)
    probe.send(*({"observed_at": now_s() - 60 * back, "values": {"temperature": 12.3}} for back in range(9, 0, -1)))
    page = window(ada)
    page.goto(probe.path)
    page.get_by_role("link", name="Prepare in the background").click()
    expect(page.get_by_label("Mast")).to_be_checked()
    page.get_by_label("File").select_option("Readings as NDJSON")
    with nothing_is_written(server):
        page.get_by_role("button", name="Prepare in the background").click()
        made = page.get_by_role("article", name="Mast.ndjson")
        expect(made.get_by_text("Waits for its turn.")).to_be_visible()
        expect(made.get_by_role("progressbar")).to_be_visible()
        page.evaluate("() => { document.body.dataset.same = 'yes' }")

    expect(made.get_by_text("9 readings")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-same", "yes")  # the page was not loaded again
    with page.expect_download() as saved:
        made.get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "Mast.ndjson"
    assert Path(saved.value.path()).read_text().count('"temperature": 12.3') == 9
    made.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There are no exports.")).to_be_visible()


def test_without_scripts_the_page_reads_itself_again(ada: Person, window: Window, server: Server) -> None:
    probe = ada.register("Mast")
    probe.send({"observed_at": now_s() - 60, "values": {"temperature": 12.3}})
    page = window(ada, java_script_enabled=False, viewport={"width": 320, "height": 640})
    with nothing_is_written(server):
        page.goto(f"{probe.path}export/")
        page.get_by_role("button", name="Prepare in the background").click()
        expect(page.get_by_text("Waits for its turn.")).to_be_visible()

    expect(page.get_by_role("link", name="Download")).to_be_visible()
