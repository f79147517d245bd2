"""Helpers for JSON payloads of devices: flattening of nested objects, and a vocabulary of common names."""

from collections.abc import Iterator, Mapping

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.ingest.steps.batch import Meaning, Vocabulary
from sensorfusion.ingest.steps.naming import folded

# Deeper than any real payload; deeper objects stay objects and are rejected by name.
DEEPEST = 8


def flatten(payload: Mapping[str, object]) -> dict[str, object]:
    """Flatten nested objects: names are joined by dots, and elements of lists are numbered from 0.

    `{"value": …, "unit": …}` is kept, since it is a value.
    """
    return dict(_leaves(payload, "", 0))


def _leaves(payload: Mapping[str, object], before: str, depth: int) -> Iterator[tuple[str, object]]:
    for name, value in payload.items():
        inner = dict(zip(map(str, range(len(value))), value, strict=True)) if isinstance(value, list) else value
        if isinstance(inner, dict) and not inner.keys() <= {"value", "unit"} and depth < DEEPEST:
            yield from _leaves(inner, f"{before}{name}.", depth + 1)
        elif inner != {}:
            yield f"{before}{name}", inner


def is_known(name: str) -> bool:
    """Return whether a name stands for a quantity on all devices."""
    return known_quantity(name) is not None or folded(name) in NAMES


# Names that decoders of common devices use, folded. The catalogue's aliases are not repeated.
COMMON: dict[tuple[str, str], str] = {
    ("temperature", ""): "temperature",
    ("temperature", "Cel"): "airtemperature airtemp ambienttemperature outdoortemperature outtemp tempc temperaturec "
    "tempcsht temperaturesht tempcds tempc1 temperaturecelsius tempcelsius",
    ("temperature", "[degF]"): "tempf temperaturef temperaturefahrenheit",
    ("indoor_temperature", "Cel"): "indoortemperature indoortemp roomtemperature",
    ("humidity", ""): "humidity",
    ("humidity", "%"): "airhumidity relativehumidity humsht humiditysht outdoorhumidity outhumidity humiditypercent",
    ("indoor_humidity", "%"): "indoorhumidity roomhumidity",
    ("dew_point", "Cel"): "dewpoint dewpointc dewpointtemperature",
    ("pressure", "hPa"): "airpressure barometricpressure barometer baro pressurehpa pressurembar stationpressure",
    ("pressure", "Pa"): "pressurepa",
    ("sea_level_pressure", "hPa"): "sealevelpressure pressuresealevel pressuremsl",
    ("wind_speed", "m/s"): "windspeed windavg windspeedavg windspeedms averagewindspeed",
    ("wind_speed", "km/h"): "windspeedkmh",
    ("wind_speed", "[mi_i]/h"): "windspeedmph",
    ("wind_gust", "m/s"): "windgust gust windgustspeed windmax windspeedmax windgustms",
    ("wind_direction", "deg"): "winddirection windbearing winddir windangle winddirectiondeg",
    ("rain_total", "mm"): "raintotal raingauge rainfalltotal rainaccumulation rainaccumulated rainmm",
    ("rain_rate", "mm/h"): "rainrate rainintensity",
    ("illuminance", "lx"): "illuminance illumination light luminosity lightintensity lightlux ambientlight",
    ("solar_radiation", "W/m2"): "solarradiation irradiance ghi globalradiation",
    ("uv_index", ""): "uvindex",
    ("soil_temperature", "Cel"): "soiltemperature soiltemp tempsoil",
    ("soil_moisture", "%"): "soilmoisture soilhumidity watersoil vwc",
    ("leaf_wetness", "%"): "leafwetness leafmoisture",
    ("co2", "ppm"): "co2ppm eco2 co2concentration",
    ("voc", "ppb"): "tvoc tvocppb",
    ("pm2_5", "ug/m3"): "pm2p5 pm25 pm25concentration",
    ("pm10", "ug/m3"): "pm10concentration",
    ("battery", "%"): "batterylevel batterypercent batterypercentage batterypct soc",
    ("battery_voltage", "V"): "batteryvoltage batv vbat batteryv vbatt battv batvoltage",
    ("battery_voltage", "mV"): "batterymv batmv vbatmv batteryvoltagemv",
    ("signal_strength", "dBm"): "signalstrength",
    ("signal_to_noise", "dB"): "signaltonoise",
}
NAMES: Vocabulary = {
    name: Meaning(quantity, unit, rank)
    for (quantity, unit), names in COMMON.items()
    for rank, name in enumerate(names.split())
}
