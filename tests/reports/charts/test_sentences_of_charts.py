"""The sentence of a chart says what SQL finds in the readings, whatever they are and whatever the span."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from sensorfusion.reports import queries
from sensorfusion.reports.charts.cards import Card, cards, specs
from sensorfusion.reports.charts.spans import RANGES, Span, fixed, live
from sensorfusion.reports.queries import Station
from sensorfusion.sensors.models import Sensor
from sensorfusion.web.values.display import display
from tests.conftest import Cast
from tests.storing import Row, store

NOW = datetime(2026, 11, 22, 12, 10, 30, tzinfo=UTC)
SEEDS = range(4)


def readings(chance: random.Random) -> list[Row]:
    """Invent a year: slow at first, then faster, with outages, short peaks, and rain now and then."""
    rows, at = [], NOW - timedelta(days=370)
    while at < NOW:
        age_h = (NOW - at).total_seconds() / 3600
        outage = chance.random() < 0.02
        usual_s = next(step for limit, step in ((2, 20), (30, 300), (800, 3000), (1e9, 40_000)) if age_h <= limit)
        at += timedelta(seconds=usual_s * (chance.uniform(5, 30) if outage else chance.uniform(0.8, 1.2)))
        peak = chance.choice((-30, 30)) if chance.random() < 0.01 else 0
        rain = chance.choice((0.2, 1.4)) if chance.random() < 0.1 else 0.0
        rows.append((at, {"temperature": round(chance.gauss(8, 4) + peak, 2), "rain": rain}))
    return [row for row in rows if row[0] < NOW]


def asked(sensor: Sensor, span: Span, aggregate: str) -> Sequence[float | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {aggregate} FROM reading WHERE sensor_id = %s AND observed_at >= %s AND observed_at < %s",
            [sensor.id, span.start, span.end],
        )
        row: Sequence[float | None] = cursor.fetchone() or ()
    return row


def spans(station: Station, chance: random.Random) -> list[Span]:
    """Return every range, and some of the past with edges at any second."""
    starts = [NOW.timestamp() - chance.uniform(0, 370 * 86400) for _ in range(6)]
    lengths = [chance.choice((400, 5000, 70_000, 600_000, 9_000_000)) * chance.uniform(0.5, 1.5) for _ in starts]
    past = [fixed(station, start, start + length, "24h") for start, length in zip(starts, lengths, strict=True)]
    return [*(live(station, name) for name in RANGES), *past]


def drawn(station: Station, span: Span) -> dict[str, Card]:
    return {card.spec.id: card for card in cards(station, specs(station, "temperature"), span, system="metric")}


@pytest.mark.parametrize("seed", SEEDS)
def test_extremes_and_totals_are_those_of_the_readings(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    store(cast.sensor, readings(chance))
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOW)
    degrees, fallen = display("temperature", "metric"), display("rain", "metric")

    for span in spans(station, chance):
        found = drawn(station, span)

        low, high = asked(
            cast.sensor, span, "min((values->>'temperature')::float), max((values->>'temperature')::float)"
        )
        between = found["chart-temperature"].sentence.partition(" in ")[0]
        if low is None or high is None:
            assert between == "No readings"
        elif degrees.number(low) == degrees.number(high):
            assert between == f"Always {degrees.text(high)}"
        else:
            assert between == f"Between {degrees.number(low)} and {degrees.text(high)}"
        (total,) = asked(cast.sensor, span, "sum((values->>'rain')::float)")
        said = found["chart-rain"].sentence.partition(" in ")[0]
        assert said == ("No readings" if total is None else fallen.text(total) if total else "No rain")
