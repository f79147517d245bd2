import pytest

from sensorfusion.accounts.models import ApiToken
from tests.clients import client_of
from tests.conftest import Cast

TOKENS = "/api/v1/auth/tokens/"


def test_a_token_of_one_site_lists_only_that(cast: Cast) -> None:
    made = client_of(cast.owner).post(TOKENS, {"sites": [str(cast.site.uuid)], "scope": "write"}).json()
    other = client_of(cast.owner).post("/api/v1/sites/", {"name": "Other", "time_zone": "UTC"})

    listed = client_of(cast.owner).get(TOKENS).json()["results"]

    assert other.status_code == 201
    assert next(each for each in listed if each["id"] == made["id"])["sites"] == [str(cast.site.uuid)]
    assert ApiToken.objects.get(pk=made["id"]).is_bound


@pytest.mark.parametrize("sites", ["x", ["x"], [None]])
def test_sites_that_cannot_be_are_refused(cast: Cast, sites: object) -> None:
    assert client_of(cast.owner).post(TOKENS, {"sites": sites}).status_code == 400


def test_a_token_of_sites_makes_no_site(cast: Cast) -> None:
    bound = client_of(cast.owner, sites=[cast.site.pk])

    answer = bound.post("/api/v1/sites/", {"name": "Other", "time_zone": "UTC"})

    assert (answer.status_code, answer.json()["code"]) == (403, "narrow_token")
    assert bound.post("/api/v1/sensors/", {"name": "New"}).json()["site"] == str(cast.site.uuid)
