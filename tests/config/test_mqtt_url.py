"""MQTT_URL: an address and an account; whatever else is written into it is refused in one line."""

import pytest

from sensorfusion.config.env import BadEnvironment, read
from sensorfusion.config.mqtt_url import PARAMETERS
from sensorfusion.ingest.mqtt.broker import broker


@pytest.mark.parametrize(
    ("url", "host", "port", "is_encrypted", "user"),
    [
        ("mqtt://broker", "broker", 1883, False, ""),
        ("mqtts://broker/", "broker", 8883, True, ""),
        ("mqtt://user@192.168.1.10:1884", "192.168.1.10", 1884, False, "user"),
        ("mqtts://us%40er:p%2Fw@[fd00::1]:8884", "fd00::1", 8884, True, "us@er"),
    ],
)
def test_address_and_account_are_used(url: str, host: str, port: int, is_encrypted: bool, user: str) -> None:
    used = broker(read({"MQTT_URL": url}).mqtt_url)

    assert (used.host, used.port, used.is_encrypted, used.user) == (host, port, is_encrypted, user)


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("tcp://broker", "write mqtt://"),
        ("ssl://broker", "write mqtts://"),
        ("ws://broker:9001/mqtt", "there are no WebSockets"),
        ("wss://broker/mqtt", "there are no WebSockets"),
        ("broker:1883", "must begin with mqtt:// or mqtts://"),
        ("broker", "must begin with mqtt:// or mqtts://"),
        ("mqtt://", "cannot be used"),
        ("mqtt://:s3cret@broker", "a password without a user"),
        ("mqtt://broker/topic", "has a path"),
        ("mqtt://broker:0", "cannot be used"),
        ("mqtt://broker:mqtt", "cannot be used"),
        ("mqtt://u:s3/cret@broker", "%2F"),
        ("mqtt://u:s3cret#x@broker", "write # as %23"),
        ("mqtt://a,b", "cannot be used"),
        ("mqtt://broker?foo=bar", "the unknown parameter 'foo': leave it out"),
    ],
)
def test_part_without_effect_is_refused_with_a_remedy(url: str, remedy: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read({"MQTT_URL": url})

    message = str(refused.value)
    assert message.startswith("MQTT_URL ")
    assert remedy in message
    assert len(message.splitlines()) == 1
    assert "s3" not in message


@pytest.mark.parametrize("name", PARAMETERS.refused)
def test_parameter_of_other_programs_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(BadEnvironment, match=f"MQTT_URL has the parameter {name}, which is not supported: ") as refused:
        read({"MQTT_URL": f"mqtt://broker?{name}=1"})

    assert str(refused.value).endswith(".")
