"""The page on which editors say what a sensor is, and how its quantities are shown."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from sensorfusion.accounts.pages import SignedIn
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.sensors.quantities.rows import colour_names, digits, given, kinds_of, rows
from sensorfusion.sensors.services import update_sensor
from sensorfusion.web.checks.faults import Fault
from sensorfusion.web.values.reader import units_of


@login_required
@never_cache
def quantities(request: SignedIn, uuid: UUID) -> HttpResponse:
    sensor = editable_sensor(request.user, uuid)
    if request.method != "POST":
        return _page(request, sensor)
    typed = request.POST
    try:
        update_sensor(
            by=request.user,
            sensor=sensor,
            kind=typed.get("kind", sensor.kind),
            primary_quantity=typed.get("primary_quantity", sensor.primary_quantity),
            quantities=given(typed, sensor, presentation_of(sensor), units_of(request)),
        )
    except Refusal as refused:
        return _refused(request, uuid, gettext(refused.detail))
    except ValidationError as wrong:
        return _refused(request, uuid, " ".join(wrong.messages))
    messages.success(request, gettext("Saved."))
    return redirect("sensor-quantities", uuid)


def _refused(request: SignedIn, uuid: UUID, detail: str) -> HttpResponse:
    return _page(request, editable_sensor(request.user, uuid), typed=request.POST, faults=[Fault(detail)])


def _page(
    request: SignedIn, sensor: Sensor, *, typed: QueryDict | None = None, faults: Sequence[Fault] = ()
) -> HttpResponse:
    presentation, units = presentation_of(sensor), units_of(request)
    shown = rows(sensor, presentation, units, typed)
    context = {
        "sensor": sensor,
        "rows": shown,
        "note": presentation.limits_note((each.quantity for each in shown), units),
        "kinds": kinds_of(sensor),
        "kind": typed.get("kind", sensor.kind) if typed else sensor.kind,
        "primary": typed.get("primary_quantity", sensor.primary_quantity) if typed else sensor.primary_quantity,
        "digits": digits(),
        "colours": colour_names(),
        "faults": faults,
    }
    return render(request, "sensors/settings/quantities.html", context, status=400 if typed else 200)
