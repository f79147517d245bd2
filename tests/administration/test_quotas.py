"""The sites nearest to their quotas, with the numbers that their own pages show."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from sensorfusion.accounts.models import Operator
from sensorfusion.administration.quotas import limits, nearest
from sensorfusion.config.env import Environment
from sensorfusion.sensors.quotas.models import SensorSize, SiteUsage
from sensorfusion.sensors.quotas.queries import usage_of_site
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)  # still the 21st in New York


@pytest.fixture
def small(settings: Settings) -> None:
    has = {"site_readings_per_day": 1_000, "site_stored_mb": 10, "site_sensors": 50}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **has)


def used(cast: Cast) -> None:
    SiteUsage.objects.create(site=cast.site, day="2026-11-22", readings=900, imported=100, bytes=2_000_000)
    SiteUsage.objects.create(site=cast.site, day="2026-11-21", readings=1_000)
    SiteUsage.objects.create(site=cast.other_site, day="2026-11-21", readings=200)
    SensorSize.objects.create(sensor=cast.sensor, readings=1, bytes=2_000_000)


@pytest.mark.usefixtures("small")
def test_the_largest_share_comes_first_and_counts_the_day_of_the_site(cast: Cast) -> None:
    used(cast)

    found = [(each.site, each.usage.name, each.usage.used, each.percent) for each in nearest(now=NOW)]

    assert found == [
        ("Orchard", "readings_per_day", 900, "90 %"),
        ("Harbour", "readings_per_day", 200, "20 %"),
        ("Orchard", "stored_bytes", 2_000_000, "20 %"),
        ("Orchard", "imported_per_day", 100, "10 %"),
        ("Harbour", "sensors", 1, "2 %"),
        ("Orchard", "sensors", 1, "2 %"),
    ]


@pytest.mark.usefixtures("small")
def test_the_numbers_are_those_of_the_sites_own_page(cast: Cast) -> None:
    used(cast)
    own = {each.name: (each.used, each.limit) for each in usage_of_site(cast.site, now=NOW)}

    shown = {each.usage.name: each.usage for each in nearest(now=NOW) if each.site == "Orchard"}

    assert {name: (each.used, each.limit) for name, each in shown.items()} == {name: own[name] for name in shown}


def test_what_has_no_limit_is_near_none(cast: Cast, settings: Settings) -> None:
    none = {"site_readings_per_day": 0, "site_stored_mb": 0, "site_sensors": 0}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, **none)
    used(cast)

    assert nearest(now=NOW) == []
    assert [limit.shown for limit in limits() if limit.setting == "SITE_SENSORS"] == ["none"]


def test_every_quota_of_the_settings_is_a_limit() -> None:
    named = {limit.setting for limit in limits()}
    variables = {each.metadata["variable"] for each in Environment.__dataclass_fields__.values()}

    assert named <= variables
    beginnings = ("SITE_", "OPERATOR_", "SENSOR_")
    assert named == {variable for variable in variables if variable.startswith(beginnings)}
    assert settings.ENVIRONMENT.site_sensors


@pytest.mark.usefixtures("small")
def test_the_overview_names_a_site_that_is_near(cast: Cast, administrator: Client, now: datetime) -> None:
    SensorSize.objects.create(sensor=cast.sensor, readings=1, bytes=9_000_000)

    assert "9 MB of 10 MB are used." in administrator.get("/administration/").text
    assert "Orchard" in administrator.get("/administration/quotas/").text


@pytest.mark.usefixtures("small")
def test_numbers_and_sizes_are_written_in_the_language_of_the_page(client: Client, cast: Cast) -> None:
    SensorSize.objects.create(sensor=cast.sensor, readings=1, bytes=2_500_000)
    administrator = Operator.objects.create_superuser("root@example.org")
    client.force_login(administrator)

    english, german = (
        client.get("/administration/quotas/", headers={"Accept-Language": each}).text for each in ("en", "de")
    )

    for page, limit, used in ((english, "1,000", "2.5 MB"), (german, "1.000", "2,5 MB")):
        assert f">{limit}</td>" in page
        assert f">{used}</td>" in page
