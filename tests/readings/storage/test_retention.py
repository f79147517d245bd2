"""What retention removes, what it keeps, and what it never touches."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import DirtyHour, Reading, Removal, SensorState
from sensorfusion.readings.storage import retention
from sensorfusion.readings.storage.retention import Retention, expiring
from sensorfusion.readings.stored import partitions
from sensorfusion.readings.stored.partitions import REMOVAL_LOCK, MonthsAhead, bounds_of, month_of, name_of
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.storing import every, store

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
KEPT = datetime(2026, 9, 1, tzinfo=UTC)  # with a retention of two months


@pytest.fixture
def link(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        drop_months(link)  # left by other tests
        yield link
        drop_months(link)


def drop_months(link: psycopg.Connection[Any]) -> None:
    query = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'reading'::regclass"
    for (name,) in link.execute(query).fetchall():
        link.execute(f"DROP TABLE {name}".encode())


@pytest.fixture
def half_a_year(cast: Cast, link: psycopg.Connection[Any]) -> Sensor:
    """A sensor with a daily reading since June, all rolled up, at a site with a retention of two months."""
    return prepared(cast.sensor, months=2)


def prepared(sensor: Sensor, *, months: int | None, rolled_up_until: datetime | None = NOW) -> Sensor:
    store(sensor, [(at, {"temperature": 21.4}) for at in every(86_400, 175, until=NOW)])
    SensorState.objects.filter(sensor=sensor).update(rolled_up_until=rolled_up_until)
    Site.objects.filter(pk=sensor.site_id).update(keep_months=months)
    return sensor


def run(link: psycopg.Connection[Any]) -> int:
    """Run the chore until nothing is left to do; return the number of runs that did something."""
    chore, times = Retention(now=lambda: NOW, sleep=lambda _: None), 0
    while chore.run(link):
        times += 1
        assert times < 100
    return times


def months(link: psycopg.Connection[Any]) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relname ~ 'reading_[0-9]{4}_[0-9]{2}$' AND relkind = 'r' ORDER BY 1"
    return [row[0] for row in link.execute(query)]


def test_months_that_nobody_keeps_are_dropped(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    run(link)

    assert months(link) == ["reading_2026_09", "reading_2026_10", "reading_2026_11"]
    assert Reading.objects.filter(observed_at__lt=KEPT).count() == 0
    assert Reading.objects.filter(observed_at__gte=KEPT).count() == 83
    assert SensorState.objects.get().raw_kept_from == KEPT
    assert run(link) == 0


def test_what_was_removed_is_noted_by_month(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    run(link)

    noted = Removal.objects.order_by("month").values_list("month", "readings", "removed_at")
    assert list(noted) == [(date(2026, 6, 1), 30, NOW), (date(2026, 7, 1), 31, NOW), (date(2026, 8, 1), 31, NOW)]


def test_nothing_is_removed_where_nobody_said_so(cast: Cast, link: psycopg.Connection[Any]) -> None:
    prepared(cast.sensor, months=None)

    assert run(link) == 0
    assert Reading.objects.count() == 175


def test_sensor_that_says_otherwise_than_its_site_is_heard(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    Sensor.objects.filter(pk=half_a_year.pk).update(keep_months=0)
    assert run(link) == 0

    Sensor.objects.filter(pk=half_a_year.pk).update(keep_months=1)
    run(link)
    assert SensorState.objects.get().raw_kept_from == datetime(2026, 10, 1, tzinfo=UTC)


def test_month_that_another_sensor_keeps_loses_only_what_expired(
    cast: Cast, half_a_year: Sensor, link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 7)
    prepared(cast.other_sensor, months=None)

    run(link)

    assert len(months(link)) == 6
    assert Reading.objects.filter(sensor=cast.other_sensor).count() == 175
    assert Reading.objects.filter(sensor=half_a_year, observed_at__lt=KEPT).count() == 0
    assert list(Removal.objects.order_by("month").values_list("readings", flat=True)) == [30, 31, 31]


def test_nothing_is_removed_that_is_not_rolled_up(cast: Cast, link: psycopg.Connection[Any]) -> None:
    prepared(cast.sensor, months=2, rolled_up_until=None)
    assert run(link) == 0

    reached = datetime(2026, 7, 15, tzinfo=UTC)
    SensorState.objects.update(rolled_up_until=reached)
    run(link)

    assert SensorState.objects.get().raw_kept_from == reached
    assert Reading.objects.order_by("observed_at").values_list("observed_at", flat=True)[0] >= reached


def test_hour_that_waits_to_be_rolled_up_anew_keeps_its_readings(
    half_a_year: Sensor, link: psycopg.Connection[Any]
) -> None:
    waiting = datetime(2026, 7, 3, 6, tzinfo=UTC)
    DirtyHour.objects.create(sensor=half_a_year, hour=waiting)

    run(link)

    assert Reading.objects.filter(observed_at=waiting).exists()
    DirtyHour.objects.all().delete()
    run(link)
    assert not Reading.objects.filter(observed_at=waiting).exists()


def test_longer_keeping_brings_nothing_back_and_loses_nothing_more(
    half_a_year: Sensor, link: psycopg.Connection[Any]
) -> None:
    run(link)
    Site.objects.update(keep_months=12)

    assert run(link) == 0
    assert SensorState.objects.get().raw_kept_from == KEPT


def test_retention_waits_while_a_backup_is_taken(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as backup:
        backup.execute("SELECT pg_advisory_lock_shared(%s)", [REMOVAL_LOCK])

        assert run(link) == 0
        assert Reading.objects.count() == 175
        backup.execute("SELECT pg_advisory_unlock_shared(%s)", [REMOVAL_LOCK])

    run(link)
    assert Reading.objects.count() == 83


def test_month_in_use_is_left_for_another_time(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    with psycopg.connect(conninfo()) as export:
        export.execute("SELECT count(*) FROM reading")

        assert run(link) == 0
        assert Reading.objects.count() == 175
        export.rollback()

    run(link)
    assert Reading.objects.count() == 83


def test_month_of_a_drop_that_was_killed_half_way_can_be_written_again(
    half_a_year: Sensor, link: psycopg.Connection[Any]
) -> None:
    June = (2026, 6)
    retention.move_border(link, sensor=half_a_year.pk, limit=KEPT)
    assert retention.detach(link, June, now=NOW)
    assert "removed_reading_2026_06" in months(link)

    partitions.Partitions().ensure(link, [June])
    run(link)

    assert Removal.objects.get(month=date(2026, 6, 1)).readings == 30
    assert "removed_reading_2026_06" not in months(link)


def test_late_reading_of_a_keeper_saves_its_month(
    cast: Cast, half_a_year: Sensor, link: psycopg.Connection[Any]
) -> None:
    retention.move_border(link, sensor=half_a_year.pk, limit=KEPT)
    assert not retention.is_kept(link, (2026, 6))

    store(cast.other_sensor, [(datetime(2026, 6, 5, tzinfo=UTC), {"temperature": 3.0})])

    assert not retention.detach(link, (2026, 6), now=NOW)
    run(link)
    assert Reading.objects.filter(observed_at__lt=KEPT).count() == 1


def test_what_would_go_is_told_without_removing_it(half_a_year: Sensor, link: psycopg.Connection[Any]) -> None:
    (found,) = expiring(link, now=NOW)

    assert (found.sensor, found.months, found.before) == ("Orchard station", 2, KEPT)
    assert found.readings == {(2026, 6): 30, (2026, 7): 31, (2026, 8): 31}
    assert Reading.objects.count() == 175


def test_next_months_are_there_before_their_time(link: psycopg.Connection[Any]) -> None:
    MonthsAhead(now=lambda: datetime(2026, 11, 30, 23, 59, tzinfo=UTC)).run(link)

    assert months(link) == ["reading_2026_11", "reading_2026_12", "reading_2027_01"]


def test_month_has_one_name_and_one_span() -> None:
    assert name_of(month_of(datetime(2026, 12, 31, tzinfo=UTC))) == "reading_2026_12"
    assert bounds_of((2026, 12)) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def test_command_says_what_would_go_and_removes_it_when_told(cast: Cast, link: psycopg.Connection[Any]) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    store(cast.sensor, [(at, {"temperature": 21.4}) for at in every(86_400, 100, until=now)])
    SensorState.objects.update(rolled_up_until=now)
    asked, told, nothing = StringIO(), StringIO(), StringIO()

    call_command("retention", stdout=nothing)
    Site.objects.filter(pk=cast.site.pk).update(keep_months=1)
    call_command("retention", dry_run=True, stdout=asked)
    assert Reading.objects.count() == 100
    call_command("retention", stdout=told)

    assert "Every site keeps its readings for ever." in nothing.getvalue()
    gone = 100 - Reading.objects.count()
    assert gone > 30
    assert f"{gone} readings would be removed. Nothing was changed." in asked.getvalue()
    assert "Orchard, Orchard station: kept for 1 month," in asked.getvalue()
    assert f"{gone} readings removed; 0 stay for now." in told.getvalue()
