"""A tank's level as a vessel: how full it is, and where it was a week ago."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext

from sensorfusion.domain.quantities.kinds import base_of
from sensorfusion.domain.units import display_symbol
from sensorfusion.readings.rollups.buckets import buckets
from sensorfusion.reports.queries import Station


@dataclass(frozen=True, slots=True)
class Vessel:
    """Places are per cent of the height from its top; `full` is the canonical level of a full one, for the script."""

    top: str
    height: str
    full: str
    marks: list[tuple[str, str]]
    before: str
    before_text: str
    said: str


def vessel(station: Station, name: str, *, system: str) -> Vessel | None:
    """Return the vessel of a level in per cent, or of one whose owner said how high it may be; else None."""
    level, full = station.value(name), _full(station, name)
    if level is None or not full or base_of(name) == "distance":
        return None
    shown = station.display(name, system)
    share = min(1.0, max(0.0, level / full))
    week = _week_ago(station, name)
    return Vessel(
        top=f"{(1 - share) * 100:.2f}%",
        height=f"{share * 100:.2f}%",
        full=f"{full:.9g}",
        marks=[(f"{100 - each * 25}%", shown.text(full * each / 4)) for each in range(5)],
        before="" if week is None else f"{(1 - min(1.0, max(0.0, week / full))) * 100:.2f}%",
        before_text="" if week is None else gettext("7 days ago, {level}").format(level=shown.text(week)),
        said=gettext("{level} of {full}").format(level=shown.text(level), full=shown.text(full)),
    )


def _full(station: Station, name: str) -> float | None:
    if display_symbol(station.presentation.unit(name)) == "%":
        return 100.0
    return station.presentation.settings_of(name).high


def _week_ago(station: Station, name: str) -> float | None:
    """Return the mean of the hour a week ago."""
    at = station.ago(timedelta(days=7))
    found = buckets(station.question([name], at - timedelta(minutes=30), at + timedelta(minutes=30)), "1d")
    return (
        next((value for value in reversed(found.columns[name].value) if value is not None), None) if found.t else None
    )
