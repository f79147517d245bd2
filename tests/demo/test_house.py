"""The demo's house: one sensor of each kind, with a year of history that is loaded beside the server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensorfusion.accounts.models import Operator
from sensorfusion.demo import demo_files, house
from sensorfusion.demo.house_signals import SIGNALS, Signal
from sensorfusion.demo.site import prepare as prepare_airports
from sensorfusion.domain.quantities.kinds import KINDS
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Key, Sensor, Site

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def prepared(data: Path) -> tuple[Operator, dict[str, Sensor]]:
    operator = prepare_airports(data=data, now=NOW).operator
    return operator, house.prepare(operator=operator, data=data, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_house_has_one_sensor_of_each_kind_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    _, sensors = prepared(tmp_path)

    assert {sensor.kind for sensor in sensors.values()} == {"freezer", "room", "meter", "tank", "contact"} <= set(KINDS)
    assert "simulated" in Site.objects.get(name=house.SITE).notice
    assert set(demo_files.keys(tmp_path, demo_files.HOUSE_KEYS_FILE)) == set(SIGNALS)


@pytest.mark.django_db(transaction=True)
def test_the_second_time_the_house_is_found_again(tmp_path: Path) -> None:
    operator, sensors = prepared(tmp_path)

    assert house.prepare(operator=operator, data=tmp_path, now=NOW) == sensors
    assert Key.objects.filter(sensor__in=sensors.values()).count() == len(sensors)


@pytest.mark.django_db(transaction=True)
def test_a_year_of_history_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "YEAR", timedelta(days=3))
    _, sensors = prepared(tmp_path)
    ids = {code: sensor.pk for code, sensor in sensors.items()}

    count = house.fill(ids, now=NOW)

    assert count == Reading.objects.count() > 5 * 3 * 130
    assert set(SensorState.objects.values_list("sensor_id", flat=True)) == set(ids.values())
    assert house.fill(ids, now=NOW) == 0


@pytest.mark.parametrize("code", sorted(SIGNALS))
def test_the_present_continues_the_history(code: str) -> None:
    *_, last = Signal(code).day(datetime(2026, 11, 21, tzinfo=UTC))

    assert Signal(code).day(datetime(2026, 11, 21, tzinfo=UTC))[-1] == last
    assert last.observed_s < NOW.timestamp()
    assert set(SIGNALS[code](NOW.timestamp())) == set(SIGNALS[code](float(last.observed_s)))


def test_the_meter_never_counts_backwards() -> None:
    counts = [SIGNALS["meter"](NOW.timestamp() + 97.0 * step)["energy"] for step in range(2000)]

    assert counts == sorted(counts)


def test_the_freezer_thaws_once_in_three_months() -> None:
    hours = [SIGNALS["freezer"](NOW.timestamp() - 3600.0 * back)["temperature"] for back in range(97 * 24)]

    assert max(hours) > -8
    assert sum(each > -10 for each in hours) < 24
