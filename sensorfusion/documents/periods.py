"""The periods that reports are about: a month, a year, a week, any span of days; their names and addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.utils.translation import gettext, gettext_noop, pgettext

from sensorfusion.readings.rollups.days import next_month
from sensorfusion.web.values import dates

Sort = Literal["day", "month", "year", "week", "span"]
DAY: Final = timedelta(days=1)
YEARS: Final = (1850, 2200)
LONGEST: Final = 366  # days of a span: each is a row of the table
_SORTS: Final[dict[Sort, str]] = {
    "day": gettext_noop("Daily report"),
    "month": gettext_noop("Monthly report"),
    "year": gettext_noop("Yearly report"),
    "week": gettext_noop("Weekly report"),
    "span": gettext_noop("Custom report"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """`first` to `last`, both included. `address` is what follows `reports/`, without a slash at its end."""

    sort: Sort
    first: date
    last: date

    @property
    def title(self) -> str:
        match self.sort:
            case "month":
                return dates.month_of_year(self.first)
            case "year":
                return f"{self.first.year}"
            case "week":
                year, week, _ = self.first.isocalendar()
                return gettext("Week {week} of {year}").format(week=week, year=year)
            case "day":
                return dates.long_day_of_year(self.first)
            case _:
                first, last = map(dates.long_day_of_year, (self.first, self.last))
                return gettext("{first} to {last}").format(first=first, last=last)

    @property
    def short(self) -> str:
        """The name in a table's last row and on the buttons to it."""
        match self.sort:
            case "month":
                return dates.month(self.first)
            case "week":
                return gettext("Week {week}").format(week=self.first.isocalendar().week)
            case "year":
                return self.title
            case "day":
                return dates.long_day_of_month(self.first)
            case _:
                return pgettext("period", "All")

    @property
    def sort_words(self) -> str:
        return gettext(_SORTS[self.sort])

    @property
    def address(self) -> str:
        match self.sort:
            case "month":
                return f"{self.first.year}/{self.first.month:02}"
            case "year":
                return f"{self.first.year}"
            case "week":
                year, week, _ = self.first.isocalendar()
                return f"{year}/W{week:02}"
            case _:
                return f"{self.first}--{self.last}"

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Period | None":
        """The period of the same length that ends where this one begins."""
        return self._beside(self.first - DAY)

    @property
    def after(self) -> "Period | None":
        return self._beside(self.last + DAY)

    def _beside(self, day: date) -> "Period | None":
        match self.sort:
            case "month":
                return month_of(day.year, day.month)
            case "year":
                return year_of(day.year)
            case "week":
                year, week, _ = day.isocalendar()
                return week_of(year, week)
            case "day":
                return day_of(day) if YEARS[0] <= day.year <= YEARS[1] else None
            case _:
                return None

    def in_year(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of the same part of another year; 29 February becomes the 28th."""
        return _moved(self.first, year), _moved(self.last, year + self.last.year - self.first.year)

    def up_to(self, day: date) -> "Period":
        """Return the part that ends with a day at the latest."""
        return Period(self.sort, self.first, max(self.first, min(self.last, day)))


def _moved(day: date, year: int) -> date:
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def month_of(year: int, number: int) -> Period | None:
    """Return a month; None if there is none of this number."""
    if not (YEARS[0] <= year <= YEARS[1] and 1 <= number <= 12):
        return None
    first = date(year, number, 1)
    return Period("month", first, next_month(first) - DAY)


def year_of(year: int) -> Period | None:
    """Return a year; None outside the years that are taken."""
    return Period("year", date(year, 1, 1), date(year, 12, 31)) if YEARS[0] <= year <= YEARS[1] else None


def week_of(year: int, week: int) -> Period | None:
    """Return a week as ISO 8601 counts it; None if the year has no such week."""
    if not (YEARS[0] <= year <= YEARS[1] and 1 <= week <= 53):
        return None
    first = date.fromisocalendar(year, 1, 1) + (week - 1) * 7 * DAY
    return Period("week", first, first + 6 * DAY) if first.isocalendar().year == year else None


def span_of(first: str, last: str) -> Period | None:
    """Return the days between two dates as ISO 8601 writes them; None if they are none, or too many."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    is_one = begin <= end and (end - begin).days < LONGEST and YEARS[0] <= begin.year and end.year <= YEARS[1]
    return Period("day" if begin == end else "span", begin, end) if is_one else None


def day_of(day: date) -> Period:
    """Return one day; its address is that of a span."""
    return Period("day", day, day)
