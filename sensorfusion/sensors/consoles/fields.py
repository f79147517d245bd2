"""How a weather console is read, declared once: see `domain.fields`. Editors of the sensor's site write it."""

from typing import Annotated, Final, TypedDict

from django.utils.translation import gettext_noop

from sensorfusion.domain.fields import Field, Row


class ConsoleReading(TypedDict, total=False):
    """How the numbers of a console are understood."""

    rain_gauge: Annotated[
        str, Field(help=gettext_noop("If a station has two, the other one's rain is stored as the second gauge's."))
    ]
    field_units: Annotated[
        str, Field(help=gettext_noop("Metric only for a console that sends °C in fields such as tempf."))
    ]


CONSOLE_ROWS: Final = (Row(("rain_gauge",)), Row(("field_units",)))
