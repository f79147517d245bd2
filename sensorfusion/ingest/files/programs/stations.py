"""Files of weather programs and consoles, with one column for each quantity.

Fields by their order: WeatherLink's help ("Exporting weather data"), Cumulus wiki ("Monthly log files", "Dayfile.txt"),
Weather Display's log files as described by WeeWX's user's guide ("wd import"), Meteobridge's wiki ("Templates").
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sensorfusion.ingest.files.csv_tables import TextTable
from sensorfusion.ingest.files.programs.program import (
    Measure,
    Program,
    column,
    names_of,
    numbers,
    system_by_pressure,
    unit_in,
)
from sensorfusion.ingest.files.rows import Column, Plan

Fields = Mapping[str, tuple[str, Measure]]  # by the name of the column

_DATE: Final = re.compile(r"\d{2}[-/.]\d{2}[-/.]\d{2}(\d{2})?\Z")
_DATE_AND_TIME: Final = re.compile(r"\d{2}[-/.]\d{2}[-/.]\d{2}(\d{2})? \d{2}:\d{2}\Z")
_TIME: Final = re.compile(r"\d{2}:\d{2}\Z")
_EPOCH: Final = re.compile(r"1\d{9}\Z")


def _by_place(fields: Mapping[int, tuple[str, Measure]]) -> Fields:
    """Return the fields of a file without a header by the names that its columns have instead."""
    return {f"column {place}": meaning for place, meaning in fields.items()}


WEATHERLINK: Final[Fields] = {
    "Temp Out": ("temperature", "temperature"),
    "Hi Temp": ("temperature_max", "temperature"),
    "Low Temp": ("temperature_min", "temperature"),
    "Out Hum": ("humidity", "as kept"),
    "Dew Pt.": ("dew_point", "temperature"),
    "Wind Speed": ("wind_speed", "speed"),
    "Wind Dir": ("wind_direction", "as kept"),
    "Hi Speed": ("wind_gust", "speed"),
    "Hi Dir": ("wind_gust_direction", "as kept"),
    "Wind Chill": ("wind_chill", "temperature"),
    "Heat Index": ("heat_index", "temperature"),
    "Bar": ("sea_level_pressure", "pressure"),
    "Rain": ("rain", "rain"),
    "Rain Rate": ("rain_rate", "rain rate"),
    "Rate": ("rain_rate", "rain rate"),
    "Solar Rad.": ("solar_radiation", "as kept"),
    "UV Index": ("uv_index", "as kept"),
    "In Temp": ("indoor_temperature", "temperature"),
    "In Hum": ("indoor_humidity", "as kept"),
    "ET": ("reference_evapotranspiration", "rain"),
    **{f"Soil Temp {number}": (f"soil_temperature_{number}", "temperature") for number in range(2, 5)},
    "Soil Temp 1": ("soil_temperature", "temperature"),
}
# By place; the first two columns are date and time. Left out: current gust, evapotranspiration of the year, theoretical
# radiation, sunshine and the second gauge, which no quantity here is for.
CUMULUS_LOG: Final = _by_place(
    {
        3: ("temperature", "temperature"),
        4: ("humidity", "as kept"),
        5: ("dew_point", "temperature"),
        6: ("wind_speed", "speed"),
        7: ("wind_gust", "speed"),
        8: ("wind_direction", "as kept"),
        9: ("rain_rate", "rain rate"),
        10: ("rain_day", "rain"),
        11: ("sea_level_pressure", "pressure"),
        12: ("rain_total", "rain"),
        13: ("indoor_temperature", "temperature"),
        14: ("indoor_humidity", "as kept"),
        16: ("wind_chill", "temperature"),
        17: ("heat_index", "temperature"),
        18: ("uv_index", "as kept"),
        19: ("solar_radiation", "as kept"),
        22: ("apparent_temperature", "temperature"),
        28: ("feels_like", "temperature"),
        29: ("humidex", "as kept"),
    }
)
CUMULUS_DAYS: Final = _by_place(
    {
        2: ("wind_gust_day", "speed"),
        3: ("wind_gust_direction", "as kept"),
        5: ("temperature_min", "temperature"),
        7: ("temperature_max", "temperature"),
        15: ("rain", "rain"),
        16: ("temperature", "temperature"),
        24: ("reference_evapotranspiration", "rain"),
        40: ("wind_direction", "as kept"),
    }
)
WEATHER_DISPLAY: Final[Fields] = {
    "temperature": ("temperature", "temperature"),
    "humidity": ("humidity", "as kept"),
    "dewpoint": ("dew_point", "temperature"),
    "barometer": ("sea_level_pressure", "pressure"),
    "windspeed": ("wind_speed", "speed"),
    "gustspeed": ("wind_gust", "speed"),
    "direction": ("wind_direction", "as kept"),
    "rainlastmin": ("rain", "rain"),
    "dailyrain": ("rain_day", "rain"),
    "monthlyrain": ("rain_month", "rain"),
    "yearlyrain": ("rain_year", "rain"),
    "heatindex": ("heat_index", "temperature"),
}
_WD_TIME: Final = ("day", "month", "year", "hour", "minute")
# In °C, hPa, m/s and mm, unless the template asks for others behind an equals sign.
METEOBRIDGE: Final[Mapping[str, str]] = {
    "th0temp": "temperature",
    "th0hum": "humidity",
    "th0dew": "dew_point",
    "th0heatindex": "heat_index",
    "thb0temp": "indoor_temperature",
    "thb0hum": "indoor_humidity",
    "thb0press": "pressure",
    "thb0seapress": "sea_level_pressure",
    "wind0wind": "wind_speed",
    "wind0avgwind": "wind_speed",
    "wind0gust": "wind_gust",
    "wind0dir": "wind_direction",
    "wind0chill": "wind_chill",
    "rain0rate": "rain_rate",
    "rain0total": "rain_total",
    "uv0index": "uv_index",
    "sol0rad": "solar_radiation",
    **{f"th{number}temp": f"temperature_{number + 1}" for number in range(1, 8)},
    **{f"th{number}hum": f"humidity_{number + 1}" for number in range(1, 8)},
}
_MB_NAME: Final = re.compile(
    r"\[?(?P<sensor>[a-z]+\d[a-z]+)-(?P<of>act|avg\d*|val\d+|daysum)(?:=(?P<unit>[A-Za-z/]+)?(?:\.\d+)?)?(?:[.:][^\]]*)?\]?\Z"
)


def _columns(names: Sequence[str], fields: Fields, system: str) -> tuple[Column, ...]:
    return tuple(Column(name, fields[name][0], unit_in(system, fields[name][1])) for name in names if name in fields)


def _index(names: Sequence[str], name: str) -> int | None:
    return names.index(name) if name in names else None


def _weatherlink(table: TextTable, system: str) -> Plan:
    names = names_of(table)
    system = system or system_by_pressure(table, _index(names, "Bar"))
    return Plan(columns=_columns(names, WEATHERLINK, system), time_column="Date", time_parts=("Time",))


def _is_weatherlink(table: TextTable) -> bool:
    return {"Date", "Time", "Temp Out", "Out Hum", "Wind Speed"} <= set(names_of(table))


def _cumulus_log(table: TextTable, system: str) -> Plan:
    system = system or system_by_pressure(table, 10)
    columns = _columns(names_of(table), CUMULUS_LOG, system)
    if all(map(_EPOCH.match, column(table, 1))):  # Cumulus MX from version 4 on
        return Plan(columns=columns, time_column="column 2")
    return Plan(
        columns=columns, time_column="column 1", time_parts=("column 2",), time_format=_day_first(table, "%H:%M")
    )


def _is_cumulus_log(table: TextTable) -> bool:
    """Return whether the first rows are date, time, and values that can be what Cumulus has at their places."""
    if table.header_at.rows or not 15 <= len(table.header) <= 40:
        return False
    first, second = column(table, 0), column(table, 1)
    is_old = all(map(_DATE.match, first)) and all(map(_TIME.match, second))
    is_new = all(map(_DATE_AND_TIME.match, first)) and all(map(_EPOCH.match, second))
    within = ((3, 0, 100), (7, 0, 360), (10, 20, 1100), (13, 0, 100))
    return bool(first) and (is_old or is_new) and all(_is_within(table, *each) for each in within)


def _is_within(table: TextTable, index: int, low: float, high: float) -> bool:
    found = numbers(column(table, index), delimiter=table.delimiter)
    return bool(found) and low <= min(found) and max(found) <= high


def _cumulus_days(table: TextTable, system: str) -> Plan:
    system = system or system_by_pressure(table, 8)
    columns = _columns(names_of(table), CUMULUS_DAYS, system)
    return Plan(columns=columns, time_column="column 1", time_format=_day_first(table, ""))


def _is_cumulus_days(table: TextTable) -> bool:
    if table.header_at.rows or len(table.header) < 15:
        return False
    times = (3, 5, 7, 9, 11, 13)
    return bool(column(table, 0)) and (
        all(map(_DATE.match, column(table, 0))) and all(all(map(_TIME.match, column(table, index))) for index in times)
    )


def _day_first(table: TextTable, clock: str) -> str:
    """Return the form of Cumulus's dates, which have the day first and the separator of the computer's settings."""
    date = column(table, 0)[0]
    mark = date[2]
    return f"%d{mark}%m{mark}{'%Y' if len(date) == 10 else '%y'} {clock}".strip()


def _weather_display(table: TextTable, system: str) -> Plan:
    names = names_of(table)
    system = system or system_by_pressure(table, _index(names, "barometer"), metric="metric_knots")
    return Plan(
        columns=_columns(names, WEATHER_DISPLAY, system),
        time_column=_WD_TIME[0],
        time_parts=_WD_TIME[1:],
        time_format="%d %m %Y %H %M",
    )


def _is_weather_display(table: TextTable) -> bool:
    return {*_WD_TIME, "temperature", "rainlastmin"} <= set(names_of(table))


def _meteobridge(table: TextTable, system: str) -> Plan:
    found: dict[str, Column] = {}
    for name in names_of(table):
        match = _MB_NAME.match(name)
        quantity = METEOBRIDGE.get(match["sensor"]) if match else None
        if match and quantity and (match["of"] != "daysum" or quantity == "rain_total"):
            quantity = "rain_day" if match["of"] == "daysum" else quantity
            found.setdefault(quantity, Column(name, quantity, match["unit"] or ""))
    return Plan(columns=tuple(found.values()))


def _is_meteobridge(table: TextTable) -> bool:
    matches = [match for name in names_of(table) if (match := _MB_NAME.match(name))]
    return sum(match["sensor"] in METEOBRIDGE for match in matches) >= 2


STATIONS: Final = (
    Program(
        name="WeatherLink's export",
        matches=_is_weatherlink,
        plan=_weatherlink,
        systems=("metric", "metric_kmh", "metric_knots", "imperial"),
    ),
    Program(
        name="a monthly log of Cumulus",
        matches=_is_cumulus_log,
        plan=_cumulus_log,
        systems=("metric", "metric_kmh", "metric_knots", "imperial"),
    ),
    Program(
        name="the day file of Cumulus",
        matches=_is_cumulus_days,
        plan=_cumulus_days,
        systems=("metric", "metric_kmh", "metric_knots", "imperial"),
    ),
    Program(
        name="a log of Weather Display",
        matches=_is_weather_display,
        plan=_weather_display,
        systems=("metric_knots", "imperial"),
    ),
    Program(name="a log of Meteobridge", matches=_is_meteobridge, plan=_meteobridge),
)
