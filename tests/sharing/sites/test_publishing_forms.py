"""An editor makes a sensor public on the page of its links, which says what everybody sees of it."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import SiteShare
from tests.conftest import Cast
from tests.sharing.sites.conftest import Make

POSTED = {"name": "Garden", "quantities": ["temperature"], "slug": "garden", "grid": "10"}


def address(sensor: Sensor, page: str) -> str:
    return f"/sensors/{sensor.uuid}/{page}/"


@pytest.fixture
def read(client: Client) -> Any:
    def text(sensor: Sensor) -> str:
        return client.get(address(sensor, "shares")).content.decode()

    return text


@pytest.fixture
def private(client: Client, cast: Cast, make: Make) -> None:
    make()
    SiteShare.objects.all().delete()
    Sensor.objects.filter(pk=cast.sensor.pk).update(latitude=52.2, longitude=21.0)
    client.force_login(cast.editor)


@pytest.mark.usefixtures("private")
def test_a_sensor_is_made_public_and_private_again(client: Client, cast: Cast, read: Any) -> None:
    assert "Make public" in read(cast.sensor)

    assert client.post(address(cast.sensor, "public"), POSTED).status_code == 302

    text = read(cast.sensor)
    assert "Everybody, search engines too, sees as “Garden”, live: Temperature; " in text
    assert "the last 24 hours; the place to about 10 km." in text
    assert "http://testserver/p/garden/" in text
    assert "Make public" not in text
    assert Client().get("/p/garden/").status_code == 200

    assert client.post(address(cast.sensor, "public/end")).status_code == 302
    assert "Make public" in read(cast.sensor)
    assert Client().get("/p/garden/").status_code == 404


@pytest.mark.usefixtures("private")
def test_a_sensor_without_a_place_is_not_said_to_show_one(client: Client, cast: Cast, read: Any) -> None:
    for thing in (cast.sensor, cast.site):
        type(thing).objects.filter(pk=thing.pk).update(latitude=None, longitude=None)

    client.post(address(cast.sensor, "public"), POSTED)

    assert "the last 24 hours; no place." in read(cast.sensor)


@pytest.mark.usefixtures("private")
def test_the_address_that_is_offered_is_free(client: Client, cast: Cast, read: Any, hidden: Sensor) -> None:
    Sensor.objects.filter(pk=cast.other_sensor.pk).update(name="Garden")
    cast.other_sensor.refresh_from_db()
    assert 'value="secret-quince-mast"' in read(cast.sensor)
    client.post(address(cast.sensor, "public"), {**POSTED, "slug": "garden"})
    client.force_login(cast.outsider)

    assert 'value="garden-2"' in read(cast.other_sensor)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantities": []}, "quantities"),
        ({"quantities": ["wind_speed"]}, "quantities"),
        ({"name": ""}, "name"),
        ({"slug": "North Road"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"grid": "1"}, "grid"),
    ],
)
@pytest.mark.usefixtures("private")
def test_what_is_wrong_is_said_and_makes_nothing_public(
    client: Client, cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    answer = client.post(address(cast.sensor, "public"), {**POSTED, **wrong})

    assert answer.status_code == 400
    assert f"public_{field}_error" in answer.content.decode()
    assert not SiteShare.objects.exists()


def test_a_sensor_is_added_to_the_public_page(
    client: Client, cast: Cast, make: Make, read: Any, hidden: Sensor
) -> None:
    make(slug="road", history="7d")
    client.force_login(cast.owner)
    text = read(hidden)
    assert "It is added to the page" in text
    assert "the last 7 days" in text
    assert 'name="slug"' not in text

    client.post(address(hidden, "public"), {"name": "Cellar", "quantities": ["temperature"]})

    assert {part.name for part in SiteShare.objects.get().parts.all()} == {"Garden", "Cellar"}
    assert "sees as “Cellar”, live: Temperature; the last 7 days; " in read(hidden)


def test_a_form_that_was_read_before_the_page_was_made_is_shown_again(
    client: Client, cast: Cast, make: Make, hidden: Sensor
) -> None:
    make(slug="road")
    client.force_login(cast.owner)

    answer = client.post(address(hidden, "public"), {**POSTED, "grid": "0"})

    assert answer.status_code == 400
    assert "The site has a page by now." in answer.content.decode()
    assert SiteShare.objects.get().parts.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "The site has a page by link."),
        ({"password": "open, sesame"}, "The site has a page by link, with a password."),
    ],
)
def test_a_site_with_a_page_by_link_leads_to_its_sharing(
    client: Client, cast: Cast, make: Make, read: Any, more: dict[str, str], said: str
) -> None:
    make(**more)
    client.force_login(cast.owner)

    text = read(cast.sensor)

    assert said in text
    assert "Make public" not in text
    assert f'<a class="button" href="/sites/{cast.site.uuid}/sharing/">' in text
    answer = client.post(address(cast.sensor, "public"), {"name": "Garden", "quantities": ["temperature"]})
    assert answer.status_code == 400
    assert "The site has a page that is not public." in answer.content.decode()
    assert client.post(address(cast.sensor, "public/end"), follow=True).content.decode().count("no public page now")
    assert SiteShare.objects.get().slug is None


@pytest.mark.parametrize(("who", "status"), [("owner", 302), ("editor", 302), ("member", 403), ("outsider", 404)])
@pytest.mark.usefixtures("private")
def test_who_makes_a_sensor_public(client: Client, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))

    assert client.post(address(cast.sensor, "public"), POSTED).status_code == status
    assert SiteShare.objects.exists() == (status == 302)
    assert client.post(address(cast.sensor, "public/end")).status_code == status
