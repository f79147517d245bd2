"""Days and months as their reader writes them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

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
