"""OpenWeatherMap's stations API, `/data/3.0/stations`, for its client libraries: lists and manages sensors as stations.

`appid` is an operator's API token. A station's `external_id` is the sensor's; its id, which measurements name, is the
sensor's public id.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sensorfusion.accounts.models import Operator, TokenScope
from sensorfusion.accounts.tries.tokens import tried_token
from sensorfusion.domain.refusals import Refusal
from sensorfusion.ingest.doors.openweathermap import ERROR
from sensorfusion.sensors.fields import SensorDetails
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import sensor_for, visible_sensors
from sensorfusion.sensors.services import add_sensor, delete_sensor, first_site, update_sensor
from sensorfusion.web.description import AWAY, JSON, TEXT, Answered, Description, Schema, described, members

_SAFE = ("GET", "HEAD")
_NUMBER = {"type": "number"}
_SHOWN: Schema = members(
    *("id", "name", "external_id", "latitude", "longitude", "altitude"),
    **dict.fromkeys(("id", "ID", "created_at", "updated_at", "external_id", "name"), TEXT),
    **dict.fromkeys(("latitude", "longitude", "altitude", "rank"), _NUMBER),
)
_OPTIONAL = {"type": ["number", "null"]}
_GIVEN = members(
    "name",
    name=TEXT,
    external_id={"type": ["string", "null"]},
    **dict.fromkeys(("latitude", "longitude", "altitude", "lat", "lon", "alt"), _OPTIONAL),
)
_ERROR = {JSON: ERROR}
_WHY = {
    400: "The request is no station, or a value cannot be used.",
    401: "appid is no API token.",
    403: "The token's scope, or the operator's role, does not include this.",
    404: "There is no such station, or you may not see it.",
    409: "Another sensor has this name or id, or there are as many as there may be.",
}
_WAIT = Answered(why="Too many unknown tokens from its network.", content=_ERROR, headers=("retry-after",))


def _about(summary: str, success: dict[int, Answered], *refusals: int, takes: bool = False) -> Description:
    refused = {status: Answered(why=_WHY[status], content=_ERROR) for status in refusals}
    return Description(
        summary=summary,
        detail="OpenWeatherMap's Stations API 3.0; a station is a sensor.",
        keys=("query appid", "header x-api-key"),
        body={JSON: _GIVEN} if takes else {},
        answers=dict(sorted({**success, **refused, 429: _WAIT, 503: AWAY}.items())),
    )


def _shows(schema: Schema) -> Answered:
    return Answered(why="As they are now.", content={JSON: schema})


_OF_ALL = {
    "GET": _about("List stations", {200: _shows({"type": "array", "items": _SHOWN})}, 401, 403),
    "POST": _about("Register a station", {201: _shows(_SHOWN)}, 400, 401, 403, 409, takes=True),
}
_OF_ONE = {
    "GET": _about("Show a station", {200: _shows(_SHOWN)}, 401, 403, 404),
    "PUT": _about("Change a station", {200: _shows(_SHOWN)}, 400, 401, 403, 404, 409, takes=True),
    "DELETE": _about("Delete a station", {204: Answered(why="It is deleted.")}, 401, 403, 404),
}

View = Callable[..., HttpResponse]


class _Station(msgspec.Struct):
    """The fields of a station; `name` is required."""

    name: str
    external_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    lat: float | None = None
    lon: float | None = None
    alt: float | None = None

    def details(self) -> SensorDetails:
        return {
            "name": self.name,
            "external_id": self.external_id or "",
            "latitude": self.latitude if self.lat is None else self.lat,
            "longitude": self.longitude if self.lon is None else self.lon,
            "elevation_m": self.altitude if self.alt is None else self.alt,
        }


def _by_operator(view: View) -> View:
    """Authenticate the operator by `appid`, and answer refusals in OpenWeatherMap's format."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            token = tried_token(text=_appid(request), address=request.META.get("REMOTE_ADDR", ""), now=timezone.now())
        except Refusal as refused:
            return _refused(refused)
        if token is None:
            return _no(401, "appid must be an operator's API token. Make one on your account's page.")
        scope = TokenScope(token.scope)
        if not (scope.may_read if request.method in _SAFE else scope.may_write):
            return _no(403, "The scope of this API token does not include this.")
        try:
            return view(request, token.operator, **named)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return _no(400, f"The body is not a station: {error}.")
        except ValidationError as error:
            return _no(400, " ".join(error.messages))
        except Refusal as refused:
            return _refused(refused)

    return answered


@described(_OF_ALL)
@_by_operator
@require_http_methods(["GET", "POST"])
def stations(request: HttpRequest, operator: Operator) -> HttpResponse:
    """List the operator's stations, or register one."""
    if request.method == "GET":
        found = visible_sensors(operator).select_related("site").order_by("created_at", "id")
        return JsonResponse([_told(sensor) for sensor in found], safe=False)
    wanted, now = msgspec.json.decode(request.body, type=_Station), timezone.now()
    issued = add_sensor(by=operator, site=first_site(by=operator, now=now), now=now, **wanted.details())
    return JsonResponse(_told(issued.sensor), status=201)


@described(_OF_ONE)
@_by_operator
@require_http_methods(["GET", "PUT", "DELETE"])
def station(request: HttpRequest, operator: Operator, uuid: UUID) -> HttpResponse:
    """Show, change or delete one station."""
    sensor = sensor_for(operator=operator, uuid=uuid)
    if sensor is None:
        return _no(404, "There is no such station, or you may not see it.")
    if request.method == "PUT":
        wanted = msgspec.json.decode(request.body, type=_Station)
        update_sensor(by=operator, sensor=sensor, **wanted.details())
    if request.method == "DELETE":
        delete_sensor(by=operator, sensor=sensor)
        return HttpResponse(status=204)
    return JsonResponse(_told(sensor))


def _appid(request: HttpRequest) -> str:
    return request.GET.get("appid") or request.GET.get("APPID") or request.headers.get("x-api-key", "")


def _told(sensor: Sensor) -> dict[str, object]:
    """Describe a sensor as a station; clients read its id under either spelling."""
    return {
        "id": str(sensor.uuid),
        "ID": str(sensor.uuid),
        "created_at": _instant(sensor.created_at),
        "updated_at": _instant(sensor.created_at),
        "external_id": sensor.external_id,
        "name": sensor.name,
        # The client library requires numbers, and an altitude of at least 0; without own values the site's are used.
        "latitude": _place(sensor.latitude, sensor.site.latitude),
        "longitude": _place(sensor.longitude, sensor.site.longitude),
        "altitude": max(_place(sensor.elevation_m, sensor.site.elevation_m), 0.0),
        "rank": 0,
    }


def _place(own: float | None, of_site: float | None) -> float:
    return (of_site or 0.0) if own is None else own


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _refused(refused: Refusal) -> JsonResponse:
    answer = _no(refused.status, refused.detail)
    if refused.retry_after_s:
        answer["Retry-After"] = str(refused.retry_after_s)
    return answer


def _no(status: int, message: str) -> JsonResponse:
    return JsonResponse({"code": status * 1000 + 1, "cod": status, "message": message}, status=status)
