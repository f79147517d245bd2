"""The fields of a sensor that people write, declared once: see `domain.fields`. Editors of its site write them."""

from datetime import date
from typing import Annotated, Any, Final, TypedDict

from django.utils.translation import gettext_noop

from sensorfusion.domain.fields import Field, Row


class SensorDetails(TypedDict, total=False):
    """What may be said of a sensor when it is added and afterwards."""

    name: Annotated[
        str,
        Field(label=gettext_noop("Name"), option="--name", option_help="the sensor's name, unique within its site"),
    ]
    description: Annotated[str, Field(label=gettext_noop("Description"))]
    model: Annotated[
        str, Field(label=gettext_noop("Device"), option="--model", option_help="make and model of the device")
    ]
    transport: Annotated[str, Field(option="--transport", option_help="(default: http)")]
    latitude: Annotated[
        float | None,
        Field(
            label=gettext_noop("Latitude"),
            help=gettext_noop("Degrees north."),
            option="--latitude",
            option_help="degrees north, if it differs from the site's",
        ),
    ]
    longitude: Annotated[
        float | None,
        Field(
            label=gettext_noop("Longitude"),
            help=gettext_noop("Degrees east."),
            option="--longitude",
            option_help="degrees east",
        ),
    ]
    elevation_m: Annotated[
        float | None,
        Field(
            label=gettext_noop("Elevation"),
            help=gettext_noop("Metres."),
            option="--elevation",
            option_help="metres above mean sea level",
        ),
    ]
    interval_s: Annotated[
        float | None,
        Field(label=gettext_noop("Usual interval"), option="--interval", option_help="seconds between readings"),
    ]
    installed_on: Annotated[date | None, Field(label=gettext_noop("Installed on"))]
    keep_months: int | None
    external_id: str
    names: dict[str, dict[str, str]]
    kind: str
    primary_quantity: str
    quantities: dict[str, dict[str, Any]]


# The settings page. How long readings are kept and what names mean have forms of their own.
SENSOR_ROWS: Final = (
    Row(("name", "site")),
    Row(("description",)),
    Row(("model", "transport")),
    Row(("interval_s", "installed_on")),
    Row(
        ("latitude", "longitude", "elevation_m"),
        legend=gettext_noop("Its own place"),
        note=gettext_noop("if it differs from the site's"),
    ),
)
