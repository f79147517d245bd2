"""Names and values that look like markup or SQL are data: stored unchanged, and shown as text."""

import json

import pytest
from django.test import Client

from sensorfusion.sensors.models import Sensor, Site
from tests.clients import NOW, client_of
from tests.conftest import Cast
from tests.storing import store

pytestmark = pytest.mark.django_db

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><!-- <script>",
    "'; DROP TABLE reading; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "%s %(name)s {0}",
    "日本語 🌡",
]
MARKUP = ("<script>alert", "<img src=x", "<!-- <script>")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_goes_round_and_is_shown_as_text(cast: Cast, name: str) -> None:
    program = client_of(cast.owner)
    site = program.patch(f"/api/v1/sites/{cast.site.uuid}/", {"name": name, "notice": name}).json()
    sensor = program.patch(
        f"/api/v1/sensors/{cast.sensor.uuid}/", {"name": name, "description": name, "model": name}
    ).json()
    cast.owner.name = name
    cast.owner.save()
    store(Sensor.objects.get(pk=cast.sensor.pk), [(NOW, {"note": name, "temperature": 20.0})])
    page = Client()
    page.force_login(cast.owner)

    assert (site["name"], sensor["name"], sensor["description"]) == (name, name, name)
    assert [one["id"] for one in program.get("/api/v1/sensors/", {"search": name}).json()["results"]] == [sensor["id"]]
    assert Site.objects.get(pk=cast.site.pk).name == name
    own = f"/sensors/{cast.sensor.uuid}/"
    for path in (
        "/",
        "/sensors/",
        "/account/",
        own,
        f"{own}settings/",
        f"{own}start/",
        f"/sites/{cast.site.uuid}/settings/",
    ):
        text = page.get(path).text
        assert [one for one in MARKUP if one in text] == [], path
        for block in text.split('type="application/json"')[1:]:
            json.loads(block[block.index(">") + 1 : block.index("</script>")])
