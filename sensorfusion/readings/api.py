"""The read API of one sensor: its newest values, and its stored readings page by page."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.queries import token_for
from sensorfusion.readings import queries
from sensorfusion.readings.parameters import FROM, TO, counted, instant, one_of, whole
from sensorfusion.readings.schema import LatestSerializer, ReadingsSerializer
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.readings.stored import reads
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import sensor_for

READINGS_LIMIT, READINGS_MOST = 1_000, 10_000

_AFTER = counted("after_seq", "Return readings with a higher seq.", least=0, most=2**63 - 1)
_LIMIT = counted("limit", "Readings per page: 1000, at most 10000.", least=1, most=READINGS_MOST)
_DERIVED = OpenApiParameter(
    "derived", OpenApiTypes.STR, enum=["0", "1"], description="1: include derived quantities, such as dew_point."
)


class SensorView(APIView):
    """Base view of one sensor; answers 404 for a sensor that the user may not see."""

    _of_token: queries.Seen | None = None

    def look_up_token(self, *, text: str, now: datetime) -> ApiToken | None:
        """Look the token of a request up by the statement that also finds the sensor and its newest values."""
        uuid = getattr(self, "kwargs", {}).get("uuid")
        if uuid is None:  # the middleware of idempotency only asks whose the token is
            return token_for(text=text, now=now)
        found = queries.token_and_seen(text=text, now=now, uuid=uuid)
        token, self._of_token = found or (None, None)
        return token

    def sensor(self, uuid: UUID) -> Sensor:
        seen = self._of_token
        found = seen.sensor if seen else sensor_for(operator=operator_of(self.request), uuid=uuid)
        if found is None:
            raise Http404("There is no such sensor, or you may not see it.")
        return found

    def newest(self, sensor: Sensor) -> queries.Newest:
        """Return the newest values of the sensor that `sensor` returned."""
        return self._of_token.newest if self._of_token else queries.newest([sensor.id])[sensor.id]


class Latest(SensorView):
    @extend_schema(summary="The newest value of each quantity", parameters=[_DERIVED], responses=LatestSerializer)
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the newest value of each quantity, how old and how doubtful it is, and the state of the sensor."""
        sensor = self.sensor(uuid)
        newest = self.newest(sensor)
        answer = {
            "sensor": sensor.uuid,
            "seq": newest.seq,
            "observed_at": newest.observed_at,
            "values": newest.values,
            **({"flags": newest.flags} if newest.flags else {}),
            **({"older": newest.older} if newest.older else {}),
            "state": queries.state_of(sensor, newest, now=timezone.now()),
        }
        if one_of(request, "derived", ("0", "1")) == "1":
            answer["derived"] = queries.derived_now(sensor, newest)
        return json_answer(answer)


class Readings(SensorView):
    proven = ("DELETE",)

    @extend_schema(
        summary="Stored readings, oldest seq first",
        parameters=[FROM, TO, _AFTER, _LIMIT],
        responses=ReadingsSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return readings ordered by seq; `next` is the URL of the following page, null on the last one."""
        sensor = self.sensor(uuid)
        limit = whole(request, "limit", READINGS_LIMIT, least=1, most=READINGS_MOST)
        start, end = instant(request, "from"), instant(request, "to")
        after_seq = whole(request, "after_seq", 0, least=0, most=2**63 - 1)
        with snapshot():  # for its plans
            found = reads.window(sensor=sensor.id, start=start, end=end, after_seq=after_seq, limit=limit + 1)
        page = found[:limit]
        return json_answer({"readings": page, "next": _next(request, page[-1].seq) if len(found) > limit else None})


def _next(request: Request, seq: int) -> str:
    query = {**request.query_params.dict(), "after_seq": str(seq)}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def json_answer(answer: Any) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")
