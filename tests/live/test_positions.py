"""The `id` of an event holds how far each sensor's stream has come."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.refusals import Refusal
from sensorfusion.live import positions
from sensorfusion.live.positions import Positions

SEQ = st.integers(0, 2**63 - 1)
SENSORS = st.dictionaries(st.uuids().map(str), SEQ, max_size=20)
ONE, TWO = "6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11", "00000000-0000-4000-8000-000000000002"


@given(SENSORS)
def test_what_is_written_is_read(seqs: dict[str, int]) -> None:
    assert positions.parse(str(Positions(seqs))) == seqs


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert all(seq >= 0 for seq in positions.parse(text).values())


def test_a_thousand_sensors_fit_into_a_header() -> None:
    seqs = {f"00000000-0000-4000-8000-{place:012d}": 2**63 - 1 for place in range(positions.MOST_SENSORS)}
    written = str(Positions(seqs))

    assert positions.parse(written) == seqs
    assert len(written) < 48 * 1024


def test_more_than_a_request_resumes_is_refused() -> None:
    seqs = {f"00000000-0000-4000-8000-{place:012d}": 1 for place in range(positions.MOST_SENSORS + 1)}

    with pytest.raises(Refusal) as refused:
        positions.parse(str(Positions(seqs)))
    assert refused.value.code == "too_many_sensors"


@pytest.mark.parametrize(
    ("message", "then"),
    [
        ({"type": "snapshot", "id": None, "sensors": [{"sensor": TWO, "seq": 9}]}, {ONE: 4, TWO: 9}),
        ({"type": "readings", "readings": [{"sensor": ONE, "seq": 5}, {"sensor": ONE, "seq": 6}]}, {ONE: 6}),
        ({"type": "gap", "sensor": ONE, "after": 4, "until": 30}, {ONE: 30}),
        ({"type": "sensor", "sensor": ONE, "state": "late"}, {ONE: 4}),
        ({"type": "sensor", "sensor": ONE, "state": "deleted"}, {}),
        ({"type": "error", "code": "access_revoked", "detail": "", "sensor": ONE}, {}),
    ],
)
def test_each_message_moves_it_on(message: dict[str, object], then: dict[str, int]) -> None:
    place = Positions({ONE: 4})

    place.move(positions.read(json.dumps(message)))

    assert positions.parse(str(place)) == then
