"""Devices can register themselves at sites whose owner permits it, and nowhere else."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.services import issue_token
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.keys.secrets import digest
from sensorfusion.sensors.models import Key, Provisioning, Sensor
from sensorfusion.sensors.provisioning.services import Opened, provision, switch_off, switch_on
from tests.conftest import Cast


@pytest.fixture
def opened(cast: Cast) -> Opened:
    return switch_on(by=cast.owner, site=cast.site, now=timezone.now())


def ask(client: Client, opened: Opened | None, **more: Any) -> Any:
    shown = {"provisionDeviceKey": opened.provisioning.key, "provisionDeviceSecret": opened.secret} if opened else {}
    return client.post("/api/v1/provision", json.dumps({**shown, **more}), content_type="application/json")


def test_a_device_gets_a_sensor_and_its_key(client: Client, cast: Cast, opened: Opened) -> None:
    answer = ask(client, opened, deviceName="st-1")

    said = json.loads(answer.content)
    assert (answer.status_code, said["status"], said["credentialsType"]) == (200, "SUCCESS", "ACCESS_TOKEN")
    key = Key.objects.get(digest=digest(said["credentialsValue"]))
    assert (key.sensor.name, key.sensor.site) == ("st-1", cast.site)


def test_a_device_without_a_name_gets_one(client: Client, opened: Opened) -> None:
    assert ask(client, opened).status_code == 200
    assert Sensor.objects.filter(name__startswith="Device ").exists()


def test_a_name_that_is_taken_fails(client: Client, opened: Opened) -> None:
    answer = ask(client, opened, deviceName="Orchard station")

    assert answer.status_code == 409
    assert json.loads(answer.content)["status"] == "FAILURE"


@pytest.mark.parametrize(
    "shown",
    [
        {"provisionDeviceKey": "sfp_unknown", "provisionDeviceSecret": "x"},
        {"provisionDeviceSecret": "wrong"},
        {"provisionDeviceKey": "\0"},
        {"provisionDeviceSecret": ""},
    ],
)
def test_a_wrong_key_or_secret_registers_nothing(client: Client, opened: Opened, shown: dict[str, str]) -> None:
    answer = ask(client, opened, deviceName="st-1", **shown)

    assert answer.status_code == 401
    assert json.loads(answer.content)["status"] == "NOT_FOUND"
    assert not Sensor.objects.filter(name="st-1").exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"deviceName":1}', b"[" * 100_00, b'{"deviceName":"\xff"}'])
def test_an_unreadable_request_is_told_so(client: Client, opened: Opened, body: bytes) -> None:
    assert client.post("/api/v1/provision", body, content_type="application/json").status_code == 400


def test_a_large_request_is_refused(client: Client, opened: Opened) -> None:
    assert ask(client, opened, deviceName="x" * 20_000).status_code == 413


def test_it_is_off_until_an_owner_switches_it_on(client: Client, cast: Cast, now: datetime) -> None:
    for by in (cast.editor, cast.member, cast.outsider):
        with pytest.raises(Refusal):
            switch_on(by=by, site=cast.site, now=now)
    assert not Provisioning.objects.exists()


def test_what_is_switched_off_or_made_anew_ends(cast: Cast, opened: Opened, now: datetime) -> None:
    again = switch_on(by=cast.owner, site=cast.site, now=now)
    for key, secret in ((opened.provisioning.key, opened.secret), (again.provisioning.key, opened.secret)):
        with pytest.raises(Refusal):
            provision(key=key, secret=secret, name="st-1", now=now)

    switch_off(by=cast.owner, site=cast.site)
    with pytest.raises(Refusal):
        provision(key=again.provisioning.key, secret=again.secret, name="st-1", now=now)


def test_the_page_shows_the_secret_once_and_to_the_owner_only(client: Client, cast: Cast) -> None:
    address = f"/sites/{cast.site.uuid}/provisioning/"
    for operator, expected in ((cast.outsider, 404), (cast.member, 403), (cast.editor, 403)):
        client.force_login(operator)
        assert client.get(address).status_code == expected
        assert client.post(address, {"to": "on"}).status_code == expected

    client.force_login(cast.owner)
    shown = client.post(address, {"to": "on"}).content.decode()
    assert 'id="provisioning-secret"' in shown
    key = Provisioning.objects.get().key
    later = client.get(address).content.decode()
    assert key in later
    assert 'id="provisioning-secret"' not in later
    client.post(address, {"to": "off"})
    assert not Provisioning.objects.exists()


def test_the_api_does_the_same(client: Client, cast: Cast, now: datetime) -> None:
    def headers(operator: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {issue_token(operator=operator, label='', now=now).text}"}

    address = f"/api/v1/sites/{cast.site.uuid}/provisioning/"
    owner, outsider, editor = headers(cast.owner), headers(cast.outsider), headers(cast.editor)

    assert client.get(address, headers=owner).json() == {"key": None, "created_at": None}
    assert client.post(address, headers=outsider).status_code == 404
    assert client.post(address, headers=editor).status_code == 403
    made = client.post(address, headers=owner).json()
    assert made["secret"]
    assert client.get(address, headers=owner).json()["key"] == made["key"]
    assert "secret" not in client.get(address, headers=owner).json()
    assert client.get(address, headers=editor).status_code == 403
    assert client.get(address, headers=outsider).status_code == 404
    assert client.delete(address, headers=owner).status_code == 204
