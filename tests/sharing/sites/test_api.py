"""Shared pages of sites by the API: what is made, changed, refused and ended, and by whom."""

from typing import Any

import pytest
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from sensorfusion.sharing.models import SiteShare
from tests.clients import client_of
from tests.conftest import Cast
from tests.sharing.sites.conftest import Make


def ask(operator: Operator, method: str, path: str = "", body: Any = None) -> Any:
    return getattr(client_of(operator), method)(f"/api/v1/site-shares/{path}", body)


def fields(cast: Cast, **more: Any) -> dict[str, Any]:
    sensors = [{"sensor": str(cast.sensor.uuid), "name": "Garden", "quantities": ["temperature"]}]
    return {"site": str(cast.site.uuid), "name": "North Road", "sensors": sensors, **more}


@pytest.fixture
def private(make: Make) -> None:
    """Readings, and no page yet."""
    make()
    SiteShare.objects.all().delete()


@pytest.mark.usefixtures("private")
def test_a_site_is_shared_changed_and_made_private(cast: Cast) -> None:
    told = ask(cast.editor, "post", "", fields(cast, password="open, sesame", place="wide")).json()
    path = told.pop("url").removeprefix("http://testserver")

    assert "A shared page" in Client().get(path).content.decode()
    assert (told["has_password"], told["slug"], told["place"], told["is_open"]) == (True, None, "wide", True)
    assert told["sensors"] == fields(cast)["sensors"]
    assert ask(cast.owner, "get").json()["results"] == [told]

    changed = ask(cast.owner, "patch", f"{told['id']}/", {"slug": "north-road", "password": ""}).json()
    assert (changed["slug"], changed["has_password"], changed["made_by"]["name"]) == ("north-road", False, "Owner")
    assert changed["sensors"] == told["sensors"]
    assert "12.5" in Client().get("/p/north-road/").content.decode()

    assert ask(cast.owner, "delete", f"{told['id']}/").status_code == 204
    assert Client().get("/p/north-road/").status_code == 404


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"sensors": []}, 400, "sensors"),
        ({"slug": "Not a slug"}, 400, "small letters"),
        ({"slug": "x", "password": "open, sesame"}, 400, "no password"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, 400, "future"),
    ],
)
@pytest.mark.usefixtures("private")
def test_what_cannot_be_shared_is_refused(cast: Cast, more: dict[str, Any], status: int, said: str) -> None:
    answer = ask(cast.owner, "post", "", fields(cast, **more))

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not SiteShare.objects.exists()


@pytest.mark.usefixtures("private")
def test_sensors_of_others_and_unknown_quantities_are_refused(cast: Cast) -> None:
    for sensor, quantity in ((cast.other_sensor, "temperature"), (cast.sensor, "temprature")):
        sensors = [{"sensor": str(sensor.uuid), "quantities": [quantity]}]
        assert ask(cast.owner, "post", "", fields(cast, sensors=sensors)).status_code == 400

    Sensor.objects.filter(pk=cast.other_sensor.pk).update(site=cast.site)
    answer = ask(cast.outsider, "post", "", fields(cast))
    assert answer.status_code == 400
    assert "site" in answer.json()["fields"]


def test_a_site_has_one_page(cast: Cast, make: Make) -> None:
    make()

    assert ask(cast.owner, "post", "", fields(cast)).status_code == 409


def test_viewers_and_outsiders_see_no_pages(cast: Cast, make: Make) -> None:
    page = make()

    for operator, status in ((cast.member, 403), (cast.outsider, 404)):
        assert ask(operator, "get").json()["results"] == []
        for method in ("get", "patch", "delete"):
            assert ask(operator, method, f"{page.uuid}/", {}).status_code == status
