"""The fields of a sensor that people write, declared once: see `domain.fields`. Editors of its site write them."""

from datetime import date
from typing import Annotated, Any, Final, TypedDict

from sensorfusion.domain.fields import Field, Row


class SensorDetails(TypedDict, total=False):
    """What may be said of a sensor when it is added and afterwards."""

    name: Annotated[str, Field(option="--name", option_help="the sensor's name, unique within its site")]
    description: str
    model: Annotated[str, Field(label="Device", option="--model", option_help="make and model of the device")]
    transport: Annotated[str, Field(option="--transport", option_help="(default: http)")]
    latitude: Annotated[
        float | None,
        Field(
            help="Degrees north.",
            option="--latitude",
            option_help="degrees north, if it differs from the site's",
        ),
    ]
    longitude: Annotated[float | None, Field(help="Degrees east.", option="--longitude", option_help="degrees east")]
    elevation_m: Annotated[
        float | None,
        Field(label="Elevation", help="Metres.", option="--elevation", option_help="metres above mean sea level"),
    ]
    interval_s: Annotated[
        float | None, Field(label="Usual interval", option="--interval", option_help="seconds between readings")
    ]
    installed_on: date | None
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
    Row(("latitude", "longitude", "elevation_m"), legend="Its own place", note="if it differs from the site's"),
)
