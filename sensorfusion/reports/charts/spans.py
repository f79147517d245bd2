"""The span of time of a page's charts: a named range that ends now, or a fixed one, as in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from sensorfusion.domain.local_time import DAY_S
from sensorfusion.domain.texts.translation import pgettext_noop
from sensorfusion.readings.rollups.buckets import Width, instant
from sensorfusion.reports import words
from sensorfusion.web.values.display import NBSP

if TYPE_CHECKING:
    from sensorfusion.reports.queries import Station

RangeName = Literal["5m", "1h", "6h", "24h", "7d", "30d", "1y"]
RANGES: Final[dict[RangeName, timedelta]] = {
    "5m": timedelta(minutes=5),
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
COMMON: Final[tuple[RangeName, ...]] = tuple(
    name for name in RANGES if name != "5m"
)  # that pages offer once there are data for them
LABELS: Final[dict[RangeName, str]] = {name: f"{name[:-1]}{NBSP}{name[-1].replace('m', 'min')}" for name in RANGES} | {
    "1y": pgettext_noop("range", "1\u00a0y")  # the only unit that is not the same in every language
}
GROWING: Final[tuple[RangeName, ...]] = ("5m", "1h", "6h", "24h")
# The most points of a chart: an hour of a reading every 10 s, a day in steps of 5 minutes, a month of hours, a year of
# days.
POINTS: Final[dict[RangeName, int]] = {"5m": 400, "1h": 400, "6h": 400, "24h": 300, "7d": 400, "30d": 800, "1y": 800}
# After "in", which asks for another case in other languages.
IN_WORDS: Final[dict[RangeName, str]] = {
    "5m": pgettext_noop("in", "the last 5 minutes"),
    "1h": pgettext_noop("in", "the last hour"),
    "6h": pgettext_noop("in", "the last 6 hours"),
    "24h": pgettext_noop("in", "the last 24 hours"),
    "7d": pgettext_noop("in", "the last 7 days"),
    "30d": pgettext_noop("in", "the last 30 days"),
    "1y": pgettext_noop("in", "the last year"),
}
FIXED_IN_WORDS: Final = pgettext_noop("in", "this span")
SHORTEST_S: Final = 60
LONGEST_S: Final = 100 * 366 * DAY_S
RETURNS_WITHIN: Final = 0.5  # lengths of a step that ends so near to now, or after it, returns to now
DAYS_UP_TO_S: Final = 92 * DAY_S  # fixed spans up to this have bars of days, unlike the year


@dataclass(frozen=True, slots=True)
class Bar:
    """The buckets that bars are made of, the length of a bar, and the head of their instants in tables.

    Bars stand at round hours of the site, which hourly buckets do not in every zone.
    """

    width: Width
    length_s: int
    head: Promise


BARS: Final[dict[RangeName, Bar]] = {
    "5m": Bar("5m", 300, gettext_lazy("Time")),
    "1h": Bar("5m", 300, gettext_lazy("Time")),
    "6h": Bar("5m", 900, gettext_lazy("Time")),
    "24h": Bar("5m", 3600, gettext_lazy("Time")),
    "7d": Bar("5m", 21600, pgettext_lazy("bars", "From")),
    "30d": Bar("1d", 86400, gettext_lazy("Day")),
    "1y": Bar("1d", 604800, gettext_lazy("Week from")),
}


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) in the site's time zone; `chosen` is the range that the page returns to from a fixed span."""

    start: datetime
    end: datetime
    chosen: RangeName
    is_live: bool

    @property
    def length_s(self) -> float:
        return self.end.timestamp() - self.start.timestamp()

    @property
    def name(self) -> RangeName:
        """The shortest range that contains the span."""
        if self.is_live:
            return self.chosen
        return next((name for name, length in RANGES.items() if self.length_s <= length.total_seconds()), "1y")

    @property
    def points(self) -> int:
        return POINTS[self.name]

    @property
    def bar(self) -> Bar:
        return BARS["30d" if not self.is_live and self.name == "1y" and self.length_s <= DAYS_UP_TO_S else self.name]

    @property
    def words(self) -> str:
        return translated(IN_WORDS[self.chosen] if self.is_live else FIXED_IN_WORDS)

    @property
    def label(self) -> str:
        """The dates of a fixed span; a range up to now needs none."""
        return "" if self.is_live else f"{_dated(self.start)} – {_dated(self.end)}"

    @property
    def first_day(self) -> date:
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The day of its last instant."""
        return instant(self.end.timestamp() - 1).astimezone(self.end.tzinfo).date()

    @property
    def query(self) -> str:
        """The page's address for this span, which its script reads and writes too."""
        if self.is_live:
            return f"r={self.chosen}"
        return f"r={self.chosen}&from={int(self.start.timestamp())}&to={int(self.end.timestamp())}"


def label_of(name: RangeName) -> str:
    """Return the label of a range in the language of the page."""
    return pgettext("range", LABELS[name])


def translated(span: str) -> str:
    """Translate one of the words above."""
    return pgettext("in", span)


def _dated(at: datetime) -> str:
    return f"{words.date(at)}, {words.clock(at)}"


def live(station: "Station", name: RangeName) -> Span:
    """Return the range that ends now."""
    return Span(station.ago(RANGES[name]), station.now, name, is_live=True)


def fixed(station: "Station", start_s: float, end_s: float, chosen: RangeName) -> Span:
    """Return a span of the past."""
    start, end = (instant(round(each)).astimezone(station.zone) for each in (start_s, end_s))
    return Span(start, end, chosen, is_live=False)


def step(station: "Station", span: Span, direction: int) -> Span:
    """Return the span before (-1) or after (+1) one; a step that nearly reaches the present returns to it."""
    by = direction * span.length_s
    start_s, end_s = span.start.timestamp() + by, span.end.timestamp() + by
    if end_s > station.now.timestamp() - RETURNS_WITHIN * span.length_s:
        return live(station, span.chosen)
    return fixed(station, start_s, end_s, span.chosen)


def days(station: "Station", first: date, last: date, chosen: RangeName = "24h") -> Span:
    """Return the span of whole days of the site."""
    begin, end = station.calendar.begin(first), station.calendar.begin(last + timedelta(days=1))
    return fixed(station, begin.timestamp(), end.timestamp(), chosen)


def grown(age_s: float) -> RangeName:
    """Return the range for data of an age: the shortest that contains them, of a day once they are older."""
    return next((name for name in GROWING if age_s <= RANGES[name].total_seconds()), "24h")


def span_of(station: "Station", query: Mapping[str, str], *, otherwise: RangeName = "24h") -> Span:
    """Return the span that an address asks for: `from` and `to`, or `day` (and `through`), else the range `r`."""
    asked = query.get("r", "")
    chosen: RangeName = next((name for name in RANGES if name == asked), otherwise)
    return _of_instants(station, query, chosen) or _of_days(station, query, chosen) or live(station, chosen)


def _of_instants(station: "Station", query: Mapping[str, str], chosen: RangeName) -> Span | None:
    start_s, end_s = (_seconds(query.get(name, "")) for name in ("from", "to"))
    if start_s is None or end_s is None or not SHORTEST_S <= end_s - start_s <= LONGEST_S:
        return None
    return fixed(station, start_s, end_s, chosen)


def _seconds(text: str) -> int | None:
    """Return epoch seconds of the years that calendars know."""
    latest_s = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 and 0 < int(text) < latest_s else None


def _of_days(station: "Station", query: Mapping[str, str], chosen: RangeName) -> Span | None:
    first, last = _date(query.get("day", "")), _date(query.get("through", "") or query.get("day", ""))
    if first is None or last is None or first > station.today:
        return None
    first, last = min(first, last), max(first, last)
    return days(station, first, last, chosen) if (last - first).days * DAY_S < LONGEST_S else None


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None
