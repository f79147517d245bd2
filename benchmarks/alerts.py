"""What alert rules cost: 1,000 readings/s of 1,000 sensors with 10,000 rules, with none, and with nothing that judges.

The three take turns at the same load, so that they meet the same machine. No rule fires: what is measured is judging.
The time to a decision is the platform's own, from the arrival of a reading; it is known by the buckets of a histogram.
"""

import http.client
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from benchmarks import drive
from benchmarks.drive import Run
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Server, Stand
from benchmarks.table import Line, ratios, show, spread
from sensorfusion.sensors.keys.secrets import digest, make_key

CONNECTIONS: Final = 64
RULES_EACH: Final = 10
CORES_MOST: Final = 0.25  # of all rules
UNCHANGED: Final = 0.99  # of what a reading costs where nothing judges
P50_S, P99_S = 0.05, 1.0
KEPT: Final = 0.95  # of the load, below which figures say more about the machine
BOTH: Final = ("server", "postgres")
LAG: Final = "sensorfusion_alert_lag_seconds"
HEAD = ("case", "readings/s", "server µs", "PostgreSQL µs", "cores", "decided p50 s", "decided p99 s", "elsewhere")

_SENSORS: Final = """
INSERT INTO sensors_sensor (uuid, site_id, name, description, model, transport, status, created_at)
SELECT gen_random_uuid(), site_id, 'More ' || number, '', '', transport, 'active', created_at
FROM (SELECT * FROM sensors_sensor LIMIT 1) AS one, generate_series(1, %s) AS number RETURNING id
"""
_KEY: Final = """
INSERT INTO sensors_key (sensor_id, prefix, digest, broker_hash, created_at) VALUES (%s, %s, %s, '', now())
"""
_RULES: Final = """
INSERT INTO alert_rule (uuid, site_id, sensor_id, quantity, condition, high, for_s, clear_for_s, within_s, repeat_s,
    severity, note, weekdays, starts_min, ends_min, is_enabled, made_at, changed_at)
SELECT gen_random_uuid(), site_id, id, (ARRAY['temperature', 'humidity', 'pressure'])[1 + number %% 3], 'above',
    2000 + number, 60 * (number %% 2), 0, 0, 0, 'warning', '', 127, 0, 1440, true, now(), now()
FROM sensors_sensor, generate_series(1, %s) AS number WHERE name LIKE 'More %%'
"""


@dataclass(slots=True)
class Case:
    name: str
    server: Server
    database: Database
    keys: list[str]
    per_s: int
    runs: list[Run] = field(default_factory=list)
    decided: list[tuple[float, float]] = field(default_factory=list)

    def micros(self, *processes: str) -> list[float]:
        return [sum(run.window.micros(each, run.result.answers) for each in processes) for run in self.runs]

    @property
    def cores(self) -> list[float]:
        return [(run.window.cpu_s["server"] + run.window.cpu_s["postgres"]) / run.window.wall_s for run in self.runs]

    def cells(self) -> tuple[str, ...]:
        found = [[each[place] for each in self.decided] for place in (0, 1)]
        return (
            self.name,
            spread([run.result.per_s for run in self.runs]),
            *(spread(self.micros(each)) for each in ("server", "postgres")),
            spread(self.cores, ".2f"),
            *(f"≤ {median(each):g}" if each else "–" for each in found),
            spread([run.window.elsewhere for run in self.runs], ".1f"),
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    sensors = pick(scale, full=1_000, quick=1_000, tiny=10)
    rounds, seconds = pick(scale, full=7, quick=3, tiny=1), pick(scale, full=10, quick=5, tiny=1)
    per_s = pick(scale, full=1_000, quick=1_000, tiny=50)
    with ExitStack() as stack:
        judged = _case(stand, stack, f"{sensors * RULES_EACH:,} rules", sensors, per_s, rules=RULES_EACH)
        empty = _case(stand, stack, "no rules", sensors, per_s)
        unjudged = _case(stand, stack, "nothing judges", sensors, per_s, options=("--without-alerts",))
        cases = [judged, empty, unjudged]
        for number in range(rounds + 1):
            for each in cases:
                _measure(stand, each, seconds, keep=number > 0)
    show(f"Alert rules: {sensors:,} sensors at {per_s:,} readings/s", HEAD, [each.cells() for each in cases])
    return [_cost(judged, empty), _decisions(judged), _unchanged(empty, unjudged)]


def _case(
    stand: Stand,
    stack: ExitStack,
    name: str,
    sensors: int,
    per_s: int,
    *,
    rules: int = 0,
    options: tuple[str, ...] = (),
) -> Case:
    database = stand.database()
    keys = [make_key() for _ in range(sensors)]
    with database.connect() as link:
        found = link.execute(_SENSORS.encode(), [sensors]).fetchall()
        for (sensor,), (prefix, text) in zip(found, keys, strict=True):
            link.execute(_KEY.encode(), [sensor, prefix, digest(text)])
        link.execute(_RULES.encode(), [rules])
        link.execute("VACUUM (ANALYZE)")
    server = stack.enter_context(stand.platform(database, options=options))
    return Case(name, server, database, [text for _, text in keys], per_s)


def _measure(stand: Stand, case: Case, seconds: float, *, keep: bool) -> None:
    stored, before = case.database.readings(), _lags(case.server)
    done = drive.load(stand, case.server, case.keys, connections=CONNECTIONS, seconds=seconds, per_s=case.per_s)
    if case.database.readings() - stored != done.result.all_accepted:
        raise Failed(f"{done.result.all_accepted} readings were acknowledged, and another number is stored.")
    if not keep:  # the sensors have readings now, so their rules are loaded
        with case.database.connect() as link:
            link.execute("UPDATE alert_watch SET version = version + 1")
        return
    case.runs.append(done)
    new = {bound: many - before.get(bound, 0.0) for bound, many in _lags(case.server).items()}
    if new and max(new.values()):
        case.decided.append((_bound(new, 0.5), _bound(new, 0.99)))


def _lags(server: Server) -> Mapping[float, float]:
    """Return how many decisions took at most so long, by the histogram's bounds."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    link.request("GET", "/metrics")
    families = text_string_to_metric_families(link.getresponse().read().decode())
    link.close()
    samples = [each for family in families for each in family.samples if each.name == f"{LAG}_bucket"]
    return {float(each.labels["le"]): each.value for each in samples}


def _bound(counts: Mapping[float, float], share: float) -> float:
    return min(bound for bound, many in counts.items() if many >= share * max(counts.values()))


def _cost(judged: Case, empty: Case) -> Line:
    """Compare what a reading costs, so that a machine on which fewer were sent gives the same figure."""
    pairs = zip(judged.micros(*BOTH), empty.micros(*BOTH), strict=True)
    more = [(one - other) * judged.per_s / 1e6 for one, other in pairs]
    what = f"{judged.name}: cores more than without, server and PostgreSQL"
    return Line(what, f"≤ {CORES_MOST}", "–", spread(more, ".2f"), "–", _verdict(judged, median(more) <= CORES_MOST))


def _decisions(judged: Case) -> Line:
    least = f"p50 ≤ {P50_S} s, p99 ≤ {P99_S} s"
    if not judged.decided:
        return Line("a reading to its decision", least, "–", "none was judged", "–", None)
    p50, p99 = (median(each[place] for each in judged.decided) for place in (0, 1))
    measured, is_so = f"p50 ≤ {p50:g}, p99 ≤ {p99:g} s", p50 <= P50_S and p99 <= P99_S
    return Line("a reading to its decision", least, "–", measured, "–", _verdict(judged, is_so))


def _unchanged(empty: Case, unjudged: Case) -> Line:
    costs = [each.micros(*BOTH) for each in (unjudged, empty)]
    share = ratios(*costs)
    what = "a reading without rules against nothing that judges, by CPU"
    measured = f"{spread(costs[1])} against {spread(costs[0])} µs"
    is_so = median(share) >= UNCHANGED
    return Line(what, f"{UNCHANGED:.0%}", "–", measured, spread(share, ".2f"), _verdict(empty, is_so))


def _verdict(case: Case, is_so: bool) -> bool | None:
    """Return no verdict where the machine was too busy to send the load."""
    sent = median(run.result.per_s for run in case.runs)
    return is_so if sent >= KEPT * case.per_s else None


if __name__ == "__main__":
    alone("alerts", __doc__, run)
