"""Readers of WeeWX's history: the `archive` table of its SQLite database, and the same columns as CSV.

Every row names its unit system, one of three, in `usUnits` (WeeWX 5, user's guide, "Units"); a database that was
converted may have rows in several systems.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Final, Self

from sensorfusion.ingest.files.csv_tables import Row
from sensorfusion.ingest.files.opening import BadTable, Kind, Opened
from sensorfusion.ingest.files.rows import BadPlan, Column, Line, Plan, Rows
from sensorfusion.ingest.steps.batch import Sent

TIME: Final = "dateTime"
SYSTEM: Final = "usUnits"
_TABLE: Final = "archive"
# Of a value, and of a row, in bytes; WeeWX stores numbers.
_LONGEST_VALUE: Final = 8_000_000
_ABOUT_THE_ROW: Final = frozenset((SYSTEM, "interval"))

_US, _METRIC, _METRICWX = 1, 16, 17
# Units in US, METRIC and METRICWX; "" for quantities that have the same unit in all three.
_TEMPERATURE: Final = ("°F", "°C", "°C")
_PRESSURE: Final = ("inHg", "mbar", "mbar")
_SPEED: Final = ("mph", "km/h", "m/s")
_RAIN: Final = ("in", "cm", "mm")
_RAIN_RATE: Final = ("in/h", "cm/h", "mm/h")
_ALTITUDE: Final = ("ft", "m", "m")
_DISTANCE: Final = ("mi", "km", "km")
_AS_KEPT: Final = ("", "", "")

FIELDS: Final[dict[str, tuple[str, tuple[str, str, str]]]] = {
    "outTemp": ("temperature", _TEMPERATURE),
    "inTemp": ("indoor_temperature", _TEMPERATURE),
    "dewpoint": ("dew_point", _TEMPERATURE),
    "heatindex": ("heat_index", _TEMPERATURE),
    "windchill": ("wind_chill", _TEMPERATURE),
    **{f"extraTemp{number}": (f"temperature_{number + 1}", _TEMPERATURE) for number in range(1, 8)},
    "soilTemp1": ("soil_temperature", _TEMPERATURE),
    **{f"soilTemp{number}": (f"soil_temperature_{number}", _TEMPERATURE) for number in range(2, 5)},
    "outHumidity": ("humidity", _AS_KEPT),
    "inHumidity": ("indoor_humidity", _AS_KEPT),
    **{f"extraHumid{number}": (f"humidity_{number + 1}", _AS_KEPT) for number in range(1, 8)},
    "pressure": ("pressure", _PRESSURE),
    "barometer": ("sea_level_pressure", _PRESSURE),
    "windSpeed": ("wind_speed", _SPEED),
    "windGust": ("wind_gust", _SPEED),
    "windDir": ("wind_direction", _AS_KEPT),
    "windGustDir": ("wind_gust_direction", _AS_KEPT),
    "rain": ("rain", _RAIN),
    "rainRate": ("rain_rate", _RAIN_RATE),
    "snow": ("snow", _RAIN),
    "snowDepth": ("snow_depth", _RAIN),
    "radiation": ("solar_radiation", _AS_KEPT),
    "UV": ("uv_index", _AS_KEPT),
    "illuminance": ("illuminance", _AS_KEPT),
    "cloudbase": ("cloud_base", _ALTITUDE),
    "lightning_distance": ("lightning_distance", _DISTANCE),
    "lightning_strike_count": ("lightning_count", _AS_KEPT),
    "co2": ("co2", _AS_KEPT),
    "pm1_0": ("pm1", _AS_KEPT),
    "pm2_5": ("pm2_5", _AS_KEPT),
    "pm10_0": ("pm10", _AS_KEPT),
    "consBatteryVoltage": ("battery_voltage", _AS_KEPT),
}


def is_weewx(header: Sequence[str]) -> bool:
    """Return whether these are the columns of an archive table."""
    return {TIME, SYSTEM} <= {name.strip().removeprefix("# ") for name in header}


class WeewxRows:
    """Reads the rows of an archive table, each in its own unit system."""

    def __init__(self, header: Sequence[str], plan: Plan) -> None:
        """Map every field that corresponds to a quantity.

        :raises BadPlan: there is none.
        """
        names = [name.strip().removeprefix("# ") for name in header]
        self._system = names.index(SYSTEM)
        self._by_system = {
            system: Rows(_plan(names, index, plan), names) for index, system in enumerate((_US, _METRIC, _METRICWX))
        }
        self._last = self._by_system[_METRICWX]
        self.not_taken = tuple(name for name in self._last.not_taken if name not in _ABOUT_THE_ROW)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._last.columns

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        system = _whole(cells[self._system]) if len(cells) > self._system else None
        rows = self._by_system.get(system) if system is not None else None
        if rows is None:
            problem = f"{SYSTEM} is {system}: 1, 16 and 17 are the unit systems of WeeWX"
            return Line(number, "", Sent(None, problem=("unknown_unit", problem)))
        self._last = rows
        return rows.read(number, cells)

    def notes(self) -> list[str]:
        return self._last.notes()

    def state(self) -> dict[str, Any]:
        """Return an empty state: WeeWX writes epoch seconds, which need none."""
        return {}

    def resume(self, state: dict[str, Any]) -> None:
        """Do nothing: parsing does not depend on earlier rows."""


def _plan(names: Sequence[str], system: int, plan: Plan) -> Plan:
    columns = tuple(Column(name, FIELDS[name][0], FIELDS[name][1][system]) for name in names if name in FIELDS)
    if not columns:
        raise BadPlan(f"None of WeeWX's columns in this file has a quantity here: {', '.join(names)}.")
    return Plan(columns=columns, time_column=TIME, sensor_column=plan.sensor_column, missing=plan.missing)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _whole(cell: object) -> int | None:
    try:
        return int(float(str(cell)))
    except (ValueError, OverflowError):
        return None


class WeewxDatabase:
    """The rows of an archive table, oldest first; WeeWX may keep writing meanwhile."""

    kind: Kind = "sqlite"
    sample: Sequence[tuple[int, Sequence[Any]]] = ()

    def __init__(self, file: Opened) -> None:
        """Find the archive table.

        :raises BadTable: it is another database, or a damaged one.
        """
        self._file = file
        self._connection = sqlite3.connect(f"{file.on_disk().resolve().as_uri()}?mode=ro", uri=True)
        self.position = 0
        try:
            names = self._look()
            chosen = ", ".join(map(_quoted, names))
            self._rows = self._connection.execute(f'SELECT {chosen} FROM "{_TABLE}" ORDER BY "{TIME}"')
            self.size = int(self._connection.execute(f'SELECT count(*) FROM "{_TABLE}"').fetchone()[0])
        except sqlite3.Error as error:
            self._close()
            raise BadTable(f"{file.name} is an SQLite database, but not WeeWX's: {error}.") from None
        self.header = [column[0] for column in self._rows.description]

    def _look(self) -> list[str]:
        """Return the stored columns of the table; generated ones could be of any size.

        A database whose `archive` is not a plain table is rejected: a crafted view could do more than return rows.
        """
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        self._connection.execute("PRAGMA trusted_schema = OFF")
        found = self._connection.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", [_TABLE]).fetchone()
        if not found or found[0] != "table" or str(found[1]).upper().split()[:2] != ["CREATE", "TABLE"]:
            raise sqlite3.DatabaseError(f"it has no table {_TABLE}")
        columns = self._connection.execute(f'PRAGMA table_xinfo("{_TABLE}")').fetchall()
        names = [str(name) for _, name, *_, hidden in columns if hidden == 0]
        if TIME not in names:
            raise sqlite3.DatabaseError(f"its table {_TABLE} has no column {TIME}")
        return names

    def expect(self, names: Iterable[str]) -> None:
        """Do nothing: the table names all columns."""

    def __iter__(self) -> Iterator[Row]:
        """Yield each row's number and cells.

        :raises BadTable: the rest of the database cannot be read.
        """
        try:
            for cells in self._rows:
                self.position += 1
                yield self.position, cells, ""
        except sqlite3.Error as error:
            raise BadTable(f"after row {self.position} the database cannot be read any further: {error}") from None

    def _close(self) -> None:
        self._connection.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
