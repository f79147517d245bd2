"""Alerts and rules as the page lists them, in the reader's units; presentations are read once for all sensors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts import queries
from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.alerts.sentences import OUTCOMES, Words
from sensorfusion.alerts.showing.derived import judged_now
from sensorfusion.alerts.showing.strips import Strip, strips
from sensorfusion.alerts.showing.traces import Trace, than_of, trace
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.models import SensorState
from sensorfusion.reports.words import clock, since, span
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.naming.queries import presentations_of
from sensorfusion.web.values.dates import day_of_month, short_weekday
from sensorfusion.web.values.display import NBSP
from sensorfusion.web.values.presentation import AS_USUAL

TRACES_MOST: Final = 8  # each is a query or two; an alert that needs no one has none


@dataclass(frozen=True, slots=True)
class Active:
    """An active alert: `number` and `symbol` are its live value, or for how long nothing was sent."""

    alert: Alert
    sentence: str
    number: str
    symbol: str
    hue: str
    since: str
    snoozed: str
    trace: Trace | None
    is_quiet: bool
    may_acknowledge: bool


@dataclass(frozen=True, slots=True)
class Ended:
    alert: Alert
    began: str
    what: str
    lasted: str
    extreme: str
    acknowledged: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    alerts: list[Ended]


@dataclass(frozen=True, slots=True)
class ListedRule:
    rule: AlertRule
    where: str
    words: str
    clears: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class SiteRules:
    site: Site
    rules: list[ListedRule]


class Lists:
    """What one reader sees at one instant."""

    def __init__(self, operator: Operator, system: str, now: datetime) -> None:
        self._operator, self._system, self._now = operator, system, now
        self._words: dict[int, Words] = {}
        self._may: dict[int, bool] = {}

    def active(self, alerts: Sequence[Alert]) -> list[Active]:
        """List active alerts: those that need someone first, the most severe of them on top."""
        self._know([each.sensor for each in alerts])
        values = dict(
            SensorState.objects.filter(sensor__in={each.sensor_id for each in alerts}).values_list("sensor", "values")
        )
        ordered = sorted(alerts, key=lambda each: (not self.needs(each), _GRAVITY[each.severity], -each.pk))
        return [
            self._active(each, values.get(each.sensor_id) or {}, has_trace=place < TRACES_MOST)
            for place, each in enumerate(ordered)
        ]

    def needs(self, alert: Alert) -> bool:
        """Return whether an active alert is neither acknowledged nor snoozed."""
        return alert.acknowledged_at is None and not (alert.snoozed_until and alert.snoozed_until > self._now)

    def history(self, alerts: Sequence[Alert]) -> list[Day]:
        """List alerts that ended by the day on which they fired, at their site."""
        self._know([each.sensor for each in alerts])
        days = groupby(alerts, key=lambda each: (each.fired_at.astimezone(_zone(each)).date(), each.site_id))
        return [Day(_day(date), [self._ended(each) for each in found]) for (date, _), found in days]

    def rules(self, rules: Sequence[AlertRule]) -> list[SiteRules]:
        """List rules by site, each with its strip."""
        self._know([each.sensor for each in rules if each.sensor])
        drawn = strips(rules, now=self._now)
        by_site = groupby(rules, key=lambda each: each.site)
        return [SiteRules(site, [self._rule(each, drawn[each.pk]) for each in found]) for site, found in by_site]

    def words(self, sensor: Sensor | None) -> Words:
        return self._words.get(sensor.pk, Words(self._system)) if sensor else Words(self._system)

    def _know(self, sensors: Iterable[Sensor]) -> None:
        unknown = {each.pk: each for each in sensors if each.pk not in self._words}
        found = presentations_of(list(unknown.values())) if unknown else {}
        self._words |= {sensor: Words(self._system, found.get(sensor, AS_USUAL)) for sensor in unknown}

    def _active(self, alert: Alert, values: dict[str, Any], *, has_trace: bool) -> Active:
        words, is_quiet = self.words(alert.sensor), not self.needs(alert)
        name = alert.quantity or _first_number(values)
        than = than_of(alert)
        value = judged_now(alert.sensor, name, than, values) if name else None
        shown = words.display(name, than)
        drawn = name and has_trace and not is_quiet and _has_drawing(alert, value, name)
        is_silent = alert.rule_was.get("condition") == Condition.SILENT
        length = span((self._now - alert.began_at).total_seconds()).split(NBSP)
        number, symbol = (length[0], length[1]) if is_silent else shown.parts(value if alert.quantity else None)
        zone = _zone(alert)
        return Active(
            alert=alert,
            sentence=words.alert(alert, now=self._now, value=value if alert.quantity else None),
            number=number,
            symbol=symbol,
            hue=words.presentation.looks(name).hue if name else "air",
            since=since(alert.began_at.astimezone(zone), now=self._now.astimezone(zone)),
            snoozed=clock(alert.snoozed_until.astimezone(zone)) if is_quiet and alert.snoozed_until else "",
            trace=trace(alert, name, shown, now=self._now) if drawn else None,
            is_quiet=is_quiet,
            may_acknowledge=self._may_acknowledge(alert.site),
        )

    def _ended(self, alert: Alert) -> Ended:
        words = self.words(alert.sensor)
        return Ended(
            alert=alert,
            began=clock(alert.fired_at.astimezone(_zone(alert))),
            what=words.what(alert),
            lasted=span(((alert.ended_at or self._now) - alert.began_at).total_seconds()),
            extreme="" if alert.extreme is None else words.measured(alert, alert.extreme),
            acknowledged=_acknowledged(alert),
            outcome=str(OUTCOMES.get(alert.outcome, alert.outcome)),
        )

    def _rule(self, rule: AlertRule, strip: Strip) -> ListedRule:
        words = self.words(rule.sensor)
        return ListedRule(
            rule=rule,
            where=rule.sensor.name if rule.sensor else gettext("Any sensor"),
            words=words.rule(rule),
            clears=words.clears(rule),
            strip=strip,
        )

    def _may_acknowledge(self, site: Site) -> bool:
        if site.pk not in self._may:
            self._may[site.pk] = queries.may_acknowledge(operator=self._operator, site=site)
        return self._may[site.pk]


_GRAVITY: Final = {"critical": 0, "warning": 1, "info": 2}


def _zone(alert: Alert) -> ZoneInfo:
    return ZoneInfo(alert.site.time_zone)


def _day(day: date) -> str:
    return pgettext("date", "{weekday} {day}").format(weekday=short_weekday(day), day=day_of_month(day))


def _first_number(values: dict[str, Any]) -> str:
    return next((name for name, value in values.items() if is_number(value)), "")


def _has_drawing(alert: Alert, value: object, name: str) -> bool:
    return (is_number(value) or is_number(alert.value)) and quantity(name).kind != "boolean"


def _acknowledged(alert: Alert) -> str:
    if alert.acknowledged_at is None:
        return ""
    after = max(timedelta(), alert.acknowledged_at - alert.fired_at)
    person = alert.acknowledged_by or gettext("someone")
    return gettext("{person}, after {time}").format(person=person, time=span(after.total_seconds()))
