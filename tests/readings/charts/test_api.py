import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.exclusions.services import delete_readings
from sensorfusion.readings.models import Exclusion, Reading, SensorState
from sensorfusion.sensors.naming.models import SourceField
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
ARROW = "application/vnd.apache.arrow.stream"


def get(operator: Operator, cast: Cast, endpoint: str, *, headers: dict[str, str] | None = None, **query: Any) -> Any:
    client = APIClient()
    client.force_login(operator)
    return client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}", query, headers=headers)


def closed(cast: Cast, **query: Any) -> Any:
    """Request the hour up to noon, which has ended."""
    start = (NOON - timedelta(hours=1)).isoformat()
    return get(cast.owner, cast, "series", **{"from": start, "to": (NOON + timedelta(seconds=1)).isoformat(), **query})


chores = chores_at(NOON + timedelta(days=1))


@pytest.fixture
def weather(cast: Cast, time_machine: Any) -> Cast:
    time_machine.move_to(NOON + timedelta(hours=1), tick=False)
    store(
        cast.sensor,
        [(at, {"temperature": 20.0, "humidity": 50, "condition": "fog"}) for at in every(60, 3, until=NOON)],
    )
    return cast


def test_series_has_columns_as_long_as_its_instants(cast: Cast) -> None:
    instants = every(60, 3, until=NOON)
    store(cast.sensor, [(at, {"temperature": 1.5, "rain": 0.2}) for at in instants])

    found = get(
        cast.owner, cast, "series", quantities="temperature,rain", to=(NOON + timedelta(seconds=1)).isoformat()
    ).json()

    assert found == {
        "resolution": "raw",
        "t": [at.timestamp() for at in instants],
        "series": {
            "temperature": {"mean": [1.5] * 3, "min": [1.5] * 3, "max": [1.5] * 3},
            "rain": {"sum": [0.2] * 3, "min": [0.2] * 3, "max": [0.2] * 3},
        },
    }


def test_series_without_names_has_every_number_of_the_sensor(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1.5, "condition": "fog"})])

    found = get(cast.owner, cast, "series", to=(NOON + timedelta(seconds=1)).isoformat()).json()

    assert list(found["series"]) == ["temperature"]


def test_newest_reading_is_there_though_its_clock_is_ahead(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOON - timedelta(minutes=2), tick=False)
    store(cast.sensor, [(NOON, {"temperature": 1.5})])

    assert get(cast.owner, cast, "series").json()["t"] == [NOON.timestamp()]


def test_resolution_that_does_not_fit_is_refused_with_what_to_do(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 30, until=NOON)])

    answer = closed(cast, points=10, resolution="raw")

    assert answer.status_code == 400
    assert "more points" in answer.json()["fields"]["resolution"][0]


def test_what_the_sensor_does_not_send_is_worked_out(weather: Cast) -> None:
    found = closed(weather, quantities="temperature,dew_point,humidex").json()

    assert list(found["series"]) == ["temperature", "dew_point", "humidex"]
    assert found["series"]["dew_point"]["mean"] == [pytest.approx(9.26, abs=0.01)] * 3
    assert found["derived"] == {"dew_point": ["temperature", "humidity"], "humidex": ["temperature", "humidity"]}


def test_what_the_sensor_sends_is_not_worked_out(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 20.0, "humidity": 50, "dew_point": 7.0})])

    found = closed(cast, quantities="dew_point").json()

    assert found["series"]["dew_point"]["mean"] == [7.0]
    assert "derived" not in found


def test_latest_works_out_what_is_asked_for_only(weather: Cast) -> None:
    assert "derived" not in get(weather.owner, weather, "latest").json()

    found = get(weather.owner, weather, "latest", derived=1).json()

    assert found["derived"]["dew_point"] == 9.26
    assert found["derived"]["feels_like"] == 20.0
    assert not set(found["derived"]) & set(found["values"])


def test_latest_works_out_nothing_from_values_that_do_not_belong_together(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(hours=2), {"humidity": 50}), (NOON, {"temperature": 20.0})])

    assert "dew_point" not in get(cast.owner, cast, "latest", derived=1).json()["derived"]


def test_csv_names_units_and_zone_and_writes_instants_in_utc(weather: Cast) -> None:
    answer = closed(weather, format="csv", quantities="temperature,humidity")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert rows[0] == ["time (UTC)", "temperature (°C)", "humidity (%)"]
    assert rows[-1] == ["2026-11-22T12:00:00.123456Z", "20.0", "50.0"]


def test_csv_names_the_units_of_quantities_outside_the_catalogue(cast: Cast) -> None:
    values = {"freezer_temperature": -18.0, "boiler": 140.0, "weight": 3.0}
    store(cast.sensor, [(at, values) for at in every(60, 3, until=NOON)])
    SourceField.objects.create(sensor=cast.sensor, source="boiler [°F]", quantity="boiler", label="boiler (°F)")
    before = closed(cast, format="csv", quantities=",".join(values))
    cast.sensor.quantities = {"weight": {"unit": "kg"}}
    cast.sensor.save()

    answer = closed(cast, format="csv", quantities=",".join(values))

    head = next(csv.reader(io.StringIO(answer.content.decode())))
    assert head == ["time (UTC)", "freezer_temperature (°C)", "boiler (°F)", "weight (kg)"]
    assert answer.headers["ETag"] != before.headers["ETag"]


def test_csv_of_days_says_whose_days_they_are_and_has_their_extremes(weather: Cast) -> None:
    answer = closed(weather, format="csv", resolution="1d", quantities="temperature")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows == [
        ["time (UTC, days of Europe/Warsaw)", "temperature_mean (°C)", "temperature_min (°C)", "temperature_max (°C)"],
        ["2026-11-21T23:00:00Z", "20.0", "20.0", "20.0"],
    ]


@pytest.mark.parametrize("how", [{"format": "arrow"}, {"headers": {"accept": ARROW}}])
def test_arrow_has_the_same_columns_with_their_units(weather: Cast, how: dict[str, Any]) -> None:
    answer = closed(weather, quantities="temperature,humidity", **how)

    table = pa.ipc.open_stream(answer.content).read_all()
    assert answer.headers["Content-Type"] == ARROW
    assert table.column_names == ["time", "temperature", "humidity"]
    assert table["time"].to_pylist()[-1] == NOON
    assert table["temperature"].to_pylist() == [20.0] * 3
    assert table.schema.field("temperature").metadata == {b"unit": b"Cel"}
    assert table.schema.metadata[b"resolution"] == b"raw"
    assert table.schema.metadata[b"time_zone"] == b"Europe/Warsaw"


def test_arrow_has_nulls_in_gaps_and_the_instants_of_the_other_formats(weather: Cast) -> None:
    asked: dict[str, Any] = {"quantities": "temperature,humidity", "resolution": "1h", "points": 500}

    table = pa.ipc.open_stream(closed(weather, format="arrow", **asked).content).read_all()
    table.validate(full=True)

    answer = closed(weather, **asked).json()
    assert [each.timestamp() for each in table["time"].to_pylist()] == answer["t"]
    assert table["temperature_mean"].to_pylist() == answer["series"]["temperature"]["mean"]
    assert table["humidity_max"].to_pylist() == answer["series"]["humidity"]["max"]
    assert table.schema.field("time") == pa.field("time", pa.timestamp("us", "UTC"), nullable=False)
    assert {each.type for each in table.schema if each.name != "time"} == {pa.float64()}


def test_arrow_of_nothing_has_no_rows(weather: Cast) -> None:
    long_ago = {"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"}

    answer = closed(weather, format="arrow", **long_ago)

    assert answer.status_code == 200
    assert pa.ipc.open_stream(answer.content).read_all().num_rows == 0


def test_picture_is_not_to_be_had(weather: Cast) -> None:
    assert closed(weather, headers={"accept": "image/png"}).status_code == 406
    assert closed(weather, headers={"accept": "image/png,*/*;q=0.1"}).json()["t"]


@pytest.mark.parametrize("form", ["json", "csv", "arrow"])
def test_outsider_sees_no_format(weather: Cast, form: str) -> None:
    answer = get(weather.outsider, weather, "series", format=form)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_closed_range_is_sent_once(weather: Cast) -> None:
    first = closed(weather)
    again = closed(weather, headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert not first.headers["ETag"].startswith("W/")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_late_reading_within_the_range_changes_its_tag(weather: Cast) -> None:
    before = closed(weather).headers["ETag"]
    _add(weather, NOON - timedelta(minutes=30), seq=4)

    assert closed(weather).headers["ETag"] != before


def test_newer_reading_outside_the_range_does_not_change_its_tag(weather: Cast) -> None:
    before = closed(weather).headers["ETag"]
    _add(weather, NOON + timedelta(minutes=30), seq=4)

    assert closed(weather, headers={"if-none-match": before}).status_code == 304


def test_corrected_and_removed_readings_change_the_tag(weather: Cast) -> None:
    tags = [closed(weather).headers["ETag"]]
    Reading.objects.filter(sensor=weather.sensor, seq=2).update(seq=4, values={"temperature": 21.0})
    tags.append(closed(weather).headers["ETag"])
    Reading.objects.filter(sensor=weather.sensor, seq=1).delete()
    tags.append(closed(weather).headers["ETag"])

    assert len(set(tags)) == 3


@pytest.mark.django_db(transaction=True)
def test_reading_deleted_from_the_middle_changes_the_tag_though_it_is_rolled_up(
    cast: Cast, chores: Work, time_machine: Any
) -> None:
    time_machine.move_to(NOON + timedelta(hours=2), tick=False)
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 180, until=NOON + timedelta(hours=1))])
    chores.all()
    tags = [closed(cast).headers["ETag"], closed(cast).headers["ETag"]]
    at = NOON - timedelta(minutes=20)
    delete_readings(by=cast.owner, sensor=cast.sensor, start=at, end=at + timedelta(seconds=1), now=NOON)
    tags.append(closed(cast).headers["ETag"])
    chores.all()
    tags.append(closed(cast).headers["ETag"])

    assert tags[0] == tags[1]
    assert len(set(tags)) == 3


def test_exclusion_within_the_range_and_its_end_change_the_tag(weather: Cast) -> None:
    tags = [closed(weather).headers["ETag"]]
    excluded = Exclusion.objects.create(
        sensor=weather.sensor,
        quantity="humidity",
        starts_at=NOON - timedelta(minutes=10),
        ends_at=NOON,
        reason="wet",
        made_at=NOON,
    )
    tags.append(closed(weather).headers["ETag"])
    excluded.restored_at = NOON
    excluded.save(update_fields=["restored_at"])
    tags.append(closed(weather).headers["ETag"])

    assert len(set(tags)) == 3


@pytest.mark.parametrize(
    "change", [{"format": "csv"}, {"points": 500}, {"resolution": "1h"}, {"quantities": "humidity"}]
)
def test_each_question_has_its_own_tag(weather: Cast, change: dict[str, Any]) -> None:
    assert closed(weather, **change).headers["ETag"] != closed(weather).headers["ETag"]


def test_outsider_is_not_told_that_nothing_changed(weather: Cast) -> None:
    tag = closed(weather).headers["ETag"]

    answer = get(weather.outsider, weather, "series", to=NOON.isoformat(), headers={"if-none-match": tag})

    assert answer.status_code == 404


@pytest.mark.parametrize("until", [None, NOON + timedelta(days=1)])
def test_open_range_is_not_kept(weather: Cast, until: datetime | None) -> None:
    query: dict[str, Any] = {"to": until.isoformat()} if until else {}

    answer = get(weather.owner, weather, "series", **query)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["ETag"]  # to be asked about, not to be kept


def _add(cast: Cast, at: datetime, *, seq: int) -> None:
    values = {"temperature": 25.0}
    Reading.objects.create(sensor=cast.sensor, observed_at=at, received_at=at, seq=seq, values=values)
    SensorState.objects.filter(sensor=cast.sensor).update(seq=seq)
