"""The climate API of a sensor: a month or a year, records, and normals."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rounding import EXTRA_DECIMALS, rounded, rounded_within
from sensorfusion.domain.weather.climate import Extreme, Normal, Per, Span, Summary
from sensorfusion.domain.weather.wind import compass_point
from sensorfusion.readings import queries
from sensorfusion.readings.api import SensorView, json_answer
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.climate.queries import DAY, Dated, Period
from sensorfusion.readings.climate.usual import has_usual, range_of, touched, usual
from sensorfusion.readings.parameters import FROM, TO, counted, instant, names, one_of, whole
from sensorfusion.readings.schema import (
    ClimateSerializer,
    NormalsSerializer,
    RecordsSerializer,
    UsualRangeSerializer,
)
from sensorfusion.sensors.models import Sensor

YEARS: Final = (1850, 2200)
# Quantities that records are shown of by default; for a sensor with none of these, its first few.
NOTED: Final = (
    "temperature", "humidity", "sea_level_pressure", "pressure", "wind_speed", "wind_gust", "rain_rate",
    "solar_radiation", "rain", "rain_total", "rain_day",
)  # fmt: skip
FEW: Final = 6

_YEAR = counted("year", "Default: this year.", least=YEARS[0], most=YEARS[1])
_MONTH = counted("month", "1 to 12; default: the whole year.", least=1, most=12)
_QUANTITIES = OpenApiParameter("quantities", OpenApiTypes.STR, description="Names separated by commas.")
_QUANTITY = OpenApiParameter("quantity", OpenApiTypes.STR, description="Default: temperature.")
_PER = OpenApiParameter("per", OpenApiTypes.STR, enum=["day", "week"], description="Default: day.")


class Climate(SensorView):
    @extend_schema(
        summary="The climate of a month or a year",
        parameters=[_YEAR, _MONTH, _QUANTITIES],
        responses=ClimateSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return means, extremes, sums, degree days and counted days of the period and of its days or months."""
        sensor = self.sensor(uuid)
        today = _today(sensor)
        year = whole(request, "year", today.year, least=YEARS[0], most=YEARS[1])
        number = whole(request, "month", 0, least=1, most=12)
        if date(year, number or 1, 1) > today:
            raise ValidationError({"month" if number else "year": "This has not begun yet. Request an earlier one."})
        wanted = names(request, "quantities") or climate.climatic(_numbers(self.newest(sensor)))
        if number:
            period = climate.month(sensor, wanted, year=year, number=number, today=today)
        else:
            period = climate.year(sensor, wanted, year=year, today=today)
        return json_answer(_period(sensor, period, part="day" if number else "month"))


class Records(SensorView):
    @extend_schema(
        summary="The records of this month, this year and all time",
        parameters=[_QUANTITIES],
        responses=RecordsSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return records with the times of their readings; `is_new` marks those that were set today."""
        sensor = self.sensor(uuid)
        has = climate.climatic(_numbers(self.newest(sensor)))
        wanted = names(request, "quantities") or [name for name in NOTED if name in has] or has[:FEW]
        today = _today(sensor)
        found = climate.dated_records(sensor, wanted, today=today)
        return json_answer({**_about(sensor), "today": today, "records": {name: _spans(found[name]) for name in found}})


class Normals(SensorView):
    @extend_schema(
        summary="Normals of each day of the year, or of each week",
        parameters=[_QUANTITY, _PER],
        responses=NormalsSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the mean of the daily means over the years, and the range that contains 80 % of them."""
        sensor = self.sensor(uuid)
        name = request.query_params.get("quantity") or "temperature"
        _averaged(name)
        per = cast(Per, one_of(request, "per", ("day", "week")) or "day")
        found = climate.normals(sensor, name, per=per, today=_today(sensor))
        rows = [{per: each.place, **_band(name, each), "years": each.years} for each in found]
        return json_answer({**_about(sensor), "quantity": name, "per": per, "normals": rows})


class UsualRange(SensorView):
    @extend_schema(
        summary="The usual range of the weeks of a span",
        parameters=[_QUANTITY, FROM, TO],
        responses=UsualRangeSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return, for each week of the year that the span touches, the range of 80 % of its hours in earlier years."""
        sensor = self.sensor(uuid)
        name = request.query_params.get("quantity") or "temperature"
        _averaged(name)
        end = instant(request, "to") or timezone.now()
        start = instant(request, "from") or end - DAY
        if not has_usual(name, start=start, end=end):
            raise ValidationError({"from": "Give an instant before the end of the span, at most 31 days before it."})
        weeks = touched(sensor, start=start, end=end)
        begin, until = range_of(sensor, weeks[0], weeks[-1])
        found = usual(sensor, name, start=start, end=end)
        rows = [
            {"from": each.start, "to": each.end, "low": each.low, "high": each.high, "years": each.years}
            for each in found
        ]
        return json_answer({**_about(sensor), "quantity": name, "from": begin, "to": until, "weeks": rows})


def _averaged(name: str) -> None:
    if quantity(name).combine != "mean":
        raise ValidationError({"quantity": "Name a quantity that is averaged, such as temperature."})


def _band(name: str, normal: Normal) -> dict[str, float]:
    decimals = quantity(name).decimals + EXTRA_DECIMALS
    return {part: rounded(getattr(normal, part), decimals) for part in ("mean", "low", "high")}


def _mean(name: str, mean: float, summary: Summary) -> float:
    ends = (extreme.value if (extreme := found.get(name)) else None for found in (summary.lows, summary.highs))
    low, high = ends
    return rounded_within(mean, quantity(name).decimals + EXTRA_DECIMALS, low=low, high=high)


def _today(sensor: Sensor) -> date:
    return climate.today(sensor, now=timezone.now())


def _numbers(newest: queries.Newest) -> list[str]:
    return [name for name, value in newest.values.items() if is_number(value)]


def _about(sensor: Sensor) -> dict[str, Any]:
    return {"sensor": sensor.uuid, "time_zone": sensor.site.time_zone}


def _period(sensor: Sensor, period: Period, *, part: str) -> dict[str, Any]:
    instants = climate.instants_of(sensor, period.summary)
    return {
        **_about(sensor),
        "from": period.first,
        "to": period.last,
        "expected_days": period.expected_days,
        **_summary(period.summary, instants),
        f"{part}s": [
            {part: begin.day if part == "day" else begin.month, **_summary(each)} for begin, each in period.parts
        ],
    }


def _summary(summary: Summary, instants: Mapping[tuple[str, bool], datetime] | None = None) -> dict[str, Any]:
    known = instants or {}
    quantities: dict[str, dict[str, Any]] = {
        name: {
            "mean": _mean(name, mean, summary),
            "max": _extreme(summary.highs[name], known.get((name, True))),
            "min": _extreme(summary.lows[name], known.get((name, False))),
        }
        for name, mean in summary.means.items()
    }
    quantities |= {name: {"sum": total} for name, total in summary.sums.items()}
    answer: dict[str, Any] = {"days_with_readings": summary.days, "quantities": quantities}
    if summary.direction is not None:
        direction = round(summary.direction, 1)
        answer["wind_from"] = {"degrees": direction, "point": compass_point(direction)}
    if summary.degree_days:
        answer["degree_days"] = {name: round(value, 1) for name, value in summary.degree_days.items()}
    if summary.counted:
        answer["counted_days"] = summary.counted
    return answer


def _extreme(extreme: Extreme, at: datetime | None) -> dict[str, Any]:
    return {"value": extreme.value, "day": extreme.day, **({"at": at} if at else {})}


def _spans(spans: Mapping[Span, Mapping[str, Dated]]) -> dict[str, Any]:
    return {
        span: {
            "max" if end == "high" else "min": {**_extreme(dated.extreme, dated.at), "is_new": dated.extreme.is_new}
            for end, dated in ends.items()
        }
        for span, ends in spans.items()
    }
