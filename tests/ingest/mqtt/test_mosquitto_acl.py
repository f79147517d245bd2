"""Mosquitto's password file and access rules, and that Mosquitto enforces them."""

import grp
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from sensorfusion.ingest.management.commands import mqtt_access
from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.ingest.mqtt.mosquitto_acl import (
    Account,
    accounts_of_sensors,
    closed_to,
    keys_without_access,
    own_account,
    write,
)
from sensorfusion.sensors.keys.secrets import broker_hash
from sensorfusion.sensors.models import Key
from sensorfusion.sensors.services import IssuedKey, revoke_key, rotate_key
from tests.conftest import Cast
from tests.crash.conftest import eventually
from tests.crash.platform import environment
from tests.ingest.conftest import key_for, stored, until
from tests.ingest.mqtt.conftest import Publisher, working
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S

NOT_AUTHORIZED = 135  # MQTT 5, 2.4
OURS = Broker("127.0.0.1", 1883, False, "sensorfusion", "the platform's own")


@pytest.fixture
def guarded() -> Iterator[Mosquitto]:
    """A broker with access rules, and no accounts at first."""
    with running(
        "allow_anonymous false", "password_file {directory}/passwords", "acl_file {directory}/access"
    ) as server:
        yield server


@pytest.fixture
def issued(cast: Cast) -> IssuedKey:
    return rotate_key(by=cast.owner, sensor=cast.sensor, now=timezone.now())


def let_in(broker: Mosquitto) -> None:
    write(broker.directory, [own_account(OURS), *accounts_of_sensors()])
    broker.reload()


@pytest.fixture
def open_to_key(guarded: Mosquitto, issued: IssuedKey) -> Mosquitto:
    let_in(guarded)
    return guarded


class Asking:
    """A client that records the broker's answers."""

    def __init__(self, broker: Mosquitto, user: str, password: str) -> None:
        self.answers: Queue[int] = Queue()
        self.lost: Queue[int] = Queue()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.username_pw_set(user, password)
        self._client.on_connect = lambda client, _, flags, reason, properties: self.answers.put(reason.value)
        self._client.on_publish = lambda client, _, mid, reason, properties: self.answers.put(reason.value)
        self._client.on_disconnect = lambda client, _, flags, reason, properties: self.lost.put(reason.value)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def answer(self) -> int:
        return self.answers.get(timeout=PATIENCE_S)

    def publish(self, topic: str) -> int:
        self._client.publish(topic, b'{"temperature": 1}', qos=1)
        return self.answer()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def asking() -> Iterator[list[Asking]]:
    clients: list[Asking] = []
    yield clients
    for each in clients:
        each.close()


def ask(asking: list[Asking], *given: Any) -> Asking:
    asking.append(Asking(*given))
    return asking[-1]


@pytest.mark.sockets
@pytest.mark.django_db
def test_a_key_publishes_its_own_sensor_and_nothing_else(
    guarded: Mosquitto, cast: Cast, issued: IssuedKey, asking: list[Asking]
) -> None:
    let_in(guarded)

    device = ask(asking, guarded, issued.key.prefix, issued.text)
    assert device.answer() == 0
    assert device.publish(f"sf/v1/{cast.sensor.uuid}/readings") in (0, 16)  # 16: there is no subscriber
    assert device.publish(f"sf/v1/{cast.other_sensor.uuid}/readings") == NOT_AUTHORIZED
    assert device.publish("homeassistant/sensor/x/config") == NOT_AUTHORIZED


@pytest.mark.sockets
@pytest.mark.django_db
def test_a_wrong_password_is_turned_away(
    guarded: Mosquitto, cast: Cast, issued: IssuedKey, asking: list[Asking]
) -> None:
    let_in(guarded)

    assert ask(asking, guarded, issued.key.prefix, issued.text[:-1] + "!").answer() == NOT_AUTHORIZED
    assert ask(asking, guarded, "sf_nobody00", issued.text).answer() == NOT_AUTHORIZED


@pytest.mark.sockets
@pytest.mark.django_db
def test_a_revoked_key_loses_its_connection_when_the_broker_reads_again(
    guarded: Mosquitto, cast: Cast, issued: IssuedKey, asking: list[Asking], now: datetime
) -> None:
    let_in(guarded)
    device = ask(asking, guarded, issued.key.prefix, issued.text)
    assert device.answer() == 0

    revoke_key(by=cast.owner, key=issued.key, now=now)
    let_in(guarded)

    device.lost.get(timeout=PATIENCE_S)
    assert device.answer() == NOT_AUTHORIZED  # the client reconnects by itself


@pytest.mark.sockets
@pytest.mark.django_db(transaction=True)
async def test_the_platform_reads_what_a_key_publishes(open_to_key: Mosquitto, cast: Cast, issued: IssuedKey) -> None:
    guarded = open_to_key
    async with working(guarded, "guarded", user=OURS.user, password=OURS.password) as worker:
        device = Publisher(guarded, issued.key.prefix, issued.text)
        device.say(f"sf/v1/{cast.sensor.uuid}/readings", {"temperature": 21.4})
        await until(lambda: worker.settled == 1)
        device.close()

    assert stored() == [{"temperature": 21.4}]


@pytest.mark.django_db
def test_only_keys_that_work_are_written(cast: Cast, issued: IssuedKey, now: datetime) -> None:
    revoked = rotate_key(by=cast.owner, sensor=cast.sensor, now=now)
    revoke_key(by=cast.owner, key=revoked.key, now=now)
    key_for(cast.other_sensor)  # like a key made before broker hashes existed

    assert [account.user for account in accounts_of_sensors()] == [issued.key.prefix]
    assert keys_without_access() == 1


@pytest.mark.django_db
def test_no_file_and_no_field_holds_a_key(cast: Cast, issued: IssuedKey, tmp_path: Path) -> None:
    write(tmp_path, accounts_of_sensors())

    secret = issued.text.partition("-")[2]
    assert secret not in (tmp_path / "passwords").read_text() + (tmp_path / "access").read_text()
    assert secret not in Key.objects.get(pk=issued.key.pk).broker_hash
    assert (tmp_path / "passwords").stat().st_mode & 0o077 == 0


def test_files_are_only_written_when_something_changed(tmp_path: Path) -> None:
    accounts = [Account("one", broker_hash("secret"), ["topic write a"])]

    assert write(tmp_path, accounts)
    assert not write(tmp_path, accounts)
    assert write(tmp_path, [*accounts, Account("two", broker_hash("secret"))])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["access", "passwords"]


def test_accounts_of_ones_own_stay(tmp_path: Path) -> None:
    (tmp_path / "passwords.local").write_text("zigbee:$7$…\n")
    (tmp_path / "access.local").write_text("user zigbee\ntopic write zigbee2mqtt/#\n")

    write(tmp_path, [Account("one", "$7$hash", ["topic write a"])])

    assert "one:$7$hash\nzigbee:$7$…\n" in (tmp_path / "passwords").read_text()
    assert (
        (tmp_path / "access")
        .read_text()
        .endswith("user one\ntopic write a\n\nuser zigbee\ntopic write zigbee2mqtt/#\n")
    )


@pytest.mark.django_db
def test_the_command_says_how_many_may_publish(cast: Cast, issued: IssuedKey, tmp_path: Path) -> None:
    said = StringIO()

    call_command("mqtt_access", "--out", str(tmp_path / "new"), stdout=said)

    assert said.getvalue() == "1 keys may publish.\n"
    assert f"topic write sf/v1/{cast.sensor.uuid}/readings" in (tmp_path / "new" / "access").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as the broker's account")
def test_account_of_the_broker_can_enter_the_directory_and_read_the_files(open_directory: Path) -> None:
    group = "nogroup"
    gid = grp.getgrnam(group).gr_gid

    write(open_directory / "new", [Account("one", broker_hash("secret"))], group=group)

    assert closed_to(open_directory / "new", group) is None
    for name in ("passwords", "access"):
        read = subprocess.run(["cat", open_directory / "new" / name], capture_output=True, user=65534, group=gid)
        assert read.returncode == 0, read.stderr
    (open_directory / "new").chmod(0o700)
    assert closed_to(open_directory / "new", group) == open_directory / "new"


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that every account may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="sf-access-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.django_db
def test_broker_that_does_not_run_yet_is_waited_for_and_told_later(
    cast: Cast, issued: IssuedKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, told, pid_file = StringIO(), [], tmp_path / "mosquitto.pid"
    monkeypatch.setattr(os, "kill", lambda pid, number: told.append((pid, number)))

    async def twice(refresh: Callable[[], None], say: Callable[[str], None]) -> None:
        await sync_to_async(refresh)()
        pid_file.write_text("4711")
        await sync_to_async(refresh)()
        await sync_to_async(refresh)()

    monkeypatch.setattr(mqtt_access, "_watch", twice)
    arguments = ["--out", str(tmp_path / "new"), "--pid-file", str(pid_file)]
    call_command("mqtt_access", *arguments, "--watch", stdout=said)

    assert said.getvalue().count("The broker does not run yet") == 1
    assert told == [(4711, signal.SIGHUP)]
    pid_file.unlink()
    (tmp_path / "new" / "access").unlink()
    with pytest.raises(CommandError, match="could not be told"):
        call_command("mqtt_access", *arguments)


def database_url() -> str:
    """Return the address of this test's database, for another process."""
    settings = connection.settings_dict
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?" + urlencode({"host": settings["HOST"]})


@pytest.mark.sockets
@pytest.mark.django_db(transaction=True)
def test_watching_follows_every_change_of_keys(cast: Cast, issued: IssuedKey, tmp_path: Path, now: datetime) -> None:
    passwords = tmp_path / "passwords"
    watching = subprocess.Popen(
        [sys.executable, "-m", "sensorfusion", "mqtt_access", "--out", tmp_path, "--watch"],
        env=environment(DATABASE_URL=database_url(), SENSORFUSION_DATA=str(tmp_path / "data")),
        stdout=subprocess.DEVNULL,
    )
    try:
        assert eventually(lambda: passwords.exists() and issued.key.prefix in passwords.read_text())
        revoke_key(by=cast.owner, key=issued.key, now=now)
        assert eventually(lambda: issued.key.prefix not in passwords.read_text())
    finally:
        watching.terminate()
        assert watching.wait(PATIENCE_S) == 0
