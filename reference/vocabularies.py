"""The registry of vocabularies: every table that maps names of other systems to our quantities.

A new table is registered here; tests/reference/test_vocabularies.py finds those that are not, and checks every mapping
of those that are. The documents list the spellings from here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal

from reference import readers
from reference.readers import Spelling
from sensorfusion.domain.consoles.networks import Family

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceVocabulary:
    """What one kind of device or file calls quantities.

    `table` is the module and the name of its mapping, `endings` of the mapping from endings of names to units, where
    names carry their unit. `folded` says which spellings the device may mix: those are compared in that form.
    """

    name: str
    title: str
    table: str
    read: Callable[[Any], Iterable[Spelling]]
    endings: str = ""
    folded: Callable[[str], str] = str
    direction: Direction = "in"

    @property
    def spellings(self) -> tuple[Spelling, ...]:
        return tuple(self.read(load(self.table)))

    @property
    def units_of_endings(self) -> Mapping[str, str]:
        return load(self.endings) if self.endings else {}


def load(table: str) -> Any:
    """Return the object that `module:name` names."""
    module, _, name = table.partition(":")
    return getattr(import_module(f"sensorfusion.{module}"), name)


CONSOLES: Final[tuple[tuple[str, str, Family], ...]] = (
    ("consoles", "Weather consoles", "common"),
    ("pwsweather", "PWSweather", "pwsweather"),
    ("wow", "WOW", "wow"),
    ("wow-hourly", "WOW, from WeeWX and Cumulus", "wow_hourly"),
    ("ambient", "Ambient consoles", "ambient"),
    ("observer", "ObserverIP", "observer"),
    ("wslink", "WSLink", "wslink"),
)
VOCABULARIES: Final = (
    DeviceVocabulary(
        name="aliases",
        title="Other names, at every door",
        table="domain.quantities:ALIASES",
        read=readers.names,
        folded=str.lower,
    ),
    *(
        DeviceVocabulary(
            name=name,
            title=title,
            table="domain.consoles.networks:FIELDS",
            read=readers.console_fields(family),
            folded=str.lower,
        )
        for name, title, family in CONSOLES
    ),
    DeviceVocabulary(
        name="wslink-soil",
        title="WSLink, a channel of the kind soil",
        table="domain.consoles.wslink:WSLINK_SOIL",
        read=readers.console_channel,
        folded=str.lower,
    ),
    DeviceVocabulary(
        name="payloads",
        title="Decoded payloads of devices",
        table="ingest.doors.payloads:COMMON",
        read=readers.payload_names,
        folded=readers.folded,
    ),
    DeviceVocabulary(
        name="the-things",
        title="The Things Stack, normalized payload",
        table="ingest.doors.lorawan.the_things:NORMALIZED",
        read=readers.meanings,
        folded=readers.folded,
    ),
    DeviceVocabulary(
        name="sensecap",
        title="SenseCAP, measurement IDs",
        table="ingest.doors.lorawan.sensecap:MEASUREMENTS",
        read=readers.meanings,
    ),
    DeviceVocabulary(
        name="cayenne",
        title="Cayenne LPP, with a channel",
        table="ingest.doors.lorawan.cayenne:TYPES",
        read=readers.meanings,
    ),
    DeviceVocabulary(
        name="openweathermap-stations",
        title="OpenWeatherMap's Stations API",
        table="ingest.doors.openweathermap:NAMES",
        read=readers.meanings,
        folded=readers.folded,
    ),
    DeviceVocabulary(
        name="senml",
        title="SenML, a record without a name",
        table="ingest.doors.senml:BY_UNIT",
        read=readers.senml_units,
    ),
    DeviceVocabulary(
        name="tasmota",
        title="Tasmota",
        table="ingest.mqtt.adapters.tasmota_blocks:NAMES",
        read=readers.tasmota,
    ),
    DeviceVocabulary(
        name="tasmota-zigbee",
        title="Tasmota's Zigbee bridge",
        table="ingest.mqtt.adapters.tasmota_zigbee:ZIGBEE_NAMES",
        read=readers.names_with_units,
    ),
    DeviceVocabulary(
        name="rtl_433",
        title="rtl_433",
        table="ingest.mqtt.adapters.rtl_433:STEMS",
        read=readers.stems("ingest.mqtt.adapters.rtl_433:UNITS", joined="{0}{1}"),
        endings="ingest.mqtt.adapters.rtl_433:UNITS",
    ),
    DeviceVocabulary(
        name="rtl_433-plain",
        title="rtl_433, names without a unit",
        table="ingest.mqtt.adapters.rtl_433:PLAIN",
        read=readers.names,
    ),
    DeviceVocabulary(
        name="weewx-mqtt",
        title="WeeWX over MQTT",
        table="ingest.mqtt.adapters.weewx:NAMES",
        read=readers.stems("ingest.mqtt.adapters.weewx:UNITS", joined="{0}_{1}"),
        endings="ingest.mqtt.adapters.weewx:UNITS",
    ),
    DeviceVocabulary(
        name="shelly",
        title="Shelly, from the second generation on",
        table="ingest.mqtt.adapters.shelly:PARTS",
        read=readers.component_parts("."),
    ),
    DeviceVocabulary(
        name="shelly-first",
        title="Shelly, first generation",
        table="ingest.mqtt.adapters.shelly_first:FIRST_GENERATION",
        read=readers.component_parts("/"),
    ),
    DeviceVocabulary(
        name="zigbee2mqtt",
        title="Zigbee2MQTT",
        table="ingest.mqtt.adapters.zigbee2mqtt:UNITS",
        read=readers.units_by_name,
    ),
    DeviceVocabulary(
        name="zigbee2mqtt-renamed",
        title="Zigbee2MQTT, attributes of other names",
        table="ingest.mqtt.adapters.zigbee2mqtt:RENAMED",
        read=readers.names_with_units,
    ),
    DeviceVocabulary(
        name="theengs",
        title="OpenMQTTGateway and Theengs",
        table="ingest.mqtt.adapters.openmqttgateway:THEENGS",
        read=readers.names_with_units,
    ),
    DeviceVocabulary(
        name="home-assistant",
        title="Home Assistant, device class",
        table="ingest.mqtt.discovery:BY_NAME",
        read=readers.device_classes,
        direction="out",
    ),
    DeviceVocabulary(
        name="weewx",
        title="WeeWX's archive",
        table="ingest.files.weewx:FIELDS",
        read=readers.unit_systems,
    ),
    DeviceVocabulary(
        name="openweathermap",
        title="OpenWeatherMap's history",
        table="ingest.files.openweathermap:FIELDS",
        read=readers.openweathermap_columns,
    ),
    DeviceVocabulary(
        name="columns",
        title="Words of the headings of table columns",
        table="ingest.files.columns.sniffing:WORDS",
        read=readers.names,
        folded=str.lower,
    ),
    *(
        DeviceVocabulary(
            name=f"files-{table.lower().replace('_', '-')}",
            title=title,
            table=f"ingest.files.programs.stations:{table}",
            read=readers.station_fields,
        )
        for table, title in (
            ("WEATHERLINK", "WeatherLink's export"),
            ("CUMULUS_LOG", "Monthly logs of Cumulus"),
            ("CUMULUS_DAYS", "The day file of Cumulus"),
            ("WEATHER_DISPLAY", "Logs of Weather Display"),
        )
    ),
    DeviceVocabulary(
        name="files-meteobridge",
        title="Logs of Meteobridge",
        table="ingest.files.programs.stations:METEOBRIDGE",
        read=readers.names,
    ),
    DeviceVocabulary(
        name="files-ghcn",
        title="Elements of GHCN-Daily",
        table="ingest.files.programs.archives:GHCN",
        read=readers.elements,
    ),
    DeviceVocabulary(
        name="files-isd",
        title="Groups of NOAA's ISD",
        table="ingest.files.programs.archives:ISD",
        read=readers.parts,
    ),
    *(
        DeviceVocabulary(
            name=f"preset-{preset}",
            title=f"Polled: {title}",
            table="ingest.polling.presets:PRESETS",
            read=readers.polling_preset(preset),
        )
        for preset, title in (
            ("openweathermap", "OpenWeatherMap"),
            ("shelly", "Shelly"),
            ("weatherlink", "Davis WeatherLink Live"),
        )
    ),
    DeviceVocabulary(
        name="synthetic",
        title="Synthetic weather of the demo",
        table="demo.synthetic_weather:FORMATS",
        read=readers.own_names,
        direction="out",
    ),
)
