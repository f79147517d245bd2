"""The teller: turns what happened to alerts into messages, each event once, in one transaction.

Events of the same person and channel join one message for `GATHERED_FOR`. What tells the same person of the same rule
and sensor again and again waits longer: so a value that flaps causes a bounded number of messages.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from sensorfusion.alerts.messages.models import AlertMessage, AlertNotice, Untold
from sensorfusion.alerts.messages.people import Target, Way, not_before, ways_by_site
from sensorfusion.alerts.messages.resting import held_until
from sensorfusion.alerts.models import AlertEvent
from sensorfusion.alerts.severity import Severity

AT_ONCE: Final = 500  # events in one transaction
GATHERED_FOR: Final = timedelta(seconds=45)
# So many messages about a rule and a sensor within an hour; further events of them wait.
SOON_MOST: Final = 3
WAITS_FOR: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)
USEFUL_FOR: Final = timedelta(days=1)

Subject = tuple[int | None, int]  # a rule and a sensor


@transaction.atomic
def tell(*, now: datetime) -> bool:
    """Make messages of events that were not told yet; return whether there may be more."""
    due = Untold.objects.filter(Q(held_until=None) | Q(held_until__lte=now)).select_for_update(
        of=("self",), skip_locked=True
    )
    untold = list(due.select_related("event__alert__sensor").order_by("event_id")[:AT_ONCE])
    ready = _without_held(untold, now)
    if ready:
        Telling([each.event for each in ready if not _came_and_went(each)], now).tell()
        Untold.objects.filter(pk__in=[each.pk for each in ready]).delete()
    return len(untold) == AT_ONCE


def _without_held(untold: Sequence[Untold], now: datetime) -> list[Untold]:
    """Hold back what begins during maintenance; its end is told only if its beginning was."""
    until = held_until({each.event.alert for each in untold}, now=now)
    ready = []
    for each in untold:
        end = until.get(each.event.alert.pk) if each.event.action in AlertEvent.BEGINS else None
        if end is None:
            ready.append(each)
        else:
            Untold.objects.filter(pk=each.pk).update(held_until=end)
    return ready


def _came_and_went(untold: Untold) -> bool:
    """Return whether the alert was over before it could be told."""
    return untold.held_until is not None and untold.event.alert.ended_at is not None


class Telling:
    """One batch of events, and the messages that wait for more."""

    def __init__(self, events: Sequence[AlertEvent], now: datetime) -> None:
        self._events, self._now = events, now
        self._ways = ways_by_site({each.alert.site_id for each in events})
        targets = {way.target for ways in self._ways.values() for way in ways}
        self._waiting = _waiting(targets)
        self._knowing = _knowing({each.alert_id for each in events})
        self._often = _often(events, now)

    def tell(self) -> None:
        """Write the messages and what each of them tells."""
        notices = []
        for event in self._events:
            for way in self._to(event):
                notices.append(AlertNotice(message=self._message(event, way), event=event))
                self._knowing[event.alert_id].add(way.target)
        AlertNotice.objects.bulk_create(notices)

    def _to(self, event: AlertEvent) -> list[Way]:
        alert = event.alert
        ways = self._ways.get(alert.site_id, [])
        if event.action in AlertEvent.ENDS:
            return [way for way in ways if way.target in self._knowing[alert.pk]]
        if alert.sensor.site_id != alert.site_id:  # it has moved
            return []
        return [way for way in ways if way.wants(alert)]

    def _message(self, event: AlertEvent, way: Way) -> AlertMessage:
        due = self._due(event, way)
        message = self._waiting.get(way.target)
        if message is None:
            operator, channel = way.target
            message = AlertMessage.objects.create(
                operator_id=operator, channel_id=channel, created_at=self._now, next_attempt_at=due,
                expires_at=due + USEFUL_FOR,
            )  # fmt: skip
            self._waiting[way.target] = message
        elif due < message.next_attempt_at:
            message.next_attempt_at, message.expires_at = due, due + USEFUL_FOR
            message.save(update_fields=["next_attempt_at", "expires_at"])
        return message

    def _due(self, event: AlertEvent, way: Way) -> datetime:
        is_often = self._often[(*way.target, *_subject(event))] >= SOON_MOST
        gathered = self._now + (WAITS_FOR if is_often else GATHERED_FOR)
        is_critical = event.alert.severity == Severity.CRITICAL
        return max(gathered, not_before(way.reader, is_critical=is_critical, now=self._now))


def _subject(event: AlertEvent) -> Subject:
    return event.alert.rule_id, event.alert.sensor_id


def _waiting(targets: Iterable[Target]) -> dict[Target, AlertMessage]:
    """Lock the messages that events may still join; the sender locks a message to try it."""
    operators = {operator for operator, _ in targets}
    found = AlertMessage.objects.filter(
        operator__in=operators, attempts=0, sent_at=None, given_up_at=None, is_test=False
    )
    return {(each.operator_id, each.channel_id): each for each in found.select_for_update().order_by("id")}


def _knowing(alerts: Iterable[int]) -> dict[int, set[Target]]:
    """Return who was, or is being, told that these alerts began."""
    found: dict[int, set[Target]] = defaultdict(set)
    told = AlertNotice.objects.filter(event__alert__in=alerts, event__action__in=AlertEvent.BEGINS)
    for alert, *target in told.values_list("event__alert", "message__operator", "message__channel"):
        found[alert].add((target[0], target[1]))
    return found


def _often(events: Iterable[AlertEvent], now: datetime) -> dict[tuple[int, int | None, int | None, int], int]:
    """Count the messages of the last hour by person, channel, rule and sensor."""
    sensors = {each.alert.sensor_id for each in events}
    names = ("message__operator", "message__channel", "event__alert__rule", "event__alert__sensor")
    recent = AlertNotice.objects.filter(event__alert__sensor__in=sensors, message__created_at__gt=now - HOUR)
    counted = recent.values_list(*names).annotate(messages=Count("message", distinct=True))
    found: dict[tuple[int, int | None, int | None, int], int] = defaultdict(int)
    found.update({(operator, channel, rule, sensor): many for operator, channel, rule, sensor, many in counted})
    return found
