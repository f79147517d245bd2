"""The administrators' pages are for administrators: others who signed in find nothing there."""

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.security.test_sight import ADDRESSES, ADMIN, PASSED, World, ask, signed_in, world

__all__ = ["world"]
PAGES = [route for route, methods in ADDRESSES.items() if set(methods.values()) == {ADMIN}]


def test_administrator_opens_every_page(world: World, administrator: Client) -> None:
    asked = [(route, method) for route in PAGES for method in ADDRESSES[route]]

    wrong = {each: status for each in asked if (status := ask(administrator, world, *each).status_code) not in PASSED}

    assert len(asked) > 10
    assert wrong == {}


@pytest.mark.parametrize("field", ["is_staff", "is_superuser"])
def test_half_an_administrator_finds_nothing(world: World, field: str) -> None:
    setattr(world.cast.outsider, field, True)
    world.cast.outsider.save()
    client = signed_in(world.cast.outsider)

    assert {ask(client, world, route, method).status_code for route in PAGES for method in ADDRESSES[route]} == {404}
    assert "/administration/" not in client.get("/").text


def test_pages_that_only_show_take_no_form(world: World, administrator: Client) -> None:
    only_shown = [route for route in PAGES if "POST" not in ADDRESSES[route]]

    assert {ask(administrator, world, route, "POST").status_code for route in only_shown} == {405}


def test_the_menu_leads_there(cast: Cast, administrator: Client) -> None:
    assert 'href="/administration/"' in administrator.get("/").text
    assert 'href="/administration/"' not in signed_in(cast.owner).get("/").text


def test_no_page_shows_a_value_of_a_site(world: World, administrator: Client) -> None:
    secret = [world.alert.note, world.delivery.webhook.url, "271.8"]  # subjects of the audit log apart
    for route in PAGES:
        if "GET" in ADDRESSES[route]:
            page = administrator.get(world.path(route)).text
            assert [one for one in secret if one in page] == [], route
