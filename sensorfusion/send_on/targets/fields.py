"""Writes the fields of a network from the columns of its target."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from sensorfusion.domain.quantities import quantity
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.target import SOFTWARE, Column, Sample

# The units of sums that the catalogue of quantities does not have.
RAIN_MIDNIGHT: Final = "rain_midnight"
CALM: Final = frozenset({"wind_direction", "wind_gust_direction"})
ALTIMETER: Final = "altimeter_setting"
_MORE: Final = {RAIN_MIDNIGHT: "mm", ALTIMETER: "hPa"}


def kept_in(name: str) -> str:
    """Return the canonical unit of a quantity or of a sum."""
    return _MORE.get(name) or quantity(name).unit


def written(sample: Sample, columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a sample, each with its text; a network gets none that is not measured."""
    for column in columns:
        value = sample.number(column.quantity)
        if value is not None:
            yield column.field, column.text(value, kept_in=kept_in(column.quantity))


def query(address: str, fields: Sequence[tuple[str, str]]) -> str:
    """Return an address with a query, blanks as %20."""
    return f"{address}?{urlencode(fields, quote_via=quote)}"


def as_console(
    address: str, credentials: Sequence[tuple[str, str]], sample: Sample, columns: Sequence[Column]
) -> Request:
    """Build the GET of a sample as consoles send it: who sends, when, by what, and the fields."""
    told = [("dateutc", console_time(sample.observed_at)), ("softwaretype", SOFTWARE)]
    return Request(query(address, [*credentials, *told, *written(sample, columns)]), {}, b"", method="GET")


def console_time(at: datetime) -> str:
    """Write an instant as consoles do, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
