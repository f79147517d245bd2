"""What a token may do at each address of the API: its scope, and the sites that it is bound to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from sensorfusion.accounts.models import ApiToken, Operator, TokenScope
from sensorfusion.accounts.queries import token_for
from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.services import create_site
from tests.clients import client_of
from tests.conftest import Cast
from tests.security.test_sight import EDIT, OWNER, PUBLIC, World, ask, everywhere, world

__all__ = ["world"]
SAFE = ("GET", "HEAD")
# Of the operator's own account, and of members: beside the addresses that are for owners of a site.
ADMINISTERED = {
    ("api/v1/auth/password/", "POST"),
    ("api/v1/auth/me/", "PATCH"),
    ("api/v1/auth/me/", "DELETE"),
    ("api/v1/auth/me/archive/", "GET"),
    ("api/v1/auth/audit/", "GET"),
    ("api/v1/auth/tokens/", "GET"),
    ("api/v1/auth/tokens/", "POST"),
    ("api/v1/auth/tokens/<int:pk>/", "DELETE"),
    ("api/v1/sites/<uuid:uuid>/members/", "GET"),
    ("api/v1/invitations/", "GET"),
    ("api/v1/webhooks/", "GET"),
    ("api/v1/webhooks/", "POST"),
    ("api/v1/invitations/<uuid:uuid>/accept/", "POST"),
    ("api/v1/invitations/<uuid:uuid>/decline/", "POST"),
    ("api/v1/sensor-offers/", "GET"),
    ("api/v1/sensor-offers/<uuid:offer>/accept/", "POST"),
    ("api/v1/sensor-offers/<uuid:offer>/decline/", "POST"),
}


def needed(route: str, method: str, kind: str) -> TokenScope:
    if kind == OWNER or (route, method) in ADMINISTERED:
        return TokenScope.ADMINISTER
    return TokenScope.READ if method in SAFE and kind != EDIT else TokenScope.WRITE


def program(operator: Operator, scope: TokenScope, *sites: Site) -> Client:
    bound = [site.pk for site in sites] if sites else None
    issued = issue_token(operator=operator, label="", now=datetime.now(UTC), scope=scope, sites=bound)
    return Client(headers={"Authorization": f"Bearer {issued.text}"})


@pytest.mark.parametrize("scope", TokenScope)
def test_a_scope_opens_what_it_includes_at_every_address(world: World, scope: TokenScope) -> None:
    client, wrong = program(world.cast.owner, scope), {}
    for route, method, kind in everywhere():
        if route.startswith("api/v1/") and kind != PUBLIC:
            status = ask(client, world, route, method).status_code
            if (status != 403) != scope.includes(needed(route, method, kind)):
                wrong[route, method] = status

    assert wrong == {}


def test_a_token_that_is_bound_to_another_site_finds_nothing(world: World) -> None:
    elsewhere = create_site(by=world.cast.owner, now=datetime.now(UTC), name="Elsewhere")
    client = program(world.cast.owner, TokenScope.ADMINISTER, elsewhere)
    for route, method, kind in everywhere():
        if route.startswith("api/v1/s") and kind != PUBLIC and "<" in route:
            assert ask(client, world, route, method).status_code == 404, (method, route)
    secrets = world.secrets_of_the_site()
    for route in ("api/v1/sites/", "api/v1/sensors/"):
        assert [one for one in secrets if one in ask(client, world, route, "GET").text] == []


def test_rights_end_with_the_sites_of_a_token(cast: Cast) -> None:
    issued = issue_token(operator=cast.owner, label="", now=datetime.now(UTC), sites=[cast.site.pk])
    cast.site.delete()

    token = token_for(text=issued.text, now=datetime.now(UTC))

    assert token is not None
    create_site(by=cast.owner, now=datetime.now(UTC), name="Later")
    assert not queries.visible_sites(token.operator).exists()
    assert not queries.home_sites(token.operator).exists()


def test_a_token_makes_none_that_outlives_it_or_does_more(cast: Cast) -> None:
    short = client_of(cast.owner, life=timedelta(days=1), sites=[cast.site.pk])

    made = short.post("/api/v1/auth/tokens/", {"days": 3650})
    all_sites = ApiToken.objects.get(pk=made.json()["id"])

    assert made.status_code == 201
    assert all_sites.expires_at - datetime.now(UTC) <= timedelta(days=1)
    assert (all_sites.is_bound, list(all_sites.sites.all())) == (True, [cast.site])
    for scope in (TokenScope.READ, TokenScope.SEND, TokenScope.WRITE):
        narrow = client_of(cast.owner, scope=scope)
        assert narrow.post("/api/v1/auth/tokens/", {"scope": "administer"}).status_code == 403


def test_a_token_is_bound_to_sites_that_the_operator_sees(cast: Cast) -> None:
    client = client_of(cast.owner)

    theirs = client.post("/api/v1/auth/tokens/", {"sites": [str(cast.other_site.uuid)]})
    own = client.post("/api/v1/auth/tokens/", {"sites": [str(cast.site.uuid)], "scope": "send"})

    assert theirs.status_code == 400
    assert own.json()["sites"] == [str(cast.site.uuid)]
