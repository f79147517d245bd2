"""Retention: who may set it, on the pages and by the API, and who sees what was removed."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.models import Removal
from sensorfusion.sensors.keeping_pages import KeepingForm
from sensorfusion.sensors.queries import Removed, removed_of
from tests.conftest import Cast


def as_(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def test_editor_says_how_long_a_sites_readings_are_kept(cast: Cast) -> None:
    client = as_(cast.editor)
    answer = client.post(f"/sites/{cast.site.uuid}/keeping/", {"months": "12"}, follow=True)

    cast.site.refresh_from_db()
    assert cast.site.keep_months == 12
    assert "kept for 12 months and then removed" in answer.content.decode()
    assert '<option value="12" selected>12 months</option>' in answer.content.decode()

    client.post(f"/sites/{cast.site.uuid}/keeping/", {"months": ""})
    cast.site.refresh_from_db()
    assert cast.site.keep_months is None


def test_sensor_may_differ_from_its_site(cast: Cast) -> None:
    client = as_(cast.owner)
    cast.site.keep_months = 6
    cast.site.save()

    page = client.get(f"/sensors/{cast.sensor.uuid}/keeping/").content.decode()
    assert '<option value="" selected>As the site says: 6 months</option>' in page
    answer = client.post(f"/sensors/{cast.sensor.uuid}/keeping/", {"months": "0"}, follow=True)

    cast.sensor.refresh_from_db()
    assert cast.sensor.keep_months == 0
    assert "Single readings are kept for ever." in answer.content.decode()


def test_time_that_was_not_offered_is_refused(cast: Cast) -> None:
    answer = as_(cast.owner).post(f"/sites/{cast.site.uuid}/keeping/", {"months": "0"}, follow=True)

    assert "Choose one of the offered periods." in answer.content.decode()
    cast.site.refresh_from_db()
    assert cast.site.keep_months is None


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_only_who_may_edit_says_how_long(cast: Cast, who: str, status: int) -> None:
    client = as_(getattr(cast, who))

    for address in (f"/sites/{cast.site.uuid}/keeping/", f"/sensors/{cast.sensor.uuid}/keeping/"):
        assert client.post(address, {"months": "1"}).status_code == status

    cast.site.refresh_from_db()
    assert cast.site.keep_months is None


def test_what_was_set_by_the_api_is_offered_too(cast: Cast) -> None:
    cast.site.keep_months = 7

    assert (7, "7 months") in list(KeepingForm(of=cast.site).fields["months"].choices)  # type: ignore[attr-defined]


def test_site_shows_its_members_what_was_removed(cast: Cast) -> None:
    gone = datetime(2026, 11, 1, 1, tzinfo=UTC)
    for sensor in (cast.sensor, cast.other_sensor):
        Removal.objects.create(sensor=sensor, month=date(2025, 10, 1), readings=44_640, removed_at=gone)

    page = as_(cast.member).get(f"/sites/{cast.site.uuid}/settings/").content.decode()

    assert "Removed so far: 1 month<" in page
    assert "October 2025" in page
    assert "44640 of 1 sensor<" in page
    assert removed_of(cast.site) == [Removed(date(2025, 10, 1), 44_640, 1, gone)]


def test_api_says_and_takes_how_long(cast: Cast) -> None:
    client = APIClient()
    client.force_authenticate(cast.editor)
    site, sensor = f"/api/v1/sites/{cast.site.uuid}", f"/api/v1/sensors/{cast.sensor.uuid}"

    assert client.get(site).json()["keep_months"] is None
    assert client.patch(site, {"keep_months": 24}, format="json").json()["keep_months"] == 24
    assert client.patch(sensor, {"keep_months": 0}, format="json").json()["keep_months"] == 0
    assert client.patch(site, {"keep_months": 0}, format="json").status_code == 400
    assert client.patch(sensor, {"keep_months": -1}, format="json").status_code == 400
