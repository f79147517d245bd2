"""How long it takes to try an alert rule on a year of one-minute readings, by kind of rule.

Each rule is tried in a process of our own, as the page that edits it does, several times; the database is warm. CPU
time is that of the process and of its PostgreSQL backend.
"""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

import msgspec

from benchmarks.cpu import spent_s
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import ROOT, Database, Failed, Stand
from benchmarks.table import Line, show, spread
from sensorfusion.demo.bulk_history import roll_up
from sensorfusion.readings.stored.partitions import Partitions, month_of

MOST_MS: Final = 300.0
HEAD = ("rule", "times fired", "ms", "CPU ms")
# A day's and a year's wave with weather on them; humidity, a soil that follows slowly, a direction that turns with the
# weather, a door, a thermostat and a leak.
_READINGS: Final = """
INSERT INTO reading (sensor_id, observed_at, received_at, seq, "values", flags)
SELECT %(sensor)s, at, at + interval '1 s', number, jsonb_build_object('temperature', round(value::numeric, 1),
        'humidity', round((66 - 1.7 * (value - 9) + 6 * sin(number / 3000.0))::numeric),
        'soil_temperature', round((9 - 8 * cos(number / 525600.0 * 2 * pi()) + sin(number / 9000.0))::numeric, 1),
        'wind_direction', ((200 + 12 * value)::int + 360) %% 360, 'door_open', number %% 173 < 6,
        'mode', (ARRAY['idle', 'heat', 'cool'])[1 + (number / 47) %% 3], 'leak', number %% 90000 = 0),
    CASE WHEN number %% 997 < 3 THEN '{"temperature": 3}'::jsonb END
FROM (
    SELECT number, %(start)s::timestamptz + number * interval '1 minute' AS at,
        9 - 11 * cos(number / 525600.0 * 2 * pi()) - 5 * cos(number / 1440.0 * 2 * pi())
        + 2 * sin(number / 6100.0) + 0.3 * sin(number * 12.9898) AS value
    FROM generate_series(1, %(many)s) AS number
    WHERE number %% 20000 > 50
) AS made
"""
_STATE: Final = """
INSERT INTO sensor_state (sensor_id, seq, observed_at, received_at, stored_until, "values", older, deltas)
SELECT sensor_id, seq, observed_at, received_at, observed_at, "values", '{}', '[60,60,60,60,60,60,60,60,60,60,60]'
FROM reading ORDER BY observed_at DESC LIMIT 1
"""
RULES: Final[dict[str, dict[str, Any]]] = {
    "above, rarely": {"condition": "above", "high": 26.0, "clear_high": 25.0},
    "above, twice a day": {"condition": "above", "high": 9.0},
    "above, for 10 minutes": {"condition": "above", "high": 9.0, "clear_high": 8.5, "for_s": 600.0},
    "below": {"condition": "below", "low": 0.0, "clear_low": 0.5, "for_s": 600.0},
    "outside a band": {"condition": "outside", "low": 2.0, "high": 14.0},
    "above, in active hours": {"condition": "above", "high": 9.0, "starts_min": 480, "ends_min": 1080},
    "rises, never": {"condition": "rises", "high": 12.0, "within_s": 3600.0},
    "rises by 2 in an hour": {"condition": "rises", "high": 2.0, "within_s": 3600.0},
    "changes by 1.8 in an hour": {"condition": "changes", "high": 1.8, "within_s": 3600.0},
    "falls by 0.6 in 5 minutes": {"condition": "falls", "high": 0.6, "within_s": 300.0},
    "silent": {"condition": "silent", "quantity": ""},
    "silent, of a text": {"condition": "silent", "quantity": "mode", "for_s": 1200.0},
    "suspect": {"condition": "suspect"},
    "direction": {"condition": "outside", "quantity": "wind_direction", "low": 180.0, "high": 330.0},
    "door": {"condition": "equals", "quantity": "door_open", "expected": True},
    "door, for 10 minutes": {"condition": "equals", "quantity": "door_open", "expected": True, "for_s": 600.0},
    "leak": {"condition": "equals", "quantity": "leak", "expected": True},
    "text": {"condition": "equals", "quantity": "mode", "expected": "heat"},
    "dew point, rarely": {"condition": "above", "quantity": "dew_point", "high": 10.0, "for_s": 600.0},
    "dew point, often": {"condition": "above", "quantity": "dew_point", "high": 3.0, "clear_high": 2.5},
    "dew point rises": {"condition": "rises", "quantity": "dew_point", "high": 1.5, "within_s": 3600.0},
    "feels-like": {"condition": "below", "quantity": "feels_like", "low": -2.0, "for_s": 600.0},
    "dew point and soil": {"condition": "above", "quantity": "dew_point", "than": "soil_temperature", "high": -1.0},
    "air and soil": {"condition": "outside", "than": "soil_temperature", "low": -6.0, "high": 6.0, "for_s": 600.0},
}


@dataclass(slots=True)
class Tried:
    name: str
    fired: int
    millis: list[float] = field(default_factory=list)
    cpu_millis: list[float] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        return self.name, f"{self.fired:,}", spread(self.millis, ",.0f"), spread(self.cpu_millis, ",.0f")


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    days = pick(scale, full=365, quick=365, tiny=3)
    rounds = pick(scale, full=9, quick=5, tiny=1)
    database = stand.database()
    sensor = stand.cast.sensors[0].id
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    _fill(database, sensor, end, days)
    asked = [str(each) for each in (sensor, end.timestamp(), days, rounds)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.preview", "try", *asked],
        env=stand.environment(database.url), cwd=ROOT, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found = msgspec.json.decode(done.stdout, type=list[Tried])
    show(f"Rules tried on {days} days of one-minute readings", HEAD, [each.cells() for each in found])
    return [_line(each) for each in found]


def _line(tried: Tried) -> Line:
    return Line(
        tried.name, f"≤ {MOST_MS:.0f} ms", "–", f"{spread(tried.millis, ',.0f')} ms", "–",
        median(tried.millis) <= MOST_MS,
    )  # fmt: skip


def _fill(database: Database, sensor: int, end: datetime, days: int) -> None:
    start = end - timedelta(days=days)
    with database.connect() as link:
        Partitions().ensure(link, {month_of(start + timedelta(days=each)) for each in range(days + 1)})
        link.execute(_READINGS.encode(), {"sensor": sensor, "start": start, "many": days * 1440})
        link.execute(_STATE.encode())
        roll_up(link, now=end, step=_ignore)
        link.execute("VACUUM (ANALYZE)")
        link.execute("CHECKPOINT")


def _ignore(*_: object) -> None:
    pass


def _try(sensor: int, end_s: float, days: int, rounds: int) -> None:
    """Child process: try all rules in turns, and print how long each took."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sensorfusion.config.settings")
    django.setup()
    from django.db import connection

    from sensorfusion.alerts.evaluation.rules import loaded
    from sensorfusion.alerts.models import AlertRule
    from sensorfusion.alerts.preview import preview
    from sensorfusion.sensors.models import Sensor

    site = Sensor.objects.select_related("site").get(pk=sensor).site
    end = datetime.fromtimestamp(end_s, UTC)
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    found = [Tried(name, 0) for name in RULES]
    for number in range(rounds + 1):
        for each in random.sample(found, len(found)):
            given = {"quantity": "temperature", "site": site, **RULES[each.name]}
            rule = loaded(AlertRule(**given, changed_at=end, made_at=end))
            began, spent = time.perf_counter(), spent_s(backend) + time.process_time()
            fired = preview(rule, sensor=sensor, start=end - timedelta(days=days), end=end, interval_s=60.0)
            took_s = time.perf_counter() - began, spent_s(backend) + time.process_time() - spent
            each.fired = len(fired)
            if number:  # the first time fills caches
                each.millis.append(took_s[0] * 1e3)
                each.cpu_millis.append(took_s[1] * 1e3)
    if not any(each.fired for each in found):
        raise Failed("No rule fired.")
    sys.stdout.write(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    if sys.argv[1:2] == ["try"]:
        _try(int(sys.argv[2]), float(sys.argv[3]), *map(int, sys.argv[4:6]))
    else:
        alone("preview", __doc__, run)
