"""Presets for devices and services that are often polled: their addresses and mappings."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext_noop

from sensorfusion.ingest.polling.fetching import KEY_HOST, KEY_PLACE
from sensorfusion.sensors.models import Sensor


@dataclass(frozen=True, slots=True)
class Preset:
    """Initial values of the form; `url` may contain the placeholders `{latitude}` and `{longitude}`."""

    label: str
    url: str
    interval_s: int
    fields: str
    time_path: str = ""
    remark: str = ""

    def url_for(self, sensor: Sensor) -> str:
        """Insert the sensor's location, or else its site's, into the address."""
        own = (sensor.latitude, sensor.longitude)
        latitude, longitude = own if None not in own else (sensor.site.latitude, sensor.site.longitude)
        if latitude is None or longitude is None:
            return self.url
        return self.url.replace("{latitude}", f"{latitude:g}").replace("{longitude}", f"{longitude:g}")


# Current weather, in kelvin and m/s unless units= is requested. Minimum and maximum are those across the city at the
# moment, not of the day; visibility is capped at 10 km.
_OPENWEATHERMAP = """\
temperature = $.main.temp K
feels_like = $.main.feels_like K
temperature_min = $.main.temp_min K
temperature_max = $.main.temp_max K
humidity = $.main.humidity %
pressure = $.main.pressure hPa
sea_level_pressure = $.main.sea_level hPa
ground_level_pressure = $.main.grnd_level hPa
visibility = $.visibility m
wind_speed = $.wind.speed m/s
wind_direction = $.wind.deg
wind_gust = $.wind.gust m/s
rain_1h = $.rain['1h'] mm
snow_1h = $.snow['1h'] mm
cloud_cover = $.clouds.all %
condition_code = $.weather[0].id
condition = $.weather[0].main
condition_text = $.weather[0].description
city_id = $.id
city_name = $.name
"""
_SHELLY = """\
temperature = $['temperature:0'].tC °C
humidity = $['humidity:0'].rh %
battery = $['devicepower:0'].battery.percent %
battery_voltage = $['devicepower:0'].battery.V V
power = $['switch:0'].apower W
voltage = $['switch:0'].voltage V
current = $['switch:0'].current A
energy = $['switch:0'].aenergy.total Wh
signal_strength = $.wifi.rssi dBm
uptime = $.sys.uptime s
"""
# Rain is counted in tips of the gauge: 0.2 mm if rain_size is 2, 0.01 in if it is 1.
_WEATHERLINK = """\
temperature = $.data.conditions[?@.data_structure_type==1].temp °F
humidity = $.data.conditions[?@.data_structure_type==1].hum %
dew_point = $.data.conditions[?@.data_structure_type==1].dew_point °F
wind_speed = $.data.conditions[?@.data_structure_type==1].wind_speed_avg_last_1_min mph
wind_direction = $.data.conditions[?@.data_structure_type==1].wind_dir_scalar_avg_last_1_min
wind_gust = $.data.conditions[?@.data_structure_type==1].wind_speed_hi_last_2_min mph
rain_rate = $.data.conditions[?@.data_structure_type==1].rain_rate_last mm/h * 0.2
rain_day = $.data.conditions[?@.data_structure_type==1].rainfall_daily mm * 0.2
solar_radiation = $.data.conditions[?@.data_structure_type==1].solar_rad W/m2
uv_index = $.data.conditions[?@.data_structure_type==1].uv_index
sea_level_pressure = $.data.conditions[?@.data_structure_type==3].bar_sea_level inHg
pressure = $.data.conditions[?@.data_structure_type==3].bar_absolute inHg
indoor_temperature = $.data.conditions[?@.data_structure_type==4].temp_in °F
indoor_humidity = $.data.conditions[?@.data_structure_type==4].hum_in %
"""

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "openweathermap": Preset(
            "OpenWeatherMap",
            f"https://{KEY_HOST}/data/2.5/weather?lat={{latitude}}&lon={{longitude}}&appid={KEY_PLACE}",
            600,
            _OPENWEATHERMAP,
            "$.dt",
            gettext_noop("OpenWeatherMap's estimate for this place: a comparison, not a measurement."),
        ),
        "shelly": Preset(
            gettext_noop("Shelly (second generation and later)"),
            "http://192.168.1.20/rpc/Shelly.GetStatus",
            60,
            _SHELLY,
            "$.sys.unixtime",
            gettext_noop("Enter the device's own address, and keep the lines of the values it has."),
        ),
        "weatherlink": Preset(
            "Davis WeatherLink Live",
            "http://192.168.1.20/v1/current_conditions",
            60,
            _WEATHERLINK,
            "$.data.ts",
            gettext_noop(
                "Rain is counted in tips of the gauge: × 0.2 for millimetres, or in * 0.01 for a gauge in inches."
            ),
        ),
    }
)
