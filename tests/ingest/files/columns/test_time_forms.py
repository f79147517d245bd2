"""Forms of times: found in a column, and parsed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.files.columns.time_forms import COMMON_FORMS, SPREADSHEET, UnclearForm, form_of, parsed

NOW = datetime(2026, 11, 29, tzinfo=UTC)
WHEN = datetime(2026, 8, 2, 15, 30)
MINUTES = st.datetimes(datetime(1950, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%d %b %Y", "%b %d, %Y", "%Y%m%d")
CLOCKS = (" %H:%M", " %H:%M:%S", " %I:%M %p", "   %H:%M", "T%H:%M", " %H:%M:%S.%f")


@pytest.mark.parametrize(
    "form", [date + clock for date in DATES for clock in CLOCKS if (date, clock) != ("%d %b %Y", "T%H:%M")]
)
@settings(max_examples=20)
@given(begin=MINUTES)
def test_the_times_of_two_months_come_back_from_every_form(form: str, begin: datetime) -> None:
    if "%y" in form and begin.year < 1970:
        begin = begin.replace(year=2001, day=1)  # two digits of a year mean the time from 1969 on
    times = [begin + timedelta(days=day, hours=day) for day in range(60)]
    texts = [time.strftime(form) for time in times]

    found = form_of(texts, now=NOW)

    read = [parsed(text, found) if found else datetime.fromisoformat(" ".join(text.split())) for text in texts]
    assert read == times


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("8/02/26 12:30a", "%m/%d/%y %I:%M %p"),
        ("20260802153000", "%Y%m%d%H%M%S"),
        ("2026080215", "%Y%m%d%H"),  # as epoch seconds it is of 2034
        ("1785684600", ""),
        ("46236.64583", SPREADSHEET),
        ("2026-08-02 15:30 CEST", "%Y-%m-%d %H:%M %Z"),
        ("02/08/2026 15:30:00 +0200", "%m/%d/%Y %H:%M:%S %z"),
        ("2026-08-02T15:30:00Z", ""),
        ("soon", ""),
    ],
)
def test_the_form_of_a_text_is_found(text: str, form: str) -> None:
    assert form_of([text], now=NOW, month_first=True) == form


@pytest.mark.parametrize(
    ("text", "form", "when"),
    [
        ("46236.64583", SPREADSHEET, WHEN),
        ("46236,6458333333", SPREADSHEET, WHEN),
        ("46236", SPREADSHEET, WHEN.replace(hour=0, minute=0)),
        ("8/02/26 12:30a", "%m/%d/%y %I:%M %p", WHEN.replace(hour=0)),
        ("8/02/26  3:30 P.M.", "%m/%d/%y %I:%M %p", WHEN),
        ("31/12/2025 24:00", "%d/%m/%Y %H:%M", datetime(2026, 1, 1)),
        ("2026-08-02 24", "%Y-%m-%d %H", datetime(2026, 8, 3)),
        ("24 Dec 2026 15:24", "%d %b %Y %H:%M", datetime(2026, 12, 24, 15, 24)),
        ("2026-08-02 30", "%Y-%m-%d %H%M", datetime(2026, 8, 2, 0, 30)),
        ("2026 214 1530", "%Y %j %H%M", WHEN),
    ],
)
def test_times_of_every_kind_are_parsed(text: str, form: str, when: datetime) -> None:
    assert parsed(text, form) == when


@pytest.mark.parametrize(
    ("text", "hour"), [("15:30 CEST", 13), ("15:30 EST", 20), ("15:30 UTC", 15), ("15:30 (PDT)", 22)]
)
def test_a_zone_name_is_an_offset(text: str, hour: int) -> None:
    assert parsed(f"2026-08-02 {text}", "%Y-%m-%d %H:%M %Z").astimezone(UTC).hour == hour


def test_the_zone_of_the_file_explains_a_name_that_has_several_meanings() -> None:
    text, form = "2026-01-02 15:30 CST", "%Y-%m-%d %H:%M %Z"

    assert parsed(text, form, zone=ZoneInfo("America/Chicago")).utcoffset() == timedelta(hours=-6)
    assert parsed(text, form, zone=ZoneInfo("Asia/Shanghai")).utcoffset() == timedelta(hours=8)
    with pytest.raises(ValueError, match="no zone with one meaning"):
        parsed(text, form)


@pytest.mark.parametrize("times", [["02/08/2026 15:30"], ["02/08/2026 15:30", "02/08/2026 15:45"]])
def test_day_and_month_that_cannot_be_told_apart_are_asked_for(times: Sequence[str]) -> None:
    with pytest.raises(UnclearForm, match="2 August 2026 or 8 February 2026"):
        form_of(times, now=NOW)
    assert form_of(times, now=NOW, month_first=False) == "%d/%m/%Y %H:%M"


@pytest.mark.parametrize(
    ("times", "form"),
    [
        (["02/08/2026", "13/08/2026"], "%d/%m/%Y"),
        (["02/08/2026", "03/08/2026", "04/08/2026"], "%d/%m/%Y"),  # not three months
        (["11/12/2026"], "%m/%d/%Y"),  # the other one is still to come
        (["02.08.2026"], "%d.%m.%Y"),
        (["05/05/2026"], "%d/%m/%Y"),  # the same either way
    ],
)
def test_the_rows_of_a_file_tell_day_and_month_apart(times: Sequence[str], form: str) -> None:
    assert form_of(times, now=NOW) == form


@pytest.mark.parametrize(("text", "form"), [("12", SPREADSHEET), ("2026", "%d.%m.%Y"), ("noon", "%Y-%m-%d %Z")])
def test_a_text_of_another_form_is_an_error(text: str, form: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text, form)


@pytest.mark.parametrize(("form", "written"), COMMON_FORMS.items())
def test_every_form_that_is_offered_reads_its_example(form: str, written: str) -> None:
    read = parsed(written.removesuffix(", a day number"), form)

    assert read == datetime(2026, 11, 29, 14, 30)
