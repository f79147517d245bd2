from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import come_late, every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def weather(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(NOON + timedelta(hours=1), tick=False)
    store(cast.sensor, [(at, {"temperature": 20.0, "humidity": 50}) for at in every(60, 60, until=NOON)])
    store(cast.other_sensor, [(at, {"temperature": 11.5}) for at in every(60, 60, until=NOON)])


def get(operator: Operator, *series: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
    client = APIClient()
    client.force_login(operator)
    return client.get("/api/v1/explore/", {"series": list(series), **query}, headers=headers)


def closed() -> dict[str, Any]:
    return {"from": (NOON - timedelta(hours=1)).isoformat(), "to": NOON.isoformat()}


def of(sensor: Sensor, quantity: str = "temperature") -> str:
    return f"{sensor.uuid}:{quantity}"


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("editor", 200), ("member", 200), ("outsider", 404)])
def test_members_read_the_series_of_their_sensors(cast: Cast, who: str, status: int) -> None:
    assert get(getattr(cast, who), of(cast.sensor)).status_code == status


def test_one_series_of_others_hides_all(cast: Cast) -> None:
    assert get(cast.owner, of(cast.sensor), of(cast.other_sensor)).status_code == 404


def test_a_stranger_reads_nothing(cast: Cast) -> None:
    assert APIClient().get("/api/v1/explore/", {"series": of(cast.sensor)}).status_code == 401


def test_columns_of_all_series_come_in_one_answer(cast: Cast) -> None:
    found = get(cast.owner, of(cast.sensor), of(cast.sensor, "humidity"), figures="1", level="19", **closed()).json()

    assert found["resolution"] == "raw"
    assert [each["quantity"] for each in found["series"]] == ["temperature", "humidity"]
    first = found["series"][0]
    assert first["unit"] == "Cel"
    assert len(first["t"]) == len(first["value"]) == 59
    assert first["figures"]["mean"] == 20
    assert first["figures"]["above_s"] == 59 * 60
    assert found["series"][1]["figures"]["above_s"] is None


def test_a_comparison_comes_with_its_rows(cast: Cast) -> None:
    series = of(cast.sensor), of(cast.sensor, "dew_point")

    found = get(cast.owner, *series, against="second", **closed()).json()["comparison"]

    assert (found["operation"], found["resolution"], len(found["t"])) == ("difference", "5m", 12)
    assert all(value == pytest.approx(20 - 9.26, abs=0.01) for value in found["value"])


@pytest.mark.parametrize(
    "query",
    [
        {"series": "x"},
        {"figures": "2"},
        {"level": "nan"},
        {"level": "x"},
        {"points": "1"},
        {"from": "2027-01-01T00:00:00Z"},
        {"against": "second"},
        {"against": "week", "operation": "ratio"},
        {"resolution": "raw", "points": "10", "from": "2026-11-22T00:00:00Z"},
        {"unknown": "1"},
    ],
)
def test_what_cannot_be_answered_is_refused(cast: Cast, query: dict[str, Any]) -> None:
    answer = get(cast.owner, *([] if "series" in query else [of(cast.sensor)]), **query)

    assert answer.status_code == 400
    assert answer.json()


def test_nine_series_are_too_many(cast: Cast) -> None:
    assert get(cast.owner, *(of(cast.sensor, f"custom_{number}") for number in range(9))).status_code == 400


def test_an_ended_range_is_not_sent_twice_until_it_changes(cast: Cast) -> None:
    first = get(cast.owner, of(cast.sensor), **closed())
    again = get(cast.owner, of(cast.sensor), headers={"If-None-Match": first["ETag"]}, **closed())
    come_late(cast.sensor, NOON - timedelta(minutes=30, seconds=30), {"temperature": 3})
    changed = get(cast.owner, of(cast.sensor), headers={"If-None-Match": first["ETag"]}, **closed())

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert first["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("more", [{"figures": "1"}, {"figures": "1", "level": "3"}, {"points": "10"}])
def test_another_request_has_another_tag(cast: Cast, more: dict[str, Any]) -> None:
    plain = get(cast.owner, of(cast.sensor), **closed())["ETag"]

    assert get(cast.owner, of(cast.sensor), **closed(), **more)["ETag"] != plain


def test_an_open_range_is_not_kept(cast: Cast) -> None:
    assert get(cast.owner, of(cast.sensor))["Cache-Control"] == "no-store"


def test_more_quantities_of_a_sensor_cost_no_more_queries(cast: Cast) -> None:
    def count(*series: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            get(cast.owner, *series, **closed())
        return len(captured)

    assert count(of(cast.sensor)) == count(of(cast.sensor), of(cast.sensor, "humidity"))
