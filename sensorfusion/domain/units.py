"""Units: UCUM codes, common spellings, and exact conversions between them.

Every unit is `base = value * factor + offset` with exact fractions; a converter is computed once per pair of units and
then is one multiplication and one addition in floats. `dBm`, `kWh`, `ppm` and `ppb` are not UCUM codes (there:
`dB[mW]`, `kW.h`, `[ppm]`, `[ppb]`), but every device uses them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final


class UnknownUnit(ValueError):
    """The unit is not known."""


class WrongUnit(ValueError):
    """Both units are known, but measure different things."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` and `offset` convert to the first unit of the dimension; `spellings` are case-sensitive."""

    code: str
    dimension: str
    symbol: str
    factor: Fraction
    offset: Fraction
    spellings: tuple[str, ...]


def _unit(code: str, dimension: str, symbol: str, factor: str, spellings: str = "", *, offset: str = "0") -> Unit:
    return Unit(code, dimension, symbol, Fraction(factor), Fraction(offset), tuple(spellings.split()))


MAX_SPELLING = 32  # characters: bounds the work and the cache of converters for any input
_KN = "1852/3600"  # m/s in a knot: 1 nautical mile = 1852 m exactly (BIPM SI brochure, 8th ed., table 8)
_UNITS = (
    _unit("Cel", "temperature", "°C", "1", "°C C c C° degC deg_C celsius centigrade degreesC degreeC degreesCelsius"),
    _unit(
        "[degF]",
        "temperature",
        "°F",
        "5/9",
        "°F F f F° degF deg_F fahrenheit degreesF degreeF degreesFahrenheit",
        offset="-160/9",
    ),  # C = (F - 32) * 5/9 exactly
    _unit(
        "K", "temperature", "K", "1", "kelvin degK °K", offset="-273.15"
    ),  # 0 °C = 273.15 K exactly (BIPM SI brochure)
    _unit("%", "ratio", "%", "0.01", "percent pct %RH RH% %r.h."),
    _unit("1", "ratio", "", "1", "index uvi UVI ratio count counts"),
    _unit("ppm", "ratio", "ppm", "1e-6", "[ppm]"),
    _unit("ppb", "ratio", "ppb", "1e-9", "[ppb]"),
    _unit("hPa", "pressure", "hPa", "1", "hectopascal hectopascals"),
    _unit("Pa", "pressure", "Pa", "0.01", "pascal"),
    _unit("kPa", "pressure", "kPa", "10", "kilopascal kilopascals"),
    _unit("mbar", "pressure", "mbar", "1", "mb mbars millibar millibars"),  # 1 mbar = 100 Pa exactly
    _unit("bar", "pressure", "bar", "1000"),  # 1 bar = 100 kPa exactly
    _unit(
        "[in_i'Hg]",
        "pressure",
        "inHg",
        "33.8638866667",
        'inHg inhg in_Hg inHg(0C) [in_i]Hg in.Hg "Hg inchHg inchesHg inchesofmercury',
    ),  # conventional inch of mercury
    _unit(
        "mm[Hg]", "pressure", "mmHg", "1.33322387415", "mmHg mm_Hg torr Torr"
    ),  # conventional mercury, NIST SP 811 B.8
    _unit("[psi]", "pressure", "psi", "68.94757293168", "psi PSI lbf/in2"),  # 0.45359237 kg * 9.80665 / (25.4 mm)^2
    _unit(
        "m/s",
        "speed",
        "m/s",
        "1",
        "mps m_s m.s-1 ms-1 m*s-1 meter_per_second m/sec meters/second metres/second meter/second",
    ),
    _unit("km/h", "speed", "km/h", "5/18", "kmh kph km_h kmph km/hr km/hour km.h-1 kilometers/hour kilometres/hour"),
    _unit(
        "[mi_i]/h", "speed", "mph", "0.44704", "mph mi/h mi/hr mi/hour miles/hour miles/hr mi_h"
    ),  # 1 mi = 1609.344 m exactly (international mile)
    _unit("[kn_i]", "speed", "kn", _KN, "kn kt kts knot knots"),
    _unit("[ft_i]/s", "speed", "ft/s", "0.3048", "ft/s fps ft/sec feet/second"),  # 1 ft = 0.3048 m exactly
    _unit("m", "length", "m", "1", "meter metre meters metres mtr"),
    _unit(
        "mm", "length", "mm", "0.001", "millimeter millimetre millimeters millimetres L/m2 l/m2 kg/m2"
    ),  # 1 litre of water on 1 m2 stands 1 mm high
    _unit("cm", "length", "cm", "0.01", "centimeter centimetre centimeters centimetres"),
    _unit("km", "length", "km", "1000", "kilometer kilometre kilometers kilometres kms"),
    _unit("[in_i]", "length", "in", "0.0254", "in inch inches \" ''"),  # 1 in = 25.4 mm exactly
    _unit("[ft_i]", "length", "ft", "0.3048", "ft foot feet '"),  # 1 ft = 0.3048 m exactly
    _unit("[mi_i]", "length", "mi", "1609.344", "mi mile miles"),  # exactly
    _unit("[nmi_i]", "length", "nmi", "1852", "nmi NM nautical_mile nautical_miles"),  # exactly
    _unit("mm/h", "rain rate", "mm/h", "1", "mm/hr mm/hour mmh mm_h mm_hr mmph mmhr mm.h-1 millimeters/hour"),
    _unit("mm/min", "rain rate", "mm/min", "60"),
    _unit("cm/h", "rain rate", "cm/h", "10", "cm/hr cm/hour"),
    _unit(
        "[in_i]/h",
        "rain rate",
        "in/h",
        "25.4",
        'in/h in/hr in/hour inh inhr in_hr in_h iph inches/hour inches/hr inch/h inch/hr "/hr "/h',
    ),  # 1 in = 25.4 mm exactly
    _unit(
        "W/m2",
        "irradiance",
        "W/m²",
        "1",
        "W/m^2 W/m**2 w/m2 Wm-2 wm2 W.m-2 W/sqm watts/m2 watt/m2 W/sq.m Watts/meter2 watts/meter^2 W_m2 wpm2",
    ),
    _unit("lx", "illuminance", "lx", "1", "lux"),
    _unit("klx", "illuminance", "klx", "1000", "klux kilolux"),
    _unit("deg", "angle", "°", "1", "° degree degrees degs degreescompass"),
    _unit("rad", "angle", "rad", "57.29577951308232", "radian radians"),  # 180 / pi
    _unit("ug/m3", "concentration", "µg/m³", "1", "ug/m^3 mcg/m3 ugm3 ug.m-3 ug_m3"),
    _unit("mg/m3", "concentration", "mg/m³", "1000", "mg/m^3"),
    _unit("g/m3", "concentration", "g/m³", "1e6", "g/m^3 gm3"),
    _unit("V", "voltage", "V", "1", "volt volts VDC Vdc"),
    _unit("mV", "voltage", "mV", "0.001", "millivolt millivolts"),
    _unit("uV", "voltage", "µV", "1e-6", "microvolt microvolts"),
    _unit("kV", "voltage", "kV", "1000", "kilovolt kilovolts"),
    _unit("A", "current", "A", "1", "amp ampere"),
    _unit("mA", "current", "mA", "0.001", "milliamp"),
    _unit("uA", "current", "µA", "1e-6", "microamp microampere"),
    _unit("nA", "current", "nA", "1e-9", "nanoamp nanoampere"),
    _unit("W", "power", "W", "1", "watt watts"),
    _unit("kW", "power", "kW", "1000", "kilowatt"),
    _unit("MW", "power", "MW", "1e6", "megawatt"),
    _unit("mW", "power", "mW", "0.001", "milliwatt"),
    _unit("uW", "power", "µW", "1e-6", "microwatt"),
    _unit("kWh", "energy", "kWh", "1", "kW.h kilowatt_hour"),
    _unit("Wh", "energy", "Wh", "0.001", "W.h"),
    _unit("MWh", "energy", "MWh", "1000", "MW.h megawatt_hour"),
    _unit("W.min", "energy", "W·min", "1/60000", "Wmin watt_minutes watt-minutes"),
    _unit("dBm", "signal level", "dBm", "1", "dB[mW]"),
    _unit("dB", "level ratio", "dB", "1", "decibel"),
    _unit("s", "time", "s", "1", "sec second seconds"),
    _unit("ms", "time", "ms", "0.001", "msec millisecond milliseconds"),
    _unit("min", "time", "min", "60", "minute minutes"),
    _unit("h", "time", "h", "3600", "hr hour hours"),
    _unit("d", "time", "d", "86400", "day days"),
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.code: unit for unit in _UNITS})
_SPELLINGS = {spelling: unit for unit in _UNITS for spelling in (unit.code, *unit.spellings)}
# Characters that look alike or replace missing keys: µ and μ are two characters, º is not a degree sign.
_LOOKALIKES = str.maketrans(
    {
        "µ": "u",
        "μ": "u",
        "º": "°",
        "˚": "°",
        "\u2212": "-",
        "·": ".",
        "\u22c5": ".",
        "\u2215": "/",
        "″": '"',
        "”": '"',
        "“": '"',
    }
)
# The degree sign of one encoding read as another: UTF-8 as cp437 or Mac Roman, cp437 and Mac Roman as cp1252, or lost.
_LOST_DEGREE: Final = re.compile(r"(?:\ufffd|\?|┬░|¬∞|∞|ø|¡)+\s*(?=[CFKcfk]\Z)|(?<=\A[CFKcfk])(?:\ufffd|\?)\Z")
# A gauge of pressure that names a length means a column of mercury.
_IN_CONTEXT: Final = {("pressure", "[in_i]"): "[in_i'Hg]", ("pressure", "mm"): "mm[Hg]"}


def _case_blind() -> dict[str, Unit]:
    """Return the spellings that identify one unit in any case; single letters are too ambiguous."""
    found: dict[str, set[str]] = {}
    for spelling, unit in _SPELLINGS.items():
        found.setdefault(spelling.casefold(), set()).add(unit.code)
    return {spelling: UNITS[codes.pop()] for spelling, codes in found.items() if len(codes) == 1 and len(spelling) > 1}


_CASE_BLIND = _case_blind()


def unit_of(spelling: str) -> Unit:
    """Return the unit of a code or spelling: exact, else with look-alikes and blanks normalised, else in any case.

    :raises UnknownUnit: if there is none.
    """
    unit = _SPELLINGS.get(spelling)
    if unit is None and len(spelling) <= MAX_SPELLING:
        unit = next(filter(None, map(_spelled, _mended(spelling))), None)
    if unit is None:
        raise UnknownUnit(f"the unit {spelling[:MAX_SPELLING]!r} is not known")
    return unit


def unit_in_context(spelling: str, *, kept_in: str) -> str:
    """Return the code of a unit that a quantity kept in `kept_in` is written in: inches of a barometer are of mercury.

    :raises UnknownUnit: if there is none.
    :raises WrongUnit: if it measures something else.
    """
    given, wanted = unit_of(spelling), unit_of(kept_in)
    code = _IN_CONTEXT.get((wanted.dimension, given.code), given.code)
    converter(code, wanted.code)
    return code


def _spelled(text: str) -> Unit | None:
    return _SPELLINGS.get(text) or _CASE_BLIND.get(text.casefold())


def _mended(spelling: str) -> Iterator[str]:
    """Yield a spelling as it was meant: without look-alikes, in its own encoding, without blanks and a last stop."""
    for text in (spelling, _decoded_again(spelling)):
        plain = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
        together = "".join(plain.split())
        yield together
        yield _LOST_DEGREE.sub("°", together)
        yield together.removesuffix(".").replace("deg.", "deg").replace("in.", "in")


def _decoded_again(text: str) -> str:
    """Return what UTF-8 said before it was decoded as cp1252: `Â°C` was `°C`."""
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text


# Failures are not cached, so at most every pair of accepted spellings is: 1024 is far more than one installation uses.
@lru_cache(maxsize=1024)
def converter(from_unit: str, to_unit: str) -> Callable[[float], float]:
    """Return the function that converts values from one unit to another.

    :raises UnknownUnit: if one of them is not known.
    :raises WrongUnit: if they measure different things.
    """
    factor, offset = conversion(from_unit, to_unit)
    if factor == 1 and not offset:
        return float
    return lambda value: value * factor + offset


def conversion(from_unit: str, to_unit: str) -> tuple[float, float]:
    """Return the factor and the offset by which values are converted from one unit to another.

    :raises UnknownUnit: if one of them is not known.
    :raises WrongUnit: if they measure different things.
    """
    given, wanted = unit_of(from_unit), unit_of(to_unit)
    if given.dimension != wanted.dimension:
        raise WrongUnit(f"{given.code} is a unit of {given.dimension}, {wanted.code} of {wanted.dimension}")
    return float(given.factor / wanted.factor), float((given.offset - wanted.offset) / wanted.factor)


def convert(value: float, *, from_unit: str, to_unit: str) -> float:
    """Convert one value.

    :raises UnknownUnit: if one of the units is not known.
    :raises WrongUnit: if they measure different things.
    """
    return converter(from_unit, to_unit)(value)


def display_symbol(unit: str) -> str:
    """Return what to write after a number: °C for Cel, nothing for 1; an unknown unit is returned unchanged."""
    try:
        return unit_of(unit).symbol
    except UnknownUnit:
        return unit
