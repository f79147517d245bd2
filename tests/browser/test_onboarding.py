"""From nothing to a live page, with pages only: sign up, register, copy the line, run it, watch."""

import shutil
import subprocess

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import PASSWORD, Person
from tests.browser.report import Report
from tests.browser.server import Server
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser


def test_a_new_operator_comes_from_signing_up_to_a_live_page(visit: Visit, server: Server) -> None:
    page = visit("/")
    page.get_by_role("link", name="Create one").click()
    fill_in_the_account(page, email="grace@example.org")
    expect(page.get_by_role("heading", name="Your first sensor")).to_be_visible()

    page.get_by_label("Name of the sensor").fill("Greenhouse")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Name of the sensor")).to_have_value("Greenhouse")
    page.get_by_role("button", name="Register and get its key").click()

    expect(page.get_by_role("heading", name="Listening for Greenhouse…")).to_be_visible()
    key = page.locator("#new-key").inner_text()
    line = page.locator("#example-curl").inner_text()
    assert key in line
    assert f"{server.url}/api/v1/readings" in line
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")

    impossible = post(server, key, {"temperature": 900})
    assert impossible.status_code == 422
    expect(page.locator("[data-fact=refusals] li")).to_have_count(1)
    expect(page.locator("[data-fact=refusals] li").first).to_contain_text("422")
    expect(page.locator("[data-fact=refusals] li").first).to_contain_text("temperature")
    wrong = key[:-4] + ("AAAA" if key[-4:] != "AAAA" else "BBBB")
    assert post(server, wrong, {"temperature": 21.4}).status_code == 401
    expect(page.locator("[data-fact=refusals] li").first).to_contain_text("401")
    assert post(server, f"sf_00000000-{'x' * 32}", {"temperature": 21.4}).status_code == 401
    expect(page.locator("[data-fact=refusals] li").first).to_contain_text("belongs to no sensor")
    page.reload()
    for said in ("422", "belongs to no sensor"):
        expect(page.locator("[data-fact=refusals] li", has_text=said).first).to_be_visible()
    expect(page.locator("sf-onboard")).to_have_attribute("data-state", "waiting")

    run(line)
    expect(page.get_by_role("heading", name="Greenhouse is live")).to_be_visible()
    expect(page.locator("[data-fact=found]")).to_have_text("Temperature, Humidity")

    page.wait_for_url("**/sensors/*/")
    report = Report(page)
    report.until_live()
    expect(report.hero).to_contain_text("21.4")
    expect(report.value("humidity")).to_have_text("60")


def test_a_key_is_shown_once(visit: Visit) -> None:
    page = visit("/sign-up/")
    fill_in_the_account(page, email="hopper@example.org")
    page.get_by_label("Name of the sensor").fill("Cellar")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Register and get its key").click()
    key = page.locator("#new-key").inner_text()

    page.reload()

    expect(page.get_by_text("The key is shown only once.")).to_be_visible()
    assert key not in page.content()
    page.get_by_role("button", name="Create another key").click()
    expect(page.locator("#new-key")).to_be_visible()
    assert page.locator("#new-key").inner_text() != key


def test_every_tab_of_the_examples_shows_its_panel(ada: Person, visit: Visit) -> None:
    page = visit(ada.register("Cellar").start_path, ada)
    tabs = page.locator(".tabs > label")

    assert tabs.count() >= 12
    for tab in tabs.all():
        tab.click()
        expect(page.locator("[data-example]:visible")).to_have_count(1)
        assert len(page.locator("[data-example]:visible").inner_text()) > 40


def test_the_report_page_of_a_new_sensor_comes_alive_by_itself(ada: Person, visit: Visit) -> None:
    probe = ada.register("Cellar")
    page = visit(probe.path, ada)
    expect(page.get_by_role("main").get_by_text("Waiting for the first reading")).to_be_visible()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")

    probe.send({"temperature": 8.5})

    report = Report(page)
    expect(report.hero).to_contain_text("8.5")
    report.until_live()


def fill_in_the_account(page: Page, *, email: str) -> None:
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


def post(server: Server, key: str, values: dict[str, float]) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx2.post(f"{server.url}/api/v1/readings", json=values, headers=headers, timeout=PATIENCE_S)


def run(line: str) -> None:
    """Run the page's command, as if pasted into a terminal."""
    if not shutil.which("curl"):
        pytest.skip("no curl found")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=PATIENCE_S)
    assert '"accepted":1' in done.stdout, done.stdout + done.stderr
