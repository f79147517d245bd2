"""Tools: records, and normals of the days or weeks of a year."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from sensorfusion.mcp.answers import Answer, CannotAnswer, at, quoted
from sensorfusion.mcp.figures import explored, figures
from sensorfusion.mcp.parameters import Quantity, Sensor, Skip
from sensorfusion.mcp.platform import Platform, Station
from sensorfusion.mcp.spans import Span

FIRST_YEAR: Final = 1850  # older than any reading that is accepted
_A_YEAR: Final = 2025  # any that is no leap year: normals count 29 February as the 28th

Around = Annotated[
    str, Field(max_length=10, description="A day as MM-DD: only its normal and those around; empty: the whole year.")
]
Per = Annotated[Literal["day", "week"], Field(description="Normals of days (1 to 365) or weeks (1 to 52).")]


def records(platform: Platform, sensor: Sensor, quantity: Quantity) -> Answer:
    """Return the highest and lowest values of this month, this year and of all time, with when they were observed.

    Those of rain are of days. Bad and excluded readings set no record. `new` was set today.
    """
    station = platform.station(sensor)
    name = station.quantity(quantity)
    said = platform.get(station, "records", quantities=name)
    if name not in said["records"]:
        raise CannotAnswer(f"Records are of what is averaged, and of rain; not of {quoted(name)}. Ask for its series.")
    whole = Span(datetime(FIRST_YEAR, 1, 1, tzinfo=station.zone), platform.now())
    return {
        **station.about,
        "quantity": name,
        "unit": station.unit(name),
        "resolution": "days" if name == "rain" else "single readings",
        "today": said["today"],
        "n": figures(platform, station, name, whole, explored(platform, station, name, whole))["n"],
        "columns": ["of", "end", "value", "at", "new"],
        "rows": [
            [span, end, each["value"], _when(each, station), each.get("is_new", False)]
            for span, ends in said["records"][name].items()
            for end, each in ends.items()
        ],
    }


def normals(platform: Platform, sensor: Sensor, quantity: Quantity, per: Per = "week", around: Around = "",
            skip: Skip = 0) -> Answer:  # fmt: skip
    """Return what is usual for the time of the year: the mean of the daily means of all years, and the range that
    holds 80 % of them. `n` is the number of years.
    """
    station = platform.station(sensor)
    name = station.quantity(quantity)
    said = platform.get(station, "normals", quantity=name, per=per)
    chosen = _around(around, per) if around else None
    rows = [each for each in said["normals"] if chosen is None or each[per] in chosen]
    return {
        **station.about,
        "quantity": name,
        "unit": station.unit(name),
        "resolution": per,
        "n": max((each["years"] for each in rows), default=0),
        "columns": [per, "begins", "mean", "low_10_percent", "high_90_percent", "years"],
        "rows": [
            [each[per], _begins(each[per], per), each["mean"], each["low"], each["high"], each["years"]]
            for each in rows
        ],
    }


def _when(each: dict[str, Any], station: Station) -> str:
    """Return the instant of the reading, or the day if it is no longer stored."""
    return at(datetime.fromisoformat(each["at"]), station.zone) if "at" in each else str(each["day"])


def _around(text: str, per: str) -> set[int]:
    """Return the numbers of a day or week and of the three on either side."""
    try:
        day = datetime.strptime(f"{_A_YEAR}-{text.replace('02-29', '02-28')}", "%Y-%m-%d").date()
    except ValueError:
        raise CannotAnswer(f"{quoted(text)} is no day: write month and day, such as 07-14.") from None
    most = 365 if per == "day" else 52
    number = day.timetuple().tm_yday if per == "day" else min((day.timetuple().tm_yday + 6) // 7, 52)
    return {(number + away - 1) % most + 1 for away in range(-3, 4)}


def _begins(number: int, per: str) -> str:
    first = date(_A_YEAR, 1, 1) + timedelta(days=(number - 1) * (1 if per == "day" else 7))
    return first.strftime("%m-%d")
