"""The page of alerts, and the pages on which a rule is made, tried, changed and deleted. They need no scripts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.alerts import queries, services
from sensorfusion.alerts.evaluation.rules import loaded
from sensorfusion.alerts.forms import COLUMNS, RuleForm, initial
from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.alerts.preview import preview
from sensorfusion.alerts.sentences import OUTCOMES, Words
from sensorfusion.domain.liveness import usual_interval_s
from sensorfusion.domain.quantities.settings import in_order
from sensorfusion.readings.models import SensorState
from sensorfusion.reports.words import span
from sensorfusion.sensors.access import editable_sensor
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.sensors.queries import editable_sites, may_edit
from sensorfusion.web.context import units_of
from sensorfusion.web.forms import RefusedAloud, RefusedIn

HISTORY_MOST: Final = 50
TRIED_DAYS: Final = (7, 30)
SNOOZES_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert as it is listed."""

    alert: Alert
    sentence: str
    lasted: str
    extreme: str
    outcome: str
    may_acknowledge: bool = False


@dataclass(frozen=True, slots=True)
class ShownRule:
    rule: AlertRule
    words: str
    where: str


@login_required
@never_cache
@require_safe
def alerts(request: SignedIn) -> HttpResponse:
    """Show what is active, what was, and the rules."""
    operator, now, system = request.user, timezone.now(), units_of(request)
    seen = queries.visible_alerts(operator)
    open_ones = list(queries.active(seen))
    values = _values({each.sensor_id for each in open_ones})
    active = [_shown(each, operator, system, now, values.get(each.sensor_id, {})) for each in open_ones]
    ended = [_shown(each, operator, system, now, {}) for each in seen.exclude(ended_at=None)[:HISTORY_MOST]]
    rules = [
        ShownRule(each, _words(each.sensor, system).rule(each), each.sensor.name if each.sensor else "Any sensor")
        for each in queries.visible_rules(operator)
    ]
    looked_at = queries.last_look()
    context: dict[str, Any] = {
        "active": active,
        "needing": sum(1 for each in open_ones if _needs(each, now)),
        "ended": ended,
        "rules": rules,
        "looked_at": looked_at,
        "choices": _choices(operator),
    }
    return render(request, "alerts/page.html", context)


@login_required
@require_POST
def acknowledge(request: SignedIn, alert: UUID) -> HttpResponse:
    found = get_object_or_404(queries.visible_alerts(request.user), uuid=alert)
    _require(request.user, found)
    with RefusedAloud(request):
        services.acknowledge(by=request.user, alert=found, now=timezone.now())
    return redirect("alerts")


@login_required
@require_POST
def snooze(request: SignedIn, alert: UUID) -> HttpResponse:
    found, now = get_object_or_404(queries.visible_alerts(request.user), uuid=alert), timezone.now()
    _require(request.user, found)
    with RefusedAloud(request):
        services.snooze(by=request.user, alert=found, until=now + SNOOZES_FOR, now=now)
    return redirect("alerts")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_rule(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Make a rule for a sensor's quantity, which the address names; without one, for its silence."""
    sensor = editable_sensor(request.user, uuid)
    return _edited(
        request, sensor, AlertRule(site=sensor.site, sensor=sensor, quantity=request.GET.get("quantity", ""))
    )


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
@require_POST
def switch_rule(request: SignedIn, rule: UUID) -> HttpResponse:
    found = _editable(request, rule)
    services.change_rule(by=request.user, rule=found, now=timezone.now(), is_enabled=not found.is_enabled)
    return redirect("alerts")


@login_required
@require_POST
def delete_rule(request: SignedIn, rule: UUID) -> HttpResponse:
    services.delete_rule(by=request.user, rule=_editable(request, rule), now=timezone.now())
    messages.success(request, "The rule is deleted. Its alerts remain in the history.")
    return redirect("alerts")


def _edited(request: SignedIn, sensor: Sensor, rule: AlertRule) -> HttpResponse:
    presentation, now = presentation_of(sensor), timezone.now()
    shown = presentation.display(rule.quantity, units_of(request))
    begins = initial(rule, shown) if rule.pk else {"condition": "above" if rule.quantity else "silent", "for_min": 10}
    form = RuleForm(request.POST or None, shown=shown, rule=rule, initial=begins)
    tried = None
    if request.method == "POST" and form.is_valid():
        with RefusedIn(form):
            fields = form.rule_fields()
            if request.POST.get("do") == "try":
                tried = _tried(rule, fields, sensor, now)
            else:
                _kept(request.user, rule, fields, now)
                return redirect("alerts")
    label = presentation.looks(rule.quantity).label if rule.quantity else "Any data"
    context = {"form": form, "sensor": sensor, "rule": rule, "label": label, "tried": tried}
    return render(request, "alerts/rule.html", context, status=200 if form.is_valid() or not form.errors else 400)


def _kept(operator: Operator, rule: AlertRule, fields: dict[str, Any], now: datetime) -> None:
    if rule.pk and fields:  # a rule that is changed begins again, so one that is not is left alone
        services.change_rule(by=operator, rule=rule, now=now, **fields)
    elif not rule.pk:
        services.make_rule(by=operator, site=rule.site, sensor=rule.sensor, quantity=rule.quantity, now=now, **fields)


def _tried(rule: AlertRule, fields: dict[str, Any], sensor: Sensor, now: datetime) -> list[tuple[int, int, str]]:
    """Return for the last days how often the rule would have fired, and how long in all."""
    stored = {name: getattr(rule, name) for name in COLUMNS.values()} if rule.pk else {}
    about = {"site": rule.site, "sensor": rule.sensor, "quantity": rule.quantity}
    row = AlertRule(**about, made_at=now, changed_at=now, **{**stored, **fields})
    services.check_rule(row)
    deltas = SensorState.objects.filter(sensor=sensor).values_list("deltas", flat=True).first()
    interval_s = sensor.interval_s or usual_interval_s(deltas or [])
    found = []
    for days in TRIED_DAYS:
        start = now - timedelta(days=days)
        fired = preview(loaded(row), sensor=sensor.pk, start=start, end=now, interval_s=interval_s)
        total_s = sum((now.timestamp() if each.ended_at is None else each.ended_at) - each.fired_at for each in fired)
        found.append((days, len(fired), span(total_s)))
    return found


def _editable(request: SignedIn, rule: UUID) -> AlertRule:
    found = get_object_or_404(queries.visible_rules(request.user), uuid=rule)
    if not may_edit(operator=request.user, site=found.site):
        raise PermissionDenied
    return found


def _require(operator: Operator, alert: Alert) -> None:
    if not queries.may_acknowledge(operator=operator, site=alert.site):
        raise PermissionDenied


def _needs(alert: Alert, now: datetime) -> bool:
    return alert.acknowledged_at is None and not (alert.snoozed_until and alert.snoozed_until > now)


def _shown(alert: Alert, operator: Operator, system: str, now: datetime, values: dict[str, Any]) -> Shown:
    words = _words(alert.sensor, system)
    extreme = "" if alert.extreme is None else words.number(alert.quantity, alert.extreme)
    return Shown(
        alert,
        words.alert(alert, now=now, value=values.get(alert.quantity)),
        span(((alert.ended_at or now) - alert.began_at).total_seconds()),
        extreme,
        OUTCOMES.get(alert.outcome, alert.outcome),
        alert.ended_at is None and queries.may_acknowledge(operator=operator, site=alert.site),
    )


def _words(sensor: Sensor | None, system: str) -> Words:
    return Words(system, presentation_of(sensor)) if sensor else Words(system)


def _values(sensors: set[int]) -> dict[int, dict[str, Any]]:
    return dict(SensorState.objects.filter(sensor__in=sensors).values_list("sensor_id", "values"))


def _choices(operator: Operator) -> list[tuple[Sensor, list[tuple[str, str]]]]:
    """Return the quantities that the operator may make rules for, by sensor: in its owner's order, then by label."""
    seen = Sensor.objects.filter(site__in=editable_sites(operator).order_by()).select_related("state")
    found = []
    for sensor in seen.order_by("name", "id")[:HISTORY_MOST]:
        state = getattr(sensor, "state", None)
        presentation = presentation_of(sensor)
        labels = {name: presentation.looks(name).label for name in (state.values if state else {})}
        names = in_order(sorted(labels, key=lambda name: labels[name]), presentation.settings)
        found.append((sensor, [(name, labels[name]) for name in names]))
    return found
