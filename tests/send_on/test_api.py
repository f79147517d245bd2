"""The API of sending on: members see the status, editors change it, outsiders get 404, and secrets are never shown."""

import json
from typing import Any

import pytest

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Operator
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.send_on import services
from sensorfusion.send_on.attempts import Attempt
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.services import DESTINATIONS_MOST
from sensorfusion.send_on.targets.catalogue import TARGETS
from tests.clients import client_of
from tests.conftest import Cast
from tests.send_on.conftest import ACCOUNTS, Networks, progress, send

pytestmark = pytest.mark.django_db(transaction=True)


def path(cast: Cast, *parts: str) -> str:
    return "/".join([f"/api/v1/sensors/{cast.sensor.uuid}/send-on", *parts, ""])


def add(cast: Cast, by: Operator, network: str = "wunderground", **given: Any) -> Any:
    account = given.pop("account", ACCOUNTS[network])
    return client_of(by).post(path(cast), {"network": network, "account": account, **given})


@pytest.mark.parametrize("network", TARGETS)
def test_added_network_is_shown_without_its_secrets(cast: Cast, network: str) -> None:
    target = TARGETS[network]
    answer = add(cast, cast.editor, network)
    assert answer.status_code == 201
    listed = client_of(cast.member).get(path(cast))

    assert listed.json() == [answer.json()]
    assert answer.json()["account"] == {
        name: text for name, text in ACCOUNTS[network].items() if name not in target.secrets
    }
    assert (answer.json()["interval_s"], answer.json()["status"]) == (
        target.interval_s,
        "Nothing sent yet; next with the next reading.",
    )
    stored = json.dumps(list(Destination.objects.values("account", "secret")))
    audited = " ".join(AuditEntry.objects.values_list("subject", flat=True))
    for name in target.secrets:
        if name in ACCOUNTS[network]:
            assert ACCOUNTS[network][name] not in f"{listed.content!r}{stored}{audited}"


def test_outsiders_find_nothing_and_viewers_change_nothing(cast: Cast) -> None:
    made = add(cast, cast.owner).json()["id"]
    requests = [
        ("get", path(cast), None),
        ("post", path(cast), {"network": "wow", "account": ACCOUNTS["wow"]}),
        ("get", path(cast, made), None),
        ("patch", path(cast, made), {"is_on": False}),
        ("post", path(cast, made, "now"), None),
        ("delete", path(cast, made), None),
    ]
    answers = {
        who: [getattr(client_of(operator), method)(address, body).status_code for method, address, body in requests]
        for who, operator in (("outsider", cast.outsider), ("viewer", cast.member))
    }

    assert answers == {"outsider": [404] * 6, "viewer": [200, 403, 200, 403, 403, 403]}
    assert Destination.objects.filter(is_on=True).count() == 1


def test_destination_of_another_sensor_is_not_found_under_this_one(cast: Cast) -> None:
    made = add(cast, cast.owner).json()["id"]
    other = f"/api/v1/sensors/{cast.other_sensor.uuid}/send-on/{made}/"

    assert client_of(cast.outsider).get(other).status_code == 404
    assert client_of(cast.owner).get(other).status_code == 404


@pytest.mark.parametrize(
    ("network", "account", "wrong"),
    [
        ("wunderground", {"station": "KTEST1"}, {"key": ["This is needed."]}),
        ("cwop", {"station": "DW 1"}, {"station": ["It has 3 to 7 letters and digits."]}),
        ("wow", {"site": "917006001", "key": "12345"}, {"key": ["The key has six digits."]}),
        ("wow", {"site": "9170", "key": "123456", "more": "x"}, {"more": ["Met Office WOW asks for no such entry."]}),
        ("sensorfusion", {"url": "http://192.168.1.7", "key": "sf_abcdefgh"}, {"url": ["The address must begin with https://."]}),
        ("cwop", {"station": "DW1234\r\nx"}, {"station": ["It has 3 to 7 letters and digits."]}),
    ],
)  # fmt: skip
def test_wrong_account_is_refused_by_entry(
    cast: Cast, network: str, account: dict[str, str], wrong: dict[str, list[str]]
) -> None:
    answer = add(cast, cast.owner, network, account=account)

    assert (answer.status_code, answer.json()["fields"]) == (400, wrong)
    assert not Destination.objects.exists()


def test_interval_keeps_to_the_limits_of_the_network(cast: Cast) -> None:
    refused = add(cast, cast.owner, "cwop", interval_s=60)
    assert (refused.status_code, refused.json()["fields"]) == (
        400,
        {"interval_s": ["CWOP is sent to every 300 to 86400 seconds."]},
    )
    made = add(cast, cast.owner, "cwop", interval_s=300).json()["id"]

    changed = client_of(cast.editor).patch(path(cast, made), {"interval_s": 900, "is_on": False})
    assert (changed.json()["interval_s"], changed.json()["is_on"]) == (900, False)
    assert changed.json()["made_by"]["email"] == "editor@example.org"
    assert client_of(cast.editor).patch(path(cast, made), {"interval_s": 10}).status_code == 400


def test_sensor_has_a_bounded_number_of_networks(cast: Cast) -> None:
    for _ in range(DESTINATIONS_MOST):
        assert add(cast, cast.owner).status_code == 201

    assert add(cast, cast.owner).status_code == 409


def test_removed_network_leaves_no_secret(cast: Cast) -> None:
    made = add(cast, cast.owner).json()["id"]
    assert client_of(cast.owner).delete(path(cast, made)).status_code == 204

    assert not Destination.objects.exists()
    assert client_of(cast.owner).get(path(cast)).json() == []


def test_status_tells_of_failures_in_words(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    networks.refusals = [NotAccepted("it answers 503")]
    networks.run()

    [found] = client_of(networks.cast.member).get(path(networks.cast)).json()
    assert found["trouble"] == "it answers 503"
    assert found["failing_since"] == "2026-11-22T06:00:00Z"
    assert "ailing since" in found["status"]
    assert found["sent_at"] is None


@pytest.mark.parametrize(
    ("answers", "said", "is_sent"),
    [
        ("", "The newest reading went to Weather Underground.", True),
        (NotAccepted("it answers 500"), "Weather Underground did not take it: it answers 500.", False),
    ],
)
def test_sending_at_once_says_what_happened(
    cast: Cast, now: Any, monkeypatch: pytest.MonkeyPatch, answers: str | NotAccepted, said: str, is_sent: bool
) -> None:
    async def carried(attempt: Attempt, fetcher: object) -> str:
        if isinstance(answers, NotAccepted):
            raise answers
        return answers

    monkeypatch.setattr(services, "carried", carried)
    send(cast.sensor, now)
    made = add(cast, cast.owner, is_on=False).json()["id"]
    for _ in range(2):
        answer = client_of(cast.editor).post(path(cast, made, "now"))
        assert (answer.status_code, answer.json()) == (200, {"is_sent": is_sent, "said": said})

    assert (progress().sent_at is not None, progress().failures) == (is_sent, 0 if is_sent else 2)


def test_sending_at_once_without_a_reading_says_so(cast: Cast) -> None:
    made = add(cast, cast.owner).json()["id"]

    answer = client_of(cast.owner).post(path(cast, made, "now"))
    assert answer.json() == {
        "is_sent": False,
        "said": "Nothing was sent: the sensor has not sent a reading yet.",
    }
