"""Rules as the watcher judges by them, and what a stored reading says to them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sensorfusion.alerts.models import ALL_WEEKDAYS, AlertRule
from sensorfusion.domain.alert_rules.conditions import CHANGING, Condition, Rule, Signal, Window
from sensorfusion.domain.alert_rules.hours import MINUTES_OF_DAY, Hours
from sensorfusion.domain.alert_rules.machine import Observation
from sensorfusion.domain.alert_rules.pairs import judged_name
from sensorfusion.domain.liveness import offline_after_s
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag

# A reading that arrived later than this after its observation ends alerts and causes none: so imports, back-fills and
# what a device sends when it is back fire nothing.
FRESH_WITHIN_S: Final = 600.0
_LIMITS: Final = ("condition", "high", "low", "clear_high", "clear_low", "expected", "for_s", "within_s")


class StoredRow(NamedTuple):
    """A stored reading without the quantities that are excluded. Instants are epoch seconds."""

    sensor: int
    seq: int
    at: float
    received_at: float
    values: dict[str, Any]
    flags: dict[str, int]


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule with what is written into its alerts.

    `judged` is the name of the value that it is judged by: its quantity, or what this has more than another one.
    """

    id: int
    site: int
    sensor: int | None
    quantity: str
    severity: str
    note: str
    changed_at: datetime
    rule: Rule
    was: dict[str, Any]
    silent_s: float | None = None
    than: str = ""
    judged: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judged", judged_name(self.quantity, self.than))

    def hold_s(self, interval_s: float | None) -> float:
        """Return how long a value of a sensor holds; of a rule about silence, how long the sensor may be silent."""
        return self.silent_s or offline_after_s(interval_s)

    def window(self) -> Window | None:
        condition = self.rule.condition
        return Window(condition, self.rule.within_s) if condition in CHANGING else None

    def observation(self, row: StoredRow, window: Window | None) -> Observation | None:
        """Return what a reading says to the rule; None if it says nothing, such as without the quantity."""
        is_fresh = row.received_at - row.at <= FRESH_WITHIN_S
        if self.rule.condition is Condition.SILENT:
            if self.quantity and self.quantity not in row.values:
                return None
            return Observation(row.at if is_fresh else row.received_at, Signal.CLEAR, is_fresh)
        value, flag = row.values.get(self.judged), row.flags.get(self.judged)
        if value is None:
            return None
        if self.rule.condition is Condition.SUSPECT:
            value = flag in (Flag.SUSPECT, Flag.BAD)
        elif flag == Flag.BAD:
            return None
        elif window is not None:
            value = window.add(row.at, value) if is_number(value) else None
        return Observation(row.at, self.rule.signal(value), is_fresh)


def loaded(row: AlertRule) -> LoadedRule:
    """Make the rule of a row, whose site must be joined."""
    is_silent = row.condition == Condition.SILENT
    rule = Rule(
        condition=Condition(row.condition),
        high=row.high,
        low=row.low,
        clear_high=row.clear_high,
        clear_low=row.clear_low,
        expected=row.expected,
        for_s=0.0 if is_silent else row.for_s,
        clear_for_s=0.0 if is_silent else row.clear_for_s,
        within_s=row.within_s,
        hours=_hours(row),
    )
    return LoadedRule(
        id=row.pk,
        site=row.site_id,
        sensor=row.sensor_id,
        quantity=row.quantity,
        severity=row.severity,
        note=row.note,
        changed_at=row.changed_at,
        rule=rule,
        was={name: value for name in _LIMITS if (value := getattr(row, name)) is not None} | _than(row),
        silent_s=row.for_s if is_silent else None,
        than=row.than,
    )


def _than(row: AlertRule) -> dict[str, Any]:
    return {"than": row.than} if row.than else {}


def _hours(row: AlertRule) -> Hours | None:
    if row.weekdays == ALL_WEEKDAYS and (row.starts_min, row.ends_min) == (0, MINUTES_OF_DAY):
        return None
    weekdays = frozenset(day for day in range(7) if row.weekdays >> day & 1)
    return Hours(ZoneInfo(row.site.time_zone), weekdays, row.starts_min, row.ends_min)
