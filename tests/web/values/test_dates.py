"""Days and months as their reader writes them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

from sensorfusion.web.values.dates import day_of_month

DAY = date(2026, 5, 3)


@pytest.mark.parametrize(
    ("filter_", "written"),
    [
        ("day_of_month", "3 May"),
        ("day_of_year", "3 May 2026"),
        ("long_day_of_month", "3 May"),
        ("long_day_of_year", "3 May 2026"),
        ("month", "May"),
        ("month_of_year", "May 2026"),
        ("short_month", "May"),
        ("short_month_of_year", "May 2026"),
        ("short_weekday", "Sun"),
        ("weekday", "Sunday"),
    ],
)
def test_a_day_is_written_in_each_way(filter_: str, written: str) -> None:
    assert _filtered(filter_, DAY) == written
    assert _filtered(filter_, None) == ""


def test_an_instant_is_written_in_the_zone_of_the_page() -> None:
    at = datetime(2026, 11, 30, 23, 5, tzinfo=UTC)

    with timezone.override("Europe/Berlin"):
        assert _filtered("day_and_time", at) == "1 Dec 2026 00:05"
        assert _filtered("minute", at) == "1 Dec 2026, 00:05"
        assert _filtered("long_day_of_year", at) == "1 December 2026"


def _filtered(filter_: str, value: object) -> str:
    return Template("{% load frame %}{{ value|" + filter_ + " }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("filter_", "written"),
    [
        ("day_of_month", "3. Mai"),
        ("day_of_year", "3. Mai 2026"),
        ("long_day_of_year", "3. Mai 2026"),
        ("month_of_year", "Mai 2026"),
        ("short_month", "Mai"),
        ("short_weekday", "So"),
        ("weekday", "Sonntag"),
    ],
)
def test_a_day_is_written_in_german(filter_: str, written: str) -> None:
    with override("de"):
        assert _filtered(filter_, DAY) == written


def test_german_months_are_abbreviated_as_germans_do() -> None:
    with override("de"):
        assert [day_of_month(date(2026, month, 1)) for month in range(1, 13)] == [
            *("1. Jan.", "1. Feb.", "1. März", "1. Apr.", "1. Mai", "1. Juni"),
            *("1. Juli", "1. Aug.", "1. Sept.", "1. Okt.", "1. Nov.", "1. Dez."),
        ]
        assert _filtered("minute", datetime(2026, 9, 1, 7, 5, tzinfo=UTC)) == "1. Sept. 2026, 07:05"
        assert _filtered("day_and_time", datetime(2026, 9, 1, 7, 5, tzinfo=UTC)) == "1. Sept. 2026 07:05"
