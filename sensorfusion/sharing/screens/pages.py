"""`/tv/` for the television, which has no account, and `/tv/open/` for the operator who enters its code."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.accounts.rate_limit import Requests
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.reports.queries import stations
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import editable_sites, visible_sensors
from sensorfusion.sharing.qr import code_of
from sensorfusion.sharing.screens.forms import CODE_LONGEST, ScreenForm
from sensorfusion.sharing.screens.services import LASTS, Tried, link_of, make_secret, open_screen, show_code, written
from sensorfusion.web.addresses import full_path
from sensorfusion.web.forms import RefusedIn, told_to_wait

COOKIE: Final = "tv"
PER_NETWORK: Final = 120  # requests a minute: some screens that ask every three seconds
REQUESTS: Final = Requests()


@require_safe
@never_cache
def tv(request: HttpRequest) -> HttpResponse:
    """Show a code, or what a television was given for it."""
    if _is_too_fast(request):
        return render(request, "sharing/too-fast.html", status=429)
    now, secret = timezone.now(), request.COOKIES.get(COOKIE, "") or make_secret()
    if token := link_of(secret=secret, now=now):
        return redirect(_wall(token))
    try:
        code = show_code(secret=secret, now=now).code or ""
    except Refusal as refusal:
        return render(request, "sharing/tv.html", {"refusal": refusal}, status=refusal.status)
    address = request.build_absolute_uri(f"{reverse('tv-open')}?code={code}")
    context = {"code": written(code), "qr": code_of(address), "address": request.build_absolute_uri(reverse("tv-open"))}
    return _with_secret(render(request, "sharing/tv.html", context), secret)


@require_safe
@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """Tell the television whether its code was entered: the address to open, empty until then; 404 once it ended."""
    if _is_too_fast(request):
        return JsonResponse({}, status=429)
    token = link_of(secret=request.COOKIES.get(COOKIE, ""), now=timezone.now())
    if token is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"address": _wall(token) if token else ""})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_on(request: SignedIn) -> HttpResponse:
    """Choose a sensor, then what the television with the code shows of it."""
    code, asked = request.GET.get("code", "")[:CODE_LONGEST], request.GET.get("sensor", "")
    sensors = _sensors(request.user)
    if not asked:
        return render(request, "sharing/tv-sensor.html", {"code": code, "sensors": sensors})
    sensor, now = editable_sensor(request.user, _id(asked)), timezone.now()
    (station,) = stations([sensor], now=now)
    form = ScreenForm(request.POST if request.method == "POST" else None, station=station, code=code)
    if form.is_valid():
        with RefusedIn(form):
            with Tried(by=request.user, address=request.META.get("REMOTE_ADDR", ""), now=now):
                open_screen(by=request.user, sensor=sensor, now=now, **form.columns())
            messages.success(request, "The screen shows it in a moment. Revoke the link to end that.")
            return redirect("sensor-shares-page", sensor.uuid)
    context = {"form": form, "sensor": sensor, "zone": form.zone}
    return told_to_wait(render(request, "sharing/tv-open.html", context, status=400 if form.errors else 200), form)


def _sensors(operator: Operator) -> QuerySet[Sensor]:
    found = visible_sensors(operator).filter(site__in=editable_sites(operator))
    return found.select_related("site").order_by("site__name", "name", "id")


def _id(text: str) -> UUID:
    """Return an id, one of no sensor where the address has another text."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _wall(token: str) -> str:
    return f"{reverse('share', args=[token])}?kiosk=1"


def _is_too_fast(request: HttpRequest) -> bool:
    return REQUESTS.take(network_of(request.META.get("REMOTE_ADDR", "")), most=PER_NETWORK).is_used_up


def _with_secret(response: HttpResponse, secret: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=LASTS,
        path=full_path("/tv/"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )
    return response
