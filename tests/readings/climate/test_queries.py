from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.weather.climate import summarise
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.models import Exclusion, Reading
from tests.conftest import Cast
from tests.readings.rolled import chores_at
from tests.storing import every, store

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ENDPOINTS = ("climate", "records", "normals", "usual")


def get(operator: Operator | None, cast: Cast, endpoint: str, **query: Any) -> Any:
    client = APIClient()
    if operator:
        client.force_login(operator)
    return client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}", query)


@pytest.fixture
def autumn(cast: Cast, time_machine: Any) -> Cast:
    """Six-hourly weather of the last 60 days: coldest at 6 and warmest at 12 UTC, a little colder every day."""
    time_machine.move_to(NOW, tick=False)
    instants = every(21600, 240, until=datetime(2026, 11, 22, 12, tzinfo=UTC))
    day_of = {at: 60 - (NOW - at).days for at in instants}
    store(
        cast.sensor,
        [
            (
                at,
                {
                    "temperature": 20 - day_of[at] / 3 + {6: -4, 12: 4}.get(at.hour, 0),
                    "rain_day": 3.0 if at.hour >= 12 and at.day % 2 else 0.0,
                    "wind_speed": 3.0,
                    "wind_direction": 225,
                },
            )
            for at in instants
        ],
    )
    return cast


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_owner_and_member_may_read_the_climate(autumn: Cast, endpoint: str) -> None:
    assert get(autumn.owner, autumn, endpoint).status_code == 200
    assert get(autumn.member, autumn, endpoint).status_code == 200


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_outsider_sees_no_climate(autumn: Cast, endpoint: str) -> None:
    answer = get(autumn.outsider, autumn, endpoint)

    assert answer.status_code == 404
    assert b"temperature" not in answer.content
    assert get(None, autumn, endpoint).status_code in (401, 403)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_silent_sensor_has_an_empty_climate(cast: Cast, endpoint: str) -> None:
    assert get(cast.owner, cast, endpoint).status_code == 200


def test_month_has_its_days_and_what_they_come_to(autumn: Cast) -> None:
    found = get(autumn.owner, autumn, "climate", year=2026, month=11).json()

    assert (found["from"], found["to"]) == ("2026-11-01", "2026-11-22")
    assert (found["expected_days"], found["days_with_readings"]) == (22, 22)
    assert [each["day"] for each in found["days"]] == list(range(1, 23))
    assert found["quantities"]["rain"]["sum"] == 33  # on 11 odd days
    assert found["counted_days"]["rain_1"] == 11
    assert found["counted_days"]["frost"] > found["counted_days"]["ice"] == 0
    assert found["wind_from"] == {"degrees": 225.0, "point": "SW"}
    assert found["degree_days"]["heating"] > 200


def test_extremes_of_a_month_have_the_instants_of_their_readings(autumn: Cast) -> None:
    found = get(autumn.owner, autumn, "climate", year=2026, month=11).json()["quantities"]["temperature"]

    assert found["max"]["at"] == "2026-11-01T12:00:00Z"
    assert found["max"]["day"] == "2026-11-01"
    assert found["min"]["at"] == "2026-11-22T06:00:00Z"
    assert found["mean"] == pytest.approx(3.42, abs=0.1)


def test_year_has_its_months_so_far(autumn: Cast) -> None:
    found = get(autumn.owner, autumn, "climate").json()

    assert (found["from"], found["to"]) == ("2026-01-01", "2026-11-22")
    assert [each["month"] for each in found["months"]] == [9, 10, 11]
    assert sum(each["quantities"]["rain"]["sum"] for each in found["months"]) == found["quantities"]["rain"]["sum"]


@pytest.mark.parametrize(
    ("query", "name"),
    [({"month": 12}, "month"), ({"year": 2027}, "year"), ({"month": 13}, "month"), ({"year": "last"}, "year")],
)
def test_what_has_not_begun_is_refused(autumn: Cast, query: dict[str, Any], name: str) -> None:
    answer = get(autumn.owner, autumn, "climate", **query)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [name]


def test_records_of_month_year_and_ever_have_instants(autumn: Cast) -> None:
    found = get(autumn.owner, autumn, "records").json()["records"]["temperature"]

    assert found["month"]["max"]["at"] == "2026-11-01T12:00:00Z"
    assert found["year"]["max"] == found["all"]["max"]
    assert found["all"]["max"]["day"] == "2026-09-24"
    assert found["all"]["min"] == {
        "value": -4.0,
        "day": "2026-11-22",
        "at": "2026-11-22T06:00:00Z",
        "is_new": True,
    }


def test_wettest_day_is_a_record_without_an_instant(autumn: Cast) -> None:
    found = get(autumn.owner, autumn, "records").json()["records"]["rain"]

    assert found["month"]["max"] == {"value": 3.0, "day": "2026-11-01", "is_new": False}


def test_record_of_another_sensor_is_not_mixed_in(autumn: Cast) -> None:
    store(autumn.other_sensor, [(NOW, {"temperature": 50.0})])

    assert get(autumn.owner, autumn, "records").json()["records"]["temperature"]["all"]["max"]["value"] < 30


def test_value_flagged_bad_is_no_record(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    first, second = every(3600, 2, until=NOW)
    store(
        cast.sensor,
        [(first, {"temperature": 12.0}), (second, {"temperature": 70.0})],
        flags={second: {"temperature": 4}},
    )

    found = get(cast.owner, cast, "records").json()["records"]["temperature"]["all"]["max"]

    assert (found["value"], found["at"]) == (12.0, "2026-11-22T14:00:00Z")


def test_excluded_reading_is_not_the_one_that_had_the_value(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    first, second = every(3600, 2, until=NOW)
    store(cast.sensor, [(first, {"temperature": 12.0}), (second, {"temperature": 12.0})])
    Exclusion.objects.create(
        sensor=cast.sensor, starts_at=first, ends_at=first + timedelta(minutes=1), reason="warm hand", made_at=NOW
    )

    found = get(cast.owner, cast, "records").json()["records"]["temperature"]["all"]["max"]

    assert found["at"] == "2026-11-22T15:00:00Z"


def test_extreme_whose_reading_is_not_kept_has_its_day_only(autumn: Cast) -> None:
    whole = climate.days(autumn.sensor, ["temperature"], last=TODAY)
    summary = summarise(whole)
    Reading.objects.filter(observed_at__lt=datetime(2026, 10, 1, tzinfo=UTC)).delete()

    assert set(climate.instants_of(autumn.sensor, summary)) == {("temperature", False)}


@pytest.mark.parametrize(("per", "count"), [("day", 59), ("week", 9)])
def test_normals_are_of_the_days_before_today(autumn: Cast, per: str, count: int) -> None:
    found = get(autumn.owner, autumn, "normals", per=per).json()

    assert len(found["normals"]) == pytest.approx(count, abs=1)
    assert all(each["low"] <= each["mean"] <= each["high"] for each in found["normals"])
    assert {each["years"] for each in found["normals"]} == {1}


def test_sums_and_means_of_days_are_of_all_their_digits(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    noons = every(86400, 20, until=datetime(2026, 11, 20, 12, tzinfo=UTC))
    # A bucket of 0.011 in tips, and 20 days of means of a third of 0.01.
    rows = [
        (at + timedelta(minutes=minute), {"rain": 0.2794, "temperature": value})
        for at in noons
        for minute, value in enumerate((0.02, 0.0, -0.01))
    ]
    store(cast.sensor, rows)

    month = get(cast.member, cast, "climate", year=2026, month=11).json()["quantities"]

    assert month["rain"]["sum"] == pytest.approx(60 * 0.2794, abs=1e-9)
    assert month["temperature"]["mean"] == 0.00333333


def test_direction_has_no_normal(autumn: Cast) -> None:
    assert get(autumn.owner, autumn, "normals", quantity="wind_direction").status_code == 400


def test_days_may_begin_in_the_morning(autumn: Cast) -> None:
    autumn.site.day_starts_h = 9
    autumn.site.save(update_fields=["day_starts_h"])
    early = datetime(2026, 11, 22, 8, 30, tzinfo=WARSAW)

    assert climate.today(autumn.sensor, now=early) == date(2026, 11, 21)
    # 6 UTC is 7:00 there: still the day before.
    found = climate.days(autumn.sensor, ["temperature"], first=TODAY, last=TODAY)
    assert list(found.columns["temperature"].low) == [pytest.approx(4.3, abs=0.5)]


def test_rain_since_midnight_counts_though_the_counter_restarts_a_reading_late(cast: Cast) -> None:
    first = datetime(2026, 11, 20, 1, tzinfo=WARSAW)
    totals = [0, 2, 5, 5, 0, 1]  # the fourth is of the next day, and still shows what fell before
    store(
        cast.sensor, [(first + timedelta(hours=7 * place), {"rain_day": total}) for place, total in enumerate(totals)]
    )

    found = climate.month(cast.sensor, ["rain_day"], year=2026, number=11, today=TODAY)

    assert found.summary.sums == {"rain": 6}


chores = chores_at(datetime(2026, 11, 10, 3, tzinfo=UTC))


def test_rain_of_a_counter_that_was_silent_into_the_month_counts(cast: Cast, chores: Any, time_machine: Any) -> None:
    begin = datetime(2026, 11, 10, tzinfo=UTC)
    time_machine.move_to(begin + timedelta(hours=3), tick=False)
    store(
        cast.sensor,
        [
            (begin - timedelta(days=25), {"rain_total": 100.0}),
            (begin, {"rain_total": 104.6}),
            (begin + timedelta(hours=1), {"rain_total": 105.0}),
        ],
    )
    chores.all()

    found = get(cast.owner, cast, "climate", year=2026, month=11, quantities="rain_total").json()

    assert found["quantities"]["rain"]["sum"] == 5.0
