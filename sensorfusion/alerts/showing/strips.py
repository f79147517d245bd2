"""The strip of a rule: the last seven days, with a mark for each time that it fired."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext

from sensorfusion.alerts.models import Alert, AlertRule
from sensorfusion.reports.geometry import number
from sensorfusion.reports.words import span

SHOWN: Final = timedelta(days=7)
LEAST_PERCENT: Final = 0.6  # a mark that can be seen
MARKS_MOST: Final = 200  # of a rule that flaps


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Strip:
    """`total` is how long the rule fired in all."""

    marks: list[Mark]
    count: int
    total: str
    days: tuple[str, ...] = tuple(f"{number(day / SHOWN.days * 100, 1)}%" for day in range(1, SHOWN.days))

    @property
    def said(self) -> str:
        """The strip in words."""
        if not self.count:
            return gettext("not in 7 days")
        return gettext("{count}× in 7 days, {time}").format(count=self.count, time=self.total)


def strips(rules: Iterable[AlertRule], *, now: datetime) -> dict[int, Strip]:
    """Return the strip of each rule, by its number: one query for all."""
    start = now - SHOWN
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    wanted = [each.pk for each in rules]
    seen = Alert.objects.filter(Q(ended_at=None) | Q(ended_at__gte=start), rule__in=wanted).order_by("-fired_at", "-id")
    for rule, fired_at, ended_at in seen.values_list("rule_id", "fired_at", "ended_at"):
        found[rule].append((max(fired_at, start), ended_at or now))
    return {each: _strip(found[each], start, now) for each in wanted}


def _strip(spans: list[tuple[datetime, datetime]], start: datetime, now: datetime) -> Strip:
    total_s = sum((end - begin).total_seconds() for begin, end in spans)
    return Strip([mark(begin, end, start, now) for begin, end in spans[:MARKS_MOST]], len(spans), span(total_s))


def mark(begin: datetime, end: datetime, start: datetime, stop: datetime) -> Mark:
    """Place a time in [start, stop), in percent."""
    whole = (stop - start) / timedelta(seconds=1)
    x = (begin - start).total_seconds() / whole * 100
    width = max((end - begin).total_seconds() / whole * 100, LEAST_PERCENT)
    return Mark(f"{number(min(x, 100 - LEAST_PERCENT))}%", f"{number(min(width, 100.0))}%")
