"""The platform's own door: every shape of body, every answer."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.ingest.steps.work import MOST_READINGS
from tests.ingest.conftest import MAX_BODY_BYTES, Server, change, read, stored

pytestmark = pytest.mark.django_db(transaction=True)
NOON = "2026-11-20T12:00:00Z"


async def test_one_reading_gets_the_receipt_of_the_contract(server: Server) -> None:
    answer = await server.post({"observed_at": NOON, "values": {"temperature": 21.4, "humidity": 60}})

    assert answer.status_code == 200
    assert answer.text == '{"accepted":1,"duplicates":0,"rejected":[],"seq":1}'
    assert stored('observed_at, "values", flags, seq') == [
        (datetime(2026, 11, 20, 12, tzinfo=UTC), {"temperature": 21.4, "humidity": 60}, None, 1)
    ]


async def test_the_same_reading_again_is_a_duplicate(server: Server) -> None:
    reading = {"observed_at": NOON, "values": {"temperature": 21.4}}
    await server.post(reading)

    answer = await server.post(reading)

    assert answer.json() == {"accepted": 0, "duplicates": 1, "rejected": [], "seq": 1}
    assert len(stored()) == 1
    assert len(server.heard) == 1


async def test_values_of_the_same_instant_merge(server: Server) -> None:
    await server.post({"observed_at": NOON, "values": {"temperature": 21.4, "humidity": 60}})

    answer = await server.post({"observed_at": NOON, "values": {"rain": 0.2, "humidity": 61}})

    assert answer.json()["accepted"] == 1
    assert stored('"values", seq') == [({"temperature": 21.4, "humidity": 61, "rain": 0.2}, 2)]


@pytest.mark.parametrize(
    "sent",
    [
        [{"values": {"temperature": 1}, "observed_at": NOON}, {"temperature": 2}],
        {"readings": [{"values": {"temperature": 1}, "observed_at": NOON}, {"values": {"temperature": 2}}]},
    ],
)
async def test_lists_of_readings_are_taken_in_both_shapes(server: Server, sent: object) -> None:
    answer = await server.post(sent)

    assert answer.json() == {"accepted": 2, "duplicates": 0, "rejected": [], "seq": 2}


async def test_a_bare_object_of_values_is_a_reading_and_may_say_when(server: Server) -> None:
    await server.post({"temperature": 21.4, "observed_at": NOON})

    assert stored('observed_at, "values"') == [(datetime(2026, 11, 20, 12, tzinfo=UTC), {"temperature": 21.4})]


async def test_a_reading_without_a_time_is_of_its_arrival(server: Server) -> None:
    await server.post({"values": {"temperature": 21.4}})

    [(observed, received)] = stored("observed_at, received_at")
    assert observed == received
    assert datetime.now(UTC) - received < timedelta(minutes=1)


@pytest.mark.parametrize("content_type", ["application/x-ndjson", "application/json"])
async def test_one_reading_per_line_is_taken(server: Server, content_type: str) -> None:
    lines = b'{"temperature":1,"observed_at":1700000000}\n\n{"temperature":2,"observed_at":1700000001000}\n'

    answer = await server.post(content=lines, headers={"Content-Type": content_type})

    assert answer.json()["accepted"] == 2
    assert [at.timestamp() for at in stored("observed_at")] == [1700000000, 1700000001]


async def test_a_broken_line_is_refused_by_itself(server: Server) -> None:
    lines = b'{"temperature":1}\nnot json\n{"humidity":2}'

    answer = await server.post(content=lines, headers={"Content-Type": "application/x-ndjson"})

    assert answer.json()["accepted"] == 2
    assert [(one["index"], one["code"]) for one in answer.json()["rejected"]] == [(1, "unreadable")]


async def test_gzip_is_unpacked(server: Server) -> None:
    body = gzip.compress(json.dumps({"temperature": 21.4}).encode())

    answer = await server.post(content=body, headers={"Content-Encoding": "gzip"})

    assert answer.json()["accepted"] == 1


async def test_a_value_with_a_unit_is_stored_in_the_canonical_one(server: Server) -> None:
    await server.post({"values": {"temperature": {"value": 50, "unit": "°F"}}})

    assert stored() == [{"temperature": 10.0}]


async def test_an_impossible_value_is_refused_and_the_rest_is_kept(server: Server) -> None:
    answer = await server.post(
        [
            {"values": {"temperature": 20}},
            {"values": {"temperature": 999, "humidity": 60}},
            {"values": {"humidity": "?"}},
        ]
    )

    receipt = answer.json()
    assert receipt["accepted"] == 2
    assert [(one["index"], one["quantity"], one["code"]) for one in receipt["rejected"]] == [
        (1, "temperature", "out_of_range"),
        (2, "humidity", "not_a_number"),
    ]
    assert "999" in receipt["rejected"][0]["detail"]


async def test_an_implausible_value_is_stored_and_flagged(server: Server) -> None:
    await server.post({"values": {"wind_speed": 90}})

    assert stored('"values", flags') == [({"wind_speed": 90}, {"wind_speed": 4})]


async def test_names_beside_values_are_not_dropped_silently(server: Server) -> None:
    answer = await server.post({"values": {"temperature": 20}, "humidity": 60})

    assert answer.json()["accepted"] == 1
    assert [(one["quantity"], one["code"]) for one in answer.json()["rejected"]] == [("humidity", "unknown_field")]


async def test_nothing_usable_is_422_with_the_reasons(server: Server) -> None:
    answer = await server.post({"values": {"temperature": 999}})

    assert answer.status_code == 422
    assert answer.json()["code"] == "nothing_usable"
    assert answer.json()["rejected"][0]["code"] == "out_of_range"
    assert stored() == []


@pytest.mark.parametrize("sent", [[], {}, {"values": {}}, {"temperature": None}, [1, "x", None]])
async def test_a_request_without_values_is_422(server: Server, sent: object) -> None:
    assert (await server.post(sent)).status_code == 422


@pytest.mark.parametrize("body", [b"", b"garbage", b"\xff\xfe", b"[1", b'"text"', b"7", b'{"readings": 7}'])
async def test_garbage_is_400(server: Server, body: bytes) -> None:
    answer = await server.post(content=body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "unreadable"


@pytest.mark.parametrize(
    ("observed_at", "code"),
    [
        ("yesterday", "bad_time"),
        ("2026-11-20T12:00:00", "no_time_zone"),
        ("2099-01-01T00:00:00Z", "in_the_future"),
        ("0001-01-01T00:00:00+14:00", "bad_time"),
        ("1700-01-01T00:00:00Z", "too_old"),
        (True, "bad_time"),
        (1e300, "bad_time"),
        ([], "bad_time"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_with_its_reason(server: Server, observed_at: object, code: str) -> None:
    answer = await server.post({"observed_at": observed_at, "values": {"temperature": 20}})

    assert answer.json()["rejected"][0]["code"] == code


async def test_data_from_1950_and_from_next_week_both_land(server: Server) -> None:
    next_week = datetime.now(UTC) + timedelta(days=7)

    answer = await server.post(
        [
            {"observed_at": "1950-06-01T00:00:00Z", "values": {"temperature": 15}},
            {"observed_at": next_week.isoformat(), "values": {"temperature": 16}},
        ]
    )

    assert answer.json()["accepted"] == 2
    assert [row[0].year for row in stored("observed_at, seq")] == [1950, next_week.year]


async def test_a_clock_ahead_is_marked_and_does_not_hide_the_present(server: Server) -> None:
    now = datetime.now(UTC)
    await server.post({"observed_at": (now + timedelta(hours=2)).isoformat(), "values": {"temperature": 99 - 60}})
    await server.post({"values": {"temperature": 20}})

    assert stored("flags") == [{"observed_at": 3}, None]
    [(values, newest)] = stored('"values", observed_at', "sensor_state")
    assert values == {"temperature": 20}
    assert newest < now + timedelta(hours=1)


async def test_no_key_is_401_and_says_how_to_send_it(server: Server) -> None:
    answer = await server.post({"temperature": 20}, key="")

    assert answer.status_code == 401
    assert answer.json()["code"] == "no_key"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("wrong", ["nonsense", "sf_aaaaaaaa-" + "x" * 32])
async def test_an_unknown_key_is_401(server: Server, wrong: str) -> None:
    answer = await server.post({"temperature": 20}, key=wrong)

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")


async def test_a_wrong_secret_under_a_right_name_is_401(server: Server) -> None:
    answer = await server.post({"temperature": 20}, key=server.key[:-1] + ("a" if server.key[-1] != "a" else "b"))

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_key")
    assert "secret" in answer.json()["detail"]


async def test_a_revoked_key_is_403(server: Server) -> None:
    change("UPDATE sensors_key SET revoked_at = now()")

    answer = await server.post({"temperature": 20})

    assert (answer.status_code, answer.json()["code"]) == (403, "revoked_key")


async def test_a_paused_sensor_is_403(server: Server) -> None:
    change("UPDATE sensors_sensor SET status = 'paused'")

    answer = await server.post({"temperature": 20})

    assert (answer.status_code, answer.json()["code"]) == (403, "sensor_paused")


async def test_a_large_body_is_413(server: Server) -> None:
    answer = await server.post(content=b" " * (MAX_BODY_BYTES + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("size", [MAX_BODY_BYTES, MAX_BODY_BYTES + 1])
async def test_a_body_that_the_server_gathered_is_measured_too(server: Server, size: int) -> None:
    door = ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES)
    said = await door.respond({b"authorization": b"Bearer " + server.key.encode()}, b" " * size, "192.0.2.1")

    assert said.status == (413 if size > MAX_BODY_BYTES else 400)


async def test_a_zip_bomb_is_413(server: Server) -> None:
    bomb = gzip.compress(b" " * (MAX_BODY_BYTES * 20))
    assert len(bomb) < MAX_BODY_BYTES

    answer = await server.post(content=bomb, headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", b"no"), ("br", b"{}"), ("gzip", gzip.compress(b"{}")[:-9])],
    ids=["no gzip", "no brotli", "cut off"],
)
async def test_a_body_that_cannot_be_unpacked_is_400(server: Server, encoding: str, body: bytes) -> None:
    assert (await server.post(content=body, headers={"Content-Encoding": encoding})).status_code == 400


async def test_too_many_readings_are_413(server: Server) -> None:
    answer = await server.post([{"t": 1}] * (MOST_READINGS + 1))

    assert answer.status_code == 413


async def test_other_methods_are_405(server: Server) -> None:
    answer = await server.client.get("/api/v1/readings")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


async def test_the_first_reading_makes_a_pending_sensor_active(server: Server) -> None:
    change("UPDATE sensors_sensor SET status = 'pending'")

    await server.post({"temperature": 20})

    assert read("SELECT status FROM sensors_sensor ORDER BY status") == ["active", "pending"]


async def test_the_use_of_a_key_is_noted(server: Server) -> None:
    await server.post({"temperature": 20})

    assert read("SELECT count(*) FROM sensors_key WHERE last_used_at IS NOT NULL") == [1]


@pytest.mark.parametrize(
    ("sent", "kept", "label"),
    [
        ({"value": 3, "unit": "furlong"}, 3, "foo (furlong)"),
        ({"value": "3", "unit": "furlong"}, 3, "foo (furlong)"),
        ("21.5 °C", 21.5, "foo (°C)"),
        ("21,5°C", 21.5, "foo (°C)"),
    ],
)
async def test_unit_of_a_name_outside_the_catalogue_is_kept(
    server: Server, sent: object, kept: float, label: str
) -> None:
    answer = await server.post({"foo": sent})

    assert (answer.status_code, stored()) == (200, [{"foo": kept}])
    assert read("SELECT quantity, label FROM sensors_sourcefield") == [("foo", label)]


@pytest.mark.parametrize("text", ["21.5 furlong", "open 5 m", "1,013 hPa", "warm"])
async def test_text_that_is_no_number_with_a_known_unit_stays_text(server: Server, text: str) -> None:
    await server.post({"foo": text})

    assert stored() == [{"foo": text}]


async def test_another_unit_is_another_series(server: Server) -> None:
    await server.post({"observed_at": NOON, "values": {"foo": {"value": 3, "unit": "furlong"}}})
    await server.post({"observed_at": NOON, "values": {"foo": {"value": 600, "unit": "m"}}})
    await server.post({"observed_at": NOON.replace("12:", "13:"), "values": {"foo": "4 m"}})

    assert stored() == [{"foo": 3, "foo:m": 600}, {"foo:m": 4}]
