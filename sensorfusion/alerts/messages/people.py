"""Who is told of an alert, by which channel, and when: rights, chosen severities, and quiet hours."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sensorfusion.accounts.mailing.services import muted_by
from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.models import AlertChannel, AlertReader
from sensorfusion.alerts.models import Alert
from sensorfusion.alerts.severity import Severity
from sensorfusion.domain.alert_rules.hours import Hours
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.outbox import is_configured
from sensorfusion.sensors.rights.models import SiteRight

Target = tuple[int, int | None]  # an operator, and a channel; without one, e-mail


@dataclass(frozen=True, slots=True)
class Way:
    """One channel to a person, from a severity on."""

    target: Target
    reader: AlertReader
    from_severity: Severity

    def wants(self, alert: Alert) -> bool:
        return Severity(alert.severity).rank >= self.from_severity.rank


def ways_by_site(sites: Collection[int]) -> dict[int, list[Way]]:
    """Return the ways to the people who may see each site."""
    rights = list(SiteRight.objects.filter(site__in=sites).select_related("operator").order_by("operator_id"))
    operators = {each.operator_id for each in rights}
    readers = AlertReader.objects.in_bulk(operators)
    channels: dict[int, list[AlertChannel]] = defaultdict(list)
    for channel in AlertChannel.objects.filter(operator__in=operators, is_on=True).order_by("id"):
        channels[channel.operator_id].append(channel)
    found: dict[int, list[Way]] = defaultdict(list)
    for right in rights:
        reader = readers.get(right.operator_id) or AlertReader(operator=right.operator)
        found[right.site_id] += _ways(right, reader, channels[right.operator_id])
    return found


def email_from(operator: Operator, reader: AlertReader, *, may_edit: bool) -> Severity | None:
    """Return the severity from which e-mail comes; None if it does not."""
    if Kind.ALERT in muted_by(operator):
        return None
    if reader.email_from:
        return Severity(reader.email_from)
    return Severity.WARNING if may_edit else None


def not_before(reader: AlertReader, *, is_critical: bool, now: datetime) -> datetime:
    """Return when a person may be told: now, or at the end of their quiet hours."""
    hours = quiet_hours(reader)
    at = now.timestamp()
    if hours is None or not hours.is_active(at) or (is_critical and reader.critical_breaks):
        return now
    ends = hours.next_change(at)
    return now if ends is None else datetime.fromtimestamp(ends, tz=UTC)


def quiet_hours(reader: AlertReader) -> Hours | None:
    """Return the quiet hours of a person, by the person's own clock."""
    if reader.quiet_starts_min is None or reader.quiet_ends_min is None:
        return None
    return Hours(ZoneInfo(reader.time_zone), starts_min=reader.quiet_starts_min, ends_min=reader.quiet_ends_min)


def _ways(right: SiteRight, reader: AlertReader, channels: Iterable[AlertChannel]) -> list[Way]:
    found = [Way((right.operator_id, each.pk), reader, Severity(each.from_severity)) for each in channels]
    has_mail = is_configured() and right.operator.is_trusted
    severity = email_from(right.operator, reader, may_edit=right.may_edit) if has_mail else None
    return [Way((right.operator_id, None), reader, severity), *found] if severity else found
