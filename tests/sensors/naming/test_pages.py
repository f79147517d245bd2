"""A sensor's external id and its device's own names: the page and the API."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors.models import Attributes, Sensor
from tests.conftest import Cast
from tests.web.shown_forms import rows_in

FORM = {"external_id": "eui-70b3", "names": "field1 = temperature °F\nx = -", "shared": "interval = 60\nmode = eco"}


def page(cast: Cast) -> str:
    return f"/sensors/{cast.sensor.uuid}/names/"


def headers(operator: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {issue_token(operator=operator, label='', now=timezone.now()).text}"}


def test_an_editor_says_what_the_names_mean(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)

    assert client.post(page(cast), FORM).status_code == 302

    cast.sensor.refresh_from_db()
    assert cast.sensor.external_id == "eui-70b3"
    assert cast.sensor.names == {"field1": {"quantity": "temperature", "unit": "[degF]"}, "x": {"quantity": ""}}
    assert Attributes.objects.get().shared == {"interval": 60, "mode": "eco"}
    shown = client.get(page(cast)).text
    assert set(rows_in(shown, "names", "quantity", "unit")) == {("field1", "temperature", "°F"), ("x", "-", "")}
    assert set(rows_in(shown, "shared", "value")) == {("interval", "60"), ("mode", "eco")}
    assert 'value="eui-70b3"' in shown


def test_the_rows_of_a_browser_are_the_lines_of_the_text(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)
    rows = {
        "names": ["field1", "", "a = b", "x"],
        "names.quantity": ["temperature", "", "humidity", "-"],
        "names.unit": ["°F", "", "", ""],
        "shared": ["mode", "empty", ""],
        "shared.value": ["eco", "", ""],
    }

    assert client.post(page(cast), {"external_id": "", **rows}).status_code == 302

    cast.sensor.refresh_from_db()
    assert cast.sensor.names.keys() == {"field1", "a = b", "x"}
    assert Attributes.objects.get().shared == {"mode": "eco", "empty": ""}


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("names", "field1", "Line 1 is not"),
        ("names", "a = temperature hPa", "is kept in Cel"),
        ("shared", "interval", "Line 1 is not"),
        ("external_id", "taken", "Another sensor of the site"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_saved(
    client: Client, cast: Cast, field: str, text: str, reason: str
) -> None:
    Sensor.objects.create(site=cast.site, name="Other", external_id="taken")
    client.force_login(cast.owner)

    answer = client.post(page(cast), {**FORM, field: text})

    assert answer.status_code == 400
    assert reason in answer.content.decode()
    cast.sensor.refresh_from_db()
    assert cast.sensor.names == {}


def test_what_a_device_says_of_itself_is_shown_and_escaped(client: Client, cast: Cast) -> None:
    Attributes.objects.create(sensor=cast.sensor, client={"firmware": "<b>1.2"})
    client.force_login(cast.owner)

    assert "&lt;b&gt;1.2" in client.get(page(cast)).content.decode()


def test_viewers_may_not_and_for_outsiders_it_does_not_exist(client: Client, cast: Cast) -> None:
    for operator, expected in ((cast.member, 403), (cast.outsider, 404)):
        client.force_login(operator)
        assert client.get(page(cast)).status_code == expected
        assert client.post(page(cast), FORM).status_code == expected


def test_the_api_takes_and_shows_both(client: Client, cast: Cast) -> None:
    address = f"/api/v1/sensors/{cast.sensor.uuid}/"
    change = {"external_id": "roof", "names": {"t": {"quantity": "temp", "unit": "°F"}, "x": {"quantity": ""}}}

    def patch(body: Any, operator: Any) -> Any:
        return client.patch(address, json.dumps(body), content_type="application/json", headers=headers(operator))

    assert patch(change, cast.member).status_code == 403
    answer = patch(change, cast.owner)
    assert answer.json()["names"] == {"t": {"quantity": "temperature", "unit": "[degF]"}, "x": {"quantity": ""}}
    assert answer.json()["external_id"] == "roof"
    assert patch({"names": {"t": {"quantity": "temperature", "unit": "hPa"}}}, cast.owner).status_code == 400
    assert patch({"names": {"t": 1}}, cast.owner).status_code == 400


def test_the_api_takes_and_shows_the_former_name_too(client: Client, cast: Cast) -> None:
    address, headers_of = f"/api/v1/sensors/{cast.sensor.uuid}/", headers(cast.owner)
    one, other, third = ({name: {"quantity": "temperature"}} for name in ("t", "u", "v"))

    def patch(body: Any) -> Any:
        return client.patch(address, json.dumps(body), content_type="application/json", headers=headers_of)

    assert patch({"paths": one}).json()["names"] == one
    assert patch({"names": other}).json()["paths"] == other
    assert patch({"names": one, "paths": one}).json()["names"] == one
    refused = patch({"names": third, "paths": other})
    assert refused.status_code == 400
    assert refused.json()["fields"] == {"paths": ["paths is the former name of names: send only names."]}
    cast.sensor.refresh_from_db()
    assert cast.sensor.names == one


def test_a_client_of_the_former_name_may_send_a_sensor_back_changed(client: Client, cast: Cast) -> None:
    address, headers_of = f"/api/v1/sensors/{cast.sensor.uuid}/", headers(cast.owner)
    read = client.get(address, headers=headers_of).json()
    changed = {"t": {"quantity": "temperature"}}

    answer = client.put(
        address, json.dumps({**read, "paths": changed}), content_type="application/json", headers=headers_of
    )

    assert (answer.status_code, answer.json().get("names")) == (200, changed)


def test_the_api_of_attributes_is_for_members_and_changed_by_editors(client: Client, cast: Cast) -> None:
    address = f"/api/v1/sensors/{cast.sensor.uuid}/attributes/"

    def put(body: Any, operator: Any) -> Any:
        return client.put(address, json.dumps(body), content_type="application/json", headers=headers(operator))

    assert put({"shared": {"interval": 60}}, cast.editor).json() == {"client": {}, "shared": {"interval": 60}}
    assert put({"shared": {"interval": 1}}, cast.member).status_code == 403
    assert put({"shared": {"interval": 1}}, cast.outsider).status_code == 404
    wrong: Any
    for wrong in ({"shared": 1}, {"shared": {"a": []}}, {"shared": {"a": "\0"}}, {}, {"shared": {"": 1}}):
        assert put(wrong, cast.owner).status_code == 400
    assert client.get(address, headers=headers(cast.member)).json()["shared"] == {"interval": 60}
    assert client.get(address, headers=headers(cast.outsider)).status_code == 404
