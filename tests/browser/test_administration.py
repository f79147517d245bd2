"""An administrator looks at the installation, closes a feature, announces something and invites, in a browser."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import PASSWORD, Person, now_s, weather
from tests.browser.witness import Witness

pytestmark = pytest.mark.browser


def opened(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Administration").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_an_administrator_finds_what_sites_store(root: Person, ada: Person, window: Window) -> None:
    name = f"Mast of {ada.name}"
    probe = ada.register(name, interval_s=300)
    probe.send(*weather(until_s=now_s() - 60, hours=2))
    page = window(root)
    page.goto("/administration/")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()

    opened(page, "Operators")
    expect(page.get_by_role("main")).to_contain_text(ada.email)
    opened(page, "Storage")
    search = page.get_by_role("main").get_by_role("search")
    search.get_by_label("Name of a site or sensor").fill(name)
    search.get_by_role("button", name="Find").click()
    page.locator(f"main a[href*='/storage/{probe.site}/']").click()
    expect(page.get_by_role("main")).to_contain_text(name)
    for name in ("Jobs", "Queues", "Quotas", "Audit log"):
        opened(page, name)


def test_a_closed_feature_is_closed_to_everyone_until_it_is_open_again(
    root: Person, ada: Person, window: Window
) -> None:
    probe = ada.register("Mast", interval_s=300)
    probe.send(*weather(until_s=now_s() - 60, hours=1))
    asked = {"sensor": probe.sensor, "name": "Mast", "quantities": ["temperature"]}
    page = window(root)
    page.goto("/administration/")
    opened(page, "Features")
    try:
        page.get_by_role("button", name="Close: Shared links and public pages").click()
        expect(page.get_by_role("button", name="Open: Shared links and public pages")).to_be_visible()
        refused = ada.client.post("/api/v1/shares/", json=asked)
        opened(page, "Overview")
        expect(page.get_by_role("main")).to_contain_text("Shared links and public pages")
        opened(page, "Features")
    finally:
        page.goto("/administration/features/")
        page.get_by_role("button", name="Open: Shared links and public pages").click()
    expect(page.get_by_role("button", name="Close: Shared links and public pages")).to_be_visible()

    assert (refused.status_code, refused.json()["code"]) == (403, "switched_off")
    assert ada.client.post("/api/v1/shares/", json=asked).status_code == 201
    opened(page, "Audit log")
    expect(page.get_by_role("main")).to_contain_text("Shared links and public pages: off")


def test_an_announcement_stands_on_the_pages_of_others_until_it_is_ended(
    root: Person, ada: Person, window: Window, visit: Visit
) -> None:
    text = f"The server moves at {root.name}"
    page = window(root)
    page.goto("/administration/announcements/")
    page.get_by_label("Text").fill(text)
    page.get_by_label("Until").fill(f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Announce").click()
    theirs = visit("/sensors/", ada)
    expect(theirs.get_by_text(text)).to_be_visible()

    page.get_by_role("region", name="On all pages").get_by_role("button", name="End now").click()
    theirs.reload()

    expect(theirs.get_by_text(text)).to_have_count(0)


def test_an_invitation_is_made_opened_and_revoked(root: Person, window: Window, visit: Visit, witness: Witness) -> None:
    page = window(root)
    page.goto("/administration/invitations/")
    page.get_by_role("button", name="Invite").click()
    made = page.get_by_role("region", name="Made").get_by_role("listitem").first
    link = made.locator("code").inner_text()
    guest = visit(link)
    expect(guest.get_by_role("heading", level=1)).to_be_visible()

    made.get_by_role("button", name="Revoke").click()

    expect(page.get_by_text("The invitation works no more.")).to_be_visible()
    assert page.get_by_text(link, exact=True).count() == 0


def test_a_confirmation_leads_back_to_the_page_of_the_form(root: Person, visit: Visit) -> None:
    page = visit("/account/confirm/?next=/administration/features/", root)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)

    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading", name="Features", level=1)).to_be_visible()
