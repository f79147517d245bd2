"""The three stations of the demo, and their real observations from the shipped file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sensorfusion.demo.interpolation import Observation, Track
from sensorfusion.demo.shift_year import shifted
from sensorfusion.ingest.files.csv_tables import Table
from sensorfusion.ingest.files.rows import Line, Plan, Rows, column_of
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.checking import check

# The observed year lacks its last day, so there the gap between two observations is 31 hours.
REACH = timedelta(days=4)
FILE = "nyc-airports-weather-2013.csv.gz"
PLAN = Plan(
    columns=tuple(
        map(
            column_of,
            (
                "temp=temperature:°F",
                "dewp=dew_point:°F",
                "humid=humidity:%",
                "wind_dir=wind_direction",
                "wind_speed=wind_speed:mph",
                "wind_gust=wind_gust:mph",
                "precip=rain:in",
                "pressure=sea_level_pressure:mbar",
                "visib=visibility:[mi_i]",
            ),
        )
    ),
    time_column="time_hour",
    sensor_column="origin",
    missing=frozenset({"NA"}),
)


@dataclass(frozen=True, slots=True)
class Station:
    """One airport's weather station; `code` is its name in the file."""

    code: str
    name: str
    description: str
    latitude: float
    longitude: float
    elevation_m: float


STATIONS = (
    Station("EWR", "Newark Liberty", "The automated station of Newark's airport (EWR).", 40.6925, -74.1687, 5.5),
    Station("JFK", "John F. Kennedy", "The automated station of Kennedy airport (JFK).", 40.6398, -73.7789, 4.0),
    Station("LGA", "LaGuardia", "The automated station of LaGuardia airport (LGA).", 40.7772, -73.8726, 6.7),
)


def lines() -> Iterator[Line]:
    """Read the shipped file."""
    with Table(FILE) as table:
        rows = Rows(PLAN, table.header)
        for number, cells, _ in table:
            yield rows.read(number, cells)


def shifted_lines(lines: Iterable[Line], *, after: datetime, until: datetime) -> list[Line]:
    """Shift lines into (after, until], oldest first."""
    found = [(instant, line) for line in lines for instant in shifted(_instant(line), after=after, until=until)]
    found.sort(key=lambda each: each[0])
    return [line._replace(sent=Sent(line.sent.values, instant.isoformat())) for instant, line in found]


def tracks(lines: Iterable[Line], *, around: datetime) -> dict[str, Track]:
    """Return each station's observations around an instant, normalised by the usual checks."""
    begin, end = around - REACH, around + REACH
    found: dict[str, list[Observation]] = {}
    for line in shifted_lines(lines, after=begin, until=end):
        for draft in check([line.sent], received_at=end).drafts:
            found.setdefault(line.sensor, []).append(Observation(draft.observed_at, draft.values))
    return {code: Track(observed) for code, observed in found.items()}


def _instant(line: Line) -> datetime:
    return datetime.fromisoformat(str(line.sent.observed_at))
