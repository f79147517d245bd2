"""Guesses the meaning of a file's columns from their names: `Temp (°F)` is a temperature, `When` is the time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from sensorfusion.domain.consoles.networks import FIELDS
from sensorfusion.domain.quantities import CATALOGUE, Quantity, known_quantity
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter, unit_in_context, unit_of
from sensorfusion.ingest.files.rows import TIME_COLUMN, Column

_TIMES: Final = (
    *(TIME_COLUMN, "time", "timestamp", "datetime", "date_time", "date time", "date", "when", "dateutc", "dt", "ts"),
    *("zeit", "zeitpunkt", "datum", "czas", "data", "fecha", "heure"),
)
_BRACKETS: Final = re.compile(r"(.+?)\s*[(\[{]([^()\[\]{}]+)[)\]}]\s*(#\d+)?\Z")
_SERIAL: Final = re.compile(r"\s*\((?:LGR|SEN) S/N:[^)]*\)\s*\Z")  # of a HOBO's logger and sensor
_WIND_VECTOR: Final = re.compile(r"_(?:S|D1)_WVT\b")  # of a Campbell program's mean wind, by its WindVector instruction
_ONLY_T: Final = re.compile(r"t ?\d*\Z", re.IGNORECASE)
_STATISTICS: Final = ("avg", "tot", "min", "max", "smp", "std")  # with which names of loggers end
_AFTER: Final = re.compile(r"(.+?)(?:\s+-\s+|\s*[,/]\s*)(\S.{0,24})\Z")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN: Final = re.compile(r"pm ?\d+(?:[._]\d+)?|[^\W\d_]+|\d+(?:h|hr|min)?\b|\d+")
_LENGTH_OR_TIME: Final = re.compile(r"\d+ ?(?:m|cm|ft|in|min|mins|minutes|h|hr|hours?|s|sec)\Z", re.IGNORECASE)

_INDOOR: Final = frozenset(
    ("in", "indoor", "indoors", "inside", "int", "interior", "inn", "innen", "console", "room", "interna", "interne")
)
# Words that do not change which quantity a column holds.
_NOISE: Final = frozenset(
    (
        *("out", "outdoor", "outdoors", "outside", "ext", "exterior", "ambient", "aussen", "außen", "air", "probe"),
        *("avg", "average", "mean", "smp", "sample", "current", "cur", "now", "inst", "act", "value", "reading"),
        *("sensor", "measured", "data", "of", "the", "tot", "level", "lst", "local", "ultra", "violet"),
        *("th", "mins", "w", "v", "exterieure", "extérieure", "externa", "luft", "aire", "ar", "lucht", "powietrza"),
        *("de", "del", "do", "du", "di", "von", "van", "medio", "media", "moyen", "moyenne", "mittel"),
    )
)
# The words of a quantity in the spellings of programs, by one of them.
_SAME: Final = {
    "temp": (
        *("temperature", "temperatur", "temperatura", "température", "tc", "tmp", "temps", "lufttemperatur", "t"),
        *("temperatuur",),
    ),
    "hum": (
        *("humidity", "humid", "rh", "feuchte", "luftfeuchte", "luftfeuchtigkeit", "humedad", "humidité", "wilgotność"),
        *("umidità", "umidade", "humidade", "luchtvochtigheid"),
    ),
    "dew": ("dewpoint", "dewpt", "taupunkt", "td", "tdew", "rocío", "rosée", "rugiada", "orvalho", "dauwpunt", "rosy"),
    "point": ("pt", "punto", "ponto", "punkt"),
    "speed": (
        *("spd", "velocity", "ws", "geschwindigkeit", "windgeschwindigkeit", "velocidad", "vitesse", "velocità"),
        *("velocidade", "windsnelheid", "prędkość", "wv"),
    ),
    "dir": (
        *("direction", "wd", "bearing", "heading", "windrichtung", "deg", "degrees", "dirección", "direzione"),
        *("direção", "windrichting", "kierunek"),
    ),
    "gust": (
        *("gusts", "böe", "böen", "windböe", "windböen", "racha", "rachas", "rafale", "rafales", "raffica"),
        *("raffiche", "rajada", "windstoot", "poryw", "porywy"),
    ),
    "wind": ("vent", "viento", "wiatr", "vento", "wiatru"),
    "max": ("hi", "high", "maximum", "highest", "peak"),
    "min": ("lo", "low", "minimum", "lowest"),
    "pressure": (
        *("press", "bp", "druck", "luftdruck", "presión", "pression", "ciśnienie", "pressione", "pressão", "luchtdruk"),
    ),
    "baro": ("bar", "barometer", "barometric", "baromètre"),
    "sea": ("slp", "msl", "mslp", "qnh", "rel", "relative", "sealevel", "reduced"),
    "station": ("abs", "absolute", "qfe", "stn"),
    "rain": (
        *("precip", "precipitation", "rainfall", "prcp", "niederschlag", "regen", "pluie", "lluvia", "opad"),
        *("precipitación", "précipitations", "precipitazioni", "precipitação", "pioggia", "chuva", "neerslag"),
    ),
    "rate": ("intensity",),
    "day": ("daily", "today"),
    "hour": ("hourly", "1h", "1hr"),
    "week": ("weekly",),
    "month": ("monthly",),
    "year": ("yearly", "annual"),
    "event": ("storm",),
    "solar": ("slr", "slrw", "sr", "sol", "pyr", "globalstrahlung", "solaire", "solare"),
    "radiation": ("rad", "irradiance", "irrad", "strahlung", "radiación", "rayonnement", "radiazione", "radiação"),
    "uv": ("uvi",),
    "index": ("idx",),
    "soil": ("boden", "ground"),
    "moisture": ("moist", "vwc"),
    "battery": ("batt", "bat", "battv"),
    "voltage": ("volt", "volts"),
    "lightning": ("thunder",),
    "count": ("strikes", "strike"),
    "feels": ("feel", "feelslike"),
    "heat": ("heatindex",),
    "chill": ("windchill",),
    "et": ("eto", "evapotranspiration"),
    "ch": ("channel", "chan"),
    "wet": ("wetbulb",),
    "leaf": (),
    "wetness": (),
    "snow": ("snowfall",),
    "depth": (),
    "cloud": ("clouds",),
}
_ONE: Final = {word: one for one, words in _SAME.items() for word in (one, *words)}
# The quantities by their words, in any order, each in the spelling of `_SAME`.
WORDS: Final[dict[str, str]] = {
    words: name
    for name, spellings in {
        "temperature": ("temp",),
        "temperature_max": ("temp max",),
        "temperature_min": ("temp min",),
        "indoor_temperature": ("temp indoor",),
        "humidity": ("hum", "hum sea"),
        "indoor_humidity": ("hum indoor",),
        "dew_point": ("dew", "dew point", "dew temp", "dew point temp"),
        "wet_bulb": ("wet bulb", "wet bulb temp", "wet"),
        "heat_index": ("heat", "heat index"),
        "wind_chill": ("wind chill", "chill"),
        "feels_like": ("feels", "feels like"),
        "apparent_temperature": ("apparent temp", "apparent"),
        "wind_speed": ("wind", "wind speed", "speed"),
        "wind_gust": ("gust", "wind gust", "gust speed", "wind gust speed", "wind max", "wind speed max", "speed max"),
        "wind_gust_day": ("gust max day", "wind gust max day"),
        "wind_direction": ("dir", "wind dir"),
        "wind_gust_direction": ("gust dir", "wind gust dir", "wind max dir", "max dir", "wind speed max dir"),
        "pressure": ("pressure", "station pressure", "baro pressure", "station baro", "station"),
        "sea_level_pressure": ("baro", "sea pressure", "sea level pressure", "sea baro", "sea", "sea baro pressure"),
        "rain": ("rain",),
        "rain_total": ("rain total",),
        "rain_rate": ("rain rate", "rain rate hour"),
        "rain_1h": ("rain hour",),
        "rain_day": ("rain day",),
        "rain_24h": ("rain 24h", "rain 24hr"),
        "rain_event": ("rain event",),
        "rain_week": ("rain week",),
        "rain_month": ("rain month",),
        "rain_year": ("rain year",),
        "solar_radiation": ("solar", "solar radiation", "radiation"),
        "uv_index": ("uv", "uv index", "uv radiation index", "radiation index"),
        "illuminance": ("illuminance", "lux", "illumination"),
        "reference_evapotranspiration": ("et",),
        "soil_temperature": ("soil temp",),
        "soil_moisture": ("soil moisture", "soil hum", "moisture soil ch"),
        "leaf_wetness": ("leaf wetness", "leaf wet"),
        "visibility": ("visibility", "vis"),
        "cloud_cover": ("cloud cover", "cloudiness"),
        "cloud_base": ("cloud base",),
        "snow": ("snow",),
        "snow_depth": ("snow depth",),
        "lightning_distance": ("lightning distance",),
        "lightning_count": ("lightning count",),
        "battery": ("battery", "battery min"),
        "battery_voltage": ("battery voltage", "battery voltage min"),
        "co2": ("co2",),
    }.items()
    for words in spellings
}


def time_column(header: Sequence[str]) -> str:
    """Return the column that is probably the time, else the first one."""
    by_name = {plain(name): name.strip() for name in reversed(header)}
    return next((by_name[name] for name in _TIMES if name in by_name), header[0].strip() if header else TIME_COLUMN)


def plain(name: str) -> str:
    """Return a column's name in lower case, without what stands in brackets or behind a comma."""
    return name.strip().partition("(")[0].partition(",")[0].strip().casefold()


def column(name: str) -> Column | None:
    """Guess the quantity and unit of a column, or return None.

    A unit that is written in the name and is not one of the quantity is in `asked`.
    """
    words, written = _parts(_WIND_VECTOR.sub("", _SERIAL.sub("", name.strip())))
    for text, unit in _readings(words, written):
        known = _quantity(text)
        if known is None or (_ONLY_T.match(text) and not unit):  # which may be a time as well
            continue
        if known.name == "battery" and _fitted(unit, CATALOGUE["battery_voltage"]):
            known = CATALOGUE["battery_voltage"]
        found = Column(name.strip(), known.name)
        if not unit:
            return found
        fitted = _fitted(unit, known)
        return replace(found, unit=fitted) if fitted else replace(found, asked=unit)
    return _of_console(name.strip())


def settled(given: Column) -> Column:
    """Return a column with the unit that its name writes, if it was given none; one that does not fit is `asked`."""
    known = known_quantity(given.quantity)
    if given.unit or given.asked or known is None or known.kind != "number" or not known.unit:
        return given
    words, written = _parts(_SERIAL.sub("", given.name.strip()))
    for text, unit in _readings(words, written):
        if unit and (fitted := _fitted(unit, known)):
            return replace(given, unit=fitted)
        if unit and text == words:
            return replace(given, asked=unit)
    return given


def _parts(name: str) -> tuple[str, str]:
    """Split a name into its words and what stands in brackets, unless that only says where or when."""
    found = _BRACKETS.match(name)
    if found is None:
        return name, ""
    words, inside = f"{found[1]} {found[3] or ''}".strip(), found[2].strip()
    if _LENGTH_OR_TIME.match(inside):
        return _parts(words)
    return (words, inside) if inside else (words, "")


def _readings(words: str, written: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a name may be split into words and a unit, the most certain first."""
    if written:
        qualified = f"{words} {written}"
        is_place = all(token in _INDOOR or token in _NOISE or token in _ONE for token in _tokens(written))
        if is_place and not _is_unit_of(words, written):
            yield qualified, ""
        yield words, written
        return
    found = _AFTER.match(words)
    if found and (_is_unit_of(found[1], found[2]) or ("," in words and _quantity(found[1]) and not _quantity(words))):
        yield found[1], found[2]
    yield from _with_last_words(words)
    yield words, ""


def _with_last_words(words: str) -> Iterator[tuple[str, str]]:
    """Yield a split before the last words if they are a unit of what the others name: `Temp deg C`, `Rain_mm_Tot`."""
    tokens = [token for token in re.split(r"[\s_]+", words) if token]
    if len(tokens) > 2 and tokens[-1].casefold() in _STATISTICS:
        tokens = [*tokens[:-2], tokens[-1], tokens[-2]]
    for count in (2, 1):
        rest, unit = " ".join(tokens[:-count]), " ".join(tokens[-count:])
        if not rest or unit.casefold() in _INDOOR or unit.isdigit() or not _is_unit_of(rest, unit):
            continue
        if not rest.endswith(" in") or not _is_unit_of(rest.removesuffix(" in"), unit):
            yield rest, unit
        else:  # `Temp in F` is no temperature of indoors
            yield rest.removesuffix(" in"), unit


def _is_unit_of(words: str, unit: str) -> bool:
    known = _quantity(words)
    return known is not None and bool(_fitted(unit, known))


def _fitted(unit: str, known: Quantity) -> str:
    """Return a unit of the quantity as it is written, or its code if that depends on the quantity, or ""."""
    if not known.unit or known.kind != "number":
        return ""
    if known.unit == "1" and unit.casefold() == "index":
        return ""  # a word of its name
    try:
        code = unit_in_context(unit, kept_in=known.unit)
    except (UnknownUnit, WrongUnit):
        return ""
    try:
        converter(unit, known.unit)
    except WrongUnit:
        return code
    return unit


def _quantity(words: str) -> Quantity | None:
    known = known_quantity(re.sub(r"[\s-]+", "_", words.strip()).casefold())
    if known is not None:
        return known
    tokens = list(_tokens(_without_units(words)))
    place = {"indoor"} if _INDOOR & set(tokens) else set()
    numbers = [token for token in tokens if token.isdigit()]
    names = {_ONE.get(token, token) for token in tokens if token not in _INDOOR and not token.isdigit()}
    names = (names - _NOISE) or names
    by_words = _by_words()
    found = by_words.get(frozenset(names - {"ch"} | place)) or by_words.get(frozenset(names | place))
    if found is None:
        return known_quantity("_".join(sorted(names))) if len(names) == 1 and not place and not numbers else None
    if not numbers:
        return CATALOGUE[found]
    return CATALOGUE.get(f"{found}_{numbers[0]}", CATALOGUE[found] if numbers[0] == "1" else None)


@cache
def _by_words() -> dict[frozenset[str], str]:
    return {frozenset(words.split()): name for words, name in WORDS.items()}


def _without_units(words: str) -> str:
    """Leave out units between the words of a logger's names, such as `BP_hPa_Avg` and `AirT_C_Avg`."""
    first, *others = re.split(r"[\s_]+", words.strip())
    if len(others) > 1 and others[-1].casefold() in _STATISTICS and others[-2] in ("C", "F"):
        del others[-2]
    return " ".join(
        (first, *(each for each in others if len(each) < 2 or each.casefold() in _ONE or not _is_unit(each)))
    )


def _is_unit(text: str) -> bool:
    try:
        return unit_of(text).code != "1" and text.casefold() not in _INDOOR
    except UnknownUnit:
        return False


def _tokens(words: str) -> Iterator[str]:
    return (
        each.group().replace(" ", "").replace(".", "_") for each in _TOKEN.finditer(_CAMEL.sub(" ", words).casefold())
    )


def _of_console(name: str) -> Column | None:
    """Return the meaning of a name that consoles send, such as `tempf`."""
    field = FIELDS["common"].get(name.casefold())
    known = CATALOGUE.get(field.quantity) if field else None
    if field is None or known is None or field.kind != "number":
        return None
    return Column(name, known.name, field.unit if known.unit and field.unit != known.unit else "")
