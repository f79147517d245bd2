"""Rules that fit a site without any: made from its own quantities, their records of a month, and what they would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from sensorfusion.alerts.evaluation.rules import loaded
from sensorfusion.alerts.forms import initial
from sensorfusion.alerts.models import AlertRule
from sensorfusion.alerts.preview import preview
from sensorfusion.alerts.sentences import Words
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.proposals import Proposal, proposal, silence
from sensorfusion.domain.liveness import usual_interval_s
from sensorfusion.domain.normalise import is_number
from sensorfusion.readings.climate.queries import calendar_of
from sensorfusion.readings.models import SensorState
from sensorfusion.readings.rollups.buckets import buckets
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.queries import presentation_of

MOST: Final = 3
SENSORS_MOST: Final = 6  # that are looked at
MONTH: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)

Extremes = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`form` are the fields that make the rule, `address` is the page that takes them."""

    rule: AlertRule
    where: str
    words: str
    why: str
    fired: int
    address: str
    form: dict[str, Any]


def suggestions(sensors: Sequence[Sensor], *, system: str, now: datetime) -> list[Suggestion]:
    """Suggest at most three rules: the silence of any sensor, and what matters most for different quantities."""
    looked_at = sensors[:SENSORS_MOST]
    found: dict[str, tuple[Proposal, Sensor, str, str]] = {}
    for sensor in looked_at:
        words = Words(system, presentation_of(sensor))
        seen = extremes(sensor, now=now)
        for name, value in values_of(sensor).items():
            low, high = seen.get(name, (None, None))
            made = proposal(name, low=low, high=high)
            if made and (name not in found or made.rank < found[name][0].rank) and value is not None:
                found[name] = (made, sensor, name, _why(words, name, low, high))
    best = sorted(found.values(), key=lambda each: each[0].rank)
    chosen = [*best[: MOST - 1], *([(silence(), looked_at[0], "", "")] if looked_at else [])]
    of_site = [each for each in looked_at if each.site_id == looked_at[0].site_id]
    return [_suggestion(*each, of_site if not each[2] else [each[1]], system, now) for each in chosen]


def extremes(sensor: Sensor, *, now: datetime, names: Sequence[str] = ()) -> Extremes:
    """Return the lowest and highest value of each number of a sensor in the last month."""
    asked = tuple(names or (name for name, value in values_of(sensor).items() if is_number(value)))
    if not asked:
        return {}
    question = Question(sensor=sensor.pk, quantities=asked, start=now - MONTH, end=now, calendar=calendar_of(sensor))
    columns = buckets(question, "1d").columns
    found: dict[str, tuple[float, float]] = {}
    for name, column in columns.items():
        lows, highs = ([each for each in values if each is not None] for values in (column.low, column.high))
        if lows and highs:
            found[name] = (min(lows), max(highs))
    return found


def proposed(rule: AlertRule, sensor: Sensor, *, now: datetime) -> AlertRule:
    """Fill in what fits a new rule's quantity."""
    seen = extremes(sensor, now=now, names=[rule.quantity]) if rule.quantity else {}
    low, high = seen.get(rule.quantity, (None, None))
    made = proposal(rule.quantity, low=low, high=high) if rule.quantity else silence()
    return filled(rule, made) if made else rule


def filled(rule: AlertRule, made: Proposal) -> AlertRule:
    """Take over the fields of a proposal."""
    for name, value in {"condition": made.condition.value, "severity": made.severity, **made.fields}.items():
        setattr(rule, name, value)
    return rule


def _suggestion(
    made: Proposal, sensor: Sensor, name: str, why: str, tried_on: Sequence[Sensor], system: str, now: datetime
) -> Suggestion:
    site, presentation = sensor.site, presentation_of(sensor)
    about = None if not name else sensor
    rule = filled(AlertRule(site=site, sensor=about, quantity=name, made_at=now, changed_at=now), made)
    fired = sum(
        len(preview(loaded(rule), sensor=each.pk, start=start, end=now, interval_s=interval_of(each)))
        for each in tried_on
        for start in [begins(rule, each, now - WEEK)]
    )
    page = reverse("alert-rule-new", args=[sensor.uuid])
    fields = initial(rule, presentation.display(name, system))
    given = {key: value for key, value in fields.items() if value not in (None, "") and key != "weekdays"}
    return Suggestion(
        rule=rule,
        where=sensor.name if about else gettext("Any sensor of {site}").format(site=site.name),
        words=Words(system, presentation).rule(rule),
        why=why,
        fired=fired,
        address=f"{page}?quantity={name}" if name else page,
        form=given if about else {**given, "scope": "site"},
    )


def begins(rule: AlertRule, sensor: Sensor, start: datetime) -> datetime:
    """Return from when on a rule can be tried: a sensor was not silent before it was registered."""
    return max(start, sensor.created_at) if rule.condition == Condition.SILENT else start


def interval_of(sensor: Sensor) -> float | None:
    """Return a sensor's usual interval."""
    state = getattr(sensor, "state", None) or SensorState.objects.filter(sensor=sensor).first()
    return sensor.interval_s or usual_interval_s((state.deltas if state else None) or [])


def values_of(sensor: Sensor) -> dict[str, Any]:
    """Return a sensor's newest values, by quantity."""
    state = getattr(sensor, "state", None)
    return dict(state.values) if state else {}


def _why(words: Words, name: str, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    said = gettext("It was between {low} and {high} in the last 30 days.")
    return said.format(low=words.number(name, low), high=words.number(name, high))
