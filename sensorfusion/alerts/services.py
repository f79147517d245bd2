"""Makes, changes and deletes rules; acknowledges and snoozes alerts.

A change of rules locks the row of `alert_watch`, so that the watcher never judges by a rule that was changed. It ends
the rule's open alerts: what they said may not be so any more.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext

from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.evaluation.rules import loaded
from sensorfusion.alerts.models import (
    RULES_MOST,
    Alert,
    AlertEvent,
    AlertRule,
    AlertSettings,
    Maintenance,
    RuleState,
    Untold,
)
from sensorfusion.alerts.queries import may_acknowledge
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.limits import LONGEST_S, mistake
from sensorfusion.domain.alert_rules.pairs import pair_mistake
from sensorfusion.domain.refusals import Refusal
from sensorfusion.domain.weather.derivation import AT_ONCE
from sensorfusion.events.work import Work, announce_work
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_editor, require_owner

SNOOZE_MOST: Final = timedelta(days=7)
REPEAT_LEAST_S: Final = 300.0
_TURN: Final = """
INSERT INTO alert_watch (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = alert_watch.version + 1
"""


@transaction.atomic
def make_rule(*, by: Operator, site: Site, sensor: Sensor | None = None, now: datetime, **fields: Any) -> AlertRule:
    """Make a rule for a sensor, or for every sensor of the site.

    :raises Refusal: `not_allowed`, `bad_rule` or `limit_reached`.
    """
    require_editor(by=by, site=site)
    rule = AlertRule(site=site, sensor=sensor, made_by=by, made_at=now, changed_at=now, **fields)
    check_rule(rule)
    _take_turn()
    if AlertRule.objects.filter(site=site).count() >= RULES_MOST:
        most = gettext("A site has at most {count} rules. Delete some that are unused.").format(count=RULES_MOST)
        raise Refusal("limit_reached", most)
    rule.save()
    record(Action.RULE_MADE, by=by, site=site, subject=str(rule))
    return rule


@transaction.atomic
def change_rule(*, by: Operator, rule: AlertRule, now: datetime, **fields: Any) -> AlertRule:
    """Change a rule, which begins with what is so now.

    :raises Refusal: `not_allowed` or `bad_rule`.
    """
    require_editor(by=by, site=rule.site)
    for name, value in fields.items():
        setattr(rule, name, value)
    check_rule(rule)
    _take_turn()
    _begin_again(rule, now)
    rule.changed_at = now
    rule.save(update_fields=[*fields, "changed_at"])
    record(Action.RULE_CHANGED, by=by, site=rule.site, subject=str(rule))
    return rule


@transaction.atomic
def delete_rule(*, by: Operator, rule: AlertRule, now: datetime) -> None:
    """Delete a rule; its alerts remain in the history.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=rule.site)
    _take_turn()
    _begin_again(rule, now)
    record(Action.RULE_DELETED, by=by, site=rule.site, subject=str(rule))
    rule.delete()


@transaction.atomic
def forget_sensor(*, sensor: Sensor) -> None:
    """Delete the rules of a sensor that is handed over, and its alerts, which say who was told of them."""
    _take_turn()
    AlertRule.objects.filter(sensor=sensor).delete()
    for model in (RuleState, Alert, Maintenance):
        model.objects.filter(sensor=sensor).delete()


@transaction.atomic
def acknowledge(*, by: Operator, alert: Alert, now: datetime) -> Alert:
    """Acknowledge an active alert; a second time changes nothing.

    :raises Refusal: `not_allowed` or `alert_ended`.
    """
    held = _held(by, alert)
    if held.acknowledged_at is None:
        held.acknowledged_at, held.acknowledged_by = now, by
        held.save(update_fields=["acknowledged_at", "acknowledged_by"])
        AlertEvent.objects.create(alert=held, at=now, action=AlertEvent.ACKNOWLEDGED, by=by)
        record(Action.ALERT_ACKNOWLEDGED, by=by, site=held.site, subject=held.sensor.name)
    return held


@transaction.atomic
def snooze(*, by: Operator, alert: Alert, until: datetime, now: datetime) -> Alert:
    """Let an active alert rest until an instant, within a week.

    :raises Refusal: `not_allowed`, `alert_ended` or `bad_span`.
    """
    held = _held(by, alert)
    if not now < until <= now + SNOOZE_MOST:
        raise Refusal("bad_span", gettext("Choose a time within the next 7 days."), field="until")
    held.snoozed_until = until
    held.save(update_fields=["snoozed_until"])
    AlertEvent.objects.create(alert=held, at=now, action=AlertEvent.SNOOZED, by=by)
    record(Action.ALERT_SNOOZED, by=by, site=held.site, subject=held.sensor.name)
    return held


@transaction.atomic
def let_viewers_acknowledge(*, by: Operator, site: Site, allowed: bool) -> None:
    """Allow or forbid viewers to acknowledge alerts.

    :raises Refusal: `not_allowed`.
    """
    require_owner(by=by, site=site)
    AlertSettings.objects.update_or_create(site=site, defaults={"viewers_acknowledge": allowed})
    record(Action.ALERT_RIGHTS_CHANGED, by=by, site=site, subject="viewers may" if allowed else "viewers may not")


def check_rule(rule: AlertRule) -> None:
    """Check that a rule makes sense.

    :raises Refusal: `bad_rule`.
    """
    if rule.sensor is not None and rule.sensor.site_id != rule.site_id:
        raise Refusal("bad_rule", gettext("The sensor is at another site."), field="sensor")
    try:
        rule.clean_fields(exclude={"made_by", "expected"})
    except ValidationError as error:
        field, [why, *_] = next(iter(error.message_dict.items()))
        raise Refusal("bad_rule", why, field=field) from None
    if not 0 <= rule.for_s <= LONGEST_S:  # also of silence, which is no waiting time to the rule itself
        raise Refusal("bad_rule", gettext("Write a time of at most 7 days."), field="for_s")
    if rule.repeat_s and not REPEAT_LEAST_S <= rule.repeat_s <= LONGEST_S:
        raise Refusal("bad_rule", gettext("Write a time of 5 minutes to 7 days, or 0."), field="repeat_s")
    if rule.condition == Condition.SUSPECT and rule.quantity in AT_ONCE and not _is_sent(rule):
        why = gettext("It is derived, so it has no flag of its own: watch its inputs.")
        raise Refusal("bad_rule", why, field="condition")
    made = loaded(rule).rule
    found = rule.than and pair_mistake(made.condition, quantity=rule.quantity, than=rule.than)
    if found := found or mistake(made, quantity=rule.quantity):
        raise Refusal("bad_rule", found.why, field=found.field)


def _is_sent(rule: AlertRule) -> bool:
    """Return whether any sensor that a rule watches sends its quantity itself."""
    watched = {"sensor": rule.sensor} if rule.sensor else {"sensor__site": rule.site}
    return SensorState.objects.filter(**watched, values__has_key=rule.quantity).exists()


def require_acknowledger(*, by: Operator, alert: Alert) -> None:
    """Check that the operator may acknowledge an alert.

    :raises Refusal: `not_allowed`.
    """
    if not may_acknowledge(operator=by, site=alert.site):
        why = gettext("Viewers may not acknowledge alerts of this site. An owner can allow it.")
        raise Refusal("not_allowed", why)


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
    announce_work(Work.ALERT_RULES)


def _begin_again(rule: AlertRule, now: datetime) -> None:
    RuleState.objects.filter(rule=rule).delete()
    for alert in Alert.objects.filter(rule=rule, ended_at=None):
        alert.ended_at, alert.outcome = max(now, alert.fired_at), AlertEvent.RULE_CHANGED
        alert.save(update_fields=["ended_at", "outcome"])
        Untold.objects.create(event=AlertEvent.objects.create(alert=alert, at=now, action=AlertEvent.RULE_CHANGED))


def _held(by: Operator, alert: Alert) -> Alert:
    """Lock an alert that the operator may acknowledge: the watcher may be ending it."""
    require_acknowledger(by=by, alert=alert)
    held = Alert.objects.select_for_update(of=("self",)).select_related("site", "sensor").get(pk=alert.pk)
    if held.ended_at is not None:
        raise Refusal("alert_ended")
    return held
