"""Receivers that refuse, hang and fail for a while: each message arrives, with one key, and what happened is kept."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import translation

from sensorfusion.alerts.messages import services
from sensorfusion.alerts.messages.models import AlertAttempt, AlertMessage
from sensorfusion.alerts.messages.queries import messages_of
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import WAITS, NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.server.alerts.sender import posting
from tests.alerts.messages.conftest import Office
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)
HERE = ["127.0.0.0/8"]


@dataclass
class Receiver:
    """A web server that answers as it is told to, 204 by default; it keeps what it got."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *given: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/alerts"
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def only() -> AlertMessage:
    return AlertMessage.objects.get()


def said() -> list[str]:
    return list(AlertAttempt.objects.order_by("id").values_list("said", flat=True))


def test_refused_message_is_tried_for_a_day_with_one_key_and_then_given_up(office: Office) -> None:
    office.channel()
    office.fire(office.rule())
    office.refusals = [NotAccepted("it answers 500")] * 99
    office.later(minutes=1)
    waits = []
    while only().given_up_at is None:
        wait = only().next_attempt_at - office.now
        waits.append(wait)
        office.later(seconds=wait.total_seconds())

    assert tuple(waits) == WAITS[: len(waits)]
    assert len(office.requests) == len(WAITS)
    assert {each.headers["Idempotency-Key"] for each in office.requests} == {str(only().uuid)}
    assert len({each.body for each in office.requests}) == 1
    assert said() == ["it answers 500"] * len(WAITS)

    assert services.send_again(message=only(), now=office.now)
    office.refusals = []
    office.run()
    assert only().sent_at == office.now
    assert office.requests[-1].body == office.requests[0].body


def test_killed_sender_counts_the_attempt_and_its_successor_sends_with_the_same_key(office: Office) -> None:
    office.channel()
    office.fire(office.rule())
    office.refusals = [SystemExit(9)]  # type: ignore[list-item]  # as if the process was killed
    with pytest.raises(SystemExit):
        office.later(minutes=1)
    assert (only().attempts, only().sent_at, said()) == (1, None, [""])

    office.later(minutes=1)

    assert only().sent_at == office.now
    assert {each.headers["Idempotency-Key"] for each in office.requests} == {str(only().uuid)}
    assert said() == ["", "accepted"]


@pytest.mark.parametrize("repeat_s", [0, 3600])
def test_nothing_is_due_but_for_what_lasts_and_is_repeated(office: Office, repeat_s: int) -> None:
    assert not office.chore.is_due()
    office.channel()
    alert = office.fire(office.rule(repeat_s=repeat_s))
    office.later(minutes=1)
    assert len(office.requests) == 1

    assert office.chore.is_due() is (repeat_s > 0)
    office.end(alert)
    office.later(minutes=1)

    assert len(office.requests) == 2
    assert not office.chore.is_due()


def test_event_after_the_first_attempt_becomes_another_message(office: Office) -> None:
    office.channel()
    office.fire(office.rule())
    office.refusals = [NotAccepted("it answers 500")]
    office.later(minutes=1)
    office.fire(office.rule(high=2.0))
    office.later(minutes=5)

    assert AlertMessage.objects.exclude(sent_at=None).count() == 2


def test_webhook_is_json_that_is_signed_with_its_time(office: Office) -> None:
    office.channel()
    alert = office.fire(office.rule(note="Close the lid."))
    office.later(minutes=1)

    [request] = office.requests
    at, digest = (part.partition("=")[2] for part in request.headers["SensorFusion-Signature"].split(","))
    assert int(at) == int(office.now.timestamp())
    assert digest == hmac.new(b"s3cret", f"{at}.".encode() + request.body, hashlib.sha256).hexdigest()
    body = json.loads(request.body)
    assert (body["id"], body["type"], body["severity"]) == (str(only().uuid), "alerts", "warning")
    [told] = body["alerts"]
    assert (told["id"], told["event"], told["value"], told["note"]) == (
        str(alert.uuid),
        "fired",
        -14.2,
        "Close the lid.",
    )


def test_ntfy_gets_the_topic_a_priority_and_the_token(office: Office) -> None:
    office.channel(kind="ntfy", address="https://ntfy.example.org/cellar")
    office.fire(office.rule(severity="critical"))
    office.later(minutes=1)

    [request] = office.requests
    body = json.loads(request.body)
    assert request.url == "https://ntfy.example.org/"
    assert (body["topic"], body["priority"], request.headers["Authorization"]) == ("cellar", 5, "Bearer s3cret")
    assert body["title"].startswith("Critical: “Orchard station” temperature above")


def test_channel_gets_only_what_is_as_severe_as_it_asks_for(office: Office) -> None:
    office.channel(from_severity="critical")
    office.channel(is_on=False)
    office.fire(office.rule())
    office.later(minutes=1)
    assert office.requests == []

    office.fire(office.rule(severity="critical", high=1.0))
    office.later(minutes=1)
    assert len(office.requests) == 1


def test_test_message_is_tried_once_and_says_what_was_answered(office: Office) -> None:
    channel = office.channel()
    office.refusals = [NotAccepted("connection refused")]
    services.test_channel(channel=channel, now=office.now)
    office.run()

    [sent] = messages_of(office.cast.owner)
    assert sent.state == "given up"
    assert [each for _, each in sent.tries] == ["connection refused"]
    assert json.loads(office.requests[0].body)["type"] == "test"


def test_channel_whose_secret_cannot_be_read_says_so(office: Office) -> None:
    services.test_channel(channel=office.channel(secret="of another server"), now=office.now)
    office.run()

    assert said() == ["its secret cannot be read any more: enter it again"]


@pytest.mark.sockets
def test_real_receiver_that_answers_500_for_a_while_gets_the_message(office: Office) -> None:
    with receiving() as receiver:
        receiver.statuses = [500, 503]
        office.waits_s = PATIENCE_S
        office.chore._attempts._post = posting(Fetcher(allowed=allowed_networks(HERE)))
        office.channel(address=receiver.url)
        office.fire(office.rule())
        office.later(minutes=1)
        office.later(minutes=2)
        office.later(minutes=6)

    assert said() == ["it answers 500", "it answers 503", "accepted"]
    assert {headers["Idempotency-Key"] for headers, _ in receiver.got} == {str(only().uuid)}
    assert len(receiver.got) == 3


@pytest.mark.sockets
def test_redirect_is_not_followed(office: Office) -> None:
    with receiving() as receiver:
        receiver.statuses = [307]
        with pytest.raises(NotAccepted, match="redirects to another address"):
            posting(Fetcher(allowed=allowed_networks(HERE)))(Request(receiver.url, {}, b"{}")).result(PATIENCE_S)

    assert len(receiver.got) == 1


@pytest.mark.sockets
def test_private_network_is_refused_unless_the_setting_allows_it() -> None:
    with receiving() as receiver, pytest.raises(NotAccepted, match="POLL_ALLOW_NETWORKS"):
        posting(Fetcher(allowed=()))(Request(receiver.url, {}, b"{}")).result(PATIENCE_S)

    assert receiver.got == []


@pytest.mark.sockets
def test_receiver_that_hangs_is_left_after_a_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(NotAccepted, match=r"no answer within|takes too long"):
            posting(Fetcher(allowed=allowed_networks(HERE), within_s=0.2))(Request(url, {}, b"{}")).result(PATIENCE_S)


def test_person_is_told_in_the_language_of_the_account_and_a_program_in_english(office: Office) -> None:
    office.cast.owner.language = "de"
    office.cast.owner.save(update_fields=["language"])
    office.channel(kind="ntfy", address="https://ntfy.sh/freezer", secret="")
    office.channel()
    rule = office.rule(quantity="co2", high=-18.0, severity="critical", note="Tür schließen")
    office.end(office.fire(rule, is_running=False))
    office.later(minutes=1)

    told = {each.url: json.loads(each.body) for each in office.requests}
    german, english = told["https://ntfy.sh/"], told["https://example.org/a"]
    assert german["title"].startswith("Vorbei: ")
    assert "seit 12\N{NO-BREAK SPACE}min über −18\N{NO-BREAK SPACE}ppm" in german["message"]
    assert "Vorbei seit dem " in german["message"]
    assert english["title"].startswith("Over: ")
    assert "above −18\N{NO-BREAK SPACE}ppm for 12\N{NO-BREAK SPACE}min" in english["text"]
    assert "Over at " in english["alerts"][0]["text"]


def test_test_message_and_its_outcome_are_in_the_language_of_the_reader(office: Office) -> None:
    office.cast.owner.language = "de"
    office.cast.owner.save(update_fields=["language"])
    channel = office.channel(kind="ntfy", address="https://ntfy.sh/freezer", secret="")
    office.refusals = [NotAccepted("no answer within 10 s")]
    services.test_channel(channel=channel, now=office.now)
    office.run()

    assert json.loads(office.requests[0].body)["title"] == "Testnachricht"
    [[_, outcome]] = messages_of(office.cast.owner)[0].tries
    assert outcome == "no answer within 10 s"
    with translation.override("de"):
        [[_, outcome]] = messages_of(office.cast.owner)[0].tries
    assert outcome == "keine Antwort innerhalb von 10 s"
