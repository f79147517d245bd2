"""A series is one probe for ever: whatever a message leaves out and in whatever order, with every adapter."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS
from tests.ingest.mqtt.adapters.examples import DEVICES, Device
from tests.ingest.mqtt.adapters.messages import Life, found

IDENTITIES = frozenset(("id", "channel", "Endpoint"))  # numbers that say which device or endpoint it is


def test_every_adapter_has_an_example() -> None:
    assert {device.adapter for device in DEVICES} == {adapter.name for adapter in ADAPTERS}


@pytest.mark.parametrize("device", DEVICES, ids=lambda each: each.messages[0][0])
def test_numbers_of_an_example_tell_its_probes_apart(device: Device) -> None:
    whole = max(
        (said for _, said in device.messages if isinstance(said, dict)), key=lambda said: len(str(said)), default={}
    )
    numbers = Counter(_numbers(whole, without=IDENTITIES))

    assert [number for number, count in numbers.items() if count > 1] == []


@pytest.mark.parametrize("device", DEVICES, ids=lambda each: each.messages[0][0])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_series_is_one_probe_whatever_a_message_holds(device: Device, data: st.DataObject) -> None:
    life = Life()
    seen: dict[str, set[Any]] = defaultdict(set)
    for _ in range(data.draw(st.integers(1, 6), "messages")):
        topic, whole = data.draw(st.sampled_from(device.messages))
        said = whole if isinstance(whole, bytes) else _part(whole, data)
        for one in found(topic, said):
            for sent in one.sent:
                for quantity, value in life.take(sent).items():
                    seen[quantity].add(value)

    assert {quantity: both for quantity, both in seen.items() if len(both) > 1} == {}


@pytest.mark.parametrize("device", DEVICES, ids=lambda each: each.messages[0][0])
def test_all_values_of_a_message_are_stored_under_names_of_their_own(device: Device) -> None:
    life = Life()
    for topic, said in device.messages:
        [one] = found(topic, said)
        stored = {quantity: value for sent in one.sent for quantity, value in life.take(sent).items()}
        sent = list(_numbers(said, without=device.alike | IDENTITIES))

        assert len(stored) >= len(sent) > 0, (stored, sent)


@pytest.mark.parametrize("device", DEVICES, ids=lambda each: each.messages[0][0])
def test_names_do_not_depend_on_which_probe_answers_first(device: Device) -> None:
    """The whole message first: afterwards each value alone goes to the series that it had."""
    life = Life()
    for topic, whole in device.messages:
        [one] = found(topic, whole)
        [expected] = [life.take(sent) for sent in one.sent]
        if isinstance(whole, bytes):
            continue
        for path in list(_paths(whole)):
            for part in found(topic, _only(whole, path)):
                for sent in part.sent:
                    assert life.take(sent).items() <= expected.items()


def _part(said: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """Draw a part of a message with its names in another order; what is not a number stays."""
    kept = {}
    for name in data.draw(st.permutations(list(said))):
        value = said[name]
        if isinstance(value, dict):
            kept[name] = _part(value, data)
        elif not _is_number(value) or name in IDENTITIES or data.draw(st.booleans()):
            kept[name] = value
    return kept


def _paths(said: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _paths(value, (*before, name))
        elif _is_number(value) and name not in IDENTITIES | {"illuminance"}:
            yield (*before, name)


def _only(said: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return a message with one of its numbers only."""
    kept = {}
    for name, value in said.items():
        if isinstance(value, dict):
            kept[name] = _only(value, path[1:] if path[:1] == (name,) else ())
        elif not _is_number(value) or name in IDENTITIES or path == (name,):
            kept[name] = value
    return kept


def _is_number(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_number(each) for each in value)
    try:
        return not isinstance(value, bool) and value is not None and float(value) == float(value)
    except (TypeError, ValueError):
        return False


def _numbers(said: Any, *, without: frozenset[str] = frozenset()) -> Iterator[float]:
    said = json.loads(said) if isinstance(said, bytes) and _is_number(said) else said
    if isinstance(said, dict):
        for name, value in said.items():
            if name not in without:
                yield from _numbers(value, without=without)
    elif isinstance(said, list):
        for value in said:
            yield from _numbers(value, without=without)
    elif _is_number(said):
        yield float(said)
