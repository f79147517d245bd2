"""Editors share a site by a form that works without JavaScript, and read there what visitors see."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.services import Part, Shown, share_site
from tests.conftest import Cast
from tests.sharing.sites.conftest import Make, now
from tests.storing import store


def posted(cast: Cast, **more: Any) -> dict[str, Any]:
    uuid = cast.sensor.uuid
    given = {"visibility": "link", "name": "North Road", "history": "24h", "grid": "0"}
    return {**given, f"name-{uuid}": "Garden", f"show-{uuid}": ["temperature"], **more}


def test_a_site_is_shared_by_the_form(client: Client, cast: Cast, make: Make) -> None:
    make()
    SiteShare.objects.all().delete()
    client.force_login(cast.editor)
    address = f"/sites/{cast.site.uuid}/sharing/"
    assert "The site is private" in client.get(address).content.decode()

    assert client.post(address, posted(cast)).status_code == 302
    shown = client.get(address).content.decode()

    assert "Anybody who has the link sees 1 quantity of 1 sensor, the last 24 hours and no place." in shown
    assert "Not shown: <bdi>Secret Quince cellar</bdi>" in shown
    assert "QR code" in shown
    page = SiteShare.objects.get()
    assert [(part.name, part.quantities) for part in page.parts.all()] == [("Garden", ["temperature"])]

    client.post(address, posted(cast, visibility="public", slug="north-road", grid="100"))
    shown = client.get(address).content.decode()
    assert "Everybody, search engines too, sees 1 quantity of 1 sensor" in shown
    assert "/p/north-road/" in shown

    assert client.post(f"{address}end/").status_code == 302
    assert not SiteShare.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"visibility": "public"}, "Write the address of the public page."),
        ({"visibility": "public", "slug": "North Road"}, "Write small letters, digits and hyphens"),
        ({"visibility": "public", "slug": "taken"}, "Another page has this address."),
        ({"visibility": "public", "slug": "x", "password": "open, sesame"}, "A public page has no password."),
        ({"expires": "2001-01-01T00:00"}, "Write a time in the future."),
        ({"name": "a\nb"}, "Write one line"),
    ],
)
def test_what_cannot_be_shared_is_said_at_its_field(
    client: Client, cast: Cast, make: Make, given: dict[str, str], said: str
) -> None:
    make()
    store(cast.other_sensor, [(now(), {"temperature": 1.0})])
    taken = Shown("Other", [Part(cast.other_sensor, "Other", ["temperature"])], slug="taken")
    share_site(by=cast.outsider, site=cast.other_site, shown=taken, now=now())
    client.force_login(cast.owner)

    answer = client.post(f"/sites/{cast.site.uuid}/sharing/", posted(cast, **given))

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert SiteShare.objects.get(site=cast.site).slug is None


def test_nothing_chosen_is_refused(client: Client, cast: Cast, make: Make) -> None:
    make()
    client.force_login(cast.owner)

    answer = client.post(f"/sites/{cast.site.uuid}/sharing/", posted(cast, **{f"show-{cast.sensor.uuid}": []}))

    assert answer.status_code == 400
    assert "Choose at least one quantity of a sensor." in answer.content.decode()


def test_a_sensor_that_is_added_later_is_not_shown_by_itself(client: Client, cast: Cast, make: Make) -> None:
    page = make()
    added = Sensor.objects.create(site=cast.site, name="Attic", status=Status.ACTIVE)
    store(added, [(now(), {"temperature": 30.0})])
    client.force_login(cast.owner)

    shown = client.get(f"/sites/{cast.site.uuid}/sharing/").content.decode()

    assert "<bdi>Attic</bdi>" in shown
    assert f'name="show-{added.uuid}"' in shown
    assert page.parts.count() == 1


def test_viewers_are_not_told(client: Client, cast: Cast, make: Make) -> None:
    make()
    client.force_login(cast.member)

    assert client.get(f"/sites/{cast.site.uuid}/sharing/").status_code == 403
