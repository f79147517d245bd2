"""`/tv/` for the television, which has no account, and `/tv/open/` for the operator who enters its code."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
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
from sensorfusion.sharing.models import Screen, SiteShare
from sensorfusion.sharing.screens.forms import CODE_LONGEST, CodeForm, ScreenForm
from sensorfusion.sharing.screens.services import (
    LASTS,
    Tried,
    make_secret,
    open_page_on_screen,
    open_screen,
    screen_of,
    show_code,
    token_on,
    written,
)
from sensorfusion.sharing.sites.queries import editable_pages
from sensorfusion.web.addresses import full_path
from sensorfusion.web.forms import RefusedIn, told_to_wait
from sensorfusion.web.values.qr import code_of

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
    if (screen := screen_of(secret=secret, now=now)) and (address := _wall(screen)):
        return redirect(address)
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
    screen = screen_of(secret=request.COOKIES.get(COOKIE, ""), now=timezone.now())
    return JsonResponse({"address": _wall(screen)}) if screen else JsonResponse({}, status=404)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_on(request: SignedIn) -> HttpResponse:
    """Choose the page of a site, or a sensor, and then what the television with the code shows of it."""
    code, asked = request.GET.get("code", "")[:CODE_LONGEST], request.GET.get("sensor", "")
    now = timezone.now()
    pages = [each for each in editable_pages(request.user, now=now) if each.is_open and not each.password]  # type: ignore[attr-defined]  # annotated
    if not asked:
        context: dict[str, Any] = {"code": code, "sensors": _sensors(request.user), "pages": pages}
        return render(request, "sharing/tv-sensor.html", context)
    if page := next((each for each in pages if each.uuid == _id(asked)), None):
        return _open_page(request, page, code)
    sensor = editable_sensor(request.user, _id(asked))
    (station,) = stations([sensor], now=now)
    form = ScreenForm(request.POST if request.method == "POST" else None, station=station, code=code)
    if form.is_valid():
        with RefusedIn(form):
            with Tried(by=request.user, address=request.META.get("REMOTE_ADDR", ""), now=now):
                open_screen(by=request.user, sensor=sensor, now=now, **form.columns())
            messages.success(request, gettext("The screen shows it in a moment. Revoke the link to end that."))
            return redirect("sensor-shares-page", sensor.uuid)
    context = {"form": form, "sensor": sensor, "zone": form.zone}
    return told_to_wait(render(request, "sharing/tv-open.html", context, status=400 if form.errors else 200), form)


def _open_page(request: SignedIn, page: SiteShare, code: str) -> HttpResponse:
    form, now = CodeForm(request.POST if request.method == "POST" else None, initial={"code": code}), timezone.now()
    if form.is_valid():
        with RefusedIn(form):
            with Tried(by=request.user, address=request.META.get("REMOTE_ADDR", ""), now=now):
                open_page_on_screen(by=request.user, code=form.cleaned_data["code"], page=page, now=now)
            messages.success(request, gettext("The screen shows it in a moment, until the page ends."))
            return redirect("site-sharing", page.site.uuid)
    context = {"form": form, "page": page}
    return told_to_wait(render(request, "sharing/tv-open-page.html", context, status=400 if form.errors else 200), form)


def _sensors(operator: Operator) -> QuerySet[Sensor]:
    found = visible_sensors(operator).filter(site__in=editable_sites(operator))
    return found.select_related("site").order_by("site__name", "name", "id")


def _id(text: str) -> UUID:
    """Return an id, one of no sensor where the address has another text."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _wall(screen: Screen) -> str:
    """Return the address of what a screen was given, empty while it waits."""
    token = token_on(screen)
    return f"{reverse('share' if screen.share else 'site-page', args=[token])}?kiosk=1" if token else ""


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
