"""The Python reader against a server that fails in every way: what it tries again, what it raises, how it resumes."""

import json
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest

from sensorfusion.clients.python import sensorfusion_reader
from sensorfusion.clients.python.sensorfusion_reader import ApiError, AsyncReader, Reader, Unreachable
from tests.readers.stand_in import Answer, StandIn, stand_in

SENSOR = "0d7e5b1c-6a57-4b53-9a53-2f6f3c5b8a11"
AT = "2026-11-22T06:00:00Z"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensorfusion_reader, "FIRST_WAIT_S", 0.001)


def change(seq: int, **more: Any) -> dict[str, Any]:
    return {"sensor": SENSOR, "seq": seq, "observed_at": AT, "received_at": AT, "values": {"temperature": seq}, **more}


def event(place: int, **message: Any) -> str:
    return f"id: place.{place}\ndata: {json.dumps(message)}\n\n"


def readings(place: int, *seqs: int) -> str:
    return event(place, type="readings", readings=[change(seq) for seq in seqs])


def refused(status: int, code: str, **headers: str) -> Answer:
    return Answer(json.dumps({"code": code, "detail": f"It is {code}."}), status, headers)


def latest(**members: Any) -> Answer:
    said = {"sensor": SENSOR, "state": "live", "seq": 3, "observed_at": AT, "values": {"temperature": 21.4}}
    return Answer(json.dumps({**said, **members}))


def resumed(server: StandIn) -> list[str | None]:
    return [headers.get("Last-Event-ID") for _, headers in server.asked]


def test_newest_values_have_their_ages() -> None:
    with stand_in(latest(older={"rain": 1795327200})) as server, Reader(server.url, "sft_key") as reader:
        found = reader.latest(SENSOR)

    assert found.observed_at == datetime(2026, 11, 22, 6, tzinfo=UTC)
    assert (found.values, found.flags) == ({"temperature": 21.4}, {})
    assert found.older == {"rain": datetime.fromtimestamp(1795327200, UTC)}
    (path, headers), *_ = server.asked
    assert (path, headers["Authorization"]) == (f"/api/v1/sensors/{SENSOR}/latest/", "Bearer sft_key")


def test_a_sensor_that_has_sent_nothing_has_no_instant() -> None:
    with stand_in(latest(observed_at=None, values={}, seq=0)) as server, Reader(server.url, "sft_key") as reader:
        assert reader.latest(SENSOR).observed_at is None


def test_address_may_have_a_path() -> None:
    with stand_in(latest()) as server, Reader(f"{server.url}/weather/", "sft_key") as reader:
        reader.latest(SENSOR)

    assert server.asked[0][0] == f"/weather/api/v1/sensors/{SENSOR}/latest/"


@pytest.mark.parametrize("url", ["sensors.example.org", "ftp://sensors.example.org", "http://"])
def test_what_is_no_address_is_said_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        Reader(url, "sft_key")


@pytest.mark.parametrize(
    "failure",
    [refused(503, "database_away"), refused(429, "too_fast", **{"Retry-After": "0"}), Answer("{", is_broken_off=True)],
    ids=["away", "too fast", "broken off"],
)
def test_what_passes_is_asked_again(failure: Answer) -> None:
    with stand_in(failure, failure, latest()) as server, Reader(server.url, "sft_key") as reader:
        assert reader.latest(SENSOR).seq == 3


def test_tries_end() -> None:
    with (
        stand_in(*[refused(503, "database_away")] * 4, latest()) as server,
        Reader(server.url, "sft_key") as reader,
        pytest.raises(ApiError, match="It is database_away") as told,
    ):
        reader.latest(SENSOR)
    assert (told.value.status, told.value.code, len(server.asked)) == (503, "database_away", 4)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_raised_at_once_with_its_code(status: int) -> None:
    with (
        stand_in(refused(status, "no"), latest()) as server,
        Reader(server.url, "sft_key") as reader,
        pytest.raises(ApiError, match="It is no") as told,
    ):
        reader.latest(SENSOR)
    assert (told.value.status, told.value.code, len(server.asked)) == (status, "no", 1)


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[]", ""])
def test_a_page_that_is_no_problem_asks_for_the_address(body: str) -> None:
    with (
        stand_in(Answer(body, 404)) as server,
        Reader(server.url, "sft_key") as reader,
        pytest.raises(ApiError, match="is the address right"),
    ):
        reader.latest(SENSOR)


def test_a_server_that_is_away_is_unreachable() -> None:
    with Reader("http://127.0.0.1:1", "sft_key") as reader, pytest.raises(Unreachable, match=r"no answer from 127\."):
        reader.latest(SENSOR)


def test_a_list_is_read_page_by_page_at_our_address() -> None:
    pages = [
        {"results": [{"name": "Orchard"}], "next": "http://another.example/api/v1/sensors/?cursor=abc&search=or"},
        {"results": [{"name": "Orangery"}], "next": None},
    ]
    answers = [Answer(json.dumps(page)) for page in pages]
    with stand_in(*answers) as server, Reader(server.url, "sft_key") as reader:
        assert [each["name"] for each in reader.sensors(search="or")] == ["Orchard", "Orangery"]

    assert [path for path, _ in server.asked] == [
        "/api/v1/sensors/?cursor=start&search=or",
        "/api/v1/sensors/?cursor=abc&search=or",
    ]


def test_a_chart_is_asked_for_with_what_was_named() -> None:
    said = {"resolution": "1h", "t": [1795327200], "series": {"temperature": {"mean": [21.4]}}}
    with stand_in(Answer(json.dumps(said))) as server, Reader(server.url, "sft_key") as reader:
        start = datetime(2026, 11, 22, tzinfo=UTC)
        found = reader.series(SENSOR, ["temperature"], start=start, end=1795400000, resolution="1h")

    assert (found.times, found.columns["temperature"]["mean"]) == ([datetime.fromtimestamp(1795327200, UTC)], [21.4])
    assert server.asked[0][0] == (
        f"/api/v1/sensors/{SENSOR}/series/?quantities=temperature&from=2026-11-22T00%3A00%3A00%2B00%3A00"
        "&to=1795400000&resolution=1h"
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with Reader("http://127.0.0.1:1", "sft_key") as reader, pytest.raises(ValueError, match="has no time zone"):
        reader.series(SENSOR, start=datetime(2026, 11, 22))  # the mistake


def test_quantities_in_one_text_are_refused() -> None:
    with Reader("http://127.0.0.1:1", "sft_key") as reader, pytest.raises(TypeError, match="are a list"):
        reader.series(SENSOR, "temperature")


def test_live_changes_come_in_order_across_ends_and_breaks() -> None:
    snapshot = event(1, type="snapshot", id=None, sensors=[])
    answers = [
        Answer(snapshot + readings(1, 1, 2)),
        refused(503, "database_away"),
        Answer(readings(2, 3), is_broken_off=True),
        Answer(": keep-alive\n\n" + readings(3, 4)),
    ]
    with stand_in(*answers) as server, Reader(server.url, "sft_key") as reader, reader.live(SENSOR) as changes:
        assert [each.seq for each in islice(changes, 4)] == [1, 2, 3, 4]

    assert resumed(server) == [None, "place.1", "place.1", "place.2"]
    assert server.asked[0][0] == f"/api/v1/stream?sensor={SENSOR}"


def test_a_message_that_was_cut_off_is_read_again_as_a_whole() -> None:
    answers = [Answer(readings(1, 1) + 'id: place.2\ndata: {"type"', is_broken_off=True), Answer(readings(2, 2))]
    with stand_in(*answers) as server, Reader(server.url, "sft_key") as reader, reader.live() as changes:
        assert [each.seq for each in islice(changes, 2)] == [1, 2]
    assert resumed(server) == [None, "place.1"]


def test_a_gap_is_filled_from_what_is_stored() -> None:
    stored = {"readings": [change(seq, flags=None) for seq in (3, 5, 9)], "next": None}
    gap = event(1, type="gap", sensor=SENSOR, after=2, until=6)
    answers = [Answer(readings(1, 2) + gap + readings(2, 7)), Answer(json.dumps(stored))]
    with stand_in(*answers) as server, Reader(server.url, "sft_key") as reader, reader.live() as changes:
        assert [each.seq for each in islice(changes, 4)] == [2, 3, 5, 7]
    assert server.asked[1][0] == f"/api/v1/sensors/{SENSOR}/readings/?after_seq=2&limit=10000"


def test_a_program_goes_on_where_it_was() -> None:
    with stand_in(Answer(readings(1, 1) + readings(2, 2))) as server, Reader(server.url, "sft_key") as reader:
        changes = iter(subscription := reader.live())
        next(changes)
        assert subscription.last_id == ""  # what it has in hand may not have been dealt with
        next(changes)
        kept = subscription.last_id
        subscription.close()
    assert kept == "place.1"

    with stand_in(Answer(readings(2, 2))) as server, Reader(server.url, "sft_key") as reader:
        assert next(iter(reader.live(last_id=kept))).seq == 2
    assert resumed(server) == ["place.1"]


def test_a_right_that_ended_is_raised() -> None:
    answers = [Answer(readings(1, 1)), refused(401, "not_signed_in")]
    with stand_in(*answers) as server, Reader(server.url, "sft_key") as reader:
        changes = iter(reader.live())
        assert next(changes).seq == 1
        with pytest.raises(ApiError, match="It is not_signed_in"):
            next(changes)


async def test_asyncio_has_the_same() -> None:
    with stand_in(latest(), Answer(readings(1, 1, 2))) as server:
        async with AsyncReader(server.url, "sft_key") as reader:
            assert (await reader.latest(SENSOR)).seq == 3
            seqs = []
            async for each in reader.live():
                seqs.append(each.seq)
                if len(seqs) == 2:
                    break
    assert seqs == [1, 2]
