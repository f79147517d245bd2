"""The notices of quotas, and how long counts are kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.events.postgres import conninfo
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.quotas.chores import TellQuotas
from sensorfusion.sensors.quotas.models import SiteUsage
from tests.conftest import Cast

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TODAY = NOW.date()
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_readings_per_day=100, site_stored_mb=1, site_sensors=10)
    with psycopg.connect(conninfo(), autocommit=True) as link:
        yield link


def use(cast: Cast, *, readings: int = 0, stored: int | None = None, day: date = TODAY) -> None:
    SiteUsage.objects.update_or_create(site=cast.site, day=day, defaults={"readings": readings, "bytes": stored})


def tell(link: psycopg.Connection[Any], now: datetime = NOW) -> list[tuple[str, str, str, int]]:
    TellQuotas(lambda: now).run(link)
    return list(Notice.objects.order_by("code", "subject").values_list("code", "subject", "detail", "count"))


def test_owner_is_told_at_80_percent_and_when_it_is_used_up(cast: Cast, link: psycopg.Connection[Any]) -> None:
    use(cast, readings=79)
    assert tell(link) == []

    use(cast, readings=80)
    assert tell(link) == [("quota_near", "Readings of the day", "80 of 100 are used.", 1)]

    use(cast, readings=100, stored=1_500_000)
    assert tell(link)[:2] == [
        ("quota", "Readings of the day", "100 of 100 are used.", 1),
        ("quota", "Storage", "1.5 MB of 1 MB are used.", 1),
    ]
    assert Notice.objects.filter(site=cast.site, sensor=None).count() == 3


def test_what_goes_on_is_told_once_an_hour(cast: Cast, link: psycopg.Connection[Any]) -> None:
    use(cast, readings=80)
    tell(link)
    [(*_, soon)] = tell(link, NOW + timedelta(minutes=59))
    [(*_, later)] = tell(link, NOW + timedelta(minutes=60))

    assert (soon, later) == (1, 2)


def test_number_of_sensors_is_told(cast: Cast, link: psycopg.Connection[Any], settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_sensors=1)

    assert [each[:2] for each in tell(link)] == [("quota", "Sensors"), ("quota", "Sensors")]  # of both sites


def test_nothing_is_told_without_limits(cast: Cast, link: psycopg.Connection[Any], settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_readings_per_day=0, site_stored_mb=0, site_sensors=0)
    use(cast, readings=10**9, stored=10**12)

    assert tell(link) == []


def test_old_counts_and_those_of_deleted_sites_are_forgotten(cast: Cast, link: psycopg.Connection[Any]) -> None:
    use(cast, readings=1)
    use(cast, readings=1, day=TODAY - timedelta(days=401))
    link.execute("INSERT INTO site_usage (site_id, day) VALUES (0, %s)", [TODAY])

    tell(link)

    assert list(SiteUsage.objects.values_list("site_id", "day")) == [(cast.site.pk, TODAY)]


def test_page_shows_the_notice_beside_the_usage_and_not_as_an_unknown_device(
    cast: Cast, link: psycopg.Connection[Any], client: Client
) -> None:
    use(cast, readings=80)
    tell(link)
    Notice.objects.update(last_at=datetime.now(UTC))
    client.force_login(cast.owner)

    page = client.get(f"/sites/{cast.site.uuid}/settings/").text

    assert "80 of 100 are used." in page
    assert "Unknown devices and topics" not in page
    assert "unknown device" not in client.get("/sensors/").text
