"""No body makes a decoder work out of proportion: steps and names grow with its size, and there are not too many."""

import gc
import json
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.doors import influxdb_fields
from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.steps import work as limits
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.ingest.doors.test_decoders import anything, lines
from tests.security.worst_cases import Decode, bodies, decoders, work

DECODERS = dict(decoders())
# The larger one has paths beyond the limit of their length: below it their steps grow with length times number.
SMALL, LARGE = 64, 256
SIZE = 128
# Steps are calls of functions, Python's and the interpreter's; a linear decoder of four times as much takes four times
# as many, and some more where a limit is not reached yet, or where a fast parser reads the smaller one only.
MOST_TIMES = 1.5 * LARGE / SMALL
MOST_STEPS_PER_BYTE = 100
MOST_NAMES_PER_BYTE = 100  # characters: a value of two bytes may repeat the longest path
SPARE_STEPS = 5_000


@cache
def caches() -> list[Any]:
    """Return the functions of the project that remember their results."""
    kind = type(caches)
    found = [each for each in gc.get_objects() if type(each) is kind]
    return [each for each in found if each.__module__.startswith("sensorfusion.")]


def steps(action: Callable[[], object]) -> int:
    """Count the calls that an action makes when nothing like it was seen before."""
    count = 0
    influxdb_fields._remembered.clear()
    for each in caches():
        each.cache_clear()

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
def test_work_grows_with_the_size_of_a_body(decode: Decode) -> None:
    for (name, small), (_, large) in zip(bodies(SMALL), bodies(LARGE), strict=True):
        work(decode, small)  # what is made at the first use is no work of the body
        few, many = steps(partial(work, decode, small)), steps(partial(work, decode, large))

        assert many <= MOST_TIMES * few + SPARE_STEPS, name
        assert many <= MOST_STEPS_PER_BYTE * len(large) + SPARE_STEPS, name


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
def test_names_are_not_much_longer_than_the_body(decode: Decode) -> None:
    for name, body in bodies(SIZE):
        assert work(decode, body) <= MOST_NAMES_PER_BYTE * len(body), name


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
def test_too_many_values_are_refused_before_they_are_decoded(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ELEMENTS", 20)
    for name, body in bodies(SIZE):
        if limits.elements_in(body) > 20:
            assert steps(partial(_refused, decode, body)) < 800, name


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
def test_more_readings_than_a_request_may_hold_are_refused(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_READINGS", 100)
    for name, body in bodies(SIZE):
        assert len(_refused(decode, body) or ()) <= 100, name


@pytest.mark.parametrize("decode", DECODERS.values(), ids=DECODERS.keys())
def test_no_body_costs_more_than_its_size_allows(decode: Decode) -> None:
    @settings(max_examples=40, deadline=None)
    @given(anything.map(lambda one: json.dumps(one).encode()) | lines.map(str.encode), st.integers(1, 30))
    def holds(body: bytes, times: int) -> None:
        many = b"[" + b",".join([body] * times) + b"]"
        assert steps(partial(work, decode, many)) <= 4 * MOST_STEPS_PER_BYTE * len(many) + SPARE_STEPS

    holds()


def _refused(decode: Decode, body: bytes) -> Sequence[Sent] | None:
    try:
        return decode(body)
    except (RequestRefused, Ignored):
        return None
