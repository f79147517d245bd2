"""The pages of storage show what the background measured."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sensorfusion.administration.storage import sensors_by_size, sites_by_size, whole
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import Reading
from sensorfusion.readings.storage.site_sizes import MeasureSites
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sensors.quotas.models import SiteUsage
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


def measure(link: psycopg.Connection[Any]) -> None:
    chore = MeasureSites(lambda: NOW)
    while chore.run(link):
        pass


def fill(sensor: Sensor, count: int) -> None:
    store(sensor, [(NOW - timedelta(minutes=each), {"temperature": 21.4}) for each in range(count)])


def test_readings_of_small_tables_are_counted_exactly(cast: Cast, link: psycopg.Connection[Any]) -> None:
    attic = Sensor.objects.create(site=cast.site, name="Attic", status=Status.ACTIVE)
    for sensor, count in ((cast.sensor, 700), (attic, 200), (cast.other_sensor, 100)):
        fill(sensor, count)

    measure(link)

    sites = [(site.name, site.sensor_count, site.reading_count) for site in sites_by_size()]
    assert sites == [("Orchard", 2, 900), ("Harbour", 1, 100)]
    sensors = [(sensor.name, sensor.reading_count) for sensor in sensors_by_size(cast.site)]
    assert sensors == [("Orchard station", 700), ("Attic", 200)]


def test_a_site_is_found_by_its_name_or_by_a_sensors(cast: Cast, administrator: Client) -> None:
    Sensor.objects.create(site=cast.site, name="Orchard gate", status=Status.ACTIVE)

    def found(search: str) -> list[tuple[str, int]]:
        return [(site.name, site.sensor_count) for site in sites_by_size(search=search)]

    assert found("RCHARD") == found("orchard GATE") == [("Orchard", 2)]
    assert found("arbour st") == [("Harbour", 1)]
    assert found("") == [("Harbour", 1), ("Orchard", 2)]
    page = administrator.get("/administration/storage/?search=orch").text
    links = [f"/administration/storage/{site.uuid}/" in page for site in (cast.site, cast.other_sensor.site)]
    assert links == [True, False]
    assert "No site and no sensor is called like this." in administrator.get("/administration/storage/?search=x%").text


def test_the_bytes_of_sensors_add_up_to_those_of_their_site(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast.sensor, 900)
    fill(cast.other_sensor, 400)

    measure(link)

    of_quotas = {site: size or 0 for site, size in SiteUsage.objects.values_list("site_id", "bytes")}
    for site in sites_by_size():
        of_sensors = sum(sensor.stored_bytes for sensor in sensors_by_size(site))
        assert site.stored_bytes == of_sensors == of_quotas[site.pk] > 0
    assert sum(of_quotas.values()) <= whole().readings_bytes < whole().database_bytes


def test_a_sensor_whose_readings_are_gone_has_none(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast.sensor, 300)
    fill(cast.other_sensor, 300)
    measure(link)
    Reading.objects.filter(sensor=cast.sensor).delete()

    measure(link)

    [sensor] = sensors_by_size(cast.site)
    assert (sensor.reading_count, sensor.stored_bytes) == (0, 0)


def test_a_measurement_without_changes_writes_no_row(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast.sensor, 50)
    measure(link)
    before = link.execute("SELECT ctid, xmin::text FROM sensor_size").fetchall()

    measure(link)

    assert len(before) == 1
    assert link.execute("SELECT ctid, xmin::text FROM sensor_size").fetchall() == before


def test_a_deleted_sensor_leaves_no_size(cast: Cast, link: psycopg.Connection[Any]) -> None:
    fill(cast.sensor, 50)
    measure(link)

    cast.sensor.delete()

    assert link.execute("SELECT count(*) FROM sensor_size").fetchone() == (0,)


def test_the_pages_show_them_and_count_no_reading(
    cast: Cast, link: psycopg.Connection[Any], administrator: Client, django_assert_max_num_queries: Any
) -> None:
    fill(cast.sensor, 1_234)
    measure(link)

    with django_assert_max_num_queries(24) as asked:
        page = administrator.get("/administration/storage/").text
        of_site = administrator.get(f"/administration/storage/{cast.site.uuid}/").text

    for shown in (page, of_site):
        assert "1,234" in shown
    assert "Orchard station" in of_site
    statements = [query["sql"] or "" for query in asked.captured_queries]
    assert [sql for sql in statements if 'FROM "reading"' in sql or "FROM reading" in sql] == []


def test_pages_have_no_more_queries_with_more_sites(cast: Cast, administrator: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        administrator.get("/administration/storage/")
    Site.objects.bulk_create(Site(name=f"Hill {number}", time_zone="UTC") for number in range(20))

    with CaptureQueriesContext(connection) as many:
        administrator.get("/administration/storage/")

    assert len(many) == len(few)
