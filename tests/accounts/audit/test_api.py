"""Who reads which audit log by the API: owners that of their site, everybody that of their own account."""

import pytest
from django.test import Client

from sensorfusion.sensors.models import Site
from sensorfusion.sensors.services import rotate_key
from tests.clients import NOW, client_of
from tests.conftest import Cast

OWN = "/api/v1/auth/audit/"


def of_site(site: Site) -> str:
    return f"/api/v1/sites/{site.uuid}/audit/"


@pytest.fixture(autouse=True)
def key(cast: Cast) -> str:
    return rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key.prefix


def test_an_owner_reads_what_others_did_at_the_site(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.owner)

    [entry] = client.get(of_site(cast.site)).json()["results"]

    assert entry.pop("id")
    assert entry.pop("at")
    assert entry == {
        "action": "key_made",
        "by": "editor@example.org",
        "subject": f"Orchard station: {key}…",
        "address": "command line",
    }


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404), (None, 401)])
def test_others_do_not_read_the_sites(client: Client, cast: Cast, key: str, who: str | None, status: int) -> None:
    if who:
        client.force_login(getattr(cast, who))

    answer = client.get(of_site(cast.site))

    assert answer.status_code == status
    assert key not in answer.text


def test_everybody_reads_what_they_did_themselves(client: Client, cast: Cast, key: str) -> None:
    for who, found in ((cast.editor, ["key_made"]), (cast.owner, []), (cast.outsider, [])):
        client.force_login(who)
        assert [entry["action"] for entry in client.get(OWN).json()["results"]] == found
    client.logout()
    assert client.get(OWN).status_code == 401


def test_sign_ins_are_not_shown_to_owners_of_the_site(client: Client, cast: Cast) -> None:
    caller = client_of(cast.member)
    assert [entry["action"] for entry in caller.get(OWN).json()["results"]] == ["token_made"]

    client.force_login(cast.owner)
    assert "member@example.org" not in client.get(of_site(cast.site)).text


def test_a_token_bound_to_a_site_reads_that_of_its_site_only(cast: Cast) -> None:
    caller = client_of(cast.owner, sites=[cast.site.pk])

    assert caller.get(of_site(cast.site)).status_code == 200
    assert caller.get(OWN).status_code == 403


def test_entries_come_by_pages_the_newest_first(client: Client, cast: Cast, key: str) -> None:
    newer = rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key.prefix
    client.force_login(cast.owner)

    first, second = (client.get(of_site(cast.site), {"page": page, "page_size": 1}).json() for page in (1, 2))

    assert first["count"] == 2
    assert newer in first["results"][0]["subject"]
    assert key in second["results"][0]["subject"]
