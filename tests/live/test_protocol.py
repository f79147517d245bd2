"""The messages of clients, and the format of the server's."""

import struct
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as Wire
from websockets.frames import Opcode
from websockets.streams import StreamReader

from sensorfusion.events.messages import Noticed, ReadingsRefused
from sensorfusion.live import protocol
from sensorfusion.live.protocol import BadMessage, Frame, parse
from tests.live.world import reading


def said(frame: Frame) -> Any:
    return msgspec.json.decode(frame.payload)


def test_every_action_is_understood() -> None:
    assert parse('{"action":"request.data","id":"a"}') == protocol.RequestData(id="a")
    assert parse('{"action":"subscribe","id":1,"sensors":["x"],"after":{"x":7},"refusals":true}') == protocol.Subscribe(
        id=1, sensors=["x"], after={"x": 7}, refusals=True
    )
    assert parse('{"action":"unsubscribe","sensors":[]}') == protocol.Unsubscribe(sensors=[])
    assert parse('{"action":"ping","id":7}') == protocol.Ping(id=7)
    assert parse('{"action":"authenticate","token":"t"}') == protocol.Authenticate(token="t")


def test_a_newer_clients_extra_member_is_no_error() -> None:
    assert parse('{"action":"ping","colour":"red"}') == protocol.Ping()


@pytest.mark.parametrize(
    "text", [None, "", "nonsense", "[]", "7", "null", '{"action":"ping"', '"\ud800"', "[" * 10_000]
)
def test_what_is_no_object_ends_the_connection(text: str | None) -> None:
    with pytest.raises(BadMessage) as bad:
        parse(text)

    assert (bad.value.code, bad.value.fatal) == ("bad_message", True)


def test_a_message_past_the_limit_ends_the_connection() -> None:
    with pytest.raises(BadMessage, match="65536") as bad:
        parse('{"action":"ping","id":"' + "x" * protocol.MAX_MESSAGE_BYTES + '"}')

    assert bad.value.fatal


def test_an_unknown_action_is_answered_with_its_id() -> None:
    with pytest.raises(BadMessage) as bad:
        parse('{"action":"dance","id":3}')

    assert (bad.value.code, bad.value.about, bad.value.fatal) == ("unknown_action", 3, False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"action":"subscribe","id":4}', "sensors"),
        ('{"action":"subscribe","id":4,"sensors":"all"}', "array"),
        ('{"action":"subscribe","id":4,"sensors":[1]}', "str"),
        ('{"action":"subscribe","id":4,"sensors":[],"after":{"x":-1}}', "after"),
        ('{"action":"authenticate","id":4}', "token"),
        ('{"action":7,"id":4}', "action"),
        ('{"id":4}', "action"),
    ],
)
def test_a_wrong_member_is_named(text: str, reason: str) -> None:
    with pytest.raises(BadMessage, match=reason) as bad:
        parse(text)

    assert (bad.value.code, bad.value.about, bad.value.fatal) == ("bad_message", 4, False)


@pytest.mark.parametrize("about", ["[]", "{}", "true", '"' + "x" * 65 + '"', "1.5"])
def test_an_id_that_cannot_be_one_is_not_repeated(about: str) -> None:
    with pytest.raises(BadMessage) as bad:
        parse('{"action":"ping","id":' + about + "}")

    assert bad.value.about is None


@given(text=st.text() | st.binary().map(lambda octets: octets.decode("latin-1")))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(BadMessage):
        parse(text)


def test_readings_are_joined_as_they_are() -> None:
    one, other = reading(1, 5), reading(2, 9)

    frame = protocol.readings([one, other])

    assert frame.payload == b'{"type":"readings","readings":[' + one.wire + b"," + other.wire + b"]}"
    assert list(frame.readings) == [one, other]


def test_many_readings_travel_in_frames_of_bounded_count() -> None:
    batch = [reading(1, seq) for seq in range(1, 2 * protocol.FRAME_READINGS + 2)]

    frames = list(protocol.in_frames(batch))

    assert [len(frame.readings) for frame in frames] == [500, 500, 1]
    assert [each for frame in frames for each in frame.readings] == batch


def test_large_readings_travel_in_frames_of_bounded_size() -> None:
    large = reading(1, 1)
    large = type(large)(1, 1, b"x" * 100_000, large.observed_at, large.received_at)

    frames = list(protocol.in_frames([large] * 5))

    assert [len(frame.readings) for frame in frames] == [2, 2, 1]


def test_no_readings_make_no_frame() -> None:
    assert list(protocol.in_frames([])) == []


def test_a_reading_larger_than_a_frame_travels_alone() -> None:
    large = reading(1, 1)
    large = type(large)(1, 1, b"x" * 2 * protocol.FRAME_BYTES, large.observed_at, large.received_at)

    assert [len(frame.readings) for frame in protocol.in_frames([large, large])] == [1, 1]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_octets_are_one_unmasked_text_frame(length: int) -> None:
    stream = StreamReader()
    stream.feed_data(Frame(b"x" * length).octets)

    parsing = Wire.parse(stream.read_exact, mask=False)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)

    assert parsed.value.value == Wire(Opcode.TEXT, b"x" * length)
    assert stream.buffer == b""


def test_the_event_is_made_once() -> None:
    frame = Frame('{"a":"ł"}'.encode())

    assert frame.event == {"type": "websocket.send", "text": '{"a":"ł"}'}
    assert frame.event is frame.event


def test_a_snapshot_says_whether_more_follows() -> None:
    assert said(protocol.snapshot(1, [b'{"sensor":"x"}'])) == {
        "type": "snapshot",
        "id": 1,
        "sensors": [{"sensor": "x"}],
    }
    assert said(protocol.snapshot("b", [], more=True)) == {"type": "snapshot", "id": "b", "sensors": [], "more": True}


def test_other_messages_say_what_they_are_about() -> None:
    at = datetime(2026, 11, 22, 6, tzinfo=UTC)

    assert said(protocol.gap("x", after=3, until=9)) == {"type": "gap", "sensor": "x", "after": 3, "until": 9}
    assert said(protocol.sensor_state("x", "late")) == {"type": "sensor", "sensor": "x", "state": "late"}
    assert said(protocol.sensor_state("x", "live", name="N"))["name"] == "N"
    assert said(protocol.pong(7, at)) == {"type": "pong", "id": 7, "at": "2026-11-22T06:00:00Z"}
    assert said(protocol.authenticated(None, "u")) == {"type": "authenticated", "operator": "u"}
    assert said(protocol.authenticated(0, "u"))["id"] == 0
    refused = said(protocol.refused("x", ReadingsRefused(1, "2026-11-22T06:00:00Z", 401, "unknown_key", "No.")))
    assert refused == {
        **{"type": "refused", "sensor": "x", "at": "2026-11-22T06:00:00Z"},
        **{"status": 401, "code": "unknown_key", "detail": "No."},
    }


def test_a_notice_says_what_came_and_what_to_do() -> None:
    ahead = "The device's clock is 9 hours ahead. Set it."
    assert said(protocol.noticed("x", Noticed(1, "2026-11-22T06:00:00Z", "clock_ahead", "observed_at", ahead, 3))) == {
        **{"type": "notice", "sensor": "x", "at": "2026-11-22T06:00:00Z", "code": "clock_ahead", "count": 3},
        **{"subject": "observed_at", "title": "The clock", "detail": ahead, "advice": ""},
        "headline": "Readings arrive, but the device's clock is 9 hours ahead",
    }
    refused = said(protocol.noticed("x", Noticed(1, "2026-11-22T06:00:00Z", "empty", "", "No values.", 1)))
    assert refused["advice"] == "The reading has no values. Send at least one quantity."


def test_an_error_has_a_sentence_for_people() -> None:
    assert said(protocol.error("unknown_sensor", about=1, sensor="x")) == {
        **{"type": "error", "id": 1, "code": "unknown_sensor", "sensor": "x"},
        "detail": "There is no such sensor, or you may not see it.",
    }


def test_the_header_of_a_long_frame_has_eight_bytes_of_length() -> None:
    assert Frame(b"x" * 65_536).octets[:10] == struct.pack("!BBQ", 0x81, 127, 65_536)
