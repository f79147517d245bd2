"""The page of alerts: what is active, the rules, what was. It needs no scripts."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.pages import SignedIn
from sensorfusion.alerts import queries, services
from sensorfusion.alerts.models import Alert
from sensorfusion.alerts.showing.listed import Lists
from sensorfusion.alerts.showing.suggestions import suggestions
from sensorfusion.web.addresses import full_path
from sensorfusion.web.checks.posted import sent_from
from sensorfusion.web.forms import RefusedAloud
from sensorfusion.web.values.reader import units_of

HISTORY_MOST: Final = 100
RANGES: Final = {"7d": timedelta(days=7), "30d": timedelta(days=30), "1y": timedelta(days=366)}
RANGE_LABELS: Final = {"7d": gettext_lazy("7d"), "30d": gettext_lazy("30d"), "1y": gettext_lazy("1y")}
LATE: Final = timedelta(minutes=2)  # since the last look, which is stored every 10 s
SNOOZES_FOR: Final = timedelta(hours=1)


@login_required
@never_cache
@require_safe
def alerts(request: SignedIn) -> HttpResponse:
    """Show what is active, the rules by site, and what was."""
    operator, now, system = request.user, timezone.now(), units_of(request)
    lists = Lists(operator, system, now)
    seen = queries.visible_alerts(operator)
    active = lists.active(list(queries.active(seen)))
    rules = list(queries.visible_rules(operator))
    shown = request.GET.get("range", "")
    shown = shown if shown in RANGES else "7d"
    ended = seen.exclude(ended_at=None).filter(fired_at__gte=now - RANGES[shown])
    looked_at = queries.last_look()
    context: dict[str, Any] = {
        "live": full_path("/ws/live/"),
        "active": active,
        "needing": sum(not each.is_quiet for each in active),
        "rules": rules,
        "sites": lists.rules(rules),
        "days": lists.history(list(ended[:HISTORY_MOST])),
        "ranges": RANGE_LABELS,
        "range": shown,
        "has_history": bool(rules) or seen.exists(),
        "looked_at": looked_at,
        "is_late": looked_at is not None and now - looked_at > LATE,
        **(_beginning(operator, system, now) if not rules else {"may_make": queries.may_make_rules(operator)}),
    }
    return render(request, "alerts/page.html", context)


@login_required
@sent_from("alerts")
def acknowledge(request: SignedIn, alert: UUID) -> HttpResponse:
    found = get_object_or_404(queries.visible_alerts(request.user), uuid=alert)
    _require(request.user, found)
    with RefusedAloud(request):
        services.acknowledge(by=request.user, alert=found, now=timezone.now())
    return redirect("alerts")


@login_required
@sent_from("alerts")
def snooze(request: SignedIn, alert: UUID) -> HttpResponse:
    found, now = get_object_or_404(queries.visible_alerts(request.user), uuid=alert), timezone.now()
    _require(request.user, found)
    with RefusedAloud(request):
        services.snooze(by=request.user, alert=found, until=now + SNOOZES_FOR, now=now)
    return redirect("alerts")


def _beginning(operator: Operator, system: str, now: Any) -> dict[str, Any]:
    """Return what an operator without rules may begin with."""
    sensors = list(queries.watchable(operator))
    return {"may_make": bool(sensors), "suggestions": suggestions(sensors, system=system, now=now)}


def _require(operator: Operator, alert: Alert) -> None:
    if not queries.may_acknowledge(operator=operator, site=alert.site):
        raise PermissionDenied
