"""Retention: the forms on the pages of a site and a sensor."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy, ngettext

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.keeping import FOR_EVER
from sensorfusion.sensors.access import editable_sensor, site_or_404
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import may_edit
from sensorfusion.sensors.services import update_sensor, update_site
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.fields import sent
from sensorfusion.web.forms import RefusedAloud

OFFERED = (1, 2, 3, 6, 12, 24, 36, 60, 120)


class KeepingForm(forms.Form):
    """The number of months that readings are kept; includes a number that was set by the API."""

    months = forms.TypedChoiceField(
        label=gettext_lazy("Keep single readings"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: QueryDict | None = None, *, of: Site | Sensor) -> None:
        super().__init__(data, initial={"months": of.keep_months})
        offered = sorted({*OFFERED, of.keep_months or OFFERED[0]})
        choices: list[tuple[int | str, str]] = [("", gettext("For ever"))]
        if isinstance(of, Sensor):
            choices = [
                ("", gettext("As the site says: {period}").format(period=words(of.site.keep_months))),
                (FOR_EVER, gettext("For ever")),
            ]
        field = self.fields["months"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [*choices, *((months, words(months)) for months in offered)]

    def clean_months(self) -> int | None:
        if "months" not in sent(self):
            raise ValidationError(gettext("Choose one of the times offered."))
        months: int | None = self.cleaned_data["months"]
        return months


def words(months: int | None) -> str:
    """Return the period in words: `for ever` or `12 months`."""
    if not months:
        return gettext("for ever")
    return ngettext("{months} month", "{months} months", months).format(months=months)


@login_required
@sent_from("site-settings", "uuid")
def of_site(request: SignedIn, uuid: UUID) -> HttpResponse:
    site = site_or_404(request.user, uuid)
    if not may_edit(operator=request.user, site=site):
        raise PermissionDenied
    form = KeepingForm(request.POST, of=site)
    if form.is_valid():
        with RefusedAloud(request):
            update_site(by=request.user, site=site, keep_months=form.cleaned_data["months"])
            messages.success(request, _said(site.keep_months))
    else:
        messages.error(request, gettext("Choose one of the offered periods."))
    return redirect("site-settings", uuid)


@login_required
def of_sensor(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return render(request, "sensors/settings/retention.html", {"sensor": sensor, "keeping": KeepingForm(of=sensor)})
    form = KeepingForm(request.POST, of=sensor)
    if form.is_valid():
        with RefusedAloud(request):
            update_sensor(by=request.user, sensor=sensor, keep_months=form.cleaned_data["months"])
            months = sensor.keep_months
            messages.success(request, _said(sensor.site.keep_months if months is None else months))
    else:
        messages.error(request, gettext("Choose one of the offered periods."))
    return redirect("sensor-keeping", uuid)


def _said(months: int | None) -> str:
    if not months:
        return gettext("Single readings are kept for ever.")
    said = ngettext(
        "Single readings are kept for {months} month and then removed. The first removal is within the hour.",
        "Single readings are kept for {months} months and then removed. The first removal is within the hour.",
        months,
    )
    return said.format(months=months)
