"""The `id` of an event holds how far each sensor's stream has come."""

import contextlib
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.refusals import Refusal
from sensorfusion.live import positions
from sensorfusion.live.positions import Places, Positions

SEQ = st.integers(0, 2**63 - 1)
SENSORS = st.dictionaries(st.uuids().map(str), SEQ, max_size=20)
ONE, TWO = "6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11", "00000000-0000-4000-8000-000000000002"


@given(SENSORS, SENSORS, st.lists(st.sampled_from([ONE, TWO, "house"]) | st.uuids().map(str)))
def test_what_is_written_is_read(sensors: dict[str, int], sites: dict[str, int], others: list[str]) -> None:
    for named in ([], [*sensors, *others]):
        assert positions.parse(str(Positions(Places(sensors, sites), named)), named) == (sensors, sites)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert all(seq >= 0 for places in positions.parse(text, [ONE]) for seq in places.values())


def sensors_at(seq: int, *, more: int = 0) -> dict[str, int]:
    # Not random, and their ends differ as those of random ones do.
    return {str(UUID(int=(place << 80) + 7919 * place)): seq for place in range(positions.MOST_SENSORS + more)}


def test_a_thousand_sensors_fit_into_a_header() -> None:
    seqs = sensors_at(2**63 - 1)
    written = str(Positions(Places(seqs, {TWO: 2**63 - 1})))

    assert positions.parse(written) == (seqs, {TWO: 2**63 - 1})
    assert len(written) < 48 * 1024


def test_a_thousand_named_sensors_and_alerts_fit_into_a_request() -> None:
    seqs = sensors_at(99_999_999)  # one a second, for three years
    written = str(Positions(Places(seqs, {ONE: 99_999_999}), list(seqs)))
    address = "&".join(f"sensor={sensor}" for sensor in seqs)

    assert positions.parse(written, list(seqs)) == (seqs, {ONE: 99_999_999})
    assert len(address) + len(written) < 61 * 1024  # of 64 KB; cookies and a token need the rest


def test_sensors_that_end_alike_are_told_apart() -> None:
    alike = {ONE: 4, f"aaaaaaaa-0000-4000-8000-{ONE[-12:]}": 5}

    assert positions.parse(str(Positions(Places(alike, {}), list(alike))), list(alike)).sensors == alike


def test_position_of_other_named_sensors_is_refused() -> None:
    written = str(Positions(Places({ONE: 4}, {}), [ONE]))

    with pytest.raises(Refusal) as refused:
        positions.parse(written, [TWO])
    assert refused.value.code == "bad_position"


@pytest.mark.parametrize("which", [0, 1], ids=["sensors", "sites"])
def test_more_than_a_request_resumes_is_refused(which: int) -> None:
    many: tuple[dict[str, int], dict[str, int]] = ({}, {})
    many[which].update(sensors_at(1, more=1))

    with pytest.raises(Refusal) as refused:
        positions.parse(str(Positions(Places(*many))))
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
    place = Positions(Places({ONE: 4}, {}))

    place.move(positions.read(json.dumps(message)))

    assert positions.parse(str(place)).sensors == then
