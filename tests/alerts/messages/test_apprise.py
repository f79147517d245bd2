"""Addresses of apprise: stored as a secret, shown by their beginning, and told of alerts."""

import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from sensorfusion.alerts.messages import forms, services
from sensorfusion.alerts.messages.channels import CHANNELS, apprise
from sensorfusion.alerts.messages.models import AlertAttempt, AlertChannel, AlertMessage
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.apprise.running import Notification
from sensorfusion.sensors.keys.encryption import decrypt, encrypt
from sensorfusion.server.alerts.sender import posting
from tests.alerts.messages.conftest import Office
from tests.alerts.messages.test_sender import receiving
from tests.conftest import Cast
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sockets]
HERE = ["127.0.0.0/8"]
ADDRESS = "json://ada:s3cret@example.org/s3cret-token"


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


def form(address: str) -> dict[str, str]:
    return {"kind": "apprise", "address": address, "from_severity": "warning"}


def test_address_is_stored_as_a_secret_and_its_host_is_shown(cast: Cast, owner: Client) -> None:
    assert owner.post(reverse("alert-channel-add"), form(ADDRESS)).status_code == 302

    channel = AlertChannel.objects.get(operator=cast.owner)
    assert (channel.address, decrypt(channel.secret)) == ("json://example.org/…", ADDRESS)
    page = owner.get(reverse("alert-messages")).content.decode()
    assert "json://example.org/…" in page
    assert "s3cret" not in page


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("syslog://", "This is not one address"),
        ("syslog://host", "syslog:// sends neither HTTP nor mail, so no channel may use it"),
        ("nothing://here", "apprise knows no such address"),
        ("json://a.example.org, json://b.example.org", "This is not one address"),
        ("discord://s3cret", "Webhook"),
    ],
)
def test_address_that_cannot_be_used_is_refused_in_words(owner: Client, address: str, why: str) -> None:
    answer = owner.post(reverse("alert-channel-add"), form(address))

    assert answer.status_code == 400
    [told] = answer.context["channel_form"].errors["address"]
    assert why in told
    assert "s3cret" not in told
    assert not AlertChannel.objects.exists()


def test_form_says_where_the_extra_is_missing(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (forms, apprise):
        monkeypatch.setattr(module, "has_apprise", lambda: False)

    assert "this server lacks sensorfusion[apprise]" in owner.get(reverse("alert-messages")).content.decode()
    answer = owner.post(reverse("alert-channel-add"), form(ADDRESS))
    [told] = answer.context["channel_form"].errors["address"]
    assert "pip install 'sensorfusion[apprise]'" in told


@pytest.mark.parametrize(("severity", "word"), [("info", "info"), ("warning", "warning"), ("critical", "failure")])
def test_alert_is_told_with_its_severity_and_link(office: Office, severity: str, word: str) -> None:
    office.channel(kind="apprise", address="json://example.org/…", secret=encrypt(ADDRESS), from_severity="info")
    office.fire(office.rule(severity=severity))
    office.later(minutes=1)

    [sent] = office.notified
    assert (sent.url, sent.notify_type) == (ADDRESS, word)
    assert "temperature above" in sent.title
    assert str(office.cast.sensor.uuid) in sent.body


def test_real_service_gets_the_alert_and_the_log_has_no_secret(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving() as receiver:
        receiver.statuses = [500]
        office.waits_s = PATIENCE_S
        office.chore._attempts._post = posting(Fetcher(allowed=allowed_networks(HERE)))
        address = receiver.url.replace("http://", "json://ada:s3cret@")
        office.channel(kind="apprise", address="json://127.0.0.1/…", secret=encrypt(address))
        office.fire(office.rule())
        office.later(minutes=1)
        office.later(minutes=2)

    first, second = AlertAttempt.objects.order_by("id").values_list("said", flat=True)
    assert "500" in first
    assert second == "accepted"
    assert len(receiver.got) == 2
    assert "temperature above" in json.loads(receiver.got[-1][1])["title"]
    assert "s3cret" not in caplog.text + first


def test_test_to_a_private_network_says_that_it_is_one(office: Office) -> None:
    with receiving() as receiver:
        office.waits_s = PATIENCE_S
        office.chore._attempts._post = posting(Fetcher(allowed=()))
        address = receiver.url.replace("http://127.0.0.1", "json://localhost")
        channel = office.channel(kind="apprise", address="json://localhost/…", secret=encrypt(address))
        services.test_channel(channel=channel, now=office.now)
        office.run()

    assert AlertMessage.objects.get().given_up_at == office.now
    assert "POLL_ALLOW_NETWORKS" in AlertAttempt.objects.get().said
    assert receiver.got == []


@pytest.mark.parametrize("kind", CHANNELS)
def test_each_kind_of_channel_explains_itself_and_keeps_addresses_with_secrets_out_of_sight(kind: str) -> None:
    channel = CHANNELS[kind]

    assert channel.kind == kind
    assert channel.mistake("no address")
    assert not channel.is_entered or channel.address_help
    with_password = "https://ada:s3cret@example.org/a"
    assert channel.mistake(with_password) or channel.shown is not None


def test_request_does_not_show_the_address() -> None:
    assert "s3cret" not in repr(Notification(ADDRESS, "t", "b", "info"))
