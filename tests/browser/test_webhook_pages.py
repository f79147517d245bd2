"""A webhook that an owner adds, tests, rotates and deletes on the pages of the site."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.people import Person

pytestmark = pytest.mark.browser


def test_an_owner_manages_a_webhook(ada: Person, window: Window) -> None:
    ada.register("Mast")
    page = window(ada)
    page.goto(f"/sites/{ada.site()}/settings/")
    page.get_by_role("region", name="Webhooks").get_by_role("link", name="Set up").click()
    expect(page.get_by_text("There are no webhooks.")).to_be_visible()
    page.get_by_role("navigation", name="Webhooks").get_by_role("link", name="Add a webhook").click()
    page.get_by_label("Name").fill("Archive")
    page.get_by_label("Address").fill("https://192.0.2.1/in")  # an address of documentation: it is never answered
    page.get_by_label("A sensor is offline").check()
    page.get_by_role("button", name="Add", exact=True).click()

    secret = page.locator("#webhook-secret")
    expect(secret).to_contain_text("whsec_")
    first = secret.inner_text()
    expect(page.get_by_role("heading", name="Archive", level=1)).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(secret).to_have_count(0)
    log = page.get_by_role("region", name="Deliveries")
    expect(log.get_by_role("article")).to_contain_text("Test")

    page.get_by_role("button", name="Make another secret").click()
    expect(secret).to_contain_text("whsec_")
    assert secret.inner_text() != first
    expect(page.get_by_text("The old secret signs, too, until")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()

    page.get_by_label("Type Archive to confirm").fill("Archive")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There are no webhooks.")).to_be_visible()
