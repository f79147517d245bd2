"""The page of a sensor's poll: its settings, its status, and a dry run."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
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
                return _page(request, sensor, poll, form, Trial(trouble=gettext(refused.detail)), refused)
        else:
            with RefusedIn(form):
                save_poll(by=request.user, sensor=sensor, details=form.details(), now=timezone.now())
                messages.success(request, gettext("Saved. The first request is sent within seconds."))
                return redirect("sensor-polling", uuid)
    return _page(request, sensor, poll, form, trial)


@login_required
@sent_from("sensor-polling", "uuid")
def remove(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    with RefusedAloud(request):
        remove_poll(by=request.user, sensor=sensor)
        messages.success(request, gettext("Polling is removed. The stored readings stay."))
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
        why = gettext("The stored headers cannot be decrypted since the server's secret key changed: enter them again.")
        return Trial(trouble=why)
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
        "kept_names": _kept_names(poll) if poll else "",
        "preset_links": _preset_links(),
        "preset": PRESETS.get(request.GET.get("preset", "")),
        "has_openweathermap": bool(settings.ENVIRONMENT.openweathermap_key),
        "time_zone": sensor.site.time_zone,
    }
    status = refused.status if refused else 400 if form.errors else 200
    page = render(request, "ingest/polling.html", context, status=status)
    if refused:
        page.headers["Retry-After"] = str(refused.retry_after_s)
    return page


def _kept_names(poll: Poll) -> SafeString:
    """Return the names of the stored headers, as a list in a sentence."""
    names = parse_headers(kept_headers(poll, url=poll.url) or "")
    return format_html_join(", ", "<code>{}</code>", ((name,) for name in names))


def _preset_links() -> SafeString:
    """Return links to the presets, as a list in a sentence: A, B or C."""
    links = [format_html('<a href="?preset={}">{}</a>', slug, gettext(each.label)) for slug, each in PRESETS.items()]
    others = format_html_join(", ", "{}", ((link,) for link in links[:-1]))
    return format_html(gettext("{others} or {last}"), others=others, last=links[-1])
