"""What is used of the quotas: in the API and on the site's page, for members and nobody else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.sensors.quotas.models import SiteUsage
from tests.conftest import Cast
from tests.storing import store

NAMES = [
    *("readings_per_day", "imported_per_day", "stored_bytes", "sensors", "sensor_quantities", "polls"),
    *("sites", "tokens", "uploads", "upload_bytes", "imports", "imported"),
]


@pytest.fixture
def used(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_readings_per_day=100_000, site_stored_mb=0)
    for days_ago in range(-1, 2):  # whatever day it is at the site
        day = datetime.now(UTC).date().toordinal() - days_ago
        SiteUsage.objects.create(site=cast.site, day=datetime.fromordinal(day).date(), readings=87_654, bytes=5_432_100)
    store(cast.sensor, [(datetime.now(UTC), {"temperature": 21.4, "humidity": 60})])


def path(cast: Cast) -> str:
    return f"/api/v1/sites/{cast.site.uuid}/usage/"


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
@pytest.mark.usefixtures("used")
def test_members_read_what_is_used(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))

    found = {each["name"]: each for each in client.get(path(cast)).json()}

    assert list(found) == NAMES
    assert (found["readings_per_day"]["used"], found["readings_per_day"]["limit"]) == (87_654, 100_000)
    assert (found["stored_bytes"]["used"], found["stored_bytes"]["limit"]) == (5_432_100, None)
    assert (found["sensors"]["used"], found["sensor_quantities"]["used"]) == (1, 2)
    assert found["sites"]["used"] == (1 if who == "owner" else 0)


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), (None, 401)])
def test_others_do_not(client: Client, cast: Cast, who: str | None, status: int) -> None:
    if who:
        client.force_login(getattr(cast, who))

    assert client.get(path(cast)).status_code == status


@pytest.mark.usefixtures("used")
def test_page_of_the_site_shows_used_and_limit(client: Client, cast: Cast) -> None:
    client.force_login(cast.member)

    page = client.get(f"/sites/{cast.site.uuid}/settings/").text

    assert '<th scope="row">Readings today</th><td>87,654</td><td>100,000</td>' in page
    assert '<th scope="row">Storage</th><td>5.4 MB</td><td>none</td>' in page
