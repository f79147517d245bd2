"""The wall: one slide of what its reader may see, the address of the next, and what it shows by day and by night."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.reports.weather import observe

NOON: Final = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST: Final = NOON - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def get(operator: Operator | None, path: str) -> Any:
    client = Client()
    if operator:
        client.force_login(operator)
    return client.get(path)


def wall(operator: Operator, path: str) -> str:
    answer = get(operator, path)
    assert answer.status_code == 200
    found = re.search(r"<main.*</main>", answer.content.decode().replace("\u00a0", " "), re.DOTALL)
    assert found
    return " ".join(found[0].split())


def of(html: str, name: str) -> str:
    found = re.search(rf' data-{name}="([^"]*)"', html)
    assert found, name
    return found[1].replace("&amp;", "&")


def another(cast: Cast, name: str) -> Sensor:
    made = Sensor.objects.create(site=cast.site, name=name)
    observe(made, until=LAST, values={"temperature": 3})
    return made


def test_the_wall_of_a_sensor_has_its_number_and_tiles_and_nothing_of_the_frame(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12.5, "humidity": 61, "pressure": 1013.6})

    html = wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")

    for words in (cast.sensor.name, "12.0", "Humidity", "61", "1013.6", "Sunday 22 November"):
        assert words in html
    assert "Alerts" not in html
    assert of(html, "here") == of(html, "next") == "?kiosk=1"
    assert of(html, "leave") == f"/sensors/{cast.sensor.uuid}/"


def test_slides_follow_one_another_through_all_sensors_and_begin_again(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12})
    others = [another(cast, name) for name in ("Zebra", "Aardvark")]
    seen, path = [], "/?kiosk=1&every=60"
    for _ in range(4):
        html = wall(cast.owner, path)
        seen.append(of(html, "sensor"))
        assert of(html, "every") == "60"
        path = f"/{of(html, 'next')}"

    assert sorted(seen[:3]) == sorted(str(each.uuid) for each in (cast.sensor, *others))
    assert seen[3] == seen[0]


def test_the_wall_of_a_site_has_no_sensor_of_another(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12})
    far = Site.objects.create(name="A far site")
    far.memberships.create(operator=cast.owner, role="owner")
    elsewhere = Sensor.objects.create(site=far, name="Elsewhere")

    html = wall(cast.owner, f"/?kiosk=1&site={cast.site.uuid}&at={elsewhere.uuid}")

    assert of(html, "sensor") == str(cast.sensor.uuid)
    assert of(html, "here") == of(html, "next") == f"?kiosk=1&site={cast.site.uuid}"


def test_a_stranger_is_sent_to_sign_in_and_an_outsider_sees_nothing(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12})
    path = f"/sensors/{cast.sensor.uuid}/?kiosk=1"

    assert get(None, path).status_code == get(None, "/?kiosk=1").status_code == 302
    assert get(cast.outsider, path).status_code == 404
    assert cast.sensor.name not in get(cast.outsider, f"/?kiosk=1&at={cast.sensor.uuid}").content.decode()


@pytest.mark.parametrize(
    ("asked", "given"),
    [("", "20"), ("7", "7"), ("1", "5"), ("99999", "3600"), ("x", "20"), ("-3", "20"), ("1e9", "20")],
)
def test_the_interval_of_the_address_has_bounds(cast: Cast, asked: str, given: str) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12})

    assert of(wall(cast.owner, f"/?kiosk=1&every={asked}"), "every") == given


@pytest.mark.parametrize(("hour", "is_dim"), [(3, True), (5, True), (6, False), (12, False), (21, False), (22, True)])
def test_without_a_place_the_clock_of_the_site_dims_it(cast: Cast, hour: int, is_dim: bool) -> None:
    Site.objects.filter(pk=cast.site.pk).update(time_zone="UTC", latitude=None, longitude=None)
    Sensor.objects.filter(pk=cast.sensor.pk).update(latitude=None, longitude=None)
    at = NOON.replace(hour=hour, minute=0)
    with time_machine.travel(at, tick=False):
        observe(cast.sensor, until=at - timedelta(minutes=1), values={"temperature": 12})
        assert ("data-night" in wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")) == is_dim


@pytest.mark.parametrize(("hour", "is_dim"), [(4, False), (11, False), (18, True)])
def test_with_a_place_the_sun_dims_it_whatever_the_clock_says(cast: Cast, hour: int, is_dim: bool) -> None:
    """In Kathmandu the sun of November rises at 0:40 UTC and sets at 11:25, behind a clock that is set to UTC."""
    Site.objects.filter(pk=cast.site.pk).update(time_zone="UTC", latitude=27.7, longitude=85.3)
    at = NOON.replace(hour=hour, minute=0)
    with time_machine.travel(at, tick=False):
        observe(cast.sensor, until=at - timedelta(minutes=1), values={"temperature": 12})
        assert ("data-night" in wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")) == is_dim


def test_a_silent_sensor_says_since_when_and_compares_itself_with_nothing(cast: Cast) -> None:
    observe(cast.sensor, until=NOON - timedelta(hours=5), values={"temperature": 12})

    html = wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")

    assert "No data since" in html
    assert "yesterday" not in html
    assert of(html, "state") == "offline"


def test_a_sensor_that_never_sent_waits(cast: Cast) -> None:
    assert "Waiting for the first reading" in wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")


def test_a_door_shows_its_word_and_its_day(cast: Cast) -> None:
    Sensor.objects.filter(pk=cast.sensor.pk).update(kind="contact")
    observe(cast.sensor, until=LAST, values={"door_open": True})

    html = wall(cast.owner, f"/sensors/{cast.sensor.uuid}/?kiosk=1")

    assert "k-strip" in html
    assert ">open<" in html


def test_a_wall_costs_as_many_queries_however_many_sensors_there_are(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    observe(cast.sensor, until=LAST, values={"temperature": 12.5, "humidity": 61})
    for number in range(5):
        another(cast, f"Probe {number}")
    client = Client()
    client.force_login(cast.owner)

    with django_assert_max_num_queries(24):
        client.get("/?kiosk=1")
