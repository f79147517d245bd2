"""The reader's theme and units, from this browser and from the account."""

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "shown"), [("dark", "dark"), ("light", "light"), ("", "auto"), ('"><b>', "auto")])
def test_the_theme_is_rendered_by_the_server(client: Client, cookie: str, shown: str) -> None:
    client.cookies["theme"] = cookie

    assert f'data-theme="{shown}"' in client.get("/sign-in/").content.decode()


def test_units_are_the_account_s_until_this_browser_chooses_others(client: Client, cast: Cast) -> None:
    cast.owner.units = "us"
    cast.owner.save(update_fields=["units"])
    client.force_login(cast.owner)
    before = client.get("/account/").content.decode()

    client.cookies["units"] = "uk"

    assert 'data-units="us"' in before
    assert 'data-units="uk"' in client.get("/account/").content.decode()


@pytest.mark.django_db
def test_units_that_do_not_exist_are_metric(client: Client) -> None:
    client.cookies["units"] = "furlongs"

    assert 'data-units="metric"' in client.get("/sign-in/").content.decode()


def test_buttons_list_what_they_choose_from_for_the_scripts(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    page = client.get("/account/").content.decode()

    assert 'data-action="theme" data-choices="auto light dark"' in page
    assert 'data-action="units" data-choices="metric uk us scientific"' in page
