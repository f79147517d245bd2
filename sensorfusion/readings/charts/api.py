"""The chart API: columns of a sensor's quantities as JSON, CSV or Arrow, with ETags for ranges that have ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.readings import queries
from sensorfusion.readings.api import SensorView
from sensorfusion.readings.charts.etags import tag
from sensorfusion.readings.charts.formats import CONTENT_TYPES, Format, Titled, written
from sensorfusion.readings.charts.question import ChartQuestion, Resolution
from sensorfusion.readings.charts.questions import chart_question
from sensorfusion.readings.charts.series import DoesNotFit, Series, series
from sensorfusion.readings.parameters import FROM, QUANTITIES_MOST, TO, counted, instant, names, one_of, whole
from sensorfusion.readings.schema import SeriesSerializer
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of

POINTS, POINTS_LEAST, POINTS_MOST = 1_000, 10, 5_000
RANGE: Final = timedelta(days=1)
INSTANT: Final = timedelta(microseconds=1)
RESOLUTIONS: Final = ("raw", "5m", "1h", "1d")
FORMATS: Final[tuple[Format, ...]] = ("json", "csv", "arrow")

_QUANTITIES = OpenApiParameter(
    "quantities",
    OpenApiTypes.STR,
    description="Comma-separated names; default: all numeric quantities of the sensor. Those that it does not send are"
    " derived if possible, such as dew_point.",
)
_POINTS = counted("points", "Maximum number of rows, 10 to 5000; default: 1000.", least=POINTS_LEAST, most=POINTS_MOST)
_RESOLUTION = OpenApiParameter(
    "resolution",
    OpenApiTypes.STR,
    enum=RESOLUTIONS,
    description="Use this one, or fail if it has more rows than points; default: the finest that fits.",
)
_FORMAT = OpenApiParameter("format", OpenApiTypes.STR, enum=FORMATS, description="Overrides the Accept header.")


class _Formats(BaseContentNegotiation):
    """Leaves content negotiation to the view, so that errors are JSON whatever was requested."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type or ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A parsed request. `is_closed`: the range has ended, so the response changes only when stored data changes."""

    question: ChartQuestion
    form: Format
    is_closed: bool


class SeriesColumns(SensorView):
    content_negotiation_class = _Formats

    @extend_schema(
        summary="Columns for charts",
        parameters=[_QUANTITIES, FROM, TO, _POINTS, _RESOLUTION, _FORMAT],
        responses={
            (200, "application/json"): SeriesSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/vnd.apache.arrow.stream"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return columns of the finest resolution that fits into `points`; null during silences.

        For a range that has ended, the response has an ETag; a conditional request is answered 304 until the data
        changes.
        """
        sensor = self.sensor(uuid)
        asked = _asked(request, sensor, self.newest(sensor))
        # One snapshot for the ETag and what it stands for.
        with snapshot():
            units = _units(sensor, asked)
            return _tagged(request, sensor, asked, units) if asked.is_closed else _answer(sensor, asked, units)


def _tagged(request: Request, sensor: Sensor, asked: _Asked, units: dict[str, str]) -> HttpResponse:
    etag = tag(sensor=sensor, question=asked.question, form=f"{asked.form} {units}")
    response = get_conditional_response(request._request, etag=etag) or _answer(sensor, asked, units)
    response.headers["ETag"] = etag
    # Clients must revalidate each time: access to a sensor can be revoked.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _units(sensor: Sensor, asked: _Asked) -> dict[str, str]:
    """Return the units of quantities outside the catalogue, for formats that have units."""
    own = [name for name in asked.question.quantities if known_quantity(name) is None]
    if asked.form == "json" or not own:
        return {}
    found = presentation_of(sensor)
    return {name: found.unit(name) for name in own}


def _answer(sensor: Sensor, asked: _Asked, units: dict[str, str]) -> HttpResponse:
    titled = Titled(_read(asked.question), str(sensor.uuid), sensor.name, sensor.site.time_zone, units)
    response = HttpResponse(written(titled, asked.form), content_type=CONTENT_TYPES[asked.form])
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
    if asked.form != "json":
        ending = "csv" if asked.form == "csv" else "arrows"
        response.headers["Content-Disposition"] = f'attachment; filename="{sensor.uuid}.{ending}"'
    return response


def _read(question: ChartQuestion) -> Series:
    try:
        return series(question)
    except DoesNotFit as refused:
        raise ValidationError({"resolution": str(refused)}) from None


def _asked(request: Request, sensor: Sensor, newest: queries.Newest) -> _Asked:
    now, until = timezone.now(), instant(request, "to")
    # Include the newest reading when the sensor's clock is a little ahead of ours.
    end = until or max(now, newest.observed_at + INSTANT if newest.observed_at else now)
    start = instant(request, "from") or end - RANGE
    if start >= end:
        raise ValidationError({"from": "The range is empty: from has to be before to."})
    numbers = [name for name, value in newest.values.items() if is_number(value)]
    wanted = names(request, "quantities") or numbers
    question = chart_question(
        sensor=sensor,
        newest=newest,
        quantities=wanted[:QUANTITIES_MOST],
        start=start,
        end=end,
        points=whole(request, "points", POINTS, least=POINTS_LEAST, most=POINTS_MOST),
        resolution=cast(Resolution | None, one_of(request, "resolution", RESOLUTIONS)),
    )
    return _Asked(question, form=_form(request), is_closed=until is not None and until <= now)


def _form(request: Request) -> Format:
    named = one_of(request, "format", FORMATS)
    if named:
        return cast(Format, named)
    by_type = {content_type.partition(";")[0]: form for form, content_type in CONTENT_TYPES.items()}
    preferred = request._request.get_preferred_type(list(by_type))
    if preferred is None:
        raise NotAcceptable(f"Accept one of {', '.join(by_type)}.")
    return by_type[preferred]
