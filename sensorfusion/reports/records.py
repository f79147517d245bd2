"""The records of this month, this year and all time, for the report page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, pgettext

from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import SPANS, Cut, Days, Extreme, Span
from sensorfusion.web.looks import looks
from sensorfusion.web.values.dates import day_of_month, day_of_year, month
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.presentation import AS_USUAL, Presentation


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
