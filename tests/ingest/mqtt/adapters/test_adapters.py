"""What holds for all adapters."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.errors import ERRORS
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Message, matches
from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS, FOREIGN, foreign
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.ingest.mqtt.adapters.examples import NOT_UNDERSTOOD
from tests.ingest.mqtt.adapters.messages import NOW, found, notes


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02 03:04:05.250", datetime(2026, 1, 2, 3, 4, 5, 250_000)),
        ("2026-01-02T03:04:05+0100", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-01-02T02:04:05Z", datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)),
        ("1767319445", "1767319445"),
        (" 1767319445.25 ", "1767319445.25"),
        (1767319445.5, 1767319445.5),
    ],
)
def test_a_time_is_read_as_the_device_writes_it(sent: object, read: object) -> None:
    assert device_time(sent) == read


@pytest.mark.parametrize("sent", [None, True, "", "soon", "@0.128s", "nan", "1e9", [], {}])
def test_what_is_no_time_is_none(sent: object) -> None:
    assert device_time(sent) is None


def test_filters_match_as_brokers_match_them() -> None:
    def fits(wanted: str, topic: str) -> bool:
        return matches(wanted.split("/"), topic.split("/"))

    assert fits("tele/+/SENSOR", "tele/kitchen/SENSOR")
    assert not fits("tele/+/SENSOR", "tele/kitchen/LWT")
    assert not fits("tele/+/SENSOR", "tele/a/b/SENSOR")
    assert fits("zigbee2mqtt/#", "zigbee2mqtt/a/b")
    assert fits("zigbee2mqtt/#", "zigbee2mqtt")


UNREADABLE = {"own", "esphome"}  # adapters whose messages are one value, or are refused as a whole
SITE = "11111111-0000-4000-8000-000000000001"


@pytest.mark.parametrize("adapter", FOREIGN, ids=lambda each: each.name)
def test_topics_below_a_site_are_not_subscribed_to_twice(adapter: Adapter) -> None:
    """With several workers the broker delivers a message once for each filter that matches it."""
    below = [f"sites/{SITE}/{_topic(each)}" for other in FOREIGN for each in other.filters]

    twice = [(each, topic) for each in adapter.filters for topic in below if matches(each.split("/"), topic.split("/"))]

    assert twice == []


@pytest.mark.parametrize("adapter", FOREIGN, ids=lambda each: each.name)
def test_every_filter_leads_to_its_own_adapter(adapter: Adapter) -> None:
    assert [each for each in adapter.filters if foreign(_topic(each).split("/")) is not adapter] == []


def test_every_adapter_says_what_it_cannot_understand() -> None:
    assert set(NOT_UNDERSTOOD) == {adapter.name for adapter in ADAPTERS}


@pytest.mark.parametrize("name", sorted(NOT_UNDERSTOOD.keys() - UNREADABLE))
def test_what_is_not_understood_is_said(name: str) -> None:
    said = notes(*NOT_UNDERSTOOD[name])

    assert said
    assert all(note.code in ERRORS and note.subject and len(note.detail) < 500 for note in said)


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(RequestRefused, match=r"payload|body"):
        found(*NOT_UNDERSTOOD[name])


def _topic(wanted: str) -> str:
    return wanted.replace("+", "one").replace("#", "rest")


TOPICS = [_topic(filter) for adapter in ADAPTERS for filter in adapter.filters]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Time", "BME280", "params", "src", "method", "model", "id", "ts", "values", "switch:0", "x_C"]
            )
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("topic", TOPICS)
@settings(max_examples=60)
@given(said=_JSON | st.binary(max_size=30))
def test_whatever_is_published_is_read_or_refused(topic: str, said: Any) -> None:
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    levels = topic.split("/")
    for adapter in ADAPTERS:
        if any(matches(each.split("/"), levels) for each in adapter.filters):
            try:
                parts = adapter.read(Message(levels, payload, NOW))
            except RequestRefused:
                continue
            for part in parts:
                assert isinstance(part.device, str)
                check(part.sent, received_at=NOW)
