"""Tools: a series over a span, and two spans or two sensors side by side."""

from typing import Annotated, Any, Final

from pydantic import Field

from sensorfusion.domain.quantities import quantity as entry_of
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded
from sensorfusion.mcp.answers import Answer, CannotAnswer, at
from sensorfusion.mcp.figures import explored, figures
from sensorfusion.mcp.parameters import Quantity, Resolution, Sensor, Skip, SpanText
from sensorfusion.mcp.platform import Platform, Station

FITTING: Final = 30  # rows of four columns that fit into an answer
POINTS_MOST: Final = 5_000

OtherSensor = Annotated[str, Field(max_length=200, description="The second sensor; empty: the same sensor.")]
OtherSpan = Annotated[str, Field(max_length=100, description="The second span; empty: the same span.")]


def series(
    platform: Platform,
    sensor: Sensor,
    quantity: Quantity,
    span: SpanText,
    resolution: Resolution = "auto",
    skip: Skip = 0,
) -> Answer:
    """Return the course of a quantity over a span: its readings, or means with lowest and highest values.

    Its figures (n, mean, min, max, total) are exact, over all readings of the span that are not bad or excluded.
    """
    station = platform.station(sensor)
    name, when = station.quantity(quantity), platform.span(span, station)
    is_auto = resolution == "auto"
    found = explored(
        platform,
        station,
        name,
        when,
        points=FITTING if is_auto else POINTS_MOST,
        resolution="" if is_auto else resolution,
    )
    return {
        **station.about,
        "quantity": name,
        "unit": station.unit(name),
        **figures(platform, station, name, when, found),
        "resolution": found["resolution"],
        **_rows(station, found),
    }


def compare(
    platform: Platform,
    sensor: Sensor,
    quantity: Quantity,
    span: SpanText,
    with_sensor: OtherSensor = "",
    with_span: OtherSpan = "",
) -> Answer:
    """Compare a quantity of two sensors over one span, or of one sensor over two spans.

    `difference` is the first minus the second.
    """
    if not with_sensor and not with_span:
        raise CannotAnswer("Name with_sensor, with_span, or both: the first sensor and span are compared with them.")
    first = _side(platform, sensor, quantity, span)
    second = _side(platform, with_sensor or sensor, quantity, with_span or span)
    decimals = entry_of(first["quantity"]).decimals + EXTRA_DECIMALS
    both = [each for each in ("mean", "min", "max", "total") if each in first and each in second]
    return {
        "quantity": first["quantity"],
        "unit": first["unit"],
        "resolution": "all single readings of each span",
        "first": first,
        "second": second,
        "difference": {each: rounded(first[each] - second[each], decimals) for each in both},
    }


def _side(platform: Platform, sensor: str, quantity: str, span: str) -> Answer:
    station = platform.station(sensor)
    name, when = station.quantity(quantity), platform.span(span, station)
    found = explored(platform, station, name, when)
    told = figures(platform, station, name, when, found)
    return {**station.about, "quantity": name, "unit": station.unit(name), **told}


def _rows(station: Station, found: Any) -> Answer:
    """Return the columns that say something: of single readings only their values. Rows of gaps are null."""
    times = [at(each, station.zone) for each in found["t"]]
    if found["resolution"] == "raw" or all(each is None for each in found["min"]):
        rows = [list(row) for row in zip(times, found["value"], strict=True)]
        return {"columns": ["at", "value"], "rows": rows}
    rows = [list(row) for row in zip(times, found["value"], found["min"], found["max"], strict=True)]
    return {"columns": ["begins", "value", "min", "max"], "rows": rows}
