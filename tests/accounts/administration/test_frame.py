"""Announcements on pages: to whom they show, and that each reader dismisses them alone."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from sensorfusion.accounts.administration.frame import COOKIE, REMEMBERED
from sensorfusion.accounts.administration.services import end_announcement, make_announcement
from sensorfusion.accounts.models import Announcement, Operator
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
TEXT = "The server moves on Saturday, <soon>."


@pytest.fixture
def said(cast: Cast, now: datetime) -> Announcement:
    return make_announcement(by=cast.owner, text=TEXT, ends_at=now + timedelta(days=1), now=now)


def reader(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def shows(client: Client, path: str = "/") -> bool:
    return "The server moves on Saturday, &lt;soon&gt;." in client.get(path).text


def dismiss(client: Client, announcement: Announcement, path: str = "/sensors/") -> str:
    answer = client.post(f"/account/announcements/{announcement.pk}/dismiss/", {"next": path})
    assert answer.status_code == 302
    return answer["Location"]


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
@pytest.mark.parametrize("path", ["/", "/account/", "/sensors/", "/alerts/", "/explore/"])
def test_everyone_who_signed_in_reads_it_on_every_page(cast: Cast, said: Announcement, who: str, path: str) -> None:
    assert shows(reader(getattr(cast, who)), path)


def test_it_stands_beside_the_sign_in(said: Announcement) -> None:
    assert shows(Client(), "/sign-in/")


def test_it_is_gone_at_its_end(cast: Cast, said: Announcement, now: datetime) -> None:
    end_announcement(by=cast.owner, announcement=said, now=now)

    assert not shows(reader(cast.member))


def test_a_reader_dismisses_it_for_this_browser_alone(cast: Cast, said: Announcement, now: datetime) -> None:
    browser, other = reader(cast.member), reader(cast.member)

    assert dismiss(browser, said) == "/sensors/"

    assert not shows(browser)
    assert shows(other)
    later = make_announcement(by=cast.owner, text="It moved.", ends_at=now + timedelta(days=1), now=now)
    assert "It moved." in browser.get("/").text
    dismiss(browser, later)
    assert "It moved." not in browser.get("/").text
    assert not shows(browser)


def test_a_browser_remembers_the_newest_only(cast: Cast, said: Announcement) -> None:
    browser = reader(cast.member)
    for number in range(said.pk + 1, said.pk + 1 + REMEMBERED):
        browser.post(f"/account/announcements/{number}/dismiss/")

    assert len(browser.cookies[COOKIE].value.split(".")) == REMEMBERED
    assert shows(browser)


@pytest.mark.parametrize("cookie", ["", "...", "x", "9" * 400, "-1", "²", "1.2.x"])
def test_a_cookie_of_another_kind_hides_nothing(cast: Cast, said: Announcement, cookie: str) -> None:
    browser = reader(cast.member)
    browser.cookies[COOKIE] = cookie.replace(str(said.pk), "x")

    assert shows(browser)


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/", ""])
def test_dismissing_leads_to_pages_of_ours_only(said: Announcement, path: str) -> None:
    assert dismiss(Client(), said, path) == "/"
