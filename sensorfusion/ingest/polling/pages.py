"""The page of a sensor's poll: its settings, its status, and a dry run."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.fields import declared
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.units import UNITS
from sensorfusion.ingest.polling.dry_run import TRIES, Trial, try_out
from sensorfusion.ingest.polling.forms import PollForm
from sensorfusion.ingest.polling.headers import parse_headers
from sensorfusion.ingest.polling.mapping import in_jsonpath
from sensorfusion.ingest.polling.paths import in_current_spelling
from sensorfusion.ingest.polling.presets import PRESETS
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Poll, Sensor
from sensorfusion.sensors.naming.fields import last_values
from sensorfusion.sensors.polls.fields import FORM_NAMES, PollDetails
from sensorfusion.sensors.polls.services import kept_headers, poll_of, remove_poll, save_poll, status_of
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.connections import release_connection
from sensorfusion.web.fields import LineRows
from sensorfusion.web.forms import RefusedAloud, RefusedIn


@login_required
@never_cache
def polling(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    poll = poll_of(sensor)
    form = PollForm(request.POST or None, initial=_initial(request, sensor, poll))
    trial = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "try":
            try:
                trial = _try_out(request, form, poll)
            except Refusal as refused:
                return _page(request, sensor, poll, form, Trial(trouble=refused.detail), refused)
        else:
            with RefusedIn(form):
                save_poll(by=request.user, sensor=sensor, details=form.details(), now=timezone.now())
                messages.success(request, "Saved. The first request is sent within seconds.")
                return redirect("sensor-polling", uuid)
    return _page(request, sensor, poll, form, trial)


@login_required
@sent_from("sensor-polling", "uuid")
def remove(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    with RefusedAloud(request):
        remove_poll(by=request.user, sensor=sensor)
        messages.success(request, "Polling is removed. The stored readings stay.")
    return redirect("sensor-settings", uuid)


def _initial(request: SignedIn, sensor: Sensor, poll: Poll | None) -> dict[str, Any]:
    preset = PRESETS.get(request.GET.get("preset", ""))
    if preset:
        said = {"url": preset.url_for(sensor), "interval_s": preset.interval_s, "time_path": preset.time_path}
        return {**said, "fields_text": preset.fields}
    if poll is None:
        return {}
    said = {FORM_NAMES.get(name, name): getattr(poll, name) for name in declared(PollDetails) if name != "headers"}
    time_path = in_current_spelling(poll.time_path) if poll.time_path else ""
    return {**said, "time_path": time_path, "fields_text": in_jsonpath(poll.fields)}


def _try_out(request: SignedIn, form: PollForm, poll: Poll | None) -> Trial:
    """Send one request.

    :raises Refusal: another try of this operator is under way, or too many of all.
    """
    said, headers = form.cleaned_data, form.new_headers()
    if headers is None:
        headers = kept_headers(poll, url=said["url"])
    if headers is None:
        return Trial(
            trouble="The stored headers cannot be decrypted since the server's secret key changed: enter them again."
        )
    with TRIES.of(request.user.pk):
        release_connection()
        return try_out(
            url=said["url"], headers=headers, fields=form.mapping(), time_path=said["time_path"], now=timezone.now()
        )


def _page(
    request: SignedIn,
    sensor: Sensor,
    poll: Poll | None,
    form: PollForm,
    trial: Trial | None,
    refused: Refusal | None = None,
) -> HttpResponse:
    now = timezone.now()
    cast(LineRows, form.fields["fields_text"].widget).samples = last_values(sensor)
    context = {
        "sensor": sensor,
        "quantities": CATALOGUE,
        "known_units": UNITS.values(),
        "poll": poll,
        "status": status_of(poll, time_zone=sensor.site.time_zone, now=now) if poll else "",
        "form": form,
        "trial": trial,
        "kept": list(parse_headers(kept_headers(poll, url=poll.url) or "")) if poll else [],
        "presets": PRESETS.items(),
        "preset": PRESETS.get(request.GET.get("preset", "")),
        "has_openweathermap": bool(settings.ENVIRONMENT.openweathermap_key),
        "time_zone": sensor.site.time_zone,
    }
    status = refused.status if refused else 400 if form.errors else 200
    page = render(request, "ingest/polling.html", context, status=status)
    if refused:
        page.headers["Retry-After"] = str(refused.retry_after_s)
    return page
