"""An owner who sets an authenticator app up on the page, on a clock that the test moves."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from sensorfusion.accounts.models import Operator
from sensorfusion.clock import utc_now
from tests.accounts.signing_in.authenticator import code_at
from tests.conftest import PASSWORD, Cast


@dataclass
class Phone:
    """An app that has the secret; each `code` is a new one, because none works twice."""

    clock: TimeMachineFixture
    secret: str
    recovery_codes: list[str]
    at: datetime

    def code(self) -> str:
        self.at += timedelta(seconds=120)
        self.clock.move_to(self.at, tick=False)
        return code_at(self.secret, self.at)


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(utc_now(), tick=False)
    return time_machine


@pytest.fixture
def browser(client: Client, cast: Cast, clock: TimeMachineFixture) -> Client:
    """A browser in which the owner is signed in."""
    client.post("/sign-in/", {"email": cast.owner.email, "password": PASSWORD})
    return client


@pytest.fixture
def phone(browser: Client, cast: Cast, clock: TimeMachineFixture) -> Phone:
    """The owner's phone, whose app is the account's second factor."""
    return set_up(browser, clock)


def confirm(browser: Client, password: str = PASSWORD, back: str = "/account/second-factor/app/") -> None:
    answer = browser.post(f"/account/confirm/?next={back}", {"password": password, "next": back})
    assert answer.status_code == 302, answer.text


def set_up(browser: Client, clock: TimeMachineFixture) -> Phone:
    confirm(browser)
    page = browser.get("/account/second-factor/app/").text
    found = re.search(r'<pre id="secret"[^>]*>([A-Z2-7 ]+)</pre>', page)
    assert found
    made = Phone(clock, found[1], [], utc_now())
    answer = browser.post("/account/second-factor/app/", {"code": made.code()})
    assert answer["Location"] == "/account/second-factor/codes/", answer.text
    made.recovery_codes = recovery_codes_in(browser.get(answer["Location"]).text)
    assert len(made.recovery_codes) == 10
    return made


def recovery_codes_in(page: str) -> list[str]:
    """Return the codes that a page shows; ids of sensors may begin with eight digits, too."""
    shown = re.search(r'<pre id="recovery-codes"[^>]*>([\d\s]+)</pre>', page)
    return shown[1].split() if shown else []


def enter_password(operator: Operator) -> Client:
    """Open another browser, and enter the right password."""
    client = Client()
    answer = client.post("/sign-in/", {"email": operator.email, "password": PASSWORD, "next": "/account/"})
    assert answer.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
