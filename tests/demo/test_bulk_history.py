"""Bulk loading of a long history."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from sensorfusion.accounts.models import Operator
from sensorfusion.demo.bulk_history import Plan, load, roll_up, sizes
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import DirtyHour, Hour, Reading, SensorState
from sensorfusion.readings.stored.partitions import Partitions, name_of
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sensors.quality.models import QualityProgress
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
END = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def link(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


def plan(*sensors: Sensor, seed: int = 1) -> Plan:
    pks = [sensor.pk for sensor in sensors]
    return Plan(pks, END - timedelta(days=3), END, every_s=300, quantities=10, seed=seed)


def ignored(position: int, rows: int) -> None:
    pass


def test_history_is_as_if_the_sensors_had_sent_it(cast: Cast, link: psycopg.Connection[Any]) -> None:
    Sensor.objects.update(status=Status.PENDING)
    rows = load(link, plan(cast.sensor, cast.other_sensor), step=ignored)

    assert rows == Reading.objects.count()
    for state in SensorState.objects.all():
        own = Reading.objects.filter(sensor=state.sensor_id)
        newest = own.order_by("-observed_at")[0]
        assert sorted(own.values_list("seq", flat=True)) == list(range(1, state.seq + 1))
        assert (state.observed_at, state.stored_until, state.values) == (
            newest.observed_at,
            newest.observed_at,
            newest.values,
        )
        assert QualityProgress.objects.get(sensor=state.sensor_id).judged_seq == state.seq
    assert set(Sensor.objects.values_list("status", flat=True)) == {Status.ACTIVE}


def test_sensor_goes_on_where_its_history_ends(cast: Cast, link: psycopg.Connection[Any]) -> None:
    load(link, plan(cast.sensor), step=ignored)
    seq = SensorState.objects.get(sensor=cast.sensor).seq
    first = Reading.objects.order_by("observed_at")[0]
    drafts = [Draft(first.observed_at, dict(first.values)), Draft(END, {"temperature": 1.0})]

    with WriterConnection(conninfo()) as writer:
        (answer,) = writer.store([WriteRequest(Source(cast.sensor.pk, str(cast.sensor.uuid)), END, drafts)]).answers

    assert answer == Outcome(1, 1, seq + 1)


def test_everything_is_rolled_up(cast: Cast, link: psycopg.Connection[Any]) -> None:
    load(link, plan(cast.sensor), step=ignored)
    told: list[int] = []

    roll_up(link, now=END, step=lambda position, hours: told.append(hours))

    assert DirtyHour.objects.count() == 0
    assert told[-1] >= Hour.objects.count() >= 50
    assert sum(Hour.objects.values_list("count", flat=True)) > 500


def test_months_that_are_there_are_added_to_and_new_ones_have_their_indexes(
    cast: Cast, link: psycopg.Connection[Any]
) -> None:
    Partitions().ensure(link, [(2026, 10)])
    load(link, plan(cast.sensor, cast.other_sensor), step=ignored)

    for month in ((2026, 10), (2026, 11)):
        found = link.execute("SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass", [name_of(month)]).fetchone()
        parents = link.execute(
            "SELECT count(*) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE indrelid = %s::regclass",
            [name_of(month)],
        ).fetchone()
        assert (found, parents) == ((2,), (2,))
    assert link.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'loading%'").fetchone() == (0,)


def test_same_seed_loads_the_same(cast: Cast, link: psycopg.Connection[Any]) -> None:
    load(link, plan(cast.sensor), step=ignored)
    load(link, plan(cast.other_sensor), step=ignored)

    one, other = (
        list(Reading.objects.filter(sensor=each).order_by("seq").values_list("observed_at", "received_at", "values"))
        for each in (cast.sensor, cast.other_sensor)
    )
    assert one == other


def test_sizes_add_up(cast: Cast, link: psycopg.Connection[Any]) -> None:
    rows = load(link, plan(cast.sensor), step=ignored)

    parts = dict(sizes(link).of_each(rows))

    assert parts["together"] == pytest.approx(sum(size for name, size in parts.items() if name != "together"))
    assert parts["heap"] > 300


def test_command_makes_a_site_and_says_how_large_it_is() -> None:
    said = StringIO()
    options = {"history": True, "sensors": ["2"], "years": 0.002, "every": 300.0, "until": END}

    call_command("simulate", stdout=said, **options)

    assert Site.objects.get().sensors.count() == 2
    assert Operator.objects.get().email == "history@sensorfusion.local"
    assert "readings stored in" in said.getvalue()
    assert "  together" in said.getvalue()
    with pytest.raises(CommandError, match="has a site 'Simulated history' already"):
        call_command("simulate", stdout=said, **options)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"sensors": ["JFK"]}, "give the number of sensors"),
        ({"every": 7.0}, "must divide a day"),
        ({"operator": "nobody@example.org"}, "There is no account with the address"),
    ],
)
def test_history_that_cannot_be_made_is_explained(options: dict[str, object], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("simulate", history=True, stdout=StringIO(), **options)

    assert not Site.objects.exists()
