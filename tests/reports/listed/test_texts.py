"""The overview's rows and cards, which are written without Django's engine."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.reports.frame.switcher import MOST_ROWS
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.reports.weather import observe

pytestmark = pytest.mark.django_db

LAST = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
VIEWS = ("cards", "table")


def page(operator: Operator, view: str) -> str:
    client = Client()
    client.force_login(operator)
    with time_machine.travel(LAST + timedelta(minutes=5), tick=False):
        return client.get("/", {"view": view}).text


@pytest.mark.parametrize("view", VIEWS)
def test_what_people_wrote_is_escaped(cast: Cast, view: str) -> None:
    observe(cast.sensor, until=LAST)
    Sensor.objects.filter(pk=cast.sensor.pk).update(name='<i>"%s', model="<u>")
    Site.objects.filter(pk=cast.site.pk).update(name="<s>%(name)s")

    html = page(cast.owner, view)

    assert "&lt;i&gt;&quot;%s" in html
    assert "&lt;s&gt;%(name)s" in html
    assert not any(tag in html for tag in ("<i>", "<u>", "<s>"))


@pytest.mark.parametrize("view", VIEWS)
def test_a_sensor_leads_to_its_report_with_value_line_and_age(cast: Cast, view: str) -> None:
    observe(cast.sensor, until=LAST)

    main = page(cast.owner, view).partition("<main")[2].partition("</main>")[0]

    assert f'href="/sensors/{cast.sensor.uuid}/"' in main
    assert f'<sf-value sensor="{cast.sensor.uuid}" q="temperature" data-state="live"><b>13.0</b>' in main
    assert '<path class="line" d="M' in main
    assert f'<time datetime="{LAST.astimezone(ZoneInfo(cast.site.time_zone)).isoformat()}">' in main


@pytest.mark.parametrize("view", VIEWS)
def test_a_sensor_without_readings_has_neither_value_nor_age(cast: Cast, view: str) -> None:
    main = page(cast.owner, view).partition("<main")[2].partition("</main>")[0]

    assert "Orchard station" in main
    assert "<sf-value" not in main
    assert "<time" not in main


def test_the_switcher_of_the_overview_is_that_of_other_pages(cast: Cast) -> None:
    shed = Site.objects.create(name="A shed", time_zone="Europe/Warsaw")
    Membership.objects.create(operator=cast.owner, site=shed, role=Role.OWNER)
    for number in range(MOST_ROWS):
        Sensor.objects.create(site=shed if number % 2 else cast.site, name=f"Probe {number}")
    client = Client()
    client.force_login(cast.owner)

    with time_machine.travel(LAST, tick=False):
        here, elsewhere = (client.get(path).text.partition('id="switcher-rows"')[2] for path in ("/", "/account/"))

    assert here.partition("</ul>")[0] == elsewhere.partition("</ul>")[0]
    assert here.count("<li>") == MOST_ROWS
