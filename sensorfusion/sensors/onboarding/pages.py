"""From a registered sensor to its first reading: examples with the real URL and key, and the arriving reading.

A key's text is never stored, except in the session between its creation and the page that shows it, which removes it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain import quantities
from sensorfusion.events.control import announce
from sensorfusion.events.messages import SettingUp
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import labels_of_one
from sensorfusion.sensors.notices.queries import notices_of
from sensorfusion.sensors.notices.words import heard_of, told
from sensorfusion.sensors.onboarding import refusals
from sensorfusion.sensors.onboarding.device_fields import Group, console
from sensorfusion.sensors.services import IssuedKey
from sensorfusion.sensors.sites.states import state_of
from sensorfusion.web.addresses import full_path
from sensorfusion.web.looks import looks

_IN_SESSION = "new_keys"
NO_KEY = "YOUR-KEY"
CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Example:
    """How one kind of device sends a reading; `template` contains the code. Without one, `fields` are to be entered."""

    slug: str
    label: str
    template: str = ""
    fields: tuple[Group, ...] = ()


EXAMPLES = (
    Example("curl", "curl", "sensors/examples/curl.txt"),
    Example("python", "Python", "sensors/examples/python.txt"),
    Example("arduino", "Arduino", "sensors/examples/arduino.txt"),
    Example("micropython", "MicroPython", "sensors/examples/micropython.txt"),
    Example("command", gettext_noop("Command line"), "sensors/examples/command.txt"),
    Example("mqtt", "MQTT", "sensors/examples/mqtt.txt"),
    Example(CONSOLE, gettext_noop("Weather console")),
    Example("thingsboard", "ThingsBoard", "sensors/examples/thingsboard.txt"),
    Example("influxdb", "InfluxDB", "sensors/examples/influxdb.txt"),
    Example("lorawan", "LoRaWAN", "sensors/examples/lorawan.txt"),
    Example("thingspeak", "ThingSpeak", "sensors/examples/thingspeak.txt"),
    Example("openweathermap", "OpenWeatherMap", "sensors/examples/openweathermap.txt"),
)


@login_required
@never_cache
@require_safe
def start(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    values = getattr(getattr(sensor, "state", None), "values", {})
    labels = labels_of_one(sensor)
    now = timezone.now()
    notices = list(notices_of(sensor, now=now))
    address, new_key = public_address(request), shown_key(request, sensor)
    context = {
        "sensor": sensor,
        "notices": told(notices, zone=ZoneInfo(sensor.site.time_zone), now=now),
        "heard": heard_of(notices),
        "found": [looks(name, labels.get(name, "")).label for name in sorted(values, key=_in_the_catalogue)],
        "new_key": new_key,
        "no_key": NO_KEY,
        "address": address,
        "broker": _broker(address),
        "examples": [_with_fields(each, sensor, address, new_key or NO_KEY) for each in EXAMPLES],
        "refusals": refusals.sentences(),
        "page": _page_data(sensor),
    }
    if not values:
        announce(SettingUp(sensor.pk, request.META.get("REMOTE_ADDR", "")))
    return render(request, "sensors/start.html", context)


def _in_the_catalogue(name: str) -> tuple[int, str]:
    known = list(quantities.CATALOGUE)
    return (known.index(name) if name in known else len(known)), name


def show_once(request: HttpRequest, issued: IssuedKey) -> None:
    """Store a new key's text in the session until a page shows it."""
    request.session[_IN_SESSION] = {**request.session.get(_IN_SESSION, {}), str(issued.sensor.uuid): issued.text}


def shown_key(request: HttpRequest, sensor: Sensor) -> str | None:
    """Return a sensor's new key if it has not been shown yet, and remove it from the session."""
    kept: dict[str, str] = request.session.get(_IN_SESSION, {})
    text = kept.pop(str(sensor.uuid), None)
    if text:
        request.session[_IN_SESSION] = kept
    return text


def public_address(request: HttpRequest) -> str:
    """Return the URL at which devices reach the platform: PUBLIC_URL, or else this request's."""
    return settings.PUBLIC_URL or request.build_absolute_uri(full_path("/")).rstrip("/")


def _with_fields(example: Example, sensor: Sensor, address: str, key: str) -> Example:
    """Add what to enter in a weather console, which uses plain HTTP and therefore another port; translate the label."""
    example = replace(example, label=gettext(example.label))
    if example.slug != CONSOLE:
        return example
    parts = urlsplit(address)
    port = 80 if parts.scheme == "https" else parts.port or 80
    station = slugify(sensor.name).upper() or "STATION"
    return replace(
        example, fields=console(host=parts.hostname or "", port=port, path=parts.path, key=key, station=station)
    )


@dataclass(frozen=True, slots=True)
class _Broker:
    """The address of the MQTT broker for devices, as far as this server knows it."""

    host: str
    port: int
    is_encrypted: bool


def _broker(address: str) -> _Broker | None:
    """Return the broker's address for devices; a name that only this machine or its containers know is replaced by
    ours.
    """
    parts = urlsplit(settings.ENVIRONMENT.mqtt_url)
    host = parts.hostname or ""
    if not host:
        return None
    is_inside = host in ("localhost", "127.0.0.1", "::1") or "." not in host
    is_encrypted = parts.scheme == "mqtts"
    port = parts.port or (8883 if is_encrypted else 1883)
    return _Broker(urlsplit(address).hostname or host if is_inside else host, port, is_encrypted)


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _page_data(sensor: Sensor) -> dict[str, object]:
    """Return the data that the scripts need to watch the sensor."""
    state = getattr(sensor, "state", None)
    seen = {name: _instant(getattr(state, name, None)) for name in ("observed_at", "received_at")}
    return {
        "now": _instant(timezone.now()),
        "live": full_path("/ws/live/"),
        "api": full_path("/api/v1/"),
        "sign_in": reverse("sign-in"),
        "units": {},
        "quantities": {name: {"label": looks(name).label} for name in quantities.CATALOGUE},
        "sensors": [
            {
                "sensor": str(sensor.uuid),
                "name": sensor.name,
                "seq": getattr(state, "seq", 0),
                **seen,
                "state": state_of(sensor),
                "interval_s": sensor.interval_s,
                "time_zone": sensor.site.time_zone,
                "latitude": sensor.site.latitude,
                "longitude": sensor.site.longitude,
                "values": getattr(state, "values", {}),
            }
        ],
    }
