"""The reader's theme and units, from this browser and from the account."""

from itertools import product
from typing import Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from sensorfusion.web.context import unit_groups, unit_menu
from sensorfusion.web.values.display import NBSP
from sensorfusion.web.values.systems import normalised
from tests.conftest import Cast

CHOSEN: Final = [("units", "us"), ("clock", "12")]


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


def test_the_button_lists_the_themes_for_the_scripts(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    assert 'data-action="theme" data-choices="auto light dark"' in client.get("/account/").content.decode()


def test_the_menu_shows_what_each_choice_looks_like() -> None:
    assert [each.sample.replace(NBSP, " ") for each in unit_menu("metric", "en")] == [
        "12.4 °C · 3.2 m/s · 1013.2 hPa",
        "12.4 °C · 7 mph · 1013.2 hPa",
        "54 °F · 7 mph · 29.92 inHg",
        "285.5 K · 3.2 m/s · 101,320 Pa",
    ]
    own = unit_menu("metric-kn", "en")[0]
    assert (own.label, own.sample.replace(NBSP, " ")) == ("Metric, changed", "12.4 °C · 6 kn · 1013.2 hPa")


def test_a_choice_in_the_menu_is_stored_with_the_account_and_leads_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)
    client.cookies["units"], client.cookies["clock"] = "uk", "24"

    answers = [client.post("/account/choices/", {name: value, "next": "/sensors/?x=1"}) for name, value in CHOSEN]

    assert [each["Location"] for each in answers] == ["/sensors/?x=1"] * 2
    page = Client()
    page.force_login(cast.owner)
    assert 'data-units="us" data-clock="12"' in page.get("/account/").content.decode()
    assert 'data-units="us" data-clock="12"' in client.get("/account/").content.decode()


@pytest.mark.parametrize("given", [{"units": "furlongs"}, {"clock": "13"}, {"units": ""}, {}, {"week_begins": "never"}])
def test_what_the_menu_does_not_have_changes_nothing(client: Client, cast: Cast, given: dict[str, str]) -> None:
    client.force_login(cast.owner)

    answer = client.post("/account/choices/", {**given, "next": "https://example.org/"})

    cast.owner.refresh_from_db()
    assert (cast.owner.shown_units, cast.owner.clock, cast.owner.week_begins) == ("metric", "24", "monday")
    assert answer["Location"] == "/"


def test_units_that_a_reader_put_together_are_stored_with_the_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    client.post("/account/profile/", {"name": "Ada", "units": "metric", "wind": "kn", "pressure": "hpa"})

    cast.owner.refresh_from_db()
    assert cast.owner.shown_units == "metric-kn"
    page = client.get("/account/").content.decode()
    assert 'data-units="metric-kn"' in page
    assert '<option value="kn" selected>' in page
    client.post("/account/choices/", {"units": "metric-kn"})
    cast.owner.refresh_from_db()
    assert cast.owner.shown_units == "metric-kn"


def test_single_units_stay_when_a_form_without_them_is_sent(client: Client, cast: Cast) -> None:
    cast.owner.single_units = ["kn"]
    cast.owner.save()
    client.force_login(cast.owner)

    client.post("/account/profile/", {"name": "Ada", "units": "us"})

    cast.owner.refresh_from_db()
    assert (cast.owner.name, cast.owner.shown_units) == ("Ada", "us-kn")


def menu(reader: object, units: str) -> str:
    request = RequestFactory().get("/")
    request.user, request.COOKIES["units"] = reader, units  # type: ignore[assignment]
    return " ".join(render_to_string("web/choices.html", request=request).split()).replace(NBSP, " ")


def test_a_reader_without_an_account_chooses_single_units_in_the_menu(cast: Cast) -> None:
    page = menu(AnonymousUser(), "us-bft")

    assert '<option value="bft" selected>4 Bft</option>' in page
    assert '<option value="f" selected>54 °F</option>' in page
    assert '<button type="submit" name="units" value="us"><span><b>Use these</b></span></button>' in page
    assert "<select" not in menu(cast.owner, "us-bft")  # an operator's are on the account's page


def test_what_the_menu_puts_together_is_understood_in_any_combination() -> None:
    groups = unit_groups("uk", "en")
    for picked in product(*([each.code for each in group.units] for group in groups)):
        units = normalised("-".join(["uk", *picked]))

        assert units is not None
        assert [group.chosen for group in unit_groups(units, "en")] == list(picked)
