"""From signing up to a live page, its report and its settings in a German browser; English is a click away."""

import re

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import PASSWORD
from tests.browser.report import Report
from tests.browser.server import Server
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser


def test_a_german_browser_gets_german_pages_from_signing_up_to_the_settings(visit: Visit, server: Server) -> None:
    page = visit("/sign-up/", locale="de-DE")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    sign_up(page, email="lise@example.org")
    expect(page.get_by_role("heading", name="Ihr erster Sensor")).to_be_visible()

    page.get_by_label("Name des Sensors").fill("Gewächshaus")
    page.get_by_role("button", name="Weiter", exact=True).click()
    page.get_by_role("button", name="Sensor registrieren").click()
    expect(page.get_by_role("heading", name="Warten auf Gewächshaus")).to_be_visible()
    key = page.locator("#new-key").inner_text()
    expect(page.locator("sf-live")).to_have_attribute("data-state", "live")
    refused_in_german(page, server, key)
    send(server, key, {"temperature": 21.4, "humidity": 60})

    page.wait_for_url("**/sensors/*/")
    sensor = page.url
    report = Report(page)
    report.until_live()
    expect(report.hero).to_contain_text("21,4")
    send(server, key, {"temperature": 22.5, "humidity": 61.25})
    expect(report.hero).to_contain_text("22,5")
    expect(report.value("humidity")).to_have_text("61")

    page.get_by_role("link", name="Erkunden").first.click()
    expect(page.get_by_role("heading", name="Erkunden", level=1)).to_be_visible()
    page.goto(f"{sensor}reports/")
    expect(page.get_by_role("heading", name="Berichte", level=1)).to_be_visible()
    page.locator(".matrix tbody td a").first.click()
    expect(page.locator("main")).to_contain_text("Monatsbericht")
    expect(page.locator("main")).to_contain_text("Temperatur im Mittel")
    expect(page.locator(".lead .big")).to_contain_text(re.compile(r"^2[12],\d"))
    page.goto(f"{sensor}settings/")
    expect(page.locator("main")).to_contain_text("Ausgeschlossene Messungen")
    page.get_by_role("link", name="Alarme").first.click()
    expect(page.get_by_role("heading", name="Alarme", level=1)).to_be_visible()


def test_english_is_chosen_in_the_menu_and_german_again(visit: Visit, server: Server) -> None:
    page = visit("/sign-up/", locale="de-DE")
    sign_up(page, email="emmy@example.org")
    page.goto("/alerts/")

    choose(page, "Einheiten und Uhr", "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Alerts", level=1)).to_be_visible()
    page.goto("/explore/")
    expect(page.get_by_role("heading", name="Explore", level=1)).to_be_visible()

    choose(page, "Units and clock", "Deutsch")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Erkunden", level=1)).to_be_visible()


def sign_up(page: Page, *, email: str) -> None:
    form = page.locator("main form")
    form.locator("[name=name]").fill("Lise")
    form.locator("[name=email]").fill(email)
    form.locator("[name=password]").fill(PASSWORD)
    form.get_by_role("button").last.click()
    expect(page).not_to_have_url(re.compile("sign-up"))


def refused_in_german(page: Page, server: Server, key: str) -> None:
    """The stream tells refusals in English, and the page writes them in German."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    httpx2.post(f"{server.url}/api/v1/readings", content="{", headers=headers, timeout=PATIENCE_S)
    unreadable = page.locator("[data-fact=refusals] [data-code=unreadable]")
    expect(unreadable).to_contain_text("Die Anfrage")
    expect(unreadable.locator("[lang=en]")).to_contain_text("JSON")
    answer = httpx2.post(
        f"{server.url}/api/v1/readings", json={"temperature": 900}, headers=headers, timeout=PATIENCE_S
    )
    rejected = page.locator(f"[data-fact=refusals] [data-code={answer.json()['rejected'][0]['code']}]")
    expect(rejected.first).to_contain_text("Der Wert")
    expect(rejected.first.locator("[lang=en]")).to_contain_text("900")


def choose(page: Page, menu: str, language: str) -> None:
    page.get_by_title(menu).click()
    page.get_by_role("button", name=language, exact=True).click()


def send(server: Server, key: str, values: dict[str, float]) -> None:
    """Send a reading over HTTP, as a device does."""
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{server.url}/api/v1/readings", json=values, headers=headers, timeout=PATIENCE_S)
    assert answer.status_code == 200, answer.text
