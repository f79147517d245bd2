"""Browsers that show notifications: subscribed on the page, told in secret, removed when the push service says so."""

import json

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from sensorfusion.alerts.messages import services
from sensorfusion.alerts.messages.browsers import Browser, mark_of, notify
from sensorfusion.alerts.messages.channels import push
from sensorfusion.alerts.messages.channels.channel import Told
from sensorfusion.alerts.messages.models import AlertAttempt, AlertChannel, AlertMessage
from sensorfusion.alerts.severity import Severity
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.outgoing.web_push import MOST_BYTES
from sensorfusion.sensors.keys.encryption import decrypt
from sensorfusion.server.alerts.sender import posting
from tests.alerts.messages.conftest import Office
from tests.alerts.messages.test_sender import HERE, receiving
from tests.clients import NOW
from tests.conftest import Cast
from tests.outgoing.push_browser import PushBrowser
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ENDPOINT = "https://push.example.org/v2/s3cret-capability"


def subscribe(cast: Cast, browser: PushBrowser, *, endpoint: str = ENDPOINT) -> AlertChannel:
    given = Browser(endpoint, browser.p256dh, browser.auth_text, "Firefox on Linux")
    return notify(by=cast.owner, browser=given, from_severity=Severity.WARNING, now=NOW)


@pytest.fixture
def owner(cast: Cast, client: Client) -> Client:
    client.force_login(cast.owner)
    return client


def sent_by_the_page(browser: PushBrowser, **changed: str) -> dict[str, str]:
    given = {"endpoint": ENDPOINT, "p256dh": browser.p256dh, "auth": browser.auth_text, "from_severity": "critical"}
    return {**given, **changed}


def test_browser_is_listed_by_its_name_and_its_address_and_keys_are_not_shown(cast: Cast, owner: Client) -> None:
    browser = PushBrowser()
    answer = owner.post(reverse("alert-browser-add"), sent_by_the_page(browser), headers={"User-Agent": FIREFOX})
    assert answer.status_code == 302

    page = owner.get(reverse("alert-messages")).text
    channel = AlertChannel.objects.get(operator=cast.owner)
    assert (channel.kind, channel.name, channel.from_severity) == ("push", "Firefox on Linux", "critical")
    assert "Firefox on Linux" in page
    assert f'data-browser="{mark_of(channel)}"' in page
    for secret in ("s3cret-capability", browser.p256dh, browser.auth_text):
        assert secret not in page
        assert secret not in channel.secret


@pytest.mark.parametrize(
    "changed",
    [{"endpoint": "http://push.example.org/x"}, {"endpoint": "https://"}, {"auth": "c2hvcnQ"}, {"p256dh": ""}],
)
def test_subscription_that_cannot_be_used_is_refused(changed: dict[str, str], owner: Client) -> None:
    answer = owner.post(reverse("alert-browser-add"), sent_by_the_page(PushBrowser(), **changed), follow=True)

    assert answer.status_code == 400
    assert "This browser made a subscription that cannot be used." in answer.text
    assert not AlertChannel.objects.exists()


def test_browser_that_subscribes_again_has_one_row(cast: Cast) -> None:
    first, second = subscribe(cast, PushBrowser()), subscribe(cast, PushBrowser())

    assert first.pk == second.pk


def test_browser_tells_the_alerts_of_the_account_that_subscribed_last(cast: Cast) -> None:
    subscribe(cast, PushBrowser())
    browser = PushBrowser()
    given = Browser(ENDPOINT, browser.p256dh, browser.auth_text, "Firefox on Linux")
    notify(by=cast.member, browser=given, from_severity=Severity.INFO, now=NOW)

    assert AlertChannel.objects.get().operator_id == cast.member.pk


def test_alert_is_encrypted_for_the_browser_and_says_what_is_the_matter(office: Office) -> None:
    browser = PushBrowser()
    subscribe(office.cast, browser)
    office.fire(office.rule(severity="critical", note="Close the lid."))
    office.later(minutes=1)

    [request] = office.requests
    said = json.loads(browser.read(request.body))
    assert request.url == ENDPOINT
    assert (request.headers["Content-Encoding"], request.headers["Urgency"]) == ("aes128gcm", "high")
    assert request.headers["Authorization"].startswith("vapid t=")
    assert said["title"].startswith("Critical: “Orchard station” temperature above")
    assert "What to do: Close the lid." in said["text"]
    assert said["key"] == str(AlertMessage.objects.get().uuid)
    assert f"/sensors/{office.cast.sensor.uuid}/" in said["link"]
    assert b"Orchard" not in request.body


def test_long_message_is_shortened_to_what_push_services_accept() -> None:
    told = Told("key", "Title", "Ü" * 9_000, "warning", "https://example.org/")

    found = push.payload(told)

    assert len(found) <= MOST_BYTES
    assert json.loads(found)["text"].endswith("Ü…")


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.sockets
def test_subscription_that_the_push_service_does_not_know_any_more_is_removed(
    status: int, office: Office, owner: Client
) -> None:
    channel = subscribe(office.cast, PushBrowser())
    with receiving() as service:
        service.statuses = [status]
        AlertChannel.objects.update(address=service.url)
        office.waits_s = PATIENCE_S
        office.chore._attempts._post = posting(Fetcher(allowed=allowed_networks(HERE)))
        office.fire(office.rule())
        office.later(minutes=1)
        office.fire(office.rule(high=2.0))
        office.later(hours=2)

    channel.refresh_from_db()
    assert (channel.address, channel.secret, channel.is_on, channel.ended_at is None) == ("", "", False, False)
    assert len(service.got) == 1
    assert AlertAttempt.objects.get().said.startswith(f"it answers {status}: this browser ended its subscription")
    assert AlertMessage.objects.get().given_up_at
    assert "Its subscription ended" in owner.get(reverse("alert-messages")).text

    assert subscribe(office.cast, PushBrowser()).pk == channel.pk  # it goes on with its history
    assert "Its subscription ended" not in owner.get(reverse("alert-messages")).text


def test_webhook_that_answers_404_is_tried_again(office: Office) -> None:
    channel = office.channel()
    office.refusals = [NotAccepted("it answers 404", is_gone=True)]
    office.fire(office.rule())
    office.later(minutes=1)
    office.later(minutes=2)

    channel.refresh_from_db()
    assert channel.ended_at is None
    assert AlertMessage.objects.get().sent_at == office.now


def test_ended_browser_is_not_tried_for_a_day(office: Office) -> None:
    channel = subscribe(office.cast, PushBrowser())
    AlertChannel.objects.update(address="", secret="")
    channel.refresh_from_db()
    services.test_channel(channel=channel, now=office.now)
    office.run()

    assert office.requests == []
    assert "notify it again from its own page" in AlertAttempt.objects.get().said


@pytest.mark.sockets
def test_push_service_in_a_private_network_is_refused(cast: Cast) -> None:
    told = Told("key", "Title", "Text", "warning", "https://example.org/")
    with receiving() as service:
        channel = subscribe(cast, PushBrowser())
        request = push.request(told, ENDPOINT, decrypt(channel.secret) or "", 0)
        with pytest.raises(NotAccepted, match="POLL_ALLOW_NETWORKS"):
            posting(Fetcher(allowed=()))(Request(service.url, request.headers, request.body)).result(PATIENCE_S)

    assert service.got == []


def test_key_of_the_installation_ends_with_its_secret_key() -> None:
    first = push.public_key()

    assert push.public_key() == first
    with override_settings(SECRET_KEY="another"):
        assert push.public_key() != first
