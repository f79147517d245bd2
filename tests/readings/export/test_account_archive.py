"""The archive of an account: every table about the person, and no secret."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import AsyncClient, Client

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Operator, Role
from sensorfusion.accounts.services import issue_token
from sensorfusion.alerts.messages.models import AlertChannel
from sensorfusion.documents.mailing.models import Every
from sensorfusion.documents.mailing.services import choose
from sensorfusion.readings.export.account_archive import AccountArchive
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.sites.invitations import invite
from sensorfusion.webhooks.services import make_webhook
from tests.clients import client_of
from tests.conftest import Cast
from tests.mail.conftest import mail_settings
from tests.readings.export.test_api import content

__all__ = ["mail_settings"]
SECRET = "Geheimnis-1718"


def read(archive: bytes) -> dict[str, Any]:
    """Return the tables of an archive, and check that both forms of each have the same rows."""
    tables = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        for name in opened.namelist():
            if name.endswith(".json"):
                tables[name.removesuffix(".json")] = json.loads(opened.read(name))
        for name, rows in tables.items():
            lines = list(csv.DictReader(io.StringIO(opened.read(f"{name}.csv").decode())))
            assert [set(line) for line in lines] == [set(row) for row in rows]
    return tables


def archived(operator: Operator, now: datetime) -> dict[str, Any]:
    return read(b"".join(AccountArchive(operator, now=now).chunks()))


@pytest.fixture
def lived_in(cast: Cast, now: datetime, transactional_db: None) -> list[str]:
    """An owner with something in many tables; returns the secrets among it."""
    owner, site, sensor = cast.owner, cast.site, cast.sensor
    token = issue_token(operator=owner, label="backup script", now=now, sites=[site.pk])
    make_note(by=owner, sensor=sensor, now=now, text="=Frost on the mast", starts_at=now - timedelta(hours=1))
    invite(by=owner, site=site, email="guest@example.net", role=Role.VIEWER, now=now)
    invite(by=cast.outsider, site=cast.other_site, email="OWNER@example.org", role=Role.VIEWER, now=now)
    choose(by=owner, sensor=sensor, wanted=[Every.DAY], now=now)
    hook = make_webhook(
        by=owner, site=site, name="Lab", url=f"https://hook.test/{SECRET}", events=["readings"], now=now
    )
    AlertChannel.objects.create(
        operator=owner, kind="ntfy", address=f"https://ntfy.test/{SECRET}", secret=SECRET, name="Phone", made_at=now
    )
    Authenticator.objects.create(user=owner, type="totp", data={"secret": SECRET})
    UserSession.objects.create(user=owner, ip="192.0.2.7", session_key=SECRET, user_agent="Firefox")
    return [SECRET, token.text, hook.secret, owner.password, bytes(token.token.digest).hex()]


@pytest.mark.usefixtures("mail_settings")
def test_archive_has_everything_about_the_person(cast: Cast, lived_in: list[str], now: datetime) -> None:
    tables = archived(cast.owner, now)

    [account] = tables["account"]
    assert (account["email"], account["units"], account["muted_mail"]) == ("owner@example.org", "metric", [])
    [token] = tables["accounts-api-token"]
    assert (token["label"], token["sites"]) == ("backup script", [f"Orchard {cast.site.uuid}"])
    assert [row["text"] for row in tables["readings-note"]] == ["=Frost on the mast"]
    assert [(row["site"], row["role"]) for row in tables["accounts-membership"]] == [
        (f"Orchard {cast.site.uuid}", "owner")
    ]
    assert {(row["email"], row["invited_by"]) for row in tables["accounts-invitation"]} == {
        ("guest@example.net", "owner@example.org"),
        ("OWNER@example.org", None),
    }
    assert [row["name"] for row in tables["sites-owned"]] == ["Orchard"]
    assert {row["action"] for row in tables["accounts-audit-entry"]} >= {"token_made", "note_made", "member_invited"}
    assert [row["url"] for row in tables["webhooks-webhook"]] == ["https://hook.test"]
    assert [row["ip"] for row in tables["usersessions-user-session"]] == ["192.0.2.7"]
    assert tables.keys() >= {"report_mail-report-subscription", "alerts-alert-channel", "mfa-authenticator"}
    assert {row["recipient"].lower() for row in tables["mail-outbox-message"]} == {"owner@example.org"}


@pytest.mark.usefixtures("mail_settings")
def test_archive_has_no_secret(cast: Cast, lived_in: list[str], now: datetime) -> None:
    archive = b"".join(AccountArchive(cast.owner, now=now).chunks())

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        said = b"".join(opened.read(name) for name in opened.namelist()).decode()
    assert [one for one in lived_in if one in said] == []
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert "'=Frost" in opened.read("readings-note.csv").decode()  # no formula


@pytest.mark.usefixtures("mail_settings")
def test_archive_of_another_has_nothing_of_it(cast: Cast, lived_in: list[str], now: datetime) -> None:
    said = json.dumps(archived(cast.outsider, now))

    for word in ("Orchard", "owner@example.org", "guest@example.net", "backup script", "Frost"):
        assert word not in said


@pytest.mark.usefixtures("mail_settings")
def test_what_was_sent_to_an_address_is_not_shown_to_who_did_not_prove_it(
    cast: Cast, lived_in: list[str], now: datetime
) -> None:
    Operator.objects.filter(pk=cast.owner.pk).update(trusted_email="")
    cast.owner.refresh_from_db()

    tables = archived(cast.owner, now)

    assert [row["email"] for row in tables["accounts-invitation"]] == ["guest@example.net"]
    assert "mail-outbox-message" not in tables


@pytest.mark.django_db(transaction=True)
async def test_archive_is_saved_by_the_page_and_recorded(cast: Cast) -> None:
    client = AsyncClient()
    await client.aforce_login(cast.member)

    response = await client.get("/account/archive.zip")
    tables = read(await content(response))

    assert response["Content-Disposition"] == 'attachment; filename="account.zip"'
    assert tables["account"][0]["email"] == "member@example.org"
    [entry] = [each async for each in AuditEntry.objects.filter(action=Action.ACCOUNT_EXPORTED)]
    assert entry.by == "member@example.org"


def test_archive_is_for_the_signed_in_and_their_whole_tokens(cast: Cast) -> None:
    assert Client().get("/account/archive.zip")["Location"].startswith("/sign-in/")
    assert Client().get("/api/v1/auth/me/archive/").status_code == 401
    assert client_of(cast.owner, sites=[cast.site.pk]).get("/api/v1/auth/me/archive/").status_code == 403
    assert client_of(cast.owner, scope="write").get("/api/v1/auth/me/archive/").status_code == 403
