"""The hour at which a site's days begin: set by the form and by the API, in [0, 23]."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.conftest import Cast


@pytest.mark.parametrize(("hour", "status", "kept"), [(9, 200, 9), (24, 400, 0), (-1, 400, 0)])
def test_the_api_takes_an_hour_of_the_day(cast: Cast, hour: int, status: int, kept: int) -> None:
    client = APIClient()
    client.force_login(cast.owner)

    answer = client.patch(f"/api/v1/sites/{cast.site.uuid}/", {"day_starts_h": hour}, format="json")

    cast.site.refresh_from_db()
    assert (answer.status_code, cast.site.day_starts_h) == (status, kept)


def test_the_form_keeps_the_hour_when_it_is_not_given(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    address, given = f"/sites/{cast.site.uuid}/settings/", {"name": "Orchard", "time_zone": "Europe/Warsaw"}

    client.post(address, given | {"day_starts_h": "9"})
    client.post(address, given)

    cast.site.refresh_from_db()
    assert cast.site.day_starts_h == 9
