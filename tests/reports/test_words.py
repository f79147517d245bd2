from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from sensorfusion.reports import words

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0\u00a0s"),
        (59.9, "59\u00a0s"),
        (60, "1\u00a0min"),
        (3600, "1\u00a0h"),
        (172799, "47\u00a0h"),
        (172800, "2\u00a0d"),
    ],
)
def test_span_is_rounded_down_to_one_unit(seconds: float, text: str) -> None:
    assert words.span(seconds) == text


def test_age_of_the_future_is_zero() -> None:
    assert words.age(NOON + timedelta(seconds=5), now=NOON) == "0\u00a0s ago"


def test_day_is_named_when_it_was_not_today() -> None:
    assert words.since(NOON - timedelta(hours=3), now=NOON) == "09:00"
    assert words.since(NOON - timedelta(hours=13), now=NOON) == "21 Nov, 23:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "second"), (16, "16\u00a0s"), (300, "5\u00a0min"), (3600, "60\u00a0min"), (7200, "2\u00a0h")],
)
def test_interval_completes_every(seconds: float, text: str) -> None:
    assert words.interval(seconds) == text


def test_lists_and_plurals_read_as_speech() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert (words.plural(1, "sensor"), words.plural(3, "sensor")) == ("1 sensor", "3 sensors")
    assert words.duration(30420) == "8\u00a0h 27\u00a0min"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "jede Sekunde"), (16, "alle 16\u00a0s"), (300, "alle 5\u00a0min"), (7200, "alle 2\u00a0h")],
)
def test_interval_in_german_brings_its_own_every(seconds: float, text: str) -> None:
    with translation.override("de"):
        assert words.interval(seconds) == text
        assert words.so_far(1, seconds) == f"bisher 1 Messung, etwa {text}"
        assert words.so_far(3, None) == "bisher 3 Messungen"


def test_sentences_in_german_are_ordered_as_german_is() -> None:
    with translation.override("de"):
        assert words.age(NOON - timedelta(minutes=5), now=NOON) == "vor 5\u00a0min"
        assert words.moved(1.5, "temp", False) == "wärmer als gestern um diese Zeit"
        assert words.moved(-1.5, "wind", False) == "niedriger als gestern um diese Zeit"
        assert words.moved(0.0, "temp", True) == "wie gestern um diese Zeit"
        assert words.listed(["a", "b", "c"]) == "a, b und c"
