"""Which networks sensors are being set up from."""

from dataclasses import dataclass

import pytest

from sensorfusion.events.messages import SettingUp
from sensorfusion.ingest.steps.set_ups import LASTS_S, MOST, MOST_OF_NETWORK, SetUps, home_of


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_device_in_the_same_home_network_is_at_home() -> None:
    set_ups = SetUps()
    set_ups.begin(SettingUp(7, "192.168.1.4"))

    assert list(set_ups.at("192.168.1.99")) == [7]
    assert list(set_ups.at("192.168.2.4")) == []


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("10.1.2.3", "10.1.2.0"),
        ("127.0.0.1", "127.0.0.1"),
        ("8.8.4.4", "8.8.4.4"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("not an address", "not an address"),
    ],
)
def test_public_addresses_are_homes_of_their_own(address: str, home: str) -> None:
    assert home_of(address) == home


def test_a_set_up_ends() -> None:
    clock = Clock()
    set_ups = SetUps(clock=clock)
    set_ups.begin(SettingUp(7, "8.8.4.4"))

    clock.at = LASTS_S

    assert list(set_ups.at("8.8.4.4")) == []


def test_memory_is_bounded() -> None:
    set_ups = SetUps()
    for number in range(MOST + 5):
        set_ups.begin(SettingUp(number, f"8.8.{number // 250}.{number % 250}"))
    for sensor in range(MOST_OF_NETWORK + 3):
        set_ups.begin(SettingUp(sensor, "9.9.9.9"))

    assert list(set_ups.at("8.8.0.0")) == []
    assert len(list(set_ups.at("9.9.9.9"))) == MOST_OF_NETWORK
