"""The fields of a site that people write, declared once: see `domain.fields`. Editors of the site write them."""

from typing import Annotated, Final, TypedDict

from django.utils.translation import gettext_noop

from sensorfusion.domain.fields import Field, Row

TIME_ZONE: Final = {"list": "time-zones", "data-guess": "time-zone", "autocomplete": "off", "spellcheck": "false"}


class SiteDetails(TypedDict, total=False):
    """What may be said of a site when it is made and afterwards."""

    name: Annotated[str, Field(label=gettext_noop("Name"))]
    notice: Annotated[
        str,
        Field(
            label=gettext_noop("Notice"),
            help=gettext_noop("One line for all readers: “Mast down for repairs until Friday.”"),
        ),
    ]
    time_zone: Annotated[
        str,
        Field(
            label=gettext_noop("Time zone"),
            help=gettext_noop("Days are of this zone, such as Europe/Warsaw."),
            attributes=TIME_ZONE,
        ),
    ]
    day_starts_h: int
    latitude: Annotated[float | None, Field(label=gettext_noop("Latitude"))]
    longitude: Annotated[float | None, Field(label=gettext_noop("Longitude"))]
    elevation_m: Annotated[float | None, Field(label=gettext_noop("Elevation"))]
    keep_months: int | None


# Of a new site and on the settings page. How long readings are kept has a form of its own.
SITE_ROWS: Final = (
    Row(("name", "time_zone", "day_starts_h")),
    Row(
        ("latitude", "longitude", "elevation_m"),
        legend=gettext_noop("Place"),
        note=gettext_noop("for sunrise, sunset and the map"),
    ),
    Row(("notice",)),
)
