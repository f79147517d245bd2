"""Changing the address of an account by links in e-mails, and closing the account, with a mail server that is real."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import PASSWORD
from tests.browser.server import Server, free_port
from tests.browser.test_every_page import PHONE, fits
from tests.mail.mail_server import MailServer, running_mail_server, text_of

pytestmark = pytest.mark.browser


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as mail:
        yield mail


@pytest.fixture
def page(mail_server: MailServer, new_context: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[Page]:
    """A browser at a platform of its own that sends e-mail."""
    port = free_port()
    given = {"EMAIL_URL": mail_server.url, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    server = Server(tmp_path / "data", "--port", port, given=given)
    try:
        yield new_context(base_url=server.url, viewport=PHONE).new_page()
    finally:
        server.end()


def link_to(mail: MailServer, address: str, count: int) -> str:
    """Return the path of the last link that was sent to an address, once so many messages came."""
    assert mail.wait(count)
    texts = [text_of(each) for each in mail.emails if each["To"] == address]
    [found] = re.findall(r"https?://\S+?(/sign-(?:in/address|up/confirm)/\S+)", texts[-1])
    return str(found)


def press(page: Page, link: str, button: str) -> None:
    page.goto(link)
    expect(page).to_have_url(re.compile("/sign-in/address/$"))
    assert fits(page)
    page.get_by_role("button", name=button).click()


def test_address_is_proved_and_changed_and_the_account_closed(page: Page, mail_server: MailServer) -> None:
    page.goto("/sign-up/")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("main")).to_contain_text("A link is on its way")
    page.goto(link_to(mail_server, "ada@example.org", 1))
    expect(page).to_have_url(re.compile("/sign-up/confirm/$"))
    assert fits(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("ada@example.org Confirmed")
    assert fits(page)

    page.get_by_label("New e-mail").fill("grace@example.org")
    page.get_by_label("Your password").first.fill(PASSWORD)
    page.get_by_role("button", name="Change e-mail").click()
    expect(page.locator("main")).to_contain_text("waits for the link that was sent to ada@example.org")
    assert fits(page)
    press(page, link_to(mail_server, "grace@example.org", 3), "Confirm")
    press(page, link_to(mail_server, "ada@example.org", 3), "Confirm")
    expect(page.locator("main")).to_contain_text("grace@example.org Confirmed")
    assert mail_server.wait(5)
    assert {each["To"] for each in mail_server.emails[3:]} == {"ada@example.org", "grace@example.org"}

    page.get_by_role("link", name="Close the account").click()
    expect(page.locator("main")).to_contain_text("My site")
    assert fits(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the archive").click()
    with zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes())) as archive:
        assert json.loads(archive.read("account.json"))[0]["email"] == "grace@example.org"
    page.get_by_label("Your e-mail, to confirm").fill("grace@example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_text("Your account is closed.")).to_be_visible()
    assert mail_server.wait(6)
    assert mail_server.emails[-1]["Subject"] == "Your account is closed"
