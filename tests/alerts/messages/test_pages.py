"""The page on which a person chooses how to be told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.alerts.messages.models import AlertChannel, AlertMessage, AlertReader, Maintenance
from sensorfusion.mail.kinds import Kind
from sensorfusion.sensors.keys.encryption import decrypt
from tests.clients import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


def a_channel(cast: Cast) -> AlertChannel:
    return AlertChannel.objects.create(operator=cast.owner, kind="ntfy", address="https://ntfy.sh/a", made_at=NOW)


def test_e_mail_and_quiet_hours_are_saved(cast: Cast, owner: Client) -> None:
    given = {
        "email": "critical", "quiet_starts": "22:30", "quiet_ends": "07:00", "time_zone": "Europe/Warsaw",
        "critical_breaks": "on",
    }  # fmt: skip
    assert owner.post(reverse("alert-messages-save"), given).status_code == 302

    reader = AlertReader.objects.get(operator=cast.owner)
    assert (reader.email_from, reader.quiet_starts_min, reader.quiet_ends_min) == ("critical", 1350, 420)
    assert b'value="22:30"' in owner.get(reverse("alert-messages")).content


def test_e_mail_is_turned_off_where_other_kinds_are(cast: Cast, owner: Client) -> None:
    owner.post(reverse("alert-messages-save"), {"email": "none", "time_zone": "UTC"})

    cast.owner.refresh_from_db()
    assert muted_by(cast.owner) == {Kind.ALERT}


def test_half_of_the_quiet_hours_is_refused(owner: Client) -> None:
    answer = owner.post(reverse("alert-messages-save"), {"email": "", "quiet_starts": "22:30", "time_zone": "UTC"})

    assert answer.status_code == 400
    assert b"Write both times" in answer.content


def test_secret_of_a_webhook_is_shown_once_and_stored_sealed(cast: Cast, owner: Client) -> None:
    given = {"kind": "webhook", "address": "https://example.org/a", "from_severity": "warning"}
    answer = owner.post(reverse("alert-channel-add"), given)

    channel = AlertChannel.objects.get(operator=cast.owner)
    secret = decrypt(channel.secret)
    assert secret
    assert secret not in channel.secret
    assert secret in answer.content.decode()
    assert secret not in owner.get(reverse("alert-messages")).content.decode()


@pytest.mark.parametrize("address", ["ftp://example.org/a", "https://", "https://ada:pw@example.org/x"])
def test_address_that_cannot_be_is_refused(owner: Client, address: str) -> None:
    given = {"kind": "webhook", "address": address, "from_severity": "warning"}

    assert owner.post(reverse("alert-channel-add"), given).status_code == 400
    assert not AlertChannel.objects.exists()


def test_test_is_queued_and_listed(cast: Cast, owner: Client) -> None:
    owner.post(reverse("alert-channel-test", args=[a_channel(cast).uuid]))

    assert AlertMessage.objects.get().is_test
    assert b"waiting" in owner.get(reverse("alert-messages")).content


def test_message_that_was_given_up_is_sent_again(cast: Cast, owner: Client) -> None:
    message = AlertMessage.objects.create(
        operator=cast.owner, channel=a_channel(cast), created_at=NOW, expires_at=NOW, next_attempt_at=NOW,
        given_up_at=NOW, attempts=8,
    )  # fmt: skip
    assert b"Send again" in owner.get(reverse("alert-messages")).content

    owner.post(reverse("alert-message-again", args=[message.uuid]))

    message.refresh_from_db()
    assert (message.given_up_at, message.attempts) == (None, 1)


def test_channels_and_messages_of_others_are_not_found(cast: Cast, client: Client) -> None:
    channel = a_channel(cast)
    client.force_login(cast.editor)

    for name in ("alert-channel-test", "alert-channel-switch", "alert-channel-remove"):
        assert client.post(reverse(name, args=[channel.uuid])).status_code == 404


def test_editor_adds_maintenance_by_the_clock_of_the_site_and_a_viewer_cannot_end_it(cast: Cast, owner: Client) -> None:
    local = timezone.now() + timedelta(days=2)
    given = {"site": cast.site.uuid, "starts_at": f"{local:%Y-%m-%d}T22:00", "ends_at": f"{local:%Y-%m-%d}T23:00"}
    assert owner.post(reverse("alert-maintenance-add"), given).status_code == 302
    span = Maintenance.objects.get()
    assert span.starts_at.hour in (20, 21)  # 22:00 in Warsaw

    owner.force_login(cast.member)
    owner.post(reverse("alert-maintenance-end", args=[span.uuid]))
    assert Maintenance.objects.exists()
    owner.force_login(cast.editor)
    owner.post(reverse("alert-maintenance-end", args=[span.uuid]))
    assert not Maintenance.objects.exists()
