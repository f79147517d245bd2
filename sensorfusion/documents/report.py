"""A report as its page shows it, for one period of a sensor, in the reader's units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext

from sensorfusion.documents import queries
from sensorfusion.documents.counted import chosen, counted
from sensorfusion.documents.drawing import Drawing, amount_bars, ribbon, rose_of, wind_bars
from sensorfusion.documents.facts import Fact, Lead, coverage_of, facts_of, lead_of, made_at, place_of, through_of
from sensorfusion.documents.figures import Figures, Usual, figures, usual
from sensorfusion.documents.periods import Period
from sensorfusion.documents.prose import prose
from sensorfusion.documents.shown import Shown, shown_of
from sensorfusion.documents.states.report import Beside, beside_of
from sensorfusion.documents.states.table import columns_of
from sensorfusion.documents.streaks import Streak, streaks
from sensorfusion.documents.strips import Strips, strips_of
from sensorfusion.documents.table import Table, table
from sensorfusion.domain.weather.climate import RAIN, Days
from sensorfusion.reports.queries import Station
from sensorfusion.reports.records import Records, records
from sensorfusion.reports.wind import RoseDrawing
from sensorfusion.web.looks import Looks


@dataclass(frozen=True, slots=True)
class Report:
    """`through` says up to which day, if the period is not over; `made` when the report was made."""

    sections: ClassVar[str] = "documents/sections.html"
    period: Period
    figures: Figures
    shown: Shown
    looks: Looks
    place: str
    coverage: str
    through: str
    lead: Lead
    prose: str
    facts: list[Fact]
    usual: Usual | None
    ribbon: Drawing | None
    rain: Drawing | None
    amount: Drawing | None
    amount_label: str
    rose: RoseDrawing | None
    wind: Drawing | None
    wind_words: str
    beside: list[Beside]
    table: Table
    counted: Strips
    streaks: list[Streak]
    records: Records | None
    made: str


def report(station: Station, period: Period, *, system: str, query: Mapping[str, str]) -> Report:
    """Read and draw the report of a period that has begun, of a sensor that has a number.

    :param query: thresholds of counted days, by name.
    """
    main = queries.names_of(station)[0]
    whole = queries.all_days(station, last=min(period.last, station.today))
    found = queries.figures_of(station, whole, period)
    shown, looks = shown_of(station, main, system), station.looks(main)
    known = usual(whole, period, main=main, until=station.today)
    before = _before(whole, period, main)
    beside = beside_of(station, period)
    classes = counted(found, chosen(query, shown.parts))
    return Report(
        period=period,
        figures=found,
        shown=shown,
        looks=looks,
        place=place_of(station),
        coverage=coverage_of(found),
        through=through_of(station, period),
        lead=lead_of(found, shown),
        prose=prose(found, usual=known, before=before, looks=looks, shown=shown),
        facts=facts_of(found, shown),
        usual=known,
        ribbon=ribbon(found.days, known, shown.main) if found.mean is not None else None,
        rain=amount_bars(found.days, shown.rain) if found.rain is not None else None,
        amount=amount_bars(found.days, shown.amount, part="amount") if found.amount is not None else None,
        amount_label=station.looks(queries.amount_of(station) or main).label,
        rose=rose_of(station, period, system=system),
        wind=wind_bars(found.days, shown.wind) if found.top_wind else None,
        wind_words=_wind_words(found, shown),
        beside=beside,
        table=table(
            found,
            shown=shown,
            is_warmth=looks.hue == "temp",
            beside=[column for each in beside for column in columns_of(each.figures)],
        ),
        counted=strips_of(classes, found, shown),
        streaks=streaks(found, shown=shown.main),
        records=_records(station, whole, found, system),
        made=made_at(station.now),
    )


def _wind_words(found: Figures, shown: Shown) -> str:
    return "" if found.wind is None else gettext("Mean {mean}.").format(mean=shown.wind.text(found.wind))


def _before(whole: Days, period: Period, main: str) -> Figures | None:
    before = period.before
    if before is None or not whole.between(before.first, before.last).dates:
        return None
    return figures(whole, before, main=main, hours={}, at={})


def _records(station: Station, whole: Days, found: Figures, system: str) -> Records | None:
    """Compare the month with its year and with all years, as they were at its end."""
    if found.period.sort != "month" or found.mean is None:
        return None
    wind = [found.gust] if found.top_wind else []
    names = [found.main, *wind, *(name for name in RAIN if name in whole.columns)]
    last = min(found.period.last, station.today)
    told = records(whole, names, today=last, system=system, presentation=station.presentation)
    return told if told.rows else None
