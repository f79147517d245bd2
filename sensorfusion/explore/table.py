"""The numbers of the lines as rows: for the table beside the picture, and as a CSV file with units and time zone."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.local_time import DAY_S
from sensorfusion.explore.notes import Mark, of_rows
from sensorfusion.explore.queries import Line
from sensorfusion.explore.series_looks import Dressed
from sensorfusion.reports import words
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.dates import short_weekday
from sensorfusion.web.values.display import NOTHING

ROWS_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Rows:
    heads: list[str]
    rows: list[list[str]]
    count: int  # of all rows, of which the newest are shown
    has_notes: bool  # in the last column


def table(series: Sequence[Dressed], lines: Sequence[Line], zone: ZoneInfo, marks: Sequence[Mark] = ()) -> Rows:
    """Return the newest rows first, with every series' number at that instant, and the notes until the next."""
    found = _rows(lines)
    told = of_rows(marks, [t for t, _ in found])
    width_s = max((line.width_s for line in lines), default=0)
    shown = [
        [
            _instant(t, zone, width_s),
            *(NOTHING if v is None else each.shown.number(v) for each, v in _cells(series, row)),
            *([note] if marks else []),
        ]
        for (t, row), note in list(zip(found, told, strict=True))[::-1][:ROWS_MOST]
    ]
    first, notes = gettext("Day") if width_s >= DAY_S else gettext("Time"), [gettext("Notes")] if marks else []
    heads = [first, *(_head(each) for each in series), *notes]
    return Rows(heads, shown, len(found), bool(marks))


def _cells(series: Sequence[Dressed], row: Sequence[float | None]) -> list[tuple[Dressed, float | None]]:
    return list(zip(series, row, strict=True))


def _rows(lines: Sequence[Line]) -> list[tuple[float, list[float | None]]]:
    """Return the instants at which any series has a value, ascending, with the values of all."""
    columns = [
        {t: value for t, value in zip(line.t, line.column.value, strict=True) if value is not None} for line in lines
    ]
    return [(t, [column.get(t) for column in columns]) for t in sorted({t for column in columns for t in column})]


def _head(each: Dressed) -> str:
    return f"{each.label}, {each.unit}" if each.unit else each.label


def _instant(t: float, zone: ZoneInfo, width_s: float) -> str:
    at = datetime.fromtimestamp(t, zone)
    if width_s >= DAY_S:
        return words.date(at)
    time = clock(at, seconds=bool(at.second))
    return pgettext("date", "{weekday} {day} {time}").format(weekday=short_weekday(at), day=words.day(at), time=time)


def csv_of(series: Sequence[Dressed], lines: Sequence[Line], zone: ZoneInfo) -> bytes:
    """Write RFC 4180: local time with its offset, UTC, and a column for each series in the reader's unit."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([f"time ({zone.key})", "time (UTC)", *(_safe(_titled(each)) for each in series)])
    for t, row in _rows(lines):
        at = datetime.fromtimestamp(t, zone)
        numbers = [None if v is None else _number(each, v) for each, v in _cells(series, row)]
        writer.writerow([at.isoformat(), at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), *numbers])
    return file.getvalue().encode()


def _titled(each: Dressed) -> str:
    sensor, quantity = each.chosen.station.sensor.name, each.chosen.name.quantity
    return f"{sensor} {quantity} ({each.unit})" if each.unit else f"{sensor} {quantity}"


def _safe(text: str) -> str:
    """Keep a name that people chose from being read as a formula by spreadsheets."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _number(each: Dressed, value: float) -> float:
    return float(f"{value * each.shown.factor + each.shown.offset:.12g}")
