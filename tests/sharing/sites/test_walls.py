"""The page of a site on a wall: its sensors in turns, with nothing but what the page shows of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from sensorfusion.accounts.models import Membership
from sensorfusion.sensors.models import Sensor, Status
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.queries import link_of
from sensorfusion.sharing.sites.services import Part, end_page
from tests.conftest import Cast
from tests.reports.kiosk.test_walls import of
from tests.sharing.sites.conftest import SPARE, Make, now
from tests.storing import store


@pytest.fixture
def shed(cast: Cast) -> Sensor:
    made = Sensor.objects.create(site=cast.site, name=f"{SPARE} shed", status=Status.ACTIVE)
    store(made, [(now() - timedelta(minutes=2 - each), {"temperature": 3.5, "co2": 420}) for each in range(2)])
    return made


def page_of_two(cast: Cast, make: Make, shed: Sensor) -> SiteShare:
    parts = [Part(cast.sensor, "Garden", ["temperature", "humidity"]), Part(shed, "Shed", ["temperature"])]
    return make(parts=parts, slug="north-road")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    found = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert found
    return " ".join(found[0].split())


def test_its_sensors_follow_one_another_and_begin_again(client: Client, cast: Cast, make: Make, shed: Sensor) -> None:
    page_of_two(cast, make, shed)
    seen, path = [], "?kiosk=1&every=60"
    for _ in range(3):
        html = shown(client, f"/p/north-road/{path}")
        seen.append(re.findall(r"<h1><bdi>(.*?)</bdi>", html)[0])
        assert of(html, "every") == "60"
        assert of(html, "leave") == "/p/north-road/"
        assert of(html, "live") == "live/?units=metric"
        path = of(html, "next")

    assert seen == ["Garden", "Shed", "Garden"]


def test_a_slide_shows_the_chosen_and_of_nothing_else_a_trace(
    client: Client, cast: Cast, make: Make, shed: Sensor
) -> None:
    page_of_two(cast, make, shed)
    first = client.get("/p/north-road/?kiosk=1")
    second = client.get(f"/p/north-road/{of(first.content.decode(), 'next')}")

    assert "12.5" in first.content.decode()
    assert "3.5" in second.content.decode()
    for answer in (first, second):
        told = answer.content.decode() + str(answer.headers)
        assert SPARE not in told
        # Whole words: tokens and names of files may hold any three digits.
        hidden = ("271", "Pressure", "420", str(shed.uuid), str(cast.sensor.uuid))
        assert not any(re.search(rf"\b{each}\b", told) for each in hidden)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_sensor_of_another_page_is_not_shown(client: Client, cast: Cast, make: Make, shed: Sensor) -> None:
    page_of_two(cast, make, shed)

    for asked in (cast.other_sensor.uuid, shed.uuid, "nonsense"):
        assert "<h1><bdi>Garden</bdi>" in shown(client, f"/p/north-road/?kiosk=1&at={asked}")


@pytest.mark.parametrize("ending", ["ended", "member removed"])
def test_it_ends_with_the_page(client: Client, cast: Cast, make: Make, ending: str) -> None:
    page = make(by=cast.editor)
    address = f"/p/{link_of(page)}/?kiosk=1"
    assert client.get(address).status_code == 200

    if ending == "ended":
        end_page(by=cast.owner, page=page)
    else:
        Membership.objects.filter(operator=cast.editor).delete()

    assert client.get(address).status_code == 404


def test_a_page_with_a_password_asks_for_it(client: Client, make: Make) -> None:
    html = client.get(f"/p/{link_of(make(password='open, sesame seed'))}/?kiosk=1").content.decode()

    assert "12.5" not in html
    assert "Password" in html


def test_a_page_that_shows_no_sensor_says_so(client: Client, cast: Cast, make: Make) -> None:
    page = make()
    Sensor.objects.filter(pk=cast.sensor.pk).update(site=cast.other_site)

    assert "Nothing is shown at present" in client.get(f"/p/{link_of(page)}/?kiosk=1").content.decode()
