"""The pages of the audit log: an owner's of a site, and everybody's own."""

import pytest
from django.test import Client

from sensorfusion.accounts.audit.pages import ON_A_PAGE
from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.services import rotate_key
from tests.clients import NOW
from tests.conftest import Cast


def of_site(site: Site) -> str:
    return f"/sites/{site.uuid}/audit/"


def test_an_owner_gets_there_from_the_sites_settings(client: Client, cast: Cast) -> None:
    key = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key
    client.force_login(cast.owner)

    assert f'href="{of_site(cast.site)}"' in client.get(f"/sites/{cast.site.uuid}/settings/").text
    page = client.get(of_site(cast.site)).text

    for shown in ("Key made", f"Orchard station: {key}", "editor@example.org", "command line", "Europe/Warsaw"):
        assert shown in page


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("member", 403), ("outsider", 404)])
def test_others_do_not(client: Client, cast: Cast, who: str, status: int) -> None:
    rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW)
    client.force_login(getattr(cast, who))

    answer = client.get(of_site(cast.site))

    assert answer.status_code == status
    assert "Key made" not in answer.text
    assert of_site(cast.site) not in client.get("/account/").text


def test_everybody_sees_what_they_did_themselves(client: Client, cast: Cast) -> None:
    issue_token(operator=cast.owner, label="weather script", now=NOW)

    for who, is_shown in ((cast.owner, True), (cast.member, False)):
        client.force_login(who)
        assert 'href="/account/audit/"' in client.get("/account/").text
        assert ("weather script" in client.get("/account/audit/").text) == is_shown


def test_older_entries_are_on_the_next_page(client: Client, cast: Cast) -> None:
    for _ in range(ON_A_PAGE + 1):
        issue_token(operator=cast.owner, label="script", now=NOW)
    client.force_login(cast.owner)

    first, last = (client.get("/account/audit/", {"page": page}).text for page in ("1", "2"))

    assert (first.count("API token made"), last.count("API token made")) == (ON_A_PAGE, 1)
    assert 'href="?page=2"' in first
    assert 'href="?page=1"' in last
