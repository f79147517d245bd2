"""The operators with what each has; the whole audit log."""

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.administration.operators import operators
from sensorfusion.administration.pages import ON_A_PAGE
from sensorfusion.sensors.services import rotate_key
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_each_has_sites_tokens_and_perhaps_a_second_factor(cast: Cast, now: datetime) -> None:
    for life in (timedelta(days=1), timedelta(days=2)):
        issue_token(operator=cast.owner, label="", now=now, life=life)
    issue_token(operator=cast.owner, label="", now=now - timedelta(days=9), life=timedelta(days=1))
    Authenticator.objects.create(user=cast.owner, type="totp", data={})

    found = {each.email.partition("@")[0]: each for each in operators(search="", now=now)}

    shown = {
        name: (each.sites_owned, each.sites_seen, each.tokens_valid, each.has_factor)  # type: ignore[attr-defined]  # annotated
        for name, each in found.items()
    }
    assert shown == {
        "owner": (1, 1, 2, True),
        "editor": (0, 1, 0, False),
        "member": (0, 1, 0, False),
        "outsider": (1, 1, 0, False),
    }


@pytest.mark.parametrize(("search", "found"), [("OWNER@", ["owner"]), ("emb", ["member"]), ("%", []), ("nobody", [])])
def test_a_part_of_name_or_address_finds_them(cast: Cast, now: datetime, search: str, found: list[str]) -> None:
    assert [each.email.partition("@")[0] for each in operators(search=search, now=now)] == found


def test_the_page_shows_them_in_pages(cast: Cast, administrator: Client) -> None:
    Operator.objects.bulk_create(
        Operator(email=f"p{number}@example.org", email_key=f"p{number}@example.org", password="!")
        for number in range(ON_A_PAGE)
    )

    first, last = (administrator.get("/administration/operators/", {"page": page}).text for page in (1, 2))
    some = administrator.get("/administration/operators/", {"search": "p1"}).text

    assert first.count("no second factor") == ON_A_PAGE
    assert last.count("no second factor") == 4
    assert "owner@example.org" in last
    assert 'href="?search=&amp;page=2"' in first
    assert some.count("no second factor") == 11


def test_the_audit_log_is_that_of_everyone_and_can_be_searched(
    cast: Cast, administrator: Client, now: datetime
) -> None:
    rotate_key(by=cast.editor, sensor=cast.sensor, now=now)
    issue_token(operator=cast.owner, label="weather script", now=now)

    def shown(**query: str) -> tuple[bool, bool]:
        text = administrator.get("/administration/audit/", query).text
        return "Orchard station: " in text, "weather script" in text

    assert shown() == (True, True)
    assert shown(search="editor@") == (True, False)
    assert shown(search="orchard") == (True, False)  # the site
    assert shown(action="token_made") == (False, True)
    assert shown(action="no_such_action") == (True, True)
    assert shown(action="token_made", search="orchard") == (False, False)
