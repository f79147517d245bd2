"""The documents in which other systems say what their names mean, by the name of the vocabulary.

Consoles have theirs beside each field, in `sensorfusion.domain.consoles.sources`.
"""

from types import MappingProxyType
from typing import Final, NamedTuple


class Document(NamedTuple):
    title: str
    address: str


_CUMULUS = "https://cumuluswiki.org/a"
DOCUMENTS: Final = MappingProxyType(
    {
        "payloads": Document(
            "The Things Network, Device Repository: names in the decoders of devices",
            "https://github.com/TheThingsNetwork/lorawan-devices",
        ),
        "the-things": Document(
            "The Things Stack, schema of the normalized payload",
            "https://github.com/TheThingsNetwork/lorawan-devices/blob/master/lib/payload.json",
        ),
        "sensecap": Document(
            "Seeed Studio, SenseCAP, list of measurement IDs",
            "https://sensecap-docs.seeed.cc/measurement_list.html",
        ),
        "cayenne": Document(
            "myDevices, Cayenne Low Power Payload, and its types in CayenneLPP",
            "https://github.com/ElectronicCats/CayenneLPP",
        ),
        "openweathermap-stations": Document(
            "OpenWeatherMap, Weather Stations API 3.0, measurements", "https://openweathermap.org/stations"
        ),
        "senml": Document(
            "RFC 8428, SenML units, and its registry", "https://www.iana.org/assignments/senml/senml.xhtml"
        ),
        "tasmota": Document("Tasmota, supported peripherals", "https://tasmota.github.io/docs/Supported-Peripherals/"),
        "tasmota-zigbee": Document("Tasmota, Zigbee", "https://tasmota.github.io/docs/Zigbee/"),
        "rtl_433": Document(
            "rtl_433, data format, common device data",
            "https://github.com/merbanan/rtl_433/blob/master/docs/DATA_FORMAT.md",
        ),
        "rtl_433-plain": Document(
            "rtl_433, data format, common device data",
            "https://github.com/merbanan/rtl_433/blob/master/docs/DATA_FORMAT.md",
        ),
        "weewx-mqtt": Document("weewx-mqtt, README", "https://github.com/matthewwall/weewx-mqtt"),
        "shelly": Document(
            "Shelly, API of the second generation, components", "https://shelly-api-docs.shelly.cloud/gen2/"
        ),
        "shelly-first": Document(
            "Shelly, API of the first generation, MQTT", "https://shelly-api-docs.shelly.cloud/gen1/"
        ),
        "zigbee2mqtt": Document("Zigbee2MQTT, exposes", "https://www.zigbee2mqtt.io/guide/usage/exposes.html"),
        "zigbee2mqtt-renamed": Document("Zigbee2MQTT, exposes", "https://www.zigbee2mqtt.io/guide/usage/exposes.html"),
        "theengs": Document("Theengs Decoder, device parameters", "https://decoder.theengs.io/devices/devices.html"),
        "home-assistant": Document(
            "Home Assistant, sensor, device classes",
            "https://developers.home-assistant.io/docs/core/entity/sensor/",
        ),
        "weewx": Document("WeeWX, reference, units", "https://weewx.com/docs/latest/reference/units/"),
        "openweathermap": Document("OpenWeatherMap, History Bulk", "https://openweathermap.org/history-bulk"),
        "files-weatherlink": Document(
            "Davis, WeatherLink's help, exporting weather data", "https://www.davisinstruments.com/pages/weatherlink"
        ),
        "files-cumulus-log": Document("Cumulus wiki, monthly log files", f"{_CUMULUS}/Monthly_log_files"),
        "files-cumulus-days": Document("Cumulus wiki, dayfile.txt", f"{_CUMULUS}/Dayfile.txt"),
        "files-weather-display": Document(
            "WeeWX, importing from Weather Display monthly logs",
            "https://weewx.com/docs/latest/utilities/weectl-import-wd/",
        ),
        "files-meteobridge": Document(
            "Meteobridge wiki, templates", "https://www.meteobridge.com/wiki/index.php/Templates"
        ),
        "files-ghcn": Document(
            "NOAA NCEI, GHCN-Daily readme.txt", "https://www.ncei.noaa.gov/pub/data/ghcn/daily/readme.txt"
        ),
        "files-isd": Document(
            "NOAA NCEI, ISD format document",
            "https://www.ncei.noaa.gov/data/global-hourly/doc/isd-format-document.pdf",
        ),
        "preset-openweathermap": Document("OpenWeatherMap, current weather data", "https://openweathermap.org/current"),
        "preset-shelly": Document(
            "Shelly, API of the second generation, components", "https://shelly-api-docs.shelly.cloud/gen2/"
        ),
        "preset-weatherlink": Document(
            "Davis, WeatherLink Live local API", "https://weatherlink.github.io/weatherlink-live-local-api/"
        ),
    }
)
# Words of our own, which no other system defines.
OWN: Final = frozenset(("aliases", "columns", "synthetic"))
