"""Where the meaning of each field is documented: the specification of its network, or who wrote down what it sends."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    address: str


SOURCES: Final = MappingProxyType(
    {
        "wunderground": Source(
            "Weather Underground, PWS Upload Protocol",
            "https://support.weather.com/s/article/PWS-Upload-Protocol",
        ),
        "pwsweather": Source(
            "PWSweather, station upload; as written down by fowsr and WeeWX",
            "https://github.com/weewx/weewx/blob/master/src/weewx/restx.py",
        ),
        "wow": Source(
            "Met Office, WOW, data formats, automatic upload", "https://wow.metoffice.gov.uk/support/dataformats"
        ),
        "wow-be": Source(
            "Royal Meteorological Institute of Belgium, WOW-BE, upload protocol", "https://wow.meteo.be/en/"
        ),
        "weewx": Source(
            "WeeWX, weewx.restx: what it sends to Weather Underground and WOW",
            "https://github.com/weewx/weewx/blob/master/src/weewx/restx.py",
        ),
        "ecowitt2mqtt": Source(
            "Ecowitt's customized upload, as read by ecowitt2mqtt", "https://github.com/bachya/ecowitt2mqtt"
        ),
        "ecowitt": Source(
            "Ecowitt's customized upload, as read by aioecowitt",
            "https://github.com/home-assistant-libs/aioecowitt/blob/main/aioecowitt/sensor.py",
        ),
        "ambient": Source(
            "Ambient Weather, Device Data Specs", "https://github.com/ambient-weather/api-docs/wiki/Device-Data-Specs"
        ),
        "ambient_upload": Source(
            "Ambient Weather, FAQ 1857: parameters of uploads to a custom server",
            "https://ambientweather.com/faqs/question/view/id/1857/",
        ),
        "ambient_detector": Source(
            "Ambient Weather, api-docs, issue 38: the lightning detector's battery",
            "https://github.com/ambient-weather/api-docs/issues/38",
        ),
        "observer": Source(
            "ObserverIP, page of live data, and what it sends to Weather Underground; as read by openHAB",
            "https://github.com/openhab/openhab-addons/tree/main/bundles/org.openhab.binding.ipobserver",
        ),
        "wslink": Source(
            "WSLink data upload API, versions 0.3 to 0.6",
            "https://github.com/schizza/SWS-12500-custom-component",
        ),
    }
)
