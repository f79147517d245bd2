from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.readings.models import SensorState
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
ENDPOINTS = ("latest", "readings", "series")


def get(operator: Operator | None, cast: Cast, endpoint: str, **query: str | int) -> Any:
    client = APIClient()
    if operator:
        client.force_login(operator)
    return client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}", query)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_owner_and_member_may_read(cast: Cast, endpoint: str) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4})])

    assert get(cast.owner, cast, endpoint).status_code == 200
    assert get(cast.member, cast, endpoint).status_code == 200


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_outsider_sees_nothing(cast: Cast, endpoint: str) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4})])

    answer = get(cast.outsider, cast, endpoint)

    assert answer.status_code == 404
    assert b"18.4" not in answer.content


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_stranger_has_to_sign_in(cast: Cast, endpoint: str) -> None:
    assert get(None, cast, endpoint).status_code in (401, 403)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_address_may_end_with_a_slash(cast: Cast, endpoint: str) -> None:
    assert get(cast.owner, cast, f"{endpoint}/").status_code == 200


def test_latest_keeps_microseconds_and_says_whether_the_sensor_reports(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4})])

    assert get(cast.owner, cast, "latest").json() == {
        "sensor": str(cast.sensor.uuid),
        "seq": 1,
        "observed_at": "2026-11-22T12:00:00.123456Z",
        "values": {"temperature": 18.4},
        "state": get(cast.owner, cast, "latest").json()["state"],
    }


def test_latest_says_how_old_and_how_doubtful_values_are(cast: Cast) -> None:
    before = NOON - timedelta(hours=3)
    store(
        cast.sensor,
        [(before, {"wind_speed": 3.0}), (NOON, {"temperature": 18.4})],
    )
    SensorState.objects.update(flags={"temperature": 3})

    answer = get(cast.owner, cast, "latest").json()

    assert answer["flags"] == {"temperature": 3}
    assert answer["older"] == {"wind_speed": before.timestamp()}


def test_latest_of_a_silent_sensor_is_pending(cast: Cast) -> None:
    answer = get(cast.owner, cast, "latest").json()

    assert (answer["seq"], answer["observed_at"], answer["values"], answer["state"]) == (0, None, {}, "pending")


def test_pages_follow_each_other_to_the_end(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])
    client = APIClient()
    client.force_login(cast.owner)

    address: str | None = f"/api/v1/sensors/{cast.sensor.uuid}/readings?limit=2&from=2026-01-01T00:00:00Z"
    pages = []
    while address:
        page = client.get(address).json()
        pages.append([reading["seq"] for reading in page["readings"]])
        address = page["next"]

    assert pages == [[1, 2], [3, 4], [5]]


def test_reading_is_written_whole(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4})], flags={NOON: {"temperature": 3}})

    assert get(cast.owner, cast, "readings").json()["readings"] == [
        {
            "seq": 1,
            "observed_at": "2026-11-22T12:00:00.123456Z",
            "received_at": "2026-11-22T12:00:01.123456Z",
            "values": {"temperature": 18.4},
            "flags": {"temperature": 3},
        }
    ]


def test_readings_after_a_seq_fill_a_hole(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])

    found = get(cast.owner, cast, "readings", after_seq=3).json()

    assert [reading["seq"] for reading in found["readings"]] == [4, 5]
    assert found["next"] is None


@pytest.mark.parametrize("start", ["2026-11-22T11:58:30Z", "2026-11-22T12:58:30+01:00", "1795348710", "1795348710.0"])
def test_range_takes_rfc_3339_and_epoch_seconds(cast: Cast, start: str) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])

    found = get(cast.owner, cast, "readings", **{"from": start, "to": NOON.isoformat()}).json()

    assert [reading["seq"] for reading in found["readings"]] == [4]


@pytest.mark.parametrize(
    ("endpoint", "name", "value"),
    [
        ("readings", "limit", "0"),
        ("readings", "limit", "10001"),
        ("readings", "limit", "many"),
        ("readings", "after_seq", "-1"),
        ("readings", "from", "yesterday"),
        ("readings", "from", "2026-11-22T06:00:00"),
        ("readings", "to", "99999999999999999"),
        ("series", "points", "5"),
        ("series", "quantities", ","),
        ("series", "resolution", "2h"),
        ("series", "format", "xml"),
        ("series", "from", "2099-01-01T00:00:00Z"),
        ("latest", "derived", "yes"),
    ],
)
def test_unusable_parameter_is_named(cast: Cast, endpoint: str, name: str, value: str) -> None:
    answer = get(cast.owner, cast, endpoint, **{name: value})

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [name]


@pytest.mark.parametrize(("endpoint", "queries"), [("latest", 4), ("readings", 4), ("series", 7)])
def test_request_asks_the_database_few_times(
    cast: Cast, endpoint: str, queries: int, django_assert_max_num_queries: Any
) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 50, until=NOON)])

    client = APIClient()
    client.force_login(cast.owner)

    with django_assert_max_num_queries(queries):
        query = {} if endpoint == "latest" else {"to": (NOON + timedelta(days=9999)).isoformat()}
        answer = client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}/", query)

    assert answer.status_code == 200


@pytest.mark.parametrize(("endpoint", "queries"), [("latest", 1), ("readings", 2), ("series", 5)])
def test_request_of_a_program_asks_even_less(
    cast: Cast, now: datetime, endpoint: str, queries: int, django_assert_num_queries: Any
) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 50, until=NOON)])
    client = program(cast.owner, now)
    client.get(f"/api/v1/sensors/{cast.sensor.uuid}/latest/")  # notes that the token is in use

    with django_assert_num_queries(queries):
        query = {} if endpoint == "latest" else {"to": NOON.isoformat()}
        answer = client.get(f"/api/v1/sensors/{cast.sensor.uuid}/{endpoint}/", query)

    assert answer.status_code == 200


QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("latest", {}),
    ("latest", {"derived": "1"}),
    ("latest", {"derived": "yes"}),
    ("readings", {}),
    ("readings", {"limit": "2"}),
    ("readings", {"limit": "none"}),
    ("series", {"from": "2026-11-20T00:00:00Z", "to": "2026-11-23T00:00:00Z"}),
    ("series", {"from": "2026-11-20T00:00:00Z", "to": "2026-11-23T00:00:00Z", "format": "csv"}),
    ("series", {"from": "2026-11-20T00:00:00Z", "to": "2026-11-23T00:00:00Z", "quantities": "dew_point"}),
    ("records", {}),
    ("climate", {"year": "2026", "month": "11"}),
    ("normals", {}),
    ("exclusions", {}),
    ("notes", {}),
]


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
@pytest.mark.parametrize(("endpoint", "query"), QUESTIONS)
def test_program_and_browser_get_the_same_answer(
    cast: Cast, now: datetime, who: str, endpoint: str, query: dict[str, str]
) -> None:
    """One statement finds what a program may see, others what a browser may see."""
    store(cast.sensor, [(at, {"temperature": 1.0, "humidity": 60.0}) for at in every(60, 5, until=NOON)])
    operator: Operator = getattr(cast, who)
    for sensor in (cast.sensor.uuid, cast.other_sensor.uuid, uuid4()):
        path = f"/api/v1/sensors/{sensor}/{endpoint}/"
        browser = APIClient()
        browser.force_login(operator)

        assert told(program(operator, now), path, query) == told(browser, path, query)


def told(client: APIClient, path: str, query: dict[str, str]) -> tuple[int, bytes, str]:
    answer: Any = client.get(path, query)
    return answer.status_code, answer.content, answer.headers.get("ETag", "")


def program(operator: Operator, now: datetime) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(operator=operator, label='', now=now).text}")
    return client
