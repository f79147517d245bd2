"""Reader of OpenWeatherMap's history files: the bulk JSON list, and the same columns as CSV ("History Bulk").

Values are in kelvins and metres per second, unless the file was ordered in other units; temperatures show whether they
are kelvins, but not whether they are °C or °F. An hour with several weather conditions has a row for each; the first
is imported.
"""

from collections.abc import Sequence
from typing import Any, Final

from sensorfusion.ingest.files.columns.cells import number_in
from sensorfusion.ingest.files.csv_tables import TableOfAnyKind
from sensorfusion.ingest.files.rows import BadPlan, Column, Line, Plan, Rows
from sensorfusion.ingest.steps.batch import Sent

TIME: Final = "dt"
SYSTEMS: Final = ("standard", "metric", "imperial")
_KELVINS_FROM: Final = 130  # -143 °C, colder than any measurement; 130 °F is 54 °C, rarer than a wrong guess

_TEMPERATURE: Final = ("K", "°C", "°F")
_SPEED: Final = ("m/s", "m/s", "mph")
_AS_KEPT: Final = ("", "", "")
# Column of the JSON list, column of the CSV, quantity, units of the three systems.
FIELDS: Final[tuple[tuple[str, str, str, tuple[str, str, str]], ...]] = (
    ("main.temp", "temp", "temperature", _TEMPERATURE),
    ("main.feels_like", "feels_like", "feels_like", _TEMPERATURE),
    ("main.temp_min", "temp_min", "temperature_min", _TEMPERATURE),
    ("main.temp_max", "temp_max", "temperature_max", _TEMPERATURE),
    ("main.dew_point", "dew_point", "dew_point", _TEMPERATURE),
    ("main.pressure", "pressure", "pressure", _AS_KEPT),
    ("main.sea_level", "sea_level", "sea_level_pressure", _AS_KEPT),
    ("main.grnd_level", "grnd_level", "ground_level_pressure", _AS_KEPT),
    ("main.humidity", "humidity", "humidity", _AS_KEPT),
    ("wind.speed", "wind_speed", "wind_speed", _SPEED),
    ("wind.gust", "wind_gust", "wind_gust", _SPEED),
    ("wind.deg", "wind_deg", "wind_direction", _AS_KEPT),
    ("rain.1h", "rain_1h", "rain_1h", _AS_KEPT),
    ("rain.3h", "rain_3h", "rain_3h", _AS_KEPT),
    ("snow.1h", "snow_1h", "snow_1h", _AS_KEPT),
    ("snow.3h", "snow_3h", "snow_3h", _AS_KEPT),
    ("clouds.all", "clouds_all", "cloud_cover", _AS_KEPT),
    ("visibility", "visibility", "visibility", _AS_KEPT),
    ("weather.0.id", "weather_id", "condition_code", _AS_KEPT),
    ("weather.0.main", "weather_main", "condition", _AS_KEPT),
    ("weather.0.description", "weather_description", "condition_text", _AS_KEPT),
    ("city_id", "city_id", "city_id", _AS_KEPT),
    ("city_name", "city_name", "city_name", _AS_KEPT),
)


def is_openweathermap(header: Sequence[str]) -> bool:
    """Return whether these are the columns of a history file."""
    return {TIME, "main.temp"} <= set(header) or {TIME, "dt_iso", "temp"} <= set(header)


class OpenWeatherMapRows:
    """Reads the rows of a history file; the units are given, or detected from the first temperature."""

    def __init__(self, table: TableOfAnyKind, plan: Plan, *, system: str = "") -> None:
        is_list = "main.temp" in table.header
        self._fields = [(field[0] if is_list else field[1], *field[2:]) for field in FIELDS]
        if table.kind != "csv":  # columns such as rain may first occur in the middle of the file
            table.expect([TIME, *(name for name, _, _ in self._fields)])
        self._header = [name.strip() for name in table.header]
        self._temperature = self._header.index("main.temp" if is_list else "temp")
        self._city = next((self._header.index(name) for name in ("city_id", "city_name") if name in self._header), None)
        self._time = self._header.index(TIME)
        self._plan = plan
        self._rows = self._rows_in(system or SYSTEMS[0])
        self._is_certain = bool(system)
        self._last: tuple[object, object] | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._rows.columns

    @property
    def not_taken(self) -> tuple[str, ...]:
        return self._rows.not_taken

    def read(self, number: int, cells: Sequence[Any]) -> Line:
        """Return the parsed row.

        :raises BadPlan: the first temperature cannot be in kelvins, and no units were given.
        """
        if len(cells) == len(self._header):
            self._make_certain(cells[self._temperature])
            this = (cells[self._time], None if self._city is None else cells[self._city])
            if this == self._last:
                detail = "this hour has a row for each kind of its weather; the first is imported"
                return self._rows.read(number, cells)._replace(sent=Sent(None, problem=("repeated", detail)))
            self._last = this
        return self._rows.read(number, cells)

    def notes(self) -> list[str]:
        return self._rows.notes()

    def state(self) -> dict[str, Any]:
        return {"last": self._last, "is_certain": self._is_certain}

    def resume(self, state: dict[str, Any]) -> None:
        self._last = tuple(state["last"]) if state.get("last") else None
        self._is_certain = state.get("is_certain", self._is_certain)

    def _make_certain(self, cell: object) -> None:
        temperature = number_in(cell.strip()) if isinstance(cell, str) else cell
        if self._is_certain or not isinstance(temperature, int | float):
            return
        if temperature < _KELVINS_FROM:
            told = "say which with --units metric (°C, m/s) or --units imperial (°F, mph)"
            raise BadPlan(f"The file's first temperature, {temperature:g}, is not in kelvins: {told}.")
        self._is_certain = True

    def _rows_in(self, system: str) -> Rows:
        index = SYSTEMS.index(system)
        columns = tuple(Column(name, quantity, units[index]) for name, quantity, units in self._fields)
        here = tuple(column for column in columns if column.name in self._header)
        plan = self._plan
        return Rows(
            Plan(columns=here, time_column=TIME, sensor_column=plan.sensor_column, missing=plan.missing), self._header
        )
