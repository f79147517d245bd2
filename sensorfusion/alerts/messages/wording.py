"""What a message says, in the language of the moment.

It is composed from events, which do not change: so it is the same each time it is tried.
"""

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext, ngettext

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.channels.channel import Lasting, Standing, Told
from sensorfusion.alerts.messages.chart import chart
from sensorfusion.alerts.messages.models import AlertMessage
from sensorfusion.alerts.models import Alert, AlertEvent
from sensorfusion.alerts.sentences import OUTCOMES, Words
from sensorfusion.alerts.severity import Severity
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Message, Picture, absolute, address_of, one_line, shown_name
from sensorfusion.sensors.naming.queries import presentation_of
from sensorfusion.web.values.clock import Habits, clock, read_by
from sensorfusion.web.values.dates import long_day_of_month

SHOWN_MOST = 20  # alerts in one message


@dataclass(frozen=True, slots=True)
class Story:
    """What a message tells of one alert: its beginning, its end, or both."""

    alert: Alert
    begun: AlertEvent | None
    ended: AlertEvent | None
    system: str
    habits: Habits

    @property
    def sensor(self) -> str:
        return shown_name(self.alert.sensor.name, gettext("A sensor"))

    @property
    def place(self) -> tuple[int, str]:
        return self.alert.sensor_id, self.alert.quantity

    def label(self) -> str:
        """Name what the rule is about."""
        quantity = self.alert.quantity
        return presentation_of(self.alert.sensor).looks(quantity).label if quantity else gettext("Any data")

    def condition(self) -> str:
        """Say what the rule waits for: temperature above −18 °C."""
        return self._words().condition(self.alert)

    def sentence(self) -> str:
        """Say what is, or was, the matter."""
        shown = copy(self.alert)
        shown.sensor = copy(shown.sensor)
        shown.sensor.name = self.sensor
        if self.begun is not None:
            shown.ended_at = None
            said = self._words().alert(shown, now=self.begun.at, value=self.alert.value, is_firing=True)
            return f"{said} {self._over(self.ended)}".strip() if self.ended else said
        return f"{self.sensor}: {self.condition()}. {self._over(self.ended)}"

    def facts(self) -> dict[str, Any]:
        """Return the alert for programs, in canonical units."""
        alert = self.alert
        last = self.ended or self.begun
        return {
            "id": str(alert.uuid),
            "event": last.action if last else "",
            "is_active": self.ended is None,
            "severity": alert.severity,
            "site": {"id": str(alert.site.uuid), "name": alert.site.name},
            "sensor": {"id": str(alert.sensor.uuid), "name": alert.sensor.name},
            "quantity": alert.quantity,
            "condition": alert.rule_was,
            "value": alert.value,
            "began_at": alert.began_at.isoformat(),
            "fired_at": alert.fired_at.isoformat(),
            "ended_at": self.ended.at.isoformat() if self.ended else None,
            "text": self.sentence(),
            "note": alert.note,
        }

    def _words(self) -> Words:
        return Words(self.system, presentation_of(self.alert.sensor))

    def _over(self, ended: AlertEvent | None) -> str:
        if ended is None:
            return ""
        local = ended.at.astimezone(ZoneInfo(self.alert.site.time_zone))
        said = gettext("Over at {time} on {day}.")
        if ended.action != "cleared":
            said = gettext("Over at {time} on {day} ({why}).")
        with read_by(lambda: self.habits):
            time = clock(local)
        why = OUTCOMES.get(ended.action, ended.action)
        return said.format(time=time, day=long_day_of_month(local), why=why)


def stories_of(message: AlertMessage) -> list[Story]:
    """Return what a message tells, in the order in which it happened."""
    seen = AlertEvent.objects.filter(alert__site__rights__operator=message.operator_id)  # they may have left the site
    is_there = Q(action__in=AlertEvent.ENDS) | Q(alert__sensor__site=F("alert__site"))
    events = seen.filter(is_there, notices__message=message).order_by("id")
    found: dict[int, list[AlertEvent]] = {}
    for event in events.select_related("alert__site", "alert__sensor__site"):
        found.setdefault(event.alert_id, []).append(event)
    return [_story(each, message.operator) for each in found.values()]


def email(message: AlertMessage, *, now: datetime) -> Message:
    """Write a message as an e-mail."""
    stories = stories_of(message)
    sensors = {each.alert.sensor.uuid for each in stories}
    facts = [(gettext("Site"), ", ".join(_sites(stories)))]
    facts += [(gettext("What to do"), note) for note in _notes(stories)]
    label = gettext("Open the sensor") if len(sensors) == 1 else gettext("Open the alerts")
    return Message(
        kind=Kind.ALERT,
        subject=title(stories),
        sentences=tuple(_sentences(stories)),
        facts=tuple(facts),
        link=(label, _path(stories)),
        picture=_picture(stories, now),
    )


def _picture(stories: Sequence[Story], now: datetime) -> Picture | None:
    """Draw the first alert that lasts, or the first one."""
    first = next((each for each in stories if each.ended is None), stories[0])
    return chart(first.alert, system=first.system, habits=first.habits, alt=first.sentence(), now=now)


def told(message: AlertMessage) -> Told:
    """Write a message as channels other than e-mail need it."""
    key = str(message.uuid)
    if message.is_test:
        said, link = gettext("Messages about alerts reach you here."), absolute(address_of("alert-messages"))
        return Told(key, gettext("Test message"), said, Severity.INFO, link, is_test=True)
    stories = stories_of(message)
    to_do = [gettext("What to do: {note}").format(note=note) for note in _notes(stories)]
    lines = [*_sentences(stories), *to_do]
    return Told(
        key, title(stories), "\n".join(lines), _severity(stories), absolute(_path(stories)),
        tuple(each.facts() for each in stories[-SHOWN_MOST:]), _standing(stories, message),
    )  # fmt: skip


def _standing(stories: Sequence[Story], message: AlertMessage) -> tuple[Standing, ...]:
    """Say of each sensor's quantity which alerts are active now, whichever the message tells of."""
    last = {each.place: each for each in stories}
    lasting = _lasting({sensor for sensor, _ in last}, message)
    found = []
    for place, each in last.items():
        sensor, site = each.alert.sensor, each.alert.site
        active = tuple(Lasting(one.alert.severity, _whole(one)) for one in lasting if one.place == place)
        found.append(Standing(str(sensor.uuid), sensor.name, site.name, each.alert.quantity, each.label(), active))
    return tuple(found)


def _lasting(sensors: Collection[int], message: AlertMessage) -> list[Story]:
    """Return the alerts of sensors that last and are severe enough to be told, the most severe first."""
    least = Severity(message.channel.from_severity).rank if message.channel else 0
    severities = [each for each in Severity if each.rank >= least]
    events = AlertEvent.objects.filter(alert__ended_at=None, alert__sensor__in=sensors, alert__severity__in=severities)
    found: dict[int, list[AlertEvent]] = {}
    for event in events.order_by("id").select_related("alert__site", "alert__sensor__site"):
        found.setdefault(event.alert_id, []).append(event)
    stories = [_story(each, message.operator) for each in found.values()]
    return sorted(stories, key=lambda each: -Severity(each.alert.severity).rank)


def _whole(story: Story) -> str:
    note = gettext("What to do: {note}").format(note=story.alert.note) if story.alert.note else ""
    return "\n".join(filter(None, (story.sentence(), one_line(note, 500))))


def title(stories: Sequence[Story]) -> str:
    """Say in one line what the message is about."""
    stories = [last for last, _ in _by_subject(stories)]
    active = [each for each in stories if each.ended is None]
    if len(stories) == 1:
        [one] = stories
        said = gettext("Over: {sensor} {condition}") if one.ended else gettext("{severity}: {sensor} {condition}")
        severity = Severity(one.alert.severity).label
        return one_line(said.format(severity=severity, sensor=one.sensor, condition=one.condition()), 100)
    if not active:
        return gettext("{count} alerts are over").format(count=len(stories))
    count, over = len(active), len(stories) - len(active)
    if not over:
        return ngettext("{count} alert", "{count} alerts", count).format(count=count)
    return ngettext("{count} alert, {over} over", "{count} alerts, {over} over", count).format(count=count, over=over)


def _path(stories: Sequence[Story]) -> str:
    sensors = {each.alert.sensor.uuid for each in stories}
    return address_of("sensor", sensors.pop()) if len(sensors) == 1 else address_of("alerts")


def _story(events: Sequence[AlertEvent], reader: Operator) -> Story:
    begun = next((each for each in reversed(events) if each.action in AlertEvent.BEGINS), None)
    ended = next((each for each in events if each.action in AlertEvent.ENDS), None)
    return Story(events[0].alert, begun, ended, reader.shown_units, Habits(reader.clock))


def _by_subject(stories: Sequence[Story]) -> list[tuple[Story, int]]:
    """Return the last story of each rule and sensor, and how many there are."""
    found: dict[tuple[int | None, int], list[Story]] = {}
    for each in stories:
        found.setdefault((each.alert.rule_id, each.alert.sensor_id), []).append(each)
    return [(every[-1], len(every)) for every in found.values()]


def _sentences(stories: Sequence[Story]) -> list[str]:
    subjects = _by_subject(stories)
    often = gettext("It happened {count} times.")
    shown = [
        f"{last.sentence()} {often.format(count=many)}" if many > 1 else last.sentence()
        for last, many in subjects[:SHOWN_MOST]
    ]
    more = len(subjects) - SHOWN_MOST
    return [*shown, gettext("And {count} more.").format(count=more)] if more > 0 else shown


def _sites(stories: Sequence[Story]) -> list[str]:
    return list(dict.fromkeys(shown_name(each.alert.site.name, gettext("a site of yours")) for each in stories))


def _notes(stories: Sequence[Story]) -> list[str]:
    """Return what to do of the alerts that last."""
    notes = dict.fromkeys(each.alert.note for each in stories if each.alert.note and each.ended is None)
    return [one_line(note, 500) for note in list(notes)[:SHOWN_MOST]]


def _severity(stories: Sequence[Story]) -> str:
    lasting = [each for each in stories if each.ended is None]
    return max((Severity(each.alert.severity) for each in lasting), key=lambda each: each.rank, default=Severity.INFO)
