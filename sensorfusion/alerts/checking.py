"""What `sensorfusion alerts check` says: rules and their states, the process that judges them, and the outbox."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min, Q

from sensorfusion.alerts.evaluation.watcher import LOCK as WATCHING
from sensorfusion.alerts.messages.models import AlertMessage, Untold
from sensorfusion.alerts.models import AlertRule, RuleState
from sensorfusion.alerts.queries import last_look
from sensorfusion.alerts.sentences import Words
from sensorfusion.reports.words import span
from sensorfusion.sensors.naming.queries import presentation_of

# The watcher writes when it looked every 10 s, and another one takes over within as long.
LOOKS_WITHIN = timedelta(seconds=60)
TOLD_WITHIN = timedelta(minutes=2)
DAY = timedelta(days=1)
# Of this database: another installation may have one on the same server.
_HOLDERS = (
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND granted AND classid = 0 AND objid = %s"
)


@dataclass
class Report:
    """Lines to print, and what is wrong."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def check(*, now: datetime) -> Report:
    """Look at everything once."""
    report = Report()
    rules = list(AlertRule.objects.select_related("site", "sensor").order_by("site__name", "site_id", "id"))
    on = sum(each.is_enabled for each in rules)
    report.lines.append(f"Rules: {on} on, {len(rules) - on} off")
    report.lines += [f"  {line}" for line in _rules(rules)]
    _runners(report, now, has_rules=any(each.is_enabled for each in rules))
    _outbox(report, now)
    return report


def _rules(rules: list[AlertRule]) -> list[str]:
    phases: dict[int, Counter[str]] = {}
    for rule, phase in RuleState.objects.values_list("rule", "phase"):
        phases.setdefault(rule, Counter())[phase] += 1
    lines = []
    for each in rules:
        words = Words("metric", presentation_of(each.sensor)) if each.sensor else Words("metric")
        where = each.sensor.name if each.sensor else "any sensor"
        counted = sorted(phases.get(each.pk, Counter()).items())
        states = ", ".join(f"{many} {phase}" for phase, many in counted) or "not judged yet"
        lines.append(f"{each.site.name}, {where}: {words.rule(each)} ({states if each.is_enabled else 'off'})")
    return lines


def _runners(report: Report, now: datetime, *, has_rules: bool) -> None:
    looked_at = last_look()
    ago = _ago(looked_at, now)
    report.lines.append(f"Judged by {_said(_holders(WATCHING))}; last look: {ago}")
    if has_rules and (looked_at is None or now - looked_at > LOOKS_WITHIN):
        report.problems.append(f"The rules were last judged: {ago}. Does a server run?")


def _outbox(report: Report, now: datetime) -> None:
    untold = Untold.objects.filter(Q(held_until=None) | Q(held_until__lte=now))
    oldest = untold.aggregate(at=Min("event__at"))["at"]
    waiting = AlertMessage.objects.filter(sent_at=None, given_up_at=None)
    lost = AlertMessage.objects.filter(given_up_at__gt=now - DAY, is_test=False).count()
    failing = waiting.filter(attempts__gt=0).count()
    sent_at = AlertMessage.objects.aggregate(at=Max("sent_at"))["at"]
    report.lines.append(
        f"Messages: {untold.count()} events to tell, {waiting.count()} waiting ({failing} after a failed attempt), "
        f"{lost} given up in a day; last sent: {_ago(sent_at, now)}"
    )
    if oldest is not None and now - oldest > TOLD_WITHIN:
        report.problems.append(f"An event of {span((now - oldest).total_seconds())} ago is not told yet.")
    if lost:
        report.problems.append(f"{lost} messages were given up. Their readers see why on /alerts/messages/.")


def _ago(then: datetime | None, now: datetime) -> str:
    return "never" if then is None else f"{span((now - then).total_seconds())} ago"


def _holders(lock: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [lock])
        return int(cursor.fetchone()[0])


def _said(holders: int) -> str:
    return "one process" if holders else "no process"
