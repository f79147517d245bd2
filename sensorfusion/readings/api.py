"""The read API of one sensor: its newest values, its stored readings page by page, and columns for charts."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from sensorfusion.domain.quantities import Combine, quantity
from sensorfusion.readings import queries
from sensorfusion.readings.buckets import Column
from sensorfusion.readings.schema import LatestSerializer, ReadingsSerializer, SeriesSerializer
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import sensor_for

READINGS_LIMIT, READINGS_MOST = 1_000, 10_000
POINTS, POINTS_LEAST, POINTS_MOST = 1_000, 10, 5_000
QUANTITIES_MOST: Final = 32  # one chart card shows three; a page of small multiples asks for all at once
RANGE: Final = timedelta(days=1)
# What an answer calls the number that stands for a bucket.
_STANDS_FOR_IT: Final[dict[Combine, str]] = {
    "mean": "mean",
    "vector": "mean",
    "sum": "sum",
    "counter": "last",
    "last": "last",
}

_FROM = OpenApiParameter("from", OpenApiTypes.STR, description="First instant: RFC 3339 or epoch seconds.")
_TO = OpenApiParameter("to", OpenApiTypes.STR, description="The instant before which to end; now when left out.")
_AFTER = OpenApiParameter("after_seq", OpenApiTypes.INT, description="Begin after this seq.")
_LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description="Readings per page: 1000, at most 10000.")
_QUANTITIES = OpenApiParameter(
    "quantities", OpenApiTypes.STR, description="Names separated by commas; every number the sensor has when left out."
)
_POINTS = OpenApiParameter("points", OpenApiTypes.INT, description="Rows at most: 1000, from 10 to 5000.")


class SensorView(APIView):
    """A view of one sensor; to those who may not see it, it does not exist."""

    def sensor(self, uuid: UUID) -> Sensor:
        found = sensor_for(operator=self.request.user, uuid=uuid)  # type: ignore[arg-type]  # signed in by now
        if found is None:
            raise Http404("There is no such sensor, or you may not see it.")
        return found


class Latest(SensorView):
    @extend_schema(summary="The newest value of each quantity", responses=LatestSerializer)
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the newest value of each quantity, and whether the sensor still reports."""
        sensor = self.sensor(uuid)
        newest = queries.newest([sensor.id])[sensor.id]
        return _json(
            {
                "sensor": sensor.uuid,
                "seq": newest.seq,
                "observed_at": newest.observed_at,
                "values": newest.values,
                "state": queries.state_of(sensor, newest, now=timezone.now()),
            }
        )


class Readings(SensorView):
    @extend_schema(
        summary="Stored readings, oldest seq first",
        parameters=[_FROM, _TO, _AFTER, _LIMIT],
        responses=ReadingsSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return readings ordered by seq; `next` is the address of the following page, null at the end."""
        sensor = self.sensor(uuid)
        limit = _whole(request, "limit", READINGS_LIMIT, least=1, most=READINGS_MOST)
        found = queries.window(
            sensor=sensor.id,
            start=_instant(request, "from"),
            end=_instant(request, "to"),
            after_seq=_whole(request, "after_seq", 0, least=0, most=2**63 - 1),
            limit=limit + 1,
        )
        page = found[:limit]
        return _json({"readings": page, "next": _next(request, page[-1].seq) if len(found) > limit else None})


class SeriesColumns(SensorView):
    @extend_schema(
        summary="Columns for charts", parameters=[_QUANTITIES, _FROM, _TO, _POINTS], responses=SeriesSerializer
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return columns of the finest resolution that fits into `points`; null where the sensor was silent."""
        sensor = self.sensor(uuid)
        newest = queries.newest([sensor.id])[sensor.id]
        end = _instant(request, "to") or timezone.now()
        series = queries.series(
            sensor=sensor.id,
            quantities=_quantities(request, newest),
            start=_instant(request, "from") or end - RANGE,
            end=end,
            points=_whole(request, "points", POINTS, least=POINTS_LEAST, most=POINTS_MOST),
            time_zone=sensor.site.time_zone,
        )
        columns = {name: _column(name, column) for name, column in series.columns.items()}
        return _json({"resolution": series.resolution, "t": series.t, "series": columns})


def _column(name: str, column: Column) -> dict[str, list[float | None]]:
    return {_STANDS_FOR_IT[quantity(name).combine]: column.value, "min": column.low, "max": column.high}


def _next(request: Request, seq: int) -> str:
    query = {**request.query_params.dict(), "after_seq": str(seq)}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def _json(answer: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def _quantities(request: Request, newest: queries.Newest) -> list[str]:
    asked = request.query_params.get("quantities", "")
    if not asked:
        return [name for name in newest.values if quantity(name).kind == "number"][:QUANTITIES_MOST]
    names = list(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    if not 1 <= len(names) <= QUANTITIES_MOST:
        raise ValidationError({"quantities": f"Name 1 to {QUANTITIES_MOST} quantities, separated by commas."})
    return names


def _whole(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if text.isdecimal() and text.isascii() and least <= int(text) <= most:
        return int(text)
    raise ValidationError({name: f"Give a whole number from {least} to {most}."})


def _instant(request: Request, name: str) -> datetime | None:
    # A + that was not percent-encoded arrives as a space: 2026-11-22T06:00:00 01:00.
    text = request.query_params.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        instant = _from_epoch(text) or datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise ValidationError({name: "Give RFC 3339 such as 2026-11-22T06:00:00Z, or epoch seconds."}) from None
    if instant.tzinfo is None:
        raise ValidationError({name: "The time has no zone. End it with Z or an offset such as +01:00."})
    return instant


def _from_epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(float(text), UTC) if text.lstrip("-").replace(".", "", 1).isdecimal() else None
