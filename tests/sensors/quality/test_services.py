"""Who may see a sensor's quality checks and change them, by the API and on the page."""

from typing import Any

import pytest

from sensorfusion.domain import quality_checks
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.quality import services as quality
from tests.clients import anybody, client_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
STRICT = {"temperature": {"step": {"suspect": 1.0, "bad": 2.0}, "spike": None, "flat": None}}


def address(sensor: Sensor) -> str:
    return f"/api/v1/sensors/{sensor.uuid}/quality/"


def put(client: Any, sensor: Sensor, own: object) -> Any:
    return client.put(address(sensor), {"own": own}, content_type="application/json")


def test_editor_sets_checks_and_members_see_them(cast: Cast) -> None:
    answer = put(client_of(cast.editor), cast.sensor, STRICT)

    assert answer.status_code == 200
    seen = client_of(cast.member).get(address(cast.sensor)).json()
    assert seen["own"] == STRICT
    assert seen["checks"]["temperature"] == STRICT["temperature"]
    assert seen["checks"]["humidity"]["step"] == {"suspect": 10.0, "bad": 15.0}
    assert seen["changed_at"]


def test_viewer_may_not_change_them(cast: Cast) -> None:
    assert put(client_of(cast.member), cast.sensor, STRICT).status_code == 403
    assert quality.own_checks(sensor=cast.sensor) == {}


def test_outsider_sees_nothing(cast: Cast) -> None:
    client = client_of(cast.outsider)

    assert client.get(address(cast.sensor)).status_code == 404
    assert put(client, cast.sensor, STRICT).status_code == 404
    assert anybody().get(address(cast.sensor)).status_code == 401


@pytest.mark.parametrize("own", [None, [], {"temperature": {"step": {"suspect": 5, "bad": 1}}}])
def test_checks_that_cannot_be_used_are_refused_with_the_reason(cast: Cast, own: object) -> None:
    answer = put(client_of(cast.owner), cast.sensor, own)

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_checks"


def test_page_keeps_only_what_differs_from_the_platforms_checks(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    page = f"/sensors/{cast.sensor.uuid}/quality/"
    shown = client.get(page)
    fields = {field.name: field.text for row in shown.context["rows"] for field in row.fields}
    names = [row.quantity for row in shown.context["rows"]]

    answer = client.post(page, {**fields, "quantity": names, "temperature.step.bad": "7,5", "humidity.flat.change": ""})

    assert answer.status_code == 400  # half a check is a mistake, and does not disable it
    assert b"stuck if it moves less than: enter a number above 0." in answer.content
    fields |= {"temperature.step.bad": "7,5", "humidity.flat.change": "", "humidity.flat.within_s": ""}
    assert client.post(page, {**fields, "quantity": names}).status_code == 302
    own = quality.own_checks(sensor=cast.sensor)
    assert set(own) == {"temperature", "humidity"}
    assert quality_checks.write(own)["temperature"]["step"]["bad"] == 7.5
    assert quality_checks.write(own)["humidity"]["flat"] is None


def test_page_goes_back_to_the_platforms_checks(cast: Cast, client: Any) -> None:
    put(client_of(cast.editor), cast.sensor, STRICT)
    client.force_login(cast.editor)

    client.post(f"/sensors/{cast.sensor.uuid}/quality/", {"reset": "1"})

    assert quality.own_checks(sensor=cast.sensor) == {}


def test_page_is_for_editors(cast: Cast, client: Any) -> None:
    page = f"/sensors/{cast.sensor.uuid}/quality/"

    client.force_login(cast.member)
    assert client.get(page).status_code == 403
    client.force_login(cast.outsider)
    assert client.get(page).status_code == 404
