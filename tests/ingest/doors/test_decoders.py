"""The decoders of the platform doors: for any input they return readings, refuse or ignore, and never fail."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.doors.door import Ignored, Request
from sensorfusion.ingest.doors.platforms import PROTOCOLS
from sensorfusion.ingest.steps.batch import Meaning, Sent, Source
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.receipts import encode
from sensorfusion.ingest.steps.refused import RequestRefused

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS = (
    *(
        "ts",
        "values",
        "temperature",
        "temp",
        "station_id",
        "dt",
        "bn",
        "bt",
        "bu",
        "bv",
        "bs",
        "bver",
        "n",
        "u",
        "t",
        "v",
    ),
    *(
        "vs",
        "vb",
        "vd",
        "s",
        "uplink_message",
        "decoded_payload",
        "normalized_payload",
        "rx_metadata",
        "rxInfo",
        "rssi",
    ),
    *(
        "object",
        "deviceInfo",
        "devEui",
        "time",
        "received_at",
        "field1",
        "created_at",
        "timezone",
        "delta_t",
        "updates",
    ),
    *("write_api_key", "api_key", "air", "value", "unit", "sensor"),
)
names = st.sampled_from(WORDS) | st.text(max_size=5)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["Cel", "2026-11-20T12:00:00.123456789Z", "0001-01-01T00:00:00+23:59", "Europe", "1e999", "\ud800"]
    )
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=15
)
lines = st.text(alphabet='ab,= "\\\n1.e-it#\0é', max_size=40)
bodies = anything.map(lambda one: json.dumps(one).encode()) | lines.map(str.encode) | st.binary(max_size=40)
queries = st.sampled_from(["", "precision=ms", "event=up", "api_key=x&field1=1&created_at=x", "%zz=%00&delta_t=nan"])
MAPPED = {name: Meaning(quantity, "") for name, quantity in zip(WORDS, ["temperature", "", "own"] * 20, strict=False)}


@pytest.mark.parametrize(("pattern", "protocol"), PROTOCOLS)
@pytest.mark.parametrize("key", ["sf_a", "sft_a"])
def test_no_request_makes_a_decoder_fail(pattern: str, protocol: Any, key: str) -> None:
    @settings(max_examples=60)
    @given(bodies, queries)
    def holds(body: bytes, query: str) -> None:
        request = Request("POST", "/x", query, {"authorization": f"Bearer {key}"}, {"token": key, "channel": "9"}, body)
        with suppress(RequestRefused, Ignored):
            protocol.credential(request)
            usable(protocol.decode(request))

    holds()


def usable(sent: Sequence[Sent]) -> None:
    """Check that the readings can be checked and reported, also with a sensor's own names."""
    for source in (None, Source(1, "", MAPPED, {"air": "temperature"}, frozenset(["temperature"]))):
        checked = check(sent, received_at=NOW, source=source)
        encode(checked.rejected)
        for draft in checked.drafts:
            encode(draft.values)
    for one in sent:
        assert type(one.sensor) is type(one.also) is str
