"""The records of this month, this year and all time, for the report page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import SPANS, Cut, Days, Extreme, Span
from sensorfusion.web.looks import looks
from sensorfusion.web.values.dates import day_of_month, day_of_year, month
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import AS_USUAL, Presentation

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Record:
    text: str
    when: str
    day: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of record in each of the spans, None for a span without one."""

    label: str
    records: list[Record | None]


@dataclass(frozen=True, slots=True)
class Records:
    heads: list[str]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Says that today's extreme is beyond `beyond`, the record of a span until yesterday, in canonical units.

    The page's script (`js/elements/sf-today.js`) shows and hides the words as readings arrive.
    """

    words: str
    beyond: str
    is_shown: bool


def records(
    whole: Days, names: list[str], *, today: date, system: str, presentation: Presentation = AS_USUAL
) -> Records:
    """Return the highest and lowest of the first quantity, the maximum of the wind, and the wettest day."""
    hero, *others = names
    warmth = looks(hero).hue == "temp"
    found = climate.records(whole.dates, whole.columns[hero], today=today)
    shown = presentation.display(hero, system)
    rows = [
        _row(_highest(warmth), {span: found[span].high for span in SPANS}, today, shown),
        _row(_lowest(warmth), {span: found[span].low for span in SPANS}, today, shown),
    ]
    rain = [name for name in others if name in climate.RAIN]
    for name in [name for name in others if name not in rain[1:]]:
        is_wind = looks(name).hue in ("wind", "gust")
        fell = whole.columns[name].high if is_wind else climate.rain_of(whole)
        if fell is not None:
            most = climate.records(whole.dates, Cut(fell, [None] * len(fell), fell), today=today)
            label = pgettext("record", "Windiest") if is_wind else pgettext("record", "Wettest day")
            rows.append(
                _row(label, {span: most[span].high for span in SPANS}, today, presentation.display(name, system))
            )
    return Records([month(today), str(today.year), _since(whole, today)], [row for row in rows if any(row.records)])


def ribbons(whole: Days, name: str, *, high: float, low: float, today: date) -> dict[str, list[Ribbon]]:
    """Return what today's extremes may break, by the fact they are shown as, the longest span first.

    A span without a day before today has no record to break, as in the table.
    """
    earlier = whole.between(date.min, today - DAY)
    before = climate.records(earlier.dates, earlier.columns[name], today=today)
    since = whole.dates[0].year if whole.dates[0].year < today.year else None
    spans: dict[Span, int | str | None] = {"all": since, "year": today.year, "month": month(today)}
    highs = [
        (_high_words(span, text), best.value, high > best.value)
        for span, text in spans.items()
        if (best := before[span].high)
    ]
    lows = [
        (_low_words(span, text), best.value, low < best.value)
        for span, text in spans.items()
        if (best := before[span].low)
    ]
    return {"high": _in_order(highs), "low": _in_order(lows)}


def _high_words(span: Span, text: int | str | None) -> str:
    if text is None:
        return gettext("Record high")
    if span == "all":
        return gettext("Record high since {year}").format(year=text)
    return gettext("Record high of {span}").format(span=text)


def _low_words(span: Span, text: int | str | None) -> str:
    if text is None:
        return gettext("Record low")
    if span == "all":
        return gettext("Record low since {year}").format(year=text)
    return gettext("Record low of {span}").format(span=text)


def _in_order(found: list[tuple[str, float, bool]]) -> list[Ribbon]:
    """Show the first ribbon of those whose record is broken."""
    first = next((place for place, (*_, is_broken) in enumerate(found) if is_broken), None)
    return [Ribbon(text, f"{value:.9g}", place == first) for place, (text, value, _) in enumerate(found)]


def _highest(warmth: bool) -> str:
    return pgettext("record", "Warmest") if warmth else pgettext("record", "Highest")


def _lowest(warmth: bool) -> str:
    return pgettext("record", "Coldest") if warmth else pgettext("record", "Lowest")


def _since(whole: Days, today: date) -> str:
    if whole.dates and whole.dates[0].year < today.year:
        return gettext("Since {year}").format(year=whole.dates[0].year)
    return pgettext("record", "Ever")


def _row(label: str, extremes: Mapping[Span, Extreme | None], today: date, shown: Display) -> Row:
    return Row(
        label,
        [
            None if each is None else Record(shown.text(each.value), _when(each.day, today), each.day, each.is_new)
            for each in (extremes[span] for span in SPANS)
        ],
    )


def _when(day: date, today: date) -> str:
    return day_of_month(day) if day.year == today.year else day_of_year(day)
