"""The page on which editors exclude readings and restore them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.readings.exclusions.services import exclude, exclusions_of, restore
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import labels_of_one
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.fields import local_minute
from sensorfusion.web.forms import RefusedAloud, RefusedIn
from sensorfusion.web.looks import looks


class ExclusionForm(forms.Form):
    """A span in the site's local time; the last minute is included."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Explains the exclusion to others, such as: “Shield was being cleaned.”"),
    )

    def __init__(self, *arguments: Any, sensor: Sensor, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.zone = ZoneInfo(sensor.site.time_zone)
        state = SensorState.objects.filter(sensor=sensor).first()
        labels = labels_of_one(sensor)
        names = [(name, looks(name, labels.get(name, "")).label) for name in (state.values if state else {})]
        self.fields |= {  # the names that services use in refusals
            "from": local_minute(pgettext("time", "From")),
            "to": local_minute(gettext("Until and with")),
            "quantity": forms.ChoiceField(
                label=gettext("What"), required=False, choices=[("", gettext("Everything")), *sorted(names)]
            ),
        }

    def span(self) -> tuple[datetime, datetime]:
        start, end = (self._at(self.cleaned_data[name]) for name in ("from", "to"))
        return start, end + timedelta(minutes=1)

    def _at(self, given: datetime) -> datetime:
        # Django has parsed it in the time zone of the process.
        return given.replace(tzinfo=self.zone)


@login_required
@never_cache
def exclusions(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    form = ExclusionForm(request.POST or None, sensor=sensor)
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            start, end = form.span()
            given = {name: form.cleaned_data[name] for name in ("quantity", "reason")}
            exclude(by=request.user, sensor=sensor, start=start, end=end, now=timezone.now(), **given)
            messages.success(request, gettext("Excluded. Charts and records will be updated."))
            return redirect("sensor-exclusions-page", uuid)
    labels = labels_of_one(sensor)
    context = {
        "sensor": sensor,
        "form": form,
        "exclusions": [(each, _named(each.quantity, labels)) for each in exclusions_of(sensor=sensor)],
        "zone": form.zone,
    }
    return render(request, "readings/exclusions.html", context, status=400 if form.errors else 200)


@login_required
@sent_from("sensor-exclusions-page", "uuid")
def restore_excluded(request: SignedIn, uuid: UUID, number: int) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    exclusion = exclusions_of(sensor=sensor).select_related("sensor__site").filter(pk=number).first()
    if exclusion is None:
        raise Http404
    with RefusedAloud(request):
        restore(by=request.user, exclusion=exclusion, now=timezone.now())
        messages.success(request, gettext("Restored. Charts and records will be updated."))
    return redirect("sensor-exclusions-page", uuid)


def _named(name: str, labels: Mapping[str, str]) -> str:
    return looks(name, labels.get(name, "")).label if name else gettext("Everything")
