"""Rules about derived quantities: what a reading derives, and the watcher on it."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.alerts.evaluation.derived import Deriver, deriver
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.models import Alert, RuleState
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import Place, derive_now
from sensorfusion.domain.weather.derived import dew_point
from sensorfusion.readings.models import SensorState
from tests.alerts.evaluation.test_watcher import MINUTE, Night, night, rule, told
from tests.clients import NOW

__all__ = ["night"]
NOWHERE = Place()
OVER = {"condition": "above", "high": 10.0, "clear_high": 9.0, "for_s": 300.0, "quantity": "dew_point"}


def row(at: float, flags: dict[str, int] | None = None, **values: object) -> StoredRow:
    return StoredRow(1, int(at), at, at, values, flags or {})


def dew_points(*rows: StoredRow) -> list[object]:
    return [each.values.get("dew_point") for each in Deriver(["dew_point"], NOWHERE).completed(rows)]


def test_reading_with_all_inputs_derives_by_the_formula() -> None:
    [found] = dew_points(row(0, temperature=20.0, humidity=50.0))

    wanted = dew_point(temperature=20.0, humidity=50.0)
    assert wanted is not None
    assert found == pytest.approx(wanted, abs=0.01)


def test_values_that_come_by_themselves_belong_together_for_half_an_hour() -> None:
    found = dew_points(
        row(0, temperature=20.0), row(60, humidity=50.0), row(120, pressure=1013.0), row(1799, humidity=60.0),
        row(1861, humidity=70.0),
    )  # fmt: skip

    assert [each is not None for each in found] == [False, True, False, True, False]


def test_bad_value_derives_nothing_and_leaves_the_good_one_before() -> None:
    good, bad, after = dew_points(
        row(0, temperature=20.0, humidity=50.0),
        row(60, {"temperature": Flag.BAD}, temperature=90.0),
        row(120, humidity=50.0),
    )

    assert (bad, after) == (None, good)


def test_late_reading_takes_no_value_that_was_not_known_yet() -> None:
    _, late = dew_points(row(600, temperature=30.0, humidity=50.0), row(300, humidity=50.0))

    assert late is None


def test_what_the_sensor_sends_itself_is_not_derived() -> None:
    assert deriver(["dew_point"], {"temperature": 1.0, "humidity": 50.0, "dew_point": 3.0}, NOWHERE) is None
    assert deriver(["rain_rate"], {"rain_total": 1.0}, NOWHERE) is None  # one reading is not enough for it
    assert deriver(["dew_point"], {"temperature": 1.0}, NOWHERE) is None
    [found] = Deriver(["dew_point"], NOWHERE).completed([row(0, temperature=20.0, humidity=50.0, dew_point=1.0)])
    assert found.values["dew_point"] == 1.0


def weather(night: Night, minutes: int, *, humidity: float, temperature: float = 20.0) -> None:
    for _ in range(minutes):
        night.now += MINUTE
        night.send({"temperature": temperature, "humidity": humidity})
        night.look()


@pytest.mark.django_db(transaction=True)
def test_rule_about_the_dew_point_fires_and_clears(night: Night) -> None:
    weather(night, 1, humidity=30.0)
    rule(night.sensor, **OVER)
    night.look()
    weather(night, 2, humidity=30.0)  # 1.9 degrees
    weather(night, 6, humidity=60.0)  # 12.0 degrees
    weather(night, 1, humidity=50.0)  # 9.3 degrees: between the two
    weather(night, 1, humidity=40.0)  # 6.0 degrees

    alert = Alert.objects.get()
    assert [action for action, _ in told()] == ["fired", "cleared"]
    assert (alert.began_at - NOW) / MINUTE == 4.0
    assert alert.quantity == "dew_point"
    assert alert.value == pytest.approx(12.0, abs=0.05)


@pytest.mark.django_db(transaction=True)
def test_rule_of_the_site_watches_every_sensor_that_has_the_inputs(night: Night) -> None:
    weather(night, 1, humidity=30.0)
    made = rule(night.sensor, **OVER, sensor=None)
    night.look()
    weather(night, 7, humidity=60.0)

    assert Alert.objects.get().rule == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_take_overs_change_nothing(night: Night, seed: int) -> None:
    """Values come by themselves, in any order; the watcher is replaced in between, or not."""
    source = random.Random(seed)
    sent = [
        (source.choice(["temperature", "humidity"]), round(source.uniform(0, 1), 2), source.random() < 0.2)
        for _ in range(80)
    ]
    outcomes = []
    for is_replaced in (False, True):
        outcomes.append(_judged(night, sent, is_replaced=is_replaced))

    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0]) > 1


def _judged(night: Night, sent: list[tuple[str, float, bool]], *, is_replaced: bool) -> list[tuple[str, timedelta]]:
    night.now += timedelta(hours=2)
    begin = night.now
    night.send({"temperature": 10.0, "humidity": 50.0})
    night.begin()
    made = rule(night.sensor, **{**OVER, "for_s": 60.0})
    night.look()
    for name, share, takes_over in sent:
        night.now += MINUTE
        night.send({name: {"temperature": 5 + 30 * share, "humidity": 20 + 70 * share}[name]})
        if is_replaced and takes_over:
            night.begin()
        night.look()
    events = [
        (event.action, event.at - begin)
        for alert in Alert.objects.filter(rule=made).order_by("id")
        for event in alert.events.order_by("id")
    ]
    assert RuleState.objects.filter(rule=made).exists()
    made.delete()
    return events


@pytest.mark.django_db(transaction=True)
def test_state_of_a_sensor_derives_from_values_of_the_last_half_hour(night: Night) -> None:
    night.send({"temperature": 20.0, "humidity": 60.0})
    at = night.now.timestamp()
    made = Deriver(["dew_point"], NOWHERE)
    values = SensorState.objects.get(sensor=night.sensor).values

    fresh = made.of_state(values, {}, {"humidity": at - 600}, at)
    stale = made.of_state(values, {}, {"humidity": at - 1900}, at)

    wanted = derive_now(values, datetime.fromtimestamp(at, UTC), NOWHERE)["dew_point"]
    assert (fresh, stale) == ({"dew_point": (wanted, at)}, {})
