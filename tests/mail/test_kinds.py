"""Every kind of message, made by what causes it: who gets it, and that it renders without markup or secrets.

A kind without a row here fails.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from sensorfusion.accounts import services
from sensorfusion.accounts.addresses import changes, proof
from sensorfusion.accounts.addresses.links import Step
from sensorfusion.accounts.audit.origin import Origin
from sensorfusion.accounts.mailing.resets import request_reset
from sensorfusion.accounts.mailing.services import send_test, set_muted
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.accounts.signing_in import records
from sensorfusion.accounts.signing_up.invitations import invite as invite_to_sign_up
from sensorfusion.alerts.messages.sender import SendAlerts
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, Untold
from sensorfusion.documents.mailing.chores import queue_due
from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.mailing.services import choose as choose_reports
from sensorfusion.mail.kinds import OPTIONAL, SECURITY, Kind
from sensorfusion.mail.message import Rendered, render
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.services import close_account
from sensorfusion.sensors.signing_up.services import sign_up
from sensorfusion.sensors.sites import invitations, membership
from sensorfusion.sensors.transfer.offers import offer
from sensorfusion.server.mailer import composers
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast

EVIL = "<img src=x onerror=alert(1)>\"&'"
NEW_PASSWORD = "a fresh horse battery"
Done = Callable[[Cast], Any]


def signed_in(cast: Cast) -> None:
    request = RequestFactory().post("/", headers={"User-Agent": f"{EVIL} Firefox/1 Linux"}, REMOTE_ADDR="192.0.2.7")
    request.session, request.user = SessionStore(), cast.owner
    services.open_session(
        request=request,
        operator=cast.owner,
        backend="django.contrib.auth.backends.ModelBackend",
        is_new_browser=True,
    )


def invited(cast: Cast) -> Any:
    return invitations.invite(by=cast.owner, site=cast.site, email=cast.outsider.email, role=Role.VIEWER, now=NOW)


def sign_up_asked_for(cast: Cast) -> None:
    sign_up(email="new@example.org", password=NEW_PASSWORD, name=EVIL, now=NOW)


def sign_up_invited(cast: Cast) -> None:
    invite_to_sign_up(by=cast.owner, email="new@example.org", valid_for=timedelta(days=7), now=NOW)


def sensor_offered(cast: Cast) -> None:
    Sensor.objects.filter(pk=cast.sensor.pk).update(name=EVIL)
    offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=NOW)


def joined(cast: Cast) -> None:
    set_muted(operator=cast.outsider, kinds=[Kind.INVITATION])
    invitations.accept(operator=cast.outsider, invitation=invited(cast), now=NOW)


def removed(cast: Cast) -> None:
    of_member = Membership.objects.get(operator=cast.member, site=cast.site)
    membership.remove_member(by=cast.owner, membership=of_member, now=NOW)


def alerted(cast: Cast) -> None:
    rule = AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="above", high=30.0, note=EVIL,
        made_at=NOW, changed_at=NOW,
    )  # fmt: skip
    alert = Alert.objects.create(
        rule=rule, site=cast.site, sensor=cast.sensor, quantity="temperature", severity="warning", note=EVIL,
        rule_was={"condition": "above", "high": 30.0}, value=31.5, began_at=NOW, fired_at=NOW,
    )  # fmt: skip
    Untold.objects.create(event=AlertEvent.objects.create(alert=alert, at=NOW, action="fired"))
    for later_s in (0, 60, 120):
        at = NOW + timedelta(seconds=later_s)
        sends = SendAlerts(lambda request: Future(), partial(max, at, at))
        while sends.step():
            pass


def reported(cast: Cast) -> None:
    muted = cast.member.muted_mail
    choose_reports(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=NOW)
    set_muted(operator=cast.member, kinds=[Kind(each) for each in muted])
    queue_due(now=NOW + timedelta(days=1))


def factor_added(cast: Cast) -> None:
    made = Authenticator.objects.create(user=cast.owner, type="webauthn", data={"name": EVIL})
    records.added(user=cast.owner, authenticator=made)


def proof_asked_for(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.outsider.pk).update(trusted_email="")
    cast.outsider.refresh_from_db()
    proof.ask_for_proof(operator=cast.outsider, now=NOW)


def address_change(cast: Cast, other: Kind) -> Any:
    """Ask for a change; the message of the other kind is another row's."""
    made = changes.change_email(operator=cast.owner, email="new@example.org", password=PASSWORD, now=NOW)
    OutboxMessage.objects.filter(kind=other).delete()
    return made


def address_changed(cast: Cast) -> None:
    change = changes.change_email(operator=cast.owner, email="new@example.org", password=PASSWORD, now=NOW)
    OutboxMessage.objects.all().delete()
    if change:  # without a mail server it is made at once
        for step in (Step.BEFORE, Step.AFTER):
            changes.confirm(change=change, step=step, now=NOW)


# Of each kind: what causes it, and who gets it. All others, members or not, get nothing.
CAUSES: dict[Kind, tuple[Done, set[str]]] = {
    Kind.NEW_SIGN_IN: (signed_in, {"owner"}),
    Kind.PASSWORD_CHANGED: (
        lambda cast: services.change_password(operator=cast.owner, current=PASSWORD, new=NEW_PASSWORD),
        {"owner"},
    ),
    Kind.EMAIL_CHANGED: (
        address_changed,
        {"owner", "new"},
    ),
    Kind.ADDRESS_PROOF: (proof_asked_for, {"outsider"}),
    Kind.ADDRESS_BEFORE: (lambda cast: address_change(cast, Kind.ADDRESS_AFTER), {"owner"}),
    Kind.ADDRESS_AFTER: (lambda cast: address_change(cast, Kind.ADDRESS_BEFORE), {"new"}),
    Kind.SIGN_UP: (sign_up_asked_for, {"new"}),
    Kind.SIGN_UP_INVITATION: (sign_up_invited, {"new"}),
    Kind.SENSOR_OFFER: (sensor_offered, {"outsider"}),
    Kind.ACCOUNT_CLOSED: (
        lambda cast: close_account(operator=cast.outsider, password=PASSWORD),
        {"outsider"},
    ),
    Kind.TOKEN_MADE: (
        lambda cast: services.issue_token(operator=cast.owner, label=EVIL, now=timezone.now()),
        {"owner"},
    ),
    Kind.FACTOR_CHANGED: (factor_added, {"owner"}),
    Kind.PASSWORD_RESET: (lambda cast: request_reset(email=cast.owner.email, address=EVIL), {"owner"}),
    Kind.INVITATION: (invited, {"outsider"}),
    Kind.MEMBER_JOINED: (joined, {"owner"}),
    Kind.MEMBERSHIP_ENDED: (removed, {"member"}),
    Kind.ALERT: (alerted, {"owner", "editor"}),
    Kind.REPORT: (reported, {"member"}),
    Kind.TEST: (lambda cast: send_test(operator=cast.owner, now=timezone.now()), {"owner"}),
}


@pytest.fixture
def evil_cast(cast: Cast) -> Cast:
    """The cast, with names that are markup."""
    Operator.objects.update(name=EVIL)
    Site.objects.update(name=EVIL)
    cast.site.refresh_from_db()
    for person in (cast.owner, cast.editor, cast.member, cast.outsider):
        person.refresh_from_db()
    return cast


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


LATER = {Kind.REPORT: timedelta(days=1)}  # it is sent
TAGS = {"html", "head", "meta", "title", "style", "body", "div", "p", "h1", "table", "tr", "th", "td", "a", "br"}


def caused(kind: Kind, cast: Cast) -> tuple[set[str], Rendered]:
    """Let the cause of a kind happen; return who gets it, and what."""
    cause, _ = CAUSES[kind]

    def happens(_: HttpRequest) -> Any:
        return cause(cast)

    Origin(happens)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    rows = OutboxMessage.objects.all()
    assert {row.kind for row in rows} == {kind}
    if compose := composers(now=lambda: NOW + LATER.get(kind, timedelta(hours=1))).get(kind):
        [row] = rows
        composed = compose(row.recipient, row.about)
        assert composed is not None
        return {composed.to}, render(composed.message, made_at=row.created_at)
    return {row.recipient for row in rows}, Rendered(rows[0].subject, rows[0].text, rows[0].html)


def test_every_kind_has_a_cause() -> None:
    assert CAUSES.keys() == set(Kind)
    assert OPTIONAL.isdisjoint(SECURITY)
    assert {*OPTIONAL, *SECURITY, *(kind for kind in Kind if kind.is_asked_for)} == set(Kind)


@pytest.mark.usefixtures("mail_settings")
@pytest.mark.parametrize("kind", Kind)
def test_message_goes_to_its_readers_only(evil_cast: Cast, kind: Kind) -> None:
    recipients, _ = caused(kind, evil_cast)

    assert recipients == {f"{name}@example.org" for name in CAUSES[kind][1]}


@pytest.mark.usefixtures("mail_settings")
@pytest.mark.parametrize("kind", Kind)
def test_message_is_text_and_html_without_markup_of_others(evil_cast: Cast, kind: Kind) -> None:
    _, rendered = caused(kind, evil_cast)

    read = _Read()
    read.feed(rendered.html)
    assert read.tags <= TAGS
    assert all(link.startswith("https://sensors.example.org/") for link in read.links)
    assert all(link in rendered.text for link in read.links)
    assert rendered.subject.isprintable()
    assert len(rendered.subject) < 60
    said = " ".join(" ".join(read.texts).split())
    for line in rendered.text.replace("\n-- \n", "\n").splitlines():
        assert " ".join(line.rstrip(":").split(": ", 1)[-1].split()) in said


@pytest.mark.usefixtures("mail_settings")
@pytest.mark.parametrize("kind", Kind)
def test_message_has_no_secret_but_the_link_that_was_asked_for(evil_cast: Cast, kind: Kind) -> None:
    _, rendered = caused(kind, evil_cast)

    said = rendered.text + rendered.html + rendered.subject
    assert PASSWORD not in said
    assert NEW_PASSWORD not in said
    assert "sft_" not in said
    secret_links = re.findall(
        r"(?:new-password/\w+|sign-in/address|sign-up/(?:invited|confirm))/[\w:-]+/", rendered.text
    )
    assert len(secret_links) == (1 if kind.is_asked_for and kind is not Kind.TEST else 0)
    stored = OutboxMessage.objects.values_list("text", "html", "subject", "about")
    assert not any(
        "new-password/" in part or "/address/" in part or "/sign-up/" in part for row in stored for part in row
    )


@pytest.mark.parametrize("kind", Kind)
def test_without_a_mail_server_nothing_is_queued(cast: Cast, kind: Kind) -> None:
    CAUSES[kind][0](cast)

    assert not OutboxMessage.objects.exists()


@pytest.mark.usefixtures("mail_settings")
@pytest.mark.parametrize("kind", Kind)
def test_only_optional_kinds_can_be_turned_off(cast: Cast, kind: Kind) -> None:
    for person in (cast.owner, cast.editor, cast.member, cast.outsider):
        set_muted(operator=person, kinds=list(Kind))

    CAUSES[kind][0](cast)

    # What a cause of its own turns on again, such as the invitation before a member joins, is another kind.
    assert OutboxMessage.objects.filter(kind=kind).exists() != kind.is_optional
