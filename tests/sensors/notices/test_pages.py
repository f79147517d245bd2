"""Where notices are said: the report, the page of a sensor without readings, its start page, and the site's page."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.notices.models import Notice
from tests.conftest import Cast
from tests.storing import store

SECRET = "only for editors <b>"
CLOCK = "The device's clock is 9 hours ahead. Set the clock of the device, and its time zone."


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    Notice.objects.create(sensor=cast.sensor, code="not_understood", subject="em:0", detail=SECRET, count=3)
    Notice.objects.create(site=cast.site, code="unknown_sensor", subject="shelly/1 & 2", detail=SECRET)
    Notice.objects.create(site=cast.site, code="unknown_topic", subject="garden/7", detail=SECRET)


def page(client: Client, operator: Any, path: str) -> str:
    client.force_login(operator)
    answer = client.get(path)
    assert answer.status_code == 200, path
    html = answer.content.decode()
    assert SECRET not in html  # it is escaped
    return " ".join(unescape(html).split())


def paths(cast: Cast) -> list[str]:
    """The pages of a sensor without readings, of one with, and of its site."""
    return [f"/sensors/{cast.sensor.uuid}/", f"/sites/{cast.site.uuid}/settings/"]


@pytest.mark.parametrize("who", ["owner", "editor"])
@pytest.mark.parametrize("has_readings", [True, False])
def test_editors_read_them_on_every_page(client: Client, cast: Cast, who: str, has_readings: bool) -> None:
    if has_readings:
        store(cast.sensor, [(timezone.now(), {"temperature": 21.4})])

    for path in (*paths(cast), f"/sensors/{cast.sensor.uuid}/start/"):
        assert SECRET in page(client, getattr(cast, who), path), path


def test_viewers_and_outsiders_do_not(client: Client, cast: Cast) -> None:
    for has_readings in (False, True):
        if has_readings:
            store(cast.sensor, [(timezone.now(), {"temperature": 21.4})])
        for path in (*paths(cast), "/sensors/", "/"):
            assert SECRET not in page(client, cast.member, path), path
            client.force_login(cast.outsider)
            assert SECRET not in unescape(client.get(path).content.decode())


def test_a_viewer_is_not_told_that_nothing_arrived(client: Client, cast: Cast) -> None:
    html = page(client, cast.member, f"/sensors/{cast.sensor.uuid}/")

    assert "Its owner is told what to change." in html
    assert "Nothing has arrived" not in html


def test_a_clock_that_is_ahead_takes_the_place_of_waiting(client: Client, cast: Cast) -> None:
    Notice.objects.create(sensor=cast.sensor, code="clock_ahead", subject="observed_at", detail=CLOCK)

    for path in (f"/sensors/{cast.sensor.uuid}/", f"/sensors/{cast.sensor.uuid}/start/"):
        html = page(client, cast.owner, path)
        assert "Readings arrive, but the device's clock is 9 hours ahead" in html
        shown = html.partition("<main")[2].partition("</main>")[0]  # the switcher has the states of all sensors
        assert "Waiting for the first reading" not in shown
        assert "Listening for" not in shown


def test_the_overview_says_what_arrives_of_a_sensor_without_readings(client: Client, cast: Cast) -> None:
    assert "Messages arrive, but no reading can be made of them" in page(client, cast.editor, "/")
    html = page(client, cast.member, "/")
    assert "No reading can be shown yet" in html
    assert "Messages arrive" not in html
    assert "Waiting for the first reading" in page(client, cast.outsider, "/")


def test_without_notices_a_sensor_waits(client: Client, cast: Cast) -> None:
    Notice.objects.all().delete()

    assert "Waiting for the first reading" in page(client, cast.owner, f"/sensors/{cast.sensor.uuid}/")
    assert "Listening for Orchard station…" in page(client, cast.owner, f"/sensors/{cast.sensor.uuid}/start/")
    assert "Unknown devices and topics" not in page(client, cast.owner, f"/sites/{cast.site.uuid}/settings/")


def test_they_are_dismissed_on_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    address = f"/sensors/{cast.sensor.uuid}/"

    kept = client.post(f"{address}notices/clear/", {"code": "not_understood", "subject": "of another", "back": ""})
    assert (kept.status_code, kept["Location"]) == (302, address)
    assert Notice.objects.filter(sensor=cast.sensor).exists()
    gone = client.post(f"{address}notices/clear/", {"code": "not_understood", "subject": "em:0", "back": "start"})
    assert gone["Location"] == f"{address}start/"
    assert not Notice.objects.filter(sensor=cast.sensor).exists()
    assert client.post(f"/sites/{cast.site.uuid}/notices/clear/").status_code == 302
    assert not Notice.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_others_dismiss_nothing(client: Client, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))

    for path in (f"/sensors/{cast.sensor.uuid}/notices/clear/", f"/sites/{cast.site.uuid}/notices/clear/"):
        assert client.post(path).status_code == status
    assert Notice.objects.count() == 3


def test_an_unknown_device_is_registered_from_its_notice(client: Client, cast: Cast) -> None:
    start = f"/sensors/new/?site={cast.site.uuid}&external_id=shelly%2F1%20%26%202"
    assert start in page(client, cast.owner, f"/sites/{cast.site.uuid}/settings/")
    assert "It will be known elsewhere as" in page(client, cast.owner, start)

    form = {"name": "Meter", "site": str(cast.site.uuid), "external_id": "shelly/1 & 2"}
    assert client.post("/sensors/new/", form).status_code == 302

    assert Sensor.objects.get(name="Meter").external_id == "shelly/1 & 2"
    assert "shelly/1 & 2" not in page(client, cast.owner, f"/sites/{cast.site.uuid}/settings/")


def test_the_list_of_sensors_leads_to_unknown_devices(client: Client, cast: Cast) -> None:
    assert "2 unknown devices or topics sent messages here." in page(client, cast.owner, "/sensors/")
    assert "unknown device" not in page(client, cast.member, "/sensors/")
