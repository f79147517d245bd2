"""The front page shows public pages only, and only when the operator of the server wants one."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.sharing.models import Grid
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site
from tests.conftest import Cast
from tests.sharing.sites.conftest import SPARE, Make, now
from tests.storing import store


@pytest.fixture
def public(settings: Settings) -> None:
    settings.FRONT_PAGE = "public"


def publish(cast: Cast, number: int) -> None:
    """Make a public site with a sensor."""
    site = Site.objects.create(name=f"Site {number}", time_zone="Europe/Warsaw", latitude=number % 80, longitude=number)
    Membership.objects.create(operator=cast.owner, site=site, role=Role.OWNER)
    sensor = Sensor.objects.create(site=site, name="Roof", status=Status.ACTIVE)
    store(sensor, [(now() - timedelta(minutes=2 - minute), {"temperature": 20.5}) for minute in range(2)])
    shown = Shown(f"Station {number}", [Part(sensor, "Roof", ["temperature"])], slug=f"s-{number}", grid=Grid.NARROW)
    share_site(by=cast.owner, site=site, shown=shown, now=now())


def test_without_the_setting_people_are_asked_to_sign_in(client: Client, make: Make) -> None:
    make(slug="north-road")

    assert client.get("/").headers["Location"].startswith("/sign-in/")
    assert "North Road" not in client.get("/sign-in/").content.decode()


@pytest.mark.usefixtures("public")
def test_public_pages_are_listed_with_their_values(client: Client, make: Make) -> None:
    make(slug="north-road", about="A garden at the edge of town")

    shown = client.get("/").content.decode()

    assert 'href="/p/north-road/"' in shown
    assert "A garden at the edge of town" in shown
    assert "<b>12.5</b>" in shown
    assert '<svg class="map' in shown
    assert SPARE not in shown
    assert "noindex" not in shown
    assert "Sign in" in shown
    assert "12.5" in client.get("/sign-in/").content.decode()


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("why", ["by link", "ended", "member removed"])
def test_pages_that_are_not_public_now_are_not_there(client: Client, cast: Cast, make: Make, why: str) -> None:
    page = make(slug=None if why == "by link" else "north-road", by=cast.editor)
    if why == "ended":
        end_page(by=cast.owner, page=page)
    if why == "member removed":
        Membership.objects.filter(operator=cast.editor).delete()

    for address in ("/", "/sign-in/"):
        shown = client.get(address).content.decode()
        assert "North Road" not in shown
        assert "Garden" not in shown
        assert "12.5" not in shown
    assert "None is shown at present" in client.get("/").content.decode()


@pytest.mark.usefixtures("public")
def test_operators_have_their_overview(client: Client, cast: Cast, make: Make) -> None:
    make(slug="north-road")
    client.force_login(cast.outsider)

    shown = client.get("/").content.decode()

    assert "Harbour" in shown
    assert "North Road" not in shown


@pytest.mark.usefixtures("public")
def test_a_hidden_place_is_not_on_the_map(client: Client, make: Make) -> None:
    make(slug="north-road", grid=Grid.HIDDEN)

    shown = client.get("/").content.decode()

    assert '<svg class="map' not in shown
    assert "North Road" in shown


@pytest.mark.usefixtures("public")
def test_a_sensor_without_data_is_said_to_have_none(client: Client, cast: Cast, make: Make) -> None:
    make(slug="north-road")
    cast.sensor.state.observed_at = now() - timedelta(days=2)
    cast.sensor.state.save()

    shown = client.get("/").content.decode()

    assert "No data since" in shown
    assert "1 sensor at 1 site, reporting" not in shown
    assert "12.5" not in client.get("/sign-in/").content.decode(), "only live values"


@pytest.mark.usefixtures("public")
def test_statements_of_the_front_page_do_not_grow_with_the_sites(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        publish(cast, number)

    with django_assert_max_num_queries(10):
        shown = client.get("/").content.decode()

    assert shown.count('href="/p/') >= 40
