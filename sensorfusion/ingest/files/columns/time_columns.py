"""Finds the columns that the time of a row is in: one, a date and a time of day, or year, month, day and so on."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final, Literal

from sensorfusion.ingest.files.columns import sniffing
from sensorfusion.ingest.files.columns.cells import is_missing
from sensorfusion.ingest.files.columns.time_forms import SPREADSHEET, UnclearForm, form_of, is_form
from sensorfusion.ingest.files.rows import TIME_COLUMN

Kind = Literal["instant", "date", "clock", "number", ""]

# What a column's name says about its part of a time, and how that part is written.
_PARTS: Final = {
    **dict.fromkeys(("year", "yr", "yyyy", "jahr", "año", "rok", "année"), "%Y"),
    **dict.fromkeys(("month", "mon", "mo", "monat", "mes", "mois"), "%m"),
    **dict.fromkeys(("day", "dd", "dy", "tag", "dia", "día", "jour", "dzień"), "%d"),
    **dict.fromkeys(("doy", "julian day", "jday", "yday", "day of year"), "%j"),
    **dict.fromkeys(("hour", "hr", "hh", "hours", "stunde", "hora", "godzina", "heure"), "%H"),
    **dict.fromkeys(("minute", "minutes", "mi", "min", "mins"), "%M"),
    **dict.fromkeys(("second", "seconds", "sec", "ss"), "%S"),
    **dict.fromkeys(("hhmm", "hour/minute"), "%H%M"),
}
_DATES: Final = frozenset(("date", "datum", "data", "fecha", "day", "local date", "utc_date", "lst_date", "obs date"))
_CLOCKS: Final = (
    "time",
    "zeit",
    "uhrzeit",
    "czas",
    "hora",
    "heure",
    "hour",
    "hr",
    "hours",
    "hhmm",
    "utc_time",
    "lst_time",
)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?\s?([aApP]\.?[mM]?\.?)?\Z")
_UTC: Final = re.compile(r"(?:\b|_|date|time)(?:utc|zulu)\b|[\[(, ](?:GMT|UT|Z)[\])]?\Z", re.IGNORECASE)
_OFFSET: Final = re.compile(r"(?:GMT|UTC)\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?")
_STANDARD: Final = re.compile(r"\bLST\b|local standard time|standard time", re.IGNORECASE)  # without summer time
_EPOCH: Final = 1e8


def find(header: Sequence[str], sample: Sequence[Sequence[str]], *, now: datetime) -> tuple[str, ...]:
    """Return the names of the columns that make the time, in the order in which they are joined."""
    kinds = [_kind(_texts(sample, [index]), now) for index in range(len(header))]
    named = [header.index(name) for name in [sniffing.time_column(header)] if name in header]
    first = named[0] if named else 0
    if kinds and kinds[first] == "instant":
        return (header[first],)
    if "instant" in kinds and not _parts_of(header):
        return (header[kinds.index("instant")],)
    if parts := _parts_of(header):
        return parts
    if pair := _pair(header, kinds):
        return pair
    return (header[kinds.index("date") if "date" in kinds else first],) if header else (TIME_COLUMN,)


def form(
    names: Sequence[str],
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    *,
    now: datetime,
    month_first: bool | None,
) -> str:
    """Return the form of the joined texts of these columns.

    :raises UnclearForm: day and month cannot be told apart.
    """
    indexes = [header.index(name) for name in names if name in header]
    texts = _texts(sample, indexes)
    if not texts:
        return ""
    if len(names) > 2 and (parts := _form_of_parts(names)) and is_form(texts, parts):
        return parts
    if len(names) == 2 and (hhmm := _form_with_hhmm(indexes, sample, now, month_first)):
        return hhmm
    if month_first is None and any(re.search(r"\d\s?[aApP]\.?\s?[mM]?\.?\Z", text) for text in texts):
        month_first = True  # clocks of twelve hours are set where the month is written first
    return form_of(texts, now=now, month_first=month_first)


def zone_in(names: Sequence[str], zone: tzinfo | None) -> tzinfo | None:
    """Return the zone that the names of the time columns tell: UTC, an offset, or the local one without summer time."""
    name = " ".join(names)
    if found := _OFFSET.search(name):
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        return timezone(-offset if found["sign"] == "-" else offset)
    if _UTC.search(name):
        return timezone.utc  # noqa: UP017 - its name is UTC too
    if zone is None or not _STANDARD.search(name):
        return None
    winter = (datetime(2026, month, 1, tzinfo=zone) for month in (1, 7))
    offsets = [(when.utcoffset() or timedelta()) - (when.dst() or timedelta()) for when in winter]
    return timezone(offsets[0]) if offsets[0] == offsets[1] else None


def _texts(sample: Sequence[Sequence[str]], indexes: Sequence[int]) -> list[str]:
    rows = ([cells[index].strip() for index in indexes] for cells in sample)
    return [" ".join(cells) for cells in rows if not any(map(is_missing, cells))]


def _kind(texts: Sequence[str], now: datetime) -> Kind:
    """Return what the texts of a column may be of a time."""
    if not texts:
        return ""
    if all(map(_CLOCK.match, texts)):
        return "clock"
    try:
        form = form_of(texts, now=now)
    except UnclearForm as unclear:
        form = unclear.forms[0]
    if form:
        return "instant" if form == SPREADSHEET or "%H" in form or "%I" in form else "date"
    return _kind_without_form(texts, now)


def _kind_without_form(texts: Sequence[str], now: datetime) -> Kind:
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        is_iso = all(_is_iso(text) for text in texts[:20])
        return "" if not is_iso else "date" if all(len(text) <= 10 for text in texts) else "instant"
    most = now.timestamp() + 86_400
    is_epoch = all(_EPOCH <= number <= most or _EPOCH <= number / 1000 <= most for number in numbers)
    return "instant" if is_epoch else "number"


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _parts_of(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of year, month, day and so on, in the file's order, if there are enough of them."""
    found = {_PARTS[plain]: name for name in reversed(header) if (plain := sniffing.plain(name)) in _PARTS}
    if not {"%Y", "%m", "%d"} <= found.keys() and not {"%Y", "%j"} <= found.keys():
        return ()
    if "%j" in found:
        found.pop("%m", None), found.pop("%d", None)
    names = set(found.values())
    return tuple(name for name in header if name in names)


def _form_of_parts(names: Iterable[str]) -> str:
    parts = [_PARTS.get(sniffing.plain(name), "") for name in names]
    return " ".join(parts) if all(parts) else ""


def _pair(header: Sequence[str], kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Return a date's column and one of the time of day: the next one that holds times, or that is named so."""
    dates = [index for index, kind in enumerate(kinds) if kind == "date" and sniffing.plain(header[index]) in _DATES]
    dates = dates or [index for index, kind in enumerate(kinds) if kind == "date"]
    if not dates:
        return ()
    names = [sniffing.plain(name) for name in header]
    beside = dates[0] + 1
    clocks = [index for index, name in enumerate(names) if name in _CLOCKS and kinds[index] in ("clock", "number")]
    if not clocks and beside < len(kinds) and kinds[beside] == "clock":
        clocks = [beside]
    return (header[dates[0]], header[clocks[0]]) if clocks and clocks[0] != dates[0] else ()


def _form_with_hhmm(
    indexes: Sequence[int], sample: Sequence[Sequence[str]], now: datetime, month_first: bool | None
) -> str:
    """Return the form of a date and a time of day in digits without a mark, such as 0, 30, 130, 2330."""
    clocks = _texts(sample, indexes[1:])
    if not clocks or not all(text.isdecimal() and len(text) <= 4 for text in clocks):
        return ""
    if max(map(int, clocks)) <= 24 and not any(len(text) > 2 for text in clocks):
        return ""
    dates = _texts(sample, indexes[:1])
    return f"{form_of(dates, now=now, month_first=month_first) or '%Y-%m-%d'} %H%M"
