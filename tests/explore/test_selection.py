from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.explore.selection import (
    ROLLING_H,
    SERIES_MOST,
    Against,
    Mode,
    Operation,
    Selection,
    SeriesName,
    selection_of,
    without,
)
from sensorfusion.reports.charts.spans import RANGES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = st.builds(SeriesName, st.uuids(), st.sampled_from(["temperature", "temperature:a2", "co2", "Ähre_1"]))
SELECTIONS = st.builds(
    Selection,
    series=st.lists(NAMES, max_size=SERIES_MOST, unique=True).map(tuple),
    range=st.sampled_from(list(RANGES)),
    fixed=st.none() | st.integers(0, 4_000_000_000).map(lambda start: (start, start + 86_400)),
    mode=st.sampled_from(Mode),
    against=st.sampled_from(Against),
    operation=st.sampled_from(Operation),
    rolling_h=st.sampled_from(ROLLING_H),
    level=st.none() | st.sampled_from([0.0, -18.5, 1013.2]),
    level_in=st.just("°C"),
)


@given(SELECTIONS)
def test_an_address_says_all_that_is_shown(selection: Selection) -> None:
    found = selection_of(QueryDict(selection.query))

    assert found.series == selection.series
    assert found.span(now=NOW) == selection.span(now=NOW)
    assert (found.mode, found.against, found.operation) == (selection.mode, selection.against, selection.operation)
    assert (found.rolling_h, found.level) == (selection.rolling_h, selection.level)
    assert found.query == selection.query


KEYS = st.sampled_from(["s", "r", "from", "to", "m", "c", "op", "roll", "level"])


@given(st.dictionaries(KEYS, st.text(max_size=20)))
def test_whatever_an_address_says_is_a_selection(parts: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(parts)

    start, end = selection_of(query).span(now=NOW)

    assert start < end


def test_there_are_eight_series_at_most_and_each_once() -> None:
    names = [SeriesName(UUID(int=number), "temperature") for number in range(10)]
    query = Selection(series=(names[0], *names)).query

    assert selection_of(QueryDict(query)).series == tuple(names[:8])


@pytest.mark.parametrize("text", ["", "x", "x:temperature", *(f"{UUID(int=1)}{end}" for end in ("", ":", ":a%00b"))])
def test_what_names_no_series_is_left_out(text: str) -> None:
    assert selection_of(QueryDict(f"s={text}")).series == ()


def test_a_step_forth_after_a_step_back_is_live_again() -> None:
    live = Selection(range="7d")

    back = live.stepped(-1, now=NOW)

    assert not back.is_live
    assert back.length_s == 7 * 86_400
    assert back.stepped(1, now=NOW) == live


@pytest.mark.parametrize("span", ["from=10&to=5", "from=1&to=2", "from=1e99&to=2e99", "from=nan&to=5"])
def test_a_span_that_is_none_is_the_default_one(span: str) -> None:
    assert selection_of(QueryDict(span)).is_live


def test_a_series_can_be_taken_away() -> None:
    one, two = SeriesName(UUID(int=1), "a"), SeriesName(UUID(int=2), "b")

    assert without([one, two], one) == (two,)
