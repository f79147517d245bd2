"""Files of climate archives: GHCN-Daily in its long and its wide form, and ISD (global hourly), both of NOAA.

Elements, units and marks: NCEI, "GHCN-Daily readme.txt", sections III and IV, and "ISD format document", parts 3 to 5.
"""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Final

from sensorfusion.ingest.files.csv_tables import TextTable
from sensorfusion.ingest.files.programs.program import Program, column, names_of, numbers
from sensorfusion.ingest.files.programs.readers import Element, LongRows, Part, PartRows
from sensorfusion.ingest.files.rows import BadPlan, Plan

# The element, its quantity and unit, and the unit of a whole number of the archive: a tenth of it or itself.
GHCN: Final[Mapping[str, Element]] = {
    "TMAX": Element("temperature_max", "°C", 0.1),
    "TMIN": Element("temperature_min", "°C", 0.1),
    "TAVG": Element("temperature", "°C", 0.1),
    "PRCP": Element("rain", "mm", 0.1),
    "SNOW": Element("snow", "mm"),
    "SNWD": Element("snow_depth", "mm"),
    "AWND": Element("wind_speed", "m/s", 0.1),
    "WSFG": Element("wind_gust", "m/s", 0.1),
    "WDFG": Element("wind_gust_direction", "deg"),
    "ADPT": Element("dew_point", "°C", 0.1),
    "AWBT": Element("wet_bulb", "°C", 0.1),
    "ASLP": Element("sea_level_pressure", "hPa", 0.1),
    "ASTP": Element("pressure", "hPa", 0.1),
    "RHAV": Element("humidity", "%"),
}
TENTHS, METRIC, IMPERIAL = "tenths", "metric", "imperial"
# An order of Climate Data Online is in whole units, standard ones or metric ones.
_ORDERED: Final[Mapping[str, Mapping[str, str]]] = {
    METRIC: {"°C": "°C", "mm": "mm", "m/s": "m/s", "deg": "deg", "hPa": "hPa", "%": "%"},
    IMPERIAL: {"°C": "°F", "mm": "in", "m/s": "mph", "deg": "deg", "hPa": "inHg", "%": "%"},
}
_HOTTEST: Final = 140.0  # °F; more is in tenths of a degree
_LONG_NAMES: Final = ("ID", "DATE", "ELEMENT")

# Groups of a row: the place of the value, its unit and factor, its mark for missing, the place of its quality code.
ISD: Final[Mapping[str, tuple[Part, ...]]] = {
    "WND": (Part("wind_direction", "deg", 0, quality=1, missing=999), Part("wind_speed", "m/s", 3, 0.1, 4, 9999)),
    "TMP": (Part("temperature", "°C", 0, 0.1, 1, 9999),),
    "DEW": (Part("dew_point", "°C", 0, 0.1, 1, 9999),),
    "SLP": (Part("sea_level_pressure", "hPa", 0, 0.1, 1, 99999),),
    "VIS": (Part("visibility", "m", 0, quality=1, missing=999999),),
    "OC1": (Part("wind_gust", "m/s", 0, 0.1, 1, 9999),),
    "MA1": (Part("pressure", "hPa", 2, 0.1, 3, 99999),),
}
_ERRONEOUS: Final = frozenset("37")  # quality codes: erroneous, and erroneous by another source


def _is_long(table: TextTable) -> bool:
    if table.header_at.rows:
        return {*_LONG_NAMES} <= set(names_of(table)) or {"STATION", "DATE", "ELEMENT"} <= set(names_of(table))
    elements = column(table, 2)
    return len(table.header) >= 7 and bool(elements) and any(each in GHCN for each in elements) and _are_ids(table)


def _are_ids(table: TextTable) -> bool:
    """Return whether the first two columns are station identifiers and dates without separators."""
    stations, dates = column(table, 0), column(table, 1)
    return all(len(each) == 11 for each in stations) and all(len(each) == 8 and each.isdigit() for each in dates)


def _long(table: TextTable, *, plan: Plan, zone: tzinfo | None, system: str) -> LongRows:
    names = names_of(table)
    has_header = bool(table.header_at.rows)
    values = next((names.index(name) for name in ("DATA VALUE", "DATA_VALUE", "VALUE") if name in names), 3)
    flags = next((names.index(name) for name in ("Q-FLAG", "Q_FLAG", "QFLAG") if name in names), 5)
    return LongRows(
        time=names.index("DATE") if has_header else 1,
        name=names.index("ELEMENT") if has_header else 2,
        value=values,
        quality=flags,
        meaning=lambda element: GHCN.get(element),
        time_format="%Y%m%d" if all(each.isdigit() for each in column(table, 1)) else "",
        zone=plan.time_zone or zone,
        missing=("-9999",),
        note="Values of a day are stored at its begin.",
    )


def _is_wide(table: TextTable) -> bool:
    names = set(names_of(table))
    return {"STATION", "DATE"} <= names and "ELEMENT" not in names and bool(names & GHCN.keys())


def _wide(table: TextTable, *, plan: Plan, zone: tzinfo | None, system: str) -> PartRows:
    system = system or _system(table)
    names = names_of(table)
    parts: dict[str, tuple[Part, ...]] = {}
    for name, element in GHCN.items():
        unit = element.unit if system == TENTHS else _ORDERED[system][element.unit]
        factor = element.factor if system == TENTHS else 1.0
        attributes = f"{name}_ATTRIBUTES"
        parts[name] = (
            Part(element.quantity, unit, 0, factor, missing=9999, beside=attributes if attributes in names else ""),
        )
    return PartRows(
        names, parts, time="DATE", zone=plan.time_zone or zone, note="Values of a day are stored at its begin."
    )


def _system(table: TextTable) -> str:
    """Return the units of a wide file: whole numbers beyond any temperature in degrees are tenths.

    :raises BadPlan: the first rows do not say.
    """
    names = names_of(table)
    texts = [text for name in ("TMAX", "TMIN", "PRCP") if name in names for text in column(table, names.index(name))]
    found = [abs(number) for number in numbers(texts, delimiter=table.delimiter) if abs(number) < 9999]
    maxima = column(table, names.index("TMAX")) if "TMAX" in names else []
    if found and not any("." in text for text in texts) and max(found) > _HOTTEST:
        return TENTHS
    if any("." in text for text in maxima):
        return METRIC
    raise BadPlan(
        "The file does not say its units: choose them with --units tenths (of °C and mm), --units metric or"
        " --units imperial (°F, in)."
    )


def _is_isd(table: TextTable) -> bool:
    names = names_of(table)
    return {"STATION", "DATE", "TMP"} <= set(names) and any("," in text for text in column(table, names.index("TMP")))


def _isd(table: TextTable, *, plan: Plan, zone: tzinfo | None, system: str) -> PartRows:
    return PartRows(names_of(table), ISD, time="DATE", zone=plan.time_zone or UTC, refused=_ERRONEOUS)


ARCHIVES: Final = (
    Program(name="NOAA's ISD (global hourly)", matches=_is_isd, read=_isd),
    Program(name="GHCN-Daily, one value in a row", matches=_is_long, read=_long),
    Program(name="GHCN-Daily", matches=_is_wide, read=_wide, systems=(TENTHS, METRIC, IMPERIAL)),
)
