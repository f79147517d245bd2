"""The bodies that cost a decoder the most, made for any size, and every decoder of the platform by its registry."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sensorfusion.ingest.doors.door import Ignored, Request
from sensorfusion.ingest.doors.platforms import PROTOCOLS
from sensorfusion.ingest.doors.readings import decode_body, decode_lines
from sensorfusion.ingest.doors.senml import decode_senml
from sensorfusion.ingest.doors.thingsboard_attributes import decode_attributes
from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.ingest.steps.batch import Sent, Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.receipts import Receipt, Rejected
from sensorfusion.ingest.steps.refused import RequestRefused

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SITE = "0e0f4b1c-0000-4000-8000-000000000000"
Decode = Callable[[bytes], Sequence[Sent]]


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _line(name: str, tags: int, fields: int) -> str:
    key = ",".join([name, *(f"t{number}=1" for number in range(tags))])
    return f"{key} {','.join(f'a{number}=1' for number in range(fields))}"


# What a body may hold many of: each makes JSON with about this many values.
SHAPES: Mapping[str, Callable[[int], str]] = {
    "numbers in a list": lambda n: _json([1] * n),
    "lists in a list": lambda n: _json([[1]] * n),
    "empty objects": lambda n: _json([{}] * n),
    "objects with a value": lambda n: _json([{"a": number} for number in range(n)]),
    "objects with times": lambda n: _json(
        [{"time": 1.8e9 + number, "timestamp": 1.8e9 + number, "a": 1} for number in range(n)]
    ),
    "objects with a name": lambda n: _json([{"id": number, "a": 1} for number in range(n)]),
    "measurements": lambda n: _json([{"measurementId": number, "measurementValue": 1} for number in range(n)]),
    "members": lambda n: _json({f"a{number}": 1 for number in range(n)}),
    "members for one quantity": lambda n: _json(
        {f"temp {'-' * (number % 7)}{'_' * (number // 7)}c": 1 for number in range(n)}
    ),
    "members that mean one quantity": lambda n: (
        _json({"Temperature" + " " * number: 1 for number in range(n)})[: 12 * n] + '":1}'
    ),
    "one name many times": lambda n: "{" + ",".join(f'"a":{number}' for number in range(n)) + "}",
    "a long name around members": lambda n: _json({"x" * n: {f"a{number}": 1 for number in range(n)}}),
    "a long identity beside members": lambda n: _json([{"id": "x" * n, **{f"a{number}": 1 for number in range(n)}}]),
    "objects in objects": lambda n: '{"a":' * (n // 2) + "1" + "}" * (n // 2),
    "texts with units": lambda n: _json(["21.5 °C"] * n),
    "wrong words": lambda n: "[" + ",".join(["nan"] * n) + "]",
    "commas": lambda n: "[" + "," * n + "]",
    "blanks": lambda n: "[" + " \u00a0" * n + "1]",
    "records": lambda n: _json([{"bn": "x" * n, "n": "t", "v": 1}, *([{"n": "t", "v": 1}] * n)]),
    "records of one instant": lambda n: _json([{"n": f"a{number}", "v": number, "t": 1.8e9} for number in range(n)]),
    "readings of one instant": lambda n: _json(
        [{"observed_at": "2026-11-20T12:00:00Z", "values": {f"a{number}": number}} for number in range(n)]
    ),
    "readings of one instant after a large one": lambda n: _json(
        [
            {"observed_at": "2026-11-20T12:00:00Z", "values": {f"a{m}": 1 for m in range(n // 2)}},
            *[{"observed_at": "2026-11-20T12:00:00Z", "values": {"a1": 2}}] * (n // 2),
        ]
    ),
}
# Where decoders look for what a device measured.
FRAMES: Sequence[str] = (
    "%s",
    "[%s]",
    '{"a":%s}',
    '{"a":[%s]}',
    '{"readings":%s}',
    '{"ts":1795000000000,"values":%s}',
    '{"updates":%s}',
    '{"object":%s,"data":"a","deviceInfo":{"devEui":"0102"}}',
    '{"object":{"history":%s}}',
    '{"object":{"messages":%s}}',
    '{"uplink_message":{"decoded_payload":%s,"rx_metadata":%s}}',
    '{"uplink_message":{"normalized_payload":%s}}',
    '{"params":{"switch:0":%s},"src":"s","method":"NotifyStatus"}',
    '{"ZbReceived":%s}',
    '{"model":"m","id":1,"a":%s}',
)
LINES: Mapping[str, Callable[[int], str]] = {
    "fields": lambda n: "m " + ",".join(f"a{number}=1" for number in range(n)),
    "one field many times": lambda n: "m " + ",".join(["a=1"] * n),
    "tags": lambda n: "m," + ",".join(f"t{number}=1" for number in range(n)) + " a=1",
    "tags and fields": lambda n: _line("m", n // 2, n // 2),
    "a long tag and fields": lambda n: f"m,entity_id={'x' * n} " + ",".join(f"a{number}=1" for number in range(n)),
    "lines": lambda n: "m a=1\n" * n,
    "quotes": lambda n: 'm a="' + r"\"" * n + '"',
    "open quotes": lambda n: 'm a=1 "\n' * n,
    "quotes and lines": lambda n: 'm a="\n' * n,
    "backslashes": lambda n: "m\\\n" * n,
    "wrong lines": lambda n: "m\n" * n,
    "readings in lines": lambda n: '{"a":1}\n' * n,
    "blank lines": lambda n: "\n" * n,
}  # fmt: skip


@cache
def bodies(size: int) -> Sequence[tuple[str, bytes]]:
    """Return the worst cases of about this many values, each with its name."""
    return list(_bodies(size))


def _bodies(size: int) -> Iterator[tuple[str, bytes]]:
    for name, make in SHAPES.items():
        inner = make(size)
        for frame in FRAMES:
            yield f"{name} in {frame}", frame.replace("%s", inner).encode()
    for name, make in LINES.items():
        yield name, make(size).encode()


def decoders() -> Iterator[tuple[str, Decode]]:
    """Yield everything that decodes what comes from outside, with what a door does with it before it is stored."""
    for kind, decode in (("JSON", decode_body), ("lines", decode_lines), ("SenML", decode_senml)):
        yield f"readings, {kind}", decode
    for pattern, protocol in PROTOCOLS:
        for key in ("sf_a", "sft_a"):
            yield f"{pattern} with {key}", _of(protocol, key)
    for adapter in ADAPTERS:
        for kind, wanted in {each.split("/")[-1]: each for each in adapter.filters if _is_of_its_own(each)}.items():
            yield f"{adapter.name} {kind}", _message(wanted)
    yield "attributes", lambda body: [Sent(decode_attributes(body))]


def _is_of_its_own(wanted: str) -> bool:
    """Return whether a filter's messages are read differently from those of the adapter's other filters."""
    last = wanted.split("/")[-1]
    return last not in ("STATUS10", "state") or wanted.count("/") < 3


def _of(protocol: Any, key: str) -> Decode:
    def decode(body: bytes) -> Sequence[Sent]:
        headers = {"authorization": f"Bearer {key}"}
        request = Request("POST", "/x", "", headers, {"token": key, "channel": "9"}, body)
        protocol.credential(request)
        sent: Sequence[Sent] = protocol.decode(request)
        rejected = [Rejected(index, None, "bad_time", "wrong") for index in range(len(sent))]
        protocol.accepted(request, Receipt(0, 0, rejected, None))
        return sent

    return decode


def _message(wanted: str) -> Decode:
    topic = wanted.replace("+", "a").replace("#", "b")
    if not topic.startswith("sf/"):
        topic = f"sites/{SITE}/{topic}"
    return lambda body: [sent for part in Routes().read(topic, body, NOW).parts for sent in part.sent]


def work(decode: Decode, body: bytes) -> int:
    """Decode and check a body; return how many characters the result's names have, which must not exceed the body's."""
    try:
        sent = decode(body)
    except (RequestRefused, Ignored):
        return 0
    check(sent, received_at=NOW, source=Source(1, ""))
    checked = check(sent, received_at=NOW)
    return sum(len(field.source) for one in sent for field in one.fields) + sum(
        len(name) for draft in checked.drafts for name in draft.values
    )
