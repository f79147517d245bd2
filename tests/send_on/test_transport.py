"""Every network's request as a local receiver gets it; answers that refuse, hang and redirect; and secrets nowhere."""

import json
import logging

import pytest

from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.accounts import account_of, open_part, sealed_part
from sensorfusion.send_on.attempts import Attempt
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.planning import Planned
from sensorfusion.send_on.targets import cwop
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.target import Lines
from tests.clients import NOW
from tests.send_on.conftest import ACCOUNTS, Aprs, Here, Receiver, carry, fields, sample

pytestmark = pytest.mark.sockets
RECEIPT = b'{"accepted":1,"duplicates":0,"rejected":[],"seq":1}'
HTTP = [slug for slug in TARGETS if slug != "cwop"]


def attempt(network: str, *samples: object) -> Attempt:
    planned = Planned(samples or [sample()], 1)  # type: ignore[arg-type]
    return Attempt(Destination(network=network), TARGETS[network], ACCOUNTS[network], planned, NOW, 0)


@pytest.mark.parametrize("network", HTTP)
def test_receiver_gets_what_the_target_writes_at_the_address_of_the_network(network: str, receiver: Receiver) -> None:
    receiver.body = GOOD.get(network, b"success")
    here = Here(receiver.url)
    assert carry(attempt(network), here) == ""

    written = TARGETS[network].write([sample()], ACCOUNTS[network])
    for request, got, origin in zip(written, receiver.got, here.asked, strict=True):
        assert isinstance(request, Request)
        address, _, query = request.url.partition("?")
        assert address == f"{origin}{got.path}"
        assert origin.startswith("https://")
        assert (got.method, got.body) == (request.method, request.body)
        assert bool(query) == bool(got.query)
        assert {name: got.headers[name] for name in request.headers} == dict(request.headers)


GOOD = {"sensorfusion": RECEIPT, "awekas": b"OK"}


def test_query_arrives_as_it_was_meant(receiver: Receiver) -> None:
    carry(attempt("wunderground"), Here(receiver.url))

    got = fields(receiver.got[0])
    assert (got["PASSWORD"], got["dateutc"]) == ("s3cret&pass", "2026-11-22 06:00:00")
    assert receiver.got[0].headers["User-Agent"] == "SensorFusion"


def test_body_arrives_as_json(receiver: Receiver) -> None:
    receiver.body = RECEIPT
    carry(attempt("sensorfusion"), Here(receiver.url))

    assert json.loads(receiver.got[0].body)["readings"][0]["values"]["temperature"] == 20.5


def test_packet_reaches_an_aprs_server_after_the_login(aprs: Aprs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cwop, "PORT", aprs.port)
    carry(attempt("cwop"), Here())

    [[login, line]] = aprs.got
    assert login == "user DW1234 pass -1 vers SensorFusion 1\r\n"
    assert line == f"{cwop.packet(sample(), 'DW1234')}\r\n"


@pytest.mark.parametrize(
    ("greeting", "answer", "why"),
    [
        (b"SSH-2.0-OpenSSH\r\n", b"", "it does not greet as an APRS server does"),
        (b"# hello\r\n", b"", "it closed the connection after the login"),
        (b"# hello\r\n", b"# logresp N0CALL unverified, server T2\r\n", "it does not accept the passcode of N0CALL"),
    ],
)
def test_what_an_aprs_server_refuses_is_said(
    aprs: Aprs, monkeypatch: pytest.MonkeyPatch, greeting: bytes, answer: bytes, why: str
) -> None:
    monkeypatch.setattr(cwop, "PORT", aprs.port)
    aprs.greeting, aprs.answer = greeting, answer
    with pytest.raises(NotAccepted) as refused:
        carry(attempt("cwop"), Here())

    assert str(refused.value) == why


def test_server_that_is_not_there_is_said(aprs: Aprs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cwop, "PORT", 9)  # discard: nothing listens
    with pytest.raises(NotAccepted, match="connection refused"):
        carry(attempt("cwop"), Here())


@pytest.mark.parametrize(
    ("status", "why", "is_unusable"),
    [
        (400, "it answers 400", True),
        (401, "it answers 401: it requires a key or password, or another one", False),
        (422, "it answers 422", True),
        (429, "it answers 429", False),
        (500, "it answers 500", False),
        (307, "it answers 307 and redirects to another address: enter that one", False),
    ],
)
def test_status_that_refuses_is_said(receiver: Receiver, status: int, why: str, is_unusable: bool) -> None:
    receiver.statuses, receiver.retry_after = [status], "120"
    with pytest.raises(NotAccepted) as refused:
        carry(attempt("sensorfusion"), Here(receiver.url))

    assert (str(refused.value), refused.value.is_unusable) == (why, is_unusable)
    assert refused.value.retry_after_s == (120.0 if status in (400, 422, 429, 500) else 0.0)


def test_good_status_with_a_body_that_refuses_is_a_failure(receiver: Receiver) -> None:
    receiver.body = b"INVALIDPASSWORDID|"
    with pytest.raises(NotAccepted, match="it does not know this station ID with this key"):
        carry(attempt("wunderground"), Here(receiver.url))


@pytest.mark.parametrize("network", TARGETS)
def test_private_networks_are_not_reached(network: str) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["192.168.1.7"]

    with pytest.raises(NotAccepted, match="POLL_ALLOW_NETWORKS"):
        carry(attempt(network), Fetcher(allowed=allowed_networks([]), resolve=resolve))


@pytest.mark.parametrize("network", TARGETS)
def test_secrets_are_in_no_log_nor_in_what_is_shown_of_a_request(
    network: str, receiver: Receiver, aprs: Aprs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cwop, "PORT", aprs.port)
    caplog.set_level(logging.DEBUG, "sensorfusion")
    caplog.set_level(logging.INFO)
    receiver.statuses = [500]
    account = {**ACCOUNTS[network], **({"passcode": "13023"} if network == "cwop" else {})}
    written = TARGETS[network].write([sample()], account)
    if network != "cwop":
        with pytest.raises(NotAccepted) as refused:
            carry(attempt(network), Here(receiver.url))
        shown = f"{refused.value!r} {written!r} {caplog.text}"
    else:
        assert isinstance(written[0], Lines)
        shown = repr(written)

    for name in TARGETS[network].secrets:
        assert account[name] not in shown


@pytest.mark.parametrize("network", TARGETS)
def test_account_is_sealed_and_put_together_again(network: str) -> None:
    given, target = {**ACCOUNTS[network]}, TARGETS[network]
    destination = Destination(network=network, account=open_part(given, target), secret=sealed_part(given, target))

    assert account_of(destination) == given
    for name in target.secrets:
        assert name not in destination.account
        assert given.get(name, "-") not in destination.secret


def test_secret_that_cannot_be_read_is_said() -> None:
    destination = Destination(network="wow", secret="of another server")
    assert account_of(destination) is None
    lost = Attempt(destination, TARGETS["wow"], None, Planned([sample()], 1), NOW, 0)
    with pytest.raises(NotAccepted, match="secret key changed"):
        carry(lost, Here())
