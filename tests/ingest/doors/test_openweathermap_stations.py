"""OpenWeatherMap's stations API manages the operator's sensors."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.models import Operator, TokenScope
from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast

STATION = {"external_id": "SF_TEST001", "name": "Test station", "lat": 37.76, "lon": -122.43, "alt": 150}


def call(client: Client, how: str, operator: Operator, path: str = "", body: Any = None, **options: Any) -> Any:
    token = issue_token(operator=operator, label="", now=timezone.now(), **options).text
    address = f"/data/3.0/stations{path}?APPID={token}&lang=en&appid={token}"
    return (
        getattr(client, how)(address, json.dumps(body), content_type="application/json")
        if body
        else getattr(client, how)(address)
    )


def test_a_station_is_registered_listed_changed_and_deleted(client: Client, cast: Cast) -> None:
    made = call(client, "post", cast.owner, body=STATION)
    path = f"/{made.json()['ID']}"

    assert made.status_code == 201
    assert made.json()["external_id"] == "SF_TEST001"
    sensor = Sensor.objects.get(external_id="SF_TEST001")
    assert (sensor.site, sensor.latitude, sensor.longitude, sensor.elevation_m) == (cast.site, 37.76, -122.43, 150)
    listed = call(client, "get", cast.owner).json()
    assert [each["name"] for each in listed] == ["Orchard station", "Test station"]
    assert (listed[0]["latitude"], listed[0]["altitude"]) == (cast.site.latitude, cast.site.elevation_m)
    assert call(client, "put", cast.owner, path, {**STATION, "name": "Renamed"}).json()["name"] == "Renamed"
    assert call(client, "get", cast.owner, path).json()["name"] == "Renamed"
    assert call(client, "delete", cast.owner, path).status_code == 204
    assert call(client, "get", cast.owner, path).status_code == 404


def test_rights_are_those_of_the_site(client: Client, cast: Cast) -> None:
    path = f"/{cast.sensor.uuid}"

    assert call(client, "get", cast.outsider, path).status_code == 404
    assert [each["name"] for each in call(client, "get", cast.outsider).json()] == ["Harbour station"]
    assert call(client, "put", cast.member, path, STATION).status_code == 403
    assert call(client, "delete", cast.member, path).status_code == 403
    assert call(client, "delete", cast.outsider, path).status_code == 404
    assert call(client, "post", cast.owner, body=STATION, scope=TokenScope.READ).status_code == 403
    assert call(client, "get", cast.owner, scope=TokenScope.READ).status_code == 200
    assert client.get("/data/3.0/stations?appid=wrong").status_code == 401
    assert client.get("/data/3.0/stations").status_code == 401


@pytest.mark.parametrize(
    "body", [{"external_id": "x"}, {"name": 1}, {**STATION, "lat": 99}, {**STATION, "name": ""}, [1]]
)
def test_what_is_no_station_is_refused(client: Client, cast: Cast, body: Any) -> None:
    assert call(client, "post", cast.owner, body=body).status_code == 400


def test_a_name_that_is_taken_is_refused(client: Client, cast: Cast) -> None:
    answer = call(client, "post", cast.owner, body={"name": "Orchard station"})

    assert answer.status_code == 409
    assert "already" in answer.json()["message"]
