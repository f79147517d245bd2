"""The measured size of each site's readings: all of the tables, shared out by what the sites have in them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import Reading
from sensorfusion.readings.storage import site_sizes
from sensorfusion.readings.storage.site_sizes import MeasureSites
from sensorfusion.sensors.quotas.models import SiteUsage
from tests.conftest import Cast
from tests.storing import store

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


def fill(cast: Cast, mine: int, other: int) -> None:
    for sensor, count in ((cast.sensor, mine), (cast.other_sensor, other)):
        store(sensor, [(NOW - timedelta(minutes=each), {"temperature": 21.4}) for each in range(count)])


def measured(link: psycopg.Connection[Any], cast: Cast) -> tuple[int, int]:
    chore = MeasureSites(lambda: NOW)
    while chore.run(link):
        pass
    by_site = dict(SiteUsage.objects.values_list("site_id", "bytes"))
    return by_site[cast.site.pk] or 0, by_site[cast.other_site.pk] or 0


def size(link: psycopg.Connection[Any]) -> int:
    row = link.execute(
        "SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'reading'::regclass"
        " AND pg_relation_size(inhrelid) > 0"
    ).fetchone()
    assert row
    return int(row[0])


def test_sites_share_the_size_of_the_tables(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast, 3_000, 1_000)

    mine, other = measured(link, cast)

    assert mine == pytest.approx(3 * other, rel=0.02)
    assert mine + other == pytest.approx(size(link), rel=0.02)


def test_sample_of_a_large_table_gives_nearly_the_same(
    cast: Cast, link: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cast, 6_000, 3_000)
    monkeypatch.setattr(site_sizes, "PAGES", 1 + size(link) // 8192 // 4)

    mine, other = measured(link, cast)

    assert mine + other == pytest.approx(size(link), rel=0.02)


def test_deleted_readings_are_not_counted_any_more(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast, 500, 500)
    measured(link, cast)
    Reading.objects.filter(sensor=cast.sensor).delete()

    mine, other = measured(link, cast)

    assert mine == 0
    assert other > 0


def test_counts_of_the_day_are_kept(cast: Cast, link: psycopg.Connection[Any]) -> None:
    SiteUsage.objects.create(site=cast.site, day=NOW.date(), readings=7)
    fill(cast, 10, 10)

    measured(link, cast)

    usage = SiteUsage.objects.get(site=cast.site)
    assert usage.readings == 7
    assert usage.bytes
