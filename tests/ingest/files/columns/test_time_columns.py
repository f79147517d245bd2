"""The columns of the time: one, two or five of them, and the zone that their names tell."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.ingest.files.columns import time_columns

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "row", "names", "form"),
    [
        ("Time,Temp", "2026-08-02 15:30,1", ("Time",), ""),
        ("a,b", "1,2026-08-02T15:30:00Z", ("b",), ""),
        ("Date,Time,Temp", "2026-08-02,15:30,1", ("Date", "Time"), ""),
        ("Temp,Date,Hour (LST)", "1,2026-08-02,5", ("Date", "Hour (LST)"), "%Y-%m-%d %H"),
        ("Date,HHMM,Temp", "2026-08-02,1530,1", ("Date", "HHMM"), "%Y-%m-%d %H%M"),
        (
            "Year,Month,Day,Hour,Minute,T",
            "2026,8,2,15,30,1",
            ("Year", "Month", "Day", "Hour", "Minute"),
            "%Y %m %d %H %M",
        ),
        (
            "day,month,year,hour,minute,t",
            "2,8,2026,15,30,1",
            ("day", "month", "year", "hour", "minute"),
            "%d %m %Y %H %M",
        ),
        ("Year,DOY,HHMM,t", "2026,214,1530,1", ("Year", "DOY", "HHMM"), "%Y %j %H%M"),
        ("column 1,column 2,column 3", "20260802153000,1,2", ("column 1",), "%Y%m%d%H%M%S"),
        ("column 1,column 2,column 3", "02.08.26,15:30,2", ("column 1", "column 2"), "%d.%m.%y %H:%M"),
        ("No,Time,t", "1,46236.64583,2", ("Time",), "spreadsheet"),
        ("Date,Temp", "2026-08-02,1", ("Date",), ""),
        ("dt,Temp", "1785684600,1", ("dt",), ""),
    ],
)
def test_the_columns_of_the_time_are_found(header: str, row: str, names: Sequence[str], form: str) -> None:
    sample = [row.split(",")]

    assert time_columns.find(header.split(","), sample, now=NOW) == names
    assert time_columns.form(names, header.split(","), sample, now=NOW, month_first=None) == form


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Date Time, GMT+02:00", 2),
        ("Date Time, GMT-04:30", -4.5),
        ("Time (UTC)", 0),
        ("dateutc", 0),
        ("Hour (LST)", 1),  # Warsaw without summer time
        ("Time", None),
        ("Outcome", None),
    ],
)
def test_a_zone_in_the_name_counts(name: str, hours: float | None) -> None:
    found = time_columns.zone_in([name], ZoneInfo("Europe/Warsaw"))

    assert (found.utcoffset(NOW) if found else None) == (None if hours is None else timedelta(hours=hours))
