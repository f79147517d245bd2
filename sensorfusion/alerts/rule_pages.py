"""The pages on which a rule is made, tried, changed and deleted. They need no scripts."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.alerts import queries, services
from sensorfusion.alerts.forms import COLUMNS, RuleForm, initial
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.sentences import of_differences
from sensorfusion.alerts.showing.derived import comparable, derived_names
from sensorfusion.alerts.showing.present import from_present, present_value
from sensorfusion.alerts.showing.suggestions import proposed
from sensorfusion.alerts.showing.tries import Try, tried
from sensorfusion.domain.quantities.settings import in_order
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of, presentations_of
from sensorfusion.sensors.queries import may_edit
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedIn
from sensorfusion.web.looks import inside
from sensorfusion.web.values.display import Display
from sensorfusion.web.values.reader import units_of

DAYS_FIRST: Final = 7


@login_required
@never_cache
@require_safe
def choose(request: SignedIn) -> HttpResponse:
    """Show what a rule can be about."""
    return render(request, "alerts/choose.html", {"choices": _choices(request.user)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_rule(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Make a rule for a sensor's quantity, which the address names; without one, for its silence.

    `from=now` begins at the present value.
    """
    sensor = editable_sensor(request.user, uuid)
    rule = AlertRule(site=sensor.site, sensor=sensor, quantity=request.GET.get("quantity", ""))
    if request.POST.get("scope") == "site":
        rule.sensor = None
    return _edited(request, sensor, rule)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def one_rule(request: SignedIn, rule: UUID) -> HttpResponse:
    found = _editable(request, rule)
    sensor = found.sensor or Sensor.objects.filter(site=found.site).order_by("name").first()
    if sensor is None:
        raise PermissionDenied
    return _edited(request, sensor, found)


@login_required
@sent_from("alerts")
def switch_rule(request: SignedIn, rule: UUID) -> HttpResponse:
    found = _editable(request, rule)
    services.change_rule(by=request.user, rule=found, now=timezone.now(), is_enabled=not found.is_enabled)
    return redirect("alerts")


@login_required
@sent_from("alerts")
def delete_rule(request: SignedIn, rule: UUID) -> HttpResponse:
    services.delete_rule(by=request.user, rule=_editable(request, rule), now=timezone.now())
    messages.success(request, gettext("The rule is deleted. Its alerts remain in the history."))
    return redirect("alerts")


def _edited(request: SignedIn, sensor: Sensor, rule: AlertRule) -> HttpResponse:
    presentation, now = presentation_of(sensor), timezone.now()
    shown = presentation.display(rule.quantity, units_of(request))
    if request.method == "GET" and not rule.pk:
        proposed(rule, sensor, now=now)
        if request.GET.get("from") == "now":
            from_present(rule, sensor, shown)
    begins = initial(rule, shown) if rule.condition else {"condition": "above", "for_min": 10}
    present = present_value(sensor, rule.quantity)
    names = [*comparable(sensor, rule.quantity), *([rule.than] if rule.than else [])]
    others = sorted(((name, inside(presentation.looks(name).label)) for name in {*names}), key=lambda each: each[1])
    form = RuleForm(
        request.POST or None, shown=shown, rule=rule, sensor=sensor.name, present=present, others=others, initial=begins
    )
    found = None
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            fields = form.rule_fields()
            if request.POST.get("do") == "try":
                days = int(form.cleaned_data["days"] or DAYS_FIRST)
                found = _tried(_row(rule, fields, now), sensor, days, shown, now)
            else:
                _kept(request.user, rule, fields, now)
                return redirect("alerts")
    elif request.method == "GET" and rule.condition:
        found = _tried(_row(rule, {}, now), sensor, DAYS_FIRST, shown, now)
    label = presentation.looks(rule.quantity).label if rule.quantity else gettext("Any data")
    hue = presentation.looks(rule.quantity).hue if rule.quantity else "air"
    less = presentation.looks(found.than).label if found and found.than else ""
    context = {
        "form": form, "sensor": sensor, "rule": rule, "label": label, "hue": hue, "tried": found, "less": less
    }  # fmt: skip
    return render(request, "alerts/rule.html", context, status=200 if form.is_valid() or not form.errors else 400)


def _tried(row: AlertRule, sensor: Sensor, days: int, shown: Display, now: datetime) -> Try:
    return tried(row, sensor, days=days, shown=of_differences(shown) if row.than else shown.linear, now=now)


def _kept(operator: Operator, rule: AlertRule, fields: dict[str, Any], now: datetime) -> None:
    if rule.pk and fields:  # a rule that is changed begins again, so one that is not is left alone
        services.change_rule(by=operator, rule=rule, now=now, **fields)
    elif not rule.pk:
        services.make_rule(by=operator, site=rule.site, sensor=rule.sensor, quantity=rule.quantity, now=now, **fields)


def _row(rule: AlertRule, fields: dict[str, Any], now: datetime) -> AlertRule:
    """Return a rule with other fields, to be tried and not stored.

    :raises Refusal: `bad_rule`.
    """
    begun = {name: getattr(rule, name) for name in COLUMNS.values()}
    about = {"site": rule.site, "sensor": rule.sensor, "quantity": rule.quantity}
    row = AlertRule(**about, made_at=now, changed_at=now, **{**begun, **fields})
    services.check_rule(row)
    return row


def _editable(request: SignedIn, rule: UUID) -> AlertRule:
    found = get_object_or_404(queries.visible_rules(request.user), uuid=rule)
    if not may_edit(operator=request.user, site=found.site):
        raise PermissionDenied
    return found


def _choices(operator: Operator) -> list[tuple[Sensor, list[tuple[str, str]]]]:
    """Return the quantities that the operator may make rules for, by sensor: in its owner's order, then by label."""
    sensors = list(queries.watchable(operator))
    presentations = presentations_of(sensors)
    found = []
    for sensor in sensors:
        state, presentation = getattr(sensor, "state", None), presentations[sensor.pk]
        labels = {name: presentation.looks(name).label for name in (state.values if state else {})}
        names = in_order(sorted(labels, key=lambda name: labels[name]), presentation.settings)
        derived = derived_names(sensor, labels)
        labels |= {name: presentation.looks(name).label for name in derived}
        names = [*names, *sorted(derived, key=lambda name: labels[name])]
        found.append((sensor, [(name, labels[name]) for name in names]))
    return found
