"""What is said of a sensor and its quantities on the page and in the API, and where it shows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sensorfusion.domain.quantities.settings import read, write
from sensorfusion.sensors.models import Sensor
from tests.clients import client_of
from tests.conftest import Cast
from tests.storing import every, store
from tests.web.shown_forms import forms_of

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 11, 22, 12, tzinfo=UTC)
FREEZER = {"freezer_temperature": -18.25, "compressor_current": 1.85e-5, "door": "shut", "battery": 80}
SETTINGS = {
    "freezer_temperature": {"label": "Inside", "decimals": 2, "place": 1, "colour": "s3", "low": -24.0, "high": -15.0},
    "compressor_current": {"hidden": True},
}


def fill(sensor: Sensor, values: dict[str, Any] = FREEZER) -> None:
    store(sensor, [(at, values) for at in every(600, 6, until=LAST)])


def page(sensor: Sensor) -> str:
    return f"/sensors/{sensor.uuid}/quantities/"


def patch(cast: Cast, who: Any, body: dict[str, Any]) -> Any:
    return client_of(who).patch(f"/api/v1/sensors/{cast.sensor.uuid}/", body, content_type="application/json")


def test_the_api_keeps_kind_main_quantity_and_settings(cast: Cast) -> None:
    body = {"kind": "freezer", "primary_quantity": "freezer_temperature", "quantities": SETTINGS}

    answer = patch(cast, cast.editor, body)

    assert answer.status_code == 200
    seen = client_of(cast.member).get(f"/api/v1/sensors/{cast.sensor.uuid}/").json()
    assert (seen["kind"], seen["primary_quantity"]) == ("freezer", "freezer_temperature")
    assert write(read(seen["quantities"])) == SETTINGS
    assert patch(cast, cast.member, body).status_code == 403
    assert patch(cast, cast.outsider, body).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "spaceship"},
        {"primary_quantity": "a b"},
        {"quantities": {"temperature": {"unit": "hPa"}}},
        {"quantities": {"x": {"low": 3, "high": 2}}},
        {"quantities": {"x": {"decimals": 99}}},
        {"quantities": []},
    ],
)
def test_the_api_refuses_what_cannot_be_meant(cast: Cast, body: dict[str, Any]) -> None:
    assert patch(cast, cast.editor, body).status_code == 400
    cast.sensor.refresh_from_db()
    assert (cast.sensor.kind, cast.sensor.primary_quantity, cast.sensor.quantities) == ("", "", {})


@pytest.mark.parametrize("units", ["metric", "us", "scientific", "metric-bft"])
def test_sending_the_page_as_it_is_changes_nothing(cast: Cast, client: Any, units: str) -> None:
    fill(cast.sensor)
    Sensor.objects.filter(pk=cast.sensor.pk).update(quantities=SETTINGS, kind="tank")
    client.force_login(cast.editor)
    client.cookies["units"] = units
    form = next(form for form in forms_of(client.get(page(cast.sensor)).text) if "kind" in form.names)

    assert client.post(page(cast.sensor), form.body()).status_code == 302

    cast.sensor.refresh_from_db()
    assert (cast.sensor.quantities, cast.sensor.kind) == (SETTINGS, "tank")


def test_what_is_chosen_shows_everywhere(cast: Cast, client: Any) -> None:
    fill(cast.sensor)
    client.force_login(cast.editor)
    posted = {
        "kind": "freezer",
        "primary_quantity": "freezer_temperature",
        "quantity": ["freezer_temperature", "compressor_current"],
        "freezer_temperature.shown": "on",
        "freezer_temperature.label": "Inside",
        "freezer_temperature.digits": "d2",
        "freezer_temperature.low": "-24",
        "freezer_temperature.high": "-15",
        "compressor_current.label": "Motor",
    }

    assert client.post(page(cast.sensor), posted).status_code == 302

    for address in (f"/sensors/{cast.sensor.uuid}/", "/"):
        html = client.get(address).text
        assert "−18.25" in html, address
        assert "compressor_current</" not in html
    report = client.get(f"/sensors/{cast.sensor.uuid}/").text.partition('id="page-data"')[0]
    assert "Inside" in report
    assert 'q="compressor_current"' not in report  # hidden


def test_a_wrong_entry_is_refused_and_what_was_typed_stays(cast: Cast, client: Any) -> None:
    fill(cast.sensor)
    client.force_login(cast.editor)

    answer = client.post(page(cast.sensor), {"quantity": "freezer_temperature", "freezer_temperature.low": "cold"})

    assert answer.status_code == 400
    assert 'value="cold"' in answer.text
    assert "freezer_temperature: low is a number." in answer.text


def test_sixty_quantities_are_all_on_the_page(cast: Cast, client: Any) -> None:
    fill(cast.sensor, {f"channel_{number}": float(number) for number in range(60)})
    client.force_login(cast.editor)

    html = client.get(page(cast.sensor)).text

    assert all(f'value="channel_{number}"' in html for number in range(60))
