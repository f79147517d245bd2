"""Passkeys by Chromium's own virtual authenticator, and an authenticator app by the page's QR code."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.signing_in.authenticator import code_at
from tests.browser.conftest import Window
from tests.browser.people import PASSWORD, Person
from tests.browser.test_every_page import PHONE, fits

pytestmark = pytest.mark.browser


@contextmanager
def virtual_authenticator(page: Page) -> Iterator[Any]:
    """A fingerprint reader that always knows its finger (Web Authentication, 12)."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda: tools.send("WebAuthn.getCredentials", made)["credentials"]
    tools.detach()


def signed_in(window: Window, person: Person, **context: Any) -> Page:
    """Sign in by the page, at the name of this computer: browsers bind no passkey to a number."""
    page = window(base_url=person.url.replace("127.0.0.1", "localhost"), **context)
    page.goto("/sign-in/")
    enter_password(page, person)
    expect(page.get_by_role("link", name="Overview").first).to_be_visible()
    return page


def confirm(page: Page) -> None:
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto("/account/second-factor/passkeys/")
    confirm(page)
    page.get_by_label("Name", exact=True).fill("Laptop")
    if alone:
        page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()
    page.get_by_role("link", name="Done").click()
    expect(page.locator("main")).to_contain_text("Laptop")


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url("**/sign-in/")


def enter_password(page: Page, person: Person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_passkey_signs_in_alone(ada: Person, window: Window) -> None:
    page = signed_in(window, ada)
    with virtual_authenticator(page) as credentials:
        add_passkey(page, alone=True)
        assert len(credentials()) == 1
        sign_out(page)

        page.get_by_role("button", name="Use a passkey").click()

        page.wait_for_url("**/")
        expect(page.get_by_role("link", name="Overview").first).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE])
def test_passkey_is_the_second_step_after_the_password(
    ada: Person, window: Window, size: dict[str, int] | None
) -> None:
    page = signed_in(window, ada, viewport=size) if size else signed_in(window, ada)
    with virtual_authenticator(page):
        add_passkey(page, alone=False)
        assert fits(page)
        sign_out(page)
        enter_password(page, ada)
        expect(page.get_by_role("heading", name="Second step")).to_be_visible()
        assert fits(page)

        page.get_by_role("button", name="Use a passkey").click()

        expect(page.get_by_role("heading", name="Second step")).to_have_count(0)
        page.goto("/account/")
        expect(page.get_by_role("heading", name="Account", level=1)).to_be_visible()


def test_passkey_is_removed_and_the_password_alone_signs_in(ada: Person, window: Window) -> None:
    page = signed_in(window, ada)
    with virtual_authenticator(page):
        add_passkey(page, alone=False)
        page.get_by_role("link", name="Remove Laptop").click()
        page.get_by_role("button", name="Remove").click()
        expect(page.locator("main")).not_to_contain_text("Laptop")
        sign_out(page)

        enter_password(page, ada)

        page.wait_for_url("**/")


def test_authenticator_app_is_set_up_and_asked_for(ada: Person, window: Window) -> None:
    page = window(ada)
    page.goto("/account/second-factor/app/")
    confirm(page)
    secret = page.locator("#secret").inner_text()
    assert fits(page)
    page.get_by_label("Code that the app shows").fill(code_at(secret, datetime.now(UTC)))
    page.get_by_role("button", name="Set up").click()
    expect(page.locator("#recovery-codes")).to_be_visible()
    sign_out(page)

    enter_password(page, ada)
    # The code of half a minute before: the page takes it still, and that of now was used to set the app up.
    page.get_by_label("Code", exact=True).fill(code_at(secret, datetime.now(UTC) - timedelta(seconds=30)))
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url("**/")
    expect(page.get_by_role("link", name="Overview").first).to_be_visible()


def test_browser_that_is_signed_out_elsewhere_is_led_to_the_sign_in(ada: Person, window: Window) -> None:
    here, there = window(ada), window()
    there.goto("/sign-in/")
    enter_password(there, ada)
    there.wait_for_url("**/")

    here.goto("/account/")
    here.get_by_role("button", name="Sign out every other browser").click()
    expect(here.locator("main")).to_contain_text("Every other browser is signed out.")

    there.goto("/account/")
    there.wait_for_url("**/sign-in/**")
