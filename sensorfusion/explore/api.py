"""The API of Explore: several series of several sensors over one span, in one request and one resolution."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, cast

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.schema import answers
from sensorfusion.explore.comparison import Comparison, comparison, refused
from sensorfusion.explore.figures import Figures, figures
from sensorfusion.explore.queries import POINTS_MOST, Chosen, Line, chosen_of, lines, questions
from sensorfusion.explore.schema import ExploreSerializer
from sensorfusion.explore.selection import SERIES_MOST, Against, Operation, name_of
from sensorfusion.readings.api import json_answer
from sensorfusion.readings.charts.api import POINTS, POINTS_LEAST, RANGE, RESOLUTIONS
from sensorfusion.readings.charts.etags import tag
from sensorfusion.readings.charts.question import Resolution
from sensorfusion.readings.charts.series import DoesNotFit
from sensorfusion.readings.parameters import FROM, TO, counted, instant, one_of, whole

_NAME = {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[^\u0000]{1,64}$"}
_SERIES = OpenApiParameter(
    "series",
    {"type": "array", "items": _NAME, "minItems": 1, "maxItems": SERIES_MOST},
    required=True,
    description=f"`<sensor>:<quantity>`; repeat it for each series, at most {SERIES_MOST}.",
)
_POINTS = counted("points", "Maximum number of rows of a series, default: 1000.", least=POINTS_LEAST, most=POINTS_MOST)
_RESOLUTION = OpenApiParameter(
    "resolution",
    OpenApiTypes.STR,
    enum=RESOLUTIONS,
    description="Use this one, or fail if it has more rows than points; default: the finest that fits all series.",
)
_FIGURES = OpenApiParameter("figures", OpenApiTypes.STR, enum=["0", "1"], description="1: include statistics.")
_LEVEL = OpenApiParameter(
    "level",
    {"type": "number", "exclusiveMinimum": -1e15, "exclusiveMaximum": 1e15},
    description="Canonical value for times above and below; of series of the first unit.",
)
_AGAINST: Final = tuple(str(each) for each in Against if each)
_OPERATIONS: Final = tuple(str(each) for each in Operation)
_COMPARED = OpenApiParameter(
    "against", OpenApiTypes.STR, enum=_AGAINST, description="What the first series is compared with."
)
_OPERATION = OpenApiParameter("operation", OpenApiTypes.STR, enum=_OPERATIONS, description="Default: difference.")


@dataclass(frozen=True, slots=True)
class _Asked:
    chosen: list[Chosen]
    start: datetime
    end: datetime
    points: int
    resolution: Resolution | None
    has_figures: bool
    level: float | None
    against: Against
    operation: Operation

    def etag(self) -> str:
        """Return a tag of everything the response is computed from; those of a comparison's other span included."""
        asked = questions(self.chosen, start=self.start, end=self.end, points=self.points, resolution=self.resolution)
        sensors = {each.station.sensor.id: each.station.sensor for each in self.chosen}
        form = repr(([str(each.name) for each in self.chosen], self.has_figures, self.level, self.operation))
        tags = [tag(sensor=sensors[question.sensor], question=question, form=form) for question in asked]
        intervals = [each.station.interval_s for each in self.chosen if self.has_figures]
        return f'"{blake2b(repr((tags, intervals)).encode(), digest_size=16).hexdigest()}"'


class ExploreColumns(APIView):
    @extend_schema(
        summary="Several series of several sensors",
        parameters=[_SERIES, FROM, TO, _POINTS, _RESOLUTION, _FIGURES, _LEVEL, _COMPARED, _OPERATION],
        responses=answers({200: ExploreSerializer}, 404),
    )
    def get(self, request: Request) -> HttpResponse:
        """Return columns of several series over one span, all in the finest resolution that fits, with statistics and
        a comparison if requested.

        For a range that has ended, a response without a comparison has an ETag; a conditional request is answered 304
        until the data changes.
        """
        now = timezone.now()
        until = instant(request, "to")
        asked = _asked(request, until, now)
        if until is None or until > now or asked.against:
            response = _answer(asked)
            response.headers["Cache-Control"] = "no-store"
            return response
        etag = asked.etag()
        response = get_conditional_response(request._request, etag=etag) or _answer(asked)
        response.headers["ETag"] = etag
        # Clients must revalidate each time: access to a sensor can be revoked.
        response.headers["Cache-Control"] = "private, no-cache"
        return response


def _asked(request: Request, until: datetime | None, now: datetime) -> _Asked:
    chosen = _chosen(request, now)
    end = until or max(each.station.end for each in chosen)
    start = instant(request, "from") or end - RANGE
    if start >= end:
        raise ValidationError({"from": "The range is empty: from has to be before to."})
    asked = _Asked(
        chosen=chosen,
        start=start,
        end=end,
        points=whole(request, "points", POINTS, least=POINTS_LEAST, most=POINTS_MOST),
        resolution=cast(Resolution | None, one_of(request, "resolution", RESOLUTIONS)),
        has_figures=one_of(request, "figures", ("0", "1")) == "1",
        level=_level(request),
        against=Against(one_of(request, "against", _AGAINST) or ""),
        operation=Operation(one_of(request, "operation", _OPERATIONS) or "difference"),
    )
    why = refused(chosen, asked.against, asked.operation) if asked.against else ""
    if why:
        raise ValidationError({"against": why})
    return asked


def _chosen(request: Request, now: datetime) -> list[Chosen]:
    assert isinstance(request.user, Operator)  # signed in by now
    texts = dict.fromkeys(request.query_params.getlist("series"))
    names = [name for text in texts if (name := name_of(text))]
    if len(names) < len(texts) or not 1 <= len(names) <= SERIES_MOST:
        raise ValidationError({"series": f"Name 1 to {SERIES_MOST} series, each as <sensor>:<quantity>."})
    chosen = chosen_of(operator=request.user, names=names, now=now)
    if len(chosen) < len(names):
        raise Http404("There is no such sensor, or you may not see it.")
    return chosen


def _level(request: Request) -> float | None:
    text = request.query_params.get("level", "")
    try:
        found = float(text) if text else None
    except ValueError:
        found = float("nan")
    if found is not None and not abs(found) < 1e15:
        raise ValidationError({"level": "Give a number in the canonical unit of the first series."})
    return found


def _answer(asked: _Asked) -> HttpResponse:
    try:
        found = lines(asked.chosen, start=asked.start, end=asked.end, points=asked.points, resolution=asked.resolution)
    except DoesNotFit as why:
        raise ValidationError({"resolution": str(why)}) from None
    told = (
        figures(asked.chosen, start=asked.start, end=asked.end, level=asked.level)
        if asked.has_figures
        else [None] * len(found)
    )
    answer: dict[str, Any] = {
        "from": asked.start,
        "to": asked.end,
        "time_zone": asked.chosen[0].station.sensor.site.time_zone,
        "resolution": found[0].resolution,
        "series": [_series(line, each) for line, each in zip(found, told, strict=True)],
    }
    if asked.against:
        answer["comparison"] = _comparison(
            comparison(
                asked.chosen,
                start=asked.start,
                end=asked.end,
                against=asked.against,
                operation=asked.operation,
                drawn=found[0].resolution,
            )
        )
    return json_answer(answer)


def _series(line: Line, told: Figures | None) -> dict[str, Any]:
    name, column = line.chosen.name, line.column
    return {
        "sensor": name.sensor,
        "name": line.chosen.station.sensor.name,
        "quantity": name.quantity,
        "unit": line.chosen.entry.unit,
        "t": line.t,
        "value": column.value,
        "min": column.low,
        "max": column.high,
        **({"figures": _figures(told)} if told else {}),
    }


def _figures(told: Figures) -> dict[str, Any]:
    names = ("low", "mean", "high", "deviation", "total", "count", "coverage", "above_s", "below_s", "basis")
    return {name: getattr(told, name) for name in names}


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "against": found.against,
        "operation": found.operation,
        "resolution": found.resolution,
        "t": [t for t, _ in found.rows],
        "value": [value for _, value in found.rows],
    }
