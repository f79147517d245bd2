"""The page with a sensor's external id, its device's own names, and its attributes."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.units import UNITS
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming import vocabulary
from sensorfusion.sensors.naming.fields import given, rows
from sensorfusion.sensors.naming.queries import fields_of
from sensorfusion.sensors.naming.services import set_fields
from sensorfusion.sensors.provisioning import attributes
from sensorfusion.sensors.services import update_sensor
from sensorfusion.web.checks.faults import Fault
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.fields import Cell, LineRows, sent
from sensorfusion.web.forms import RefusedIn


class NamingForm(forms.Form):
    external_id = forms.CharField(
        label=gettext_lazy("Known elsewhere as"),
        max_length=128,
        required=False,
        help_text=gettext_lazy("The name of this sensor in gateways: a device EUI, a station id, a tag."),
    )
    names = forms.CharField(
        label=gettext_lazy("Names that the device uses"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "A unit only if it is not the default one. The quantity - ignores the name. "
            "These lines are stronger than the table of fields."
        ),
    )
    shared = forms.CharField(
        label=gettext_lazy("Settings for the device to read"),
        required=False,
        strip=False,
        help_text=gettext_lazy("ThingsBoard's clients call them shared attributes."),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["names"].widget = _names_widget()
        self.fields["shared"].widget = _shared_widget()


def _names_widget() -> LineRows:
    return LineRows(
        Cell("name", gettext("Name"), "device-names", "field1"),
        Cell("quantity", gettext("Quantity"), "quantities", "temperature"),
        Cell("unit", gettext("Unit"), "units", "°F"),
        split=vocabulary.cells,
        samples=gettext("Last value"),
    )


def _shared_widget() -> LineRows:
    name = Cell("name", gettext("Name"), "", "interval")
    return LineRows(name, Cell("value", gettext("Value"), "", "60"), split=attributes.cells)


@login_required
@never_cache
def names(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    kept = attributes.attributes_of(sensor=sensor)
    form = NamingForm(request.POST or None, initial=_written(sensor, kept.shared))
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            _save(request, sensor, {**form.initial, **sent(form)})
            messages.success(request, gettext("Saved."))
            return redirect("sensor-names", uuid)
    return _page(request, sensor, form)


@login_required
@sent_from("sensor-names", "uuid")
def fields(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Change which quantities the fields of the device feed."""
    sensor = editable_sensor(request.user, uuid)
    try:
        set_fields(by=request.user, sensor=sensor, quantities=given(fields_of(sensor), request.POST))
    except Refusal as refused:
        form = NamingForm(initial=_written(sensor, attributes.attributes_of(sensor=sensor).shared))
        return _page(request, sensor, form, typed=request.POST, faults=[Fault(gettext(refused.detail))])
    messages.success(request, gettext("Saved. The next readings are stored by it; what is stored keeps its name."))
    return redirect("sensor-names", uuid)


def _page(
    request: SignedIn,
    sensor: Sensor,
    form: NamingForm,
    *,
    typed: QueryDict | None = None,
    faults: Sequence[Fault] = (),
) -> HttpResponse:
    found = rows(sensor, fields_of(sensor), typed)
    cast(LineRows, form.fields["names"].widget).samples = {each.source: each.value for each in found}
    context = {
        "sensor": sensor,
        "form": form,
        "client": attributes.attributes_of(sensor=sensor).client,
        "fields": found,
        "quantities": CATALOGUE,
        "known_units": UNITS.values(),
        "faults": faults,
    }
    return render(request, "sensors/settings/names.html", context, status=400 if form.is_bound or typed else 200)


@transaction.atomic
def _save(request: SignedIn, sensor: Sensor, given: dict[str, Any]) -> None:
    names = vocabulary.from_text(given["names"])
    update_sensor(by=request.user, sensor=sensor, external_id=given["external_id"], names=names)
    attributes.set_shared(by=request.user, sensor=sensor, shared=attributes.from_text(given["shared"]))


def _written(sensor: Sensor, shared: dict[str, attributes.Scalar]) -> dict[str, str]:
    return {
        "external_id": sensor.external_id,
        "names": vocabulary.to_text(sensor.names),
        "shared": attributes.to_text(shared),
    }
