"""The overview as a map: a mark for each place, the same sensors as a list, and none that one may not see."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe

pytestmark = pytest.mark.django_db

LAST = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def page(operator: Operator, query: str = "view=map") -> str:
    client = Client()
    client.force_login(operator)
    with time_machine.travel(LAST + timedelta(minutes=5), tick=False):
        return client.get(f"/?{query}").text


def sensor_at(cast: Cast, name: str, latitude: float | None, longitude: float | None) -> Sensor:
    return Sensor.objects.create(site=cast.site, name=name, latitude=latitude, longitude=longitude)


def marks(text: str) -> list[str]:
    return re.findall(r'<svg class="mark.*?</svg>', text, re.DOTALL)


def test_mark_has_value_state_and_name_of_its_sensor(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    sensor_at(cast, "Pier", 54.4, 18.7)

    text = page(cast.owner)

    [mark] = [each for each in marks(text) if str(cast.sensor.uuid) in each]
    assert f'href="/sensors/{cast.sensor.uuid}/"' in mark
    assert 'aria-label="Orchard station: 13.0 °C"' in mark
    assert 'href="#mark-live"' in mark
    assert "vendor/world/outline" in text
    [pier] = [each for each in marks(text) if "Pier" in each]
    assert 'href="#mark-pending"' in pier
    assert 'aria-label="Pier: Waiting for the first reading"' in pier


def test_sensors_at_one_place_are_one_mark_with_their_count_and_worst_state(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    silent = sensor_at(cast, "Silent", None, None)
    observe(silent, until=LAST - timedelta(days=3))

    text = page(cast.owner)

    [mark] = marks(text)
    assert ">2</text>" in mark
    assert 'href="#mark-offline"' in mark
    assert f'href="#at-{silent.uuid}"' in mark
    assert "2 sensors at 52.24°\u00a0N, 21.01°\u00a0E" in text
    assert text.count('<li class="row grouped"') == 2


def test_mark_of_several_places_opens_a_closer_map(cast: Cast) -> None:
    far = sensor_at(cast, "Far", -33.9, 151.2)
    near = sensor_at(cast, "Near", 52.26, 21.03)

    text = page(cast.owner)

    assert len(marks(text)) == 2
    [link] = re.findall(r'href="\?(view=map&amp;of=[^"]+)"', text)
    closer = page(cast.owner, link.replace("&amp;", "&"))
    assert len(marks(closer)) == 2
    assert str(near.uuid) in closer
    assert f'data-sensor="{far.uuid}"' not in closer
    assert "vendor/world/outline" not in closer
    assert " km</text>" in closer or " m</text>" in closer


def test_sensors_without_a_place_are_listed_as_such(cast: Cast) -> None:
    cast.site.latitude = cast.site.longitude = None
    cast.site.save()
    sensor_at(cast, "Pier", 54.4, 18.7)

    text = page(cast.owner)

    assert text.index("Pier</a>") < text.index("Without a place") < text.index("Orchard station</a>")
    assert len(marks(text)) == 1


def test_map_without_any_place_is_a_list(cast: Cast) -> None:
    cast.site.latitude = cast.site.longitude = None
    cast.site.save()

    text = page(cast.owner)

    assert marks(text) == []
    assert "Orchard station</a>" in text


def test_outsider_sees_no_mark_of_another_site(cast: Cast) -> None:
    sensor_at(cast, "Pier", 54.4, 18.7)
    cast.other_site.latitude, cast.other_site.longitude = 40.7, -74.0
    cast.other_site.save()

    for query in ("view=map", f"view=map&of={cast.sensor.uuid}&closer=1"):
        text = page(cast.outsider, query)
        assert "Pier" not in text
        assert "Orchard" not in text
        assert len(marks(text)) == 1


@pytest.mark.parametrize("query", ["of=nonsense&closer=1", "of=&closer=", "closer=-3", f"closer={10**30}"])
def test_address_that_names_no_mark_shows_all(cast: Cast, query: str) -> None:
    assert len(marks(page(cast.owner, f"view=map&{query}"))) == 1


def test_view_is_remembered_by_the_browser_until_another_is_chosen(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)

    client.get("/?view=map")
    assert "map-list" in client.get("/").text
    assert "map-list" not in client.get("/?view=table").text
    assert "map-list" not in client.get("/").text
    client.cookies["view"] = "nonsense"
    assert 'class="card"' in client.get("/").text
