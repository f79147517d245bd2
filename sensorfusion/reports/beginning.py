"""A sensor's first day: the range of its charts is the age of its data, and few readings have no usual interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sensorfusion.domain.liveness import KNOWN_FROM
from sensorfusion.readings.stored import reads
from sensorfusion.reports import words
from sensorfusion.reports.charts.spans import COMMON, GROWING, RANGES, RangeName, grown, label_of
from sensorfusion.reports.queries import Station


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the page says of the first readings, and when they began."""

    first_at: datetime
    count: int
    words: str
    range: RangeName
    is_growing: bool  # whether the charts' range follows the age of the data

    @property
    def ranges(self) -> list[tuple[RangeName, str]]:
        """The ranges to choose from, with their labels."""
        return labelled(RANGES)


def beginning(station: Station, query: Mapping[str, str]) -> Beginning | None:
    """Return the first day of a sensor, None once its data are older or if there are none."""
    first_at = reads.first_at(station.sensor.pk) if station.observed_at else None
    age_s = (station.now - first_at).total_seconds() if first_at else None
    if first_at is None or age_s is None or age_s > RANGES[GROWING[-1]].total_seconds():
        return None
    deltas = station.newest.deltas
    return Beginning(
        first_at=first_at.astimezone(station.zone),
        count=len(deltas) + 1,
        words="" if len(deltas) >= KNOWN_FROM else words.so_far(len(deltas) + 1, median(deltas) if deltas else None),
        range=grown(age_s),
        is_growing=not {"r", "from", "day"} & set(query),
    )


def labelled(names: Mapping[RangeName, object] | tuple[RangeName, ...] = COMMON) -> list[tuple[RangeName, str]]:
    """Return ranges with their labels."""
    return [(name, label_of(name)) for name in names]
