"""Which quantities the fields of a device feed: changed by editors, by the service, the API and the page."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.services import restore_fields, set_fields
from tests.announced import announced
from tests.clients import anybody, client_of
from tests.conftest import Cast
from tests.storing import store

INNER, OUTER, VALVE = "DS18B20 01144A.Temperature", "DS18B20 0C22B1.Temperature", "Ventil <b>Keller</b>"


@pytest.fixture(autouse=True)
def fields(cast: Cast) -> None:
    for sensor, source, quantity, label in (
        (cast.sensor, INNER, "temperature", ""),
        (cast.sensor, OUTER, "temperature:0c22b1", ""),
        (cast.sensor, VALVE, "Ventil_Keller", VALVE),
        (cast.sensor, "", "humidity", ""),
        (cast.other_sensor, INNER, "temperature", ""),
    ):
        SourceField.objects.create(sensor=sensor, source=source, quantity=quantity, label=label)


def kept(sensor: Sensor) -> dict[str, str]:
    return dict(SourceField.objects.filter(sensor=sensor).values_list("source", "quantity"))


def address(sensor: Sensor, path: str = "fields/") -> str:
    return f"/api/v1/sensors/{sensor.uuid}/{path}"


def test_two_fields_swap_their_quantities_in_one_call(cast: Cast) -> None:
    set_fields(by=cast.editor, sensor=cast.sensor, quantities={INNER: "temperature:0c22b1", OUTER: "temperature"})

    assert kept(cast.sensor)[OUTER] == "temperature"
    assert kept(cast.sensor)[INNER] == "temperature:0c22b1"
    assert kept(cast.other_sensor) == {INNER: "temperature"}


@pytest.mark.parametrize(
    ("given", "stored"),
    [("air_temperature", "temperature"), ("-", ""), ("", ""), (" leaf_colour ", "leaf_colour"), ("power_2", "power_2")],
)
def test_a_field_feeds_another_quantity_or_none(cast: Cast, given: str, stored: str) -> None:
    set_fields(by=cast.owner, sensor=cast.sensor, quantities={INNER: "x", VALVE: given})

    assert kept(cast.sensor)[VALVE] == stored


def test_a_field_may_go_on_with_a_series_whose_source_is_not_known(cast: Cast) -> None:
    set_fields(by=cast.owner, sensor=cast.sensor, quantities={OUTER: "humidity"})

    assert kept(cast.sensor)[OUTER] == "humidity"
    assert "" not in kept(cast.sensor)


@pytest.mark.parametrize(
    ("quantities", "code", "reason"),
    [
        ({OUTER: "temperature"}, "fed_twice", "would both feed temperature"),
        ({OUTER: "air_temperature"}, "fed_twice", "DS18B20 01144A.Temperature and DS18B20 0C22B1"),
        ({OUTER: "a b"}, "bad_path", "a b is not a name of a quantity for DS18B20 0C22B1"),
        ({"of another": "a"}, "unknown_source", "has not sent a field 'of another'"),
        ({"": "a"}, "unknown_source", "has not sent"),
    ],
)
def test_a_wrong_change_is_refused_as_a_whole(cast: Cast, quantities: dict[str, str], code: str, reason: str) -> None:
    before = kept(cast.sensor)

    with pytest.raises(Refusal, match=reason) as refused:
        set_fields(by=cast.owner, sensor=cast.sensor, quantities={VALVE: "valve", **quantities})

    assert refused.value.code == code
    assert kept(cast.sensor) == before


def test_a_change_is_announced_to_all_processes(cast: Cast) -> None:
    with announced() as heard:
        set_fields(by=cast.owner, sensor=cast.sensor, quantities={INNER: "temperature"})
    assert heard == []

    with announced() as heard:
        set_fields(by=cast.owner, sensor=cast.sensor, quantities={INNER: "soil_temperature"})
    assert [kind for kind, _ in heard] == ["SensorChanged", "KeyChanged"]


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_members_read_the_fields(cast: Cast, who: str) -> None:
    answer = client_of(getattr(cast, who)).get(address(cast.sensor))

    assert [(each["source"], each["quantity"], each["label"]) for each in answer.json()] == [
        (VALVE, "Ventil_Keller", VALVE),
        (INNER, "temperature", ""),
        (OUTER, "temperature:0c22b1", ""),
    ]


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("editor", 200), ("member", 403), ("outsider", 404)])
def test_editors_change_them_by_the_api(cast: Cast, who: str, status: int) -> None:
    answer = client_of(getattr(cast, who)).patch(address(cast.sensor), {"quantities": {INNER: "soil_temperature"}})

    assert answer.status_code == status
    assert kept(cast.sensor)[INNER] == ("soil_temperature" if status == 200 else "temperature")


def test_a_wrong_change_says_what_to_do(cast: Cast) -> None:
    answer = client_of(cast.owner).patch(address(cast.sensor), {"quantities": {OUTER: "temperature"}})

    assert answer.status_code == 409
    assert answer.json()["code"] == "fed_twice"


def test_strangers_read_and_change_nothing(cast: Cast) -> None:
    assert client_of(cast.outsider).get(address(cast.sensor)).status_code == 404
    assert anybody().get(address(cast.sensor)).status_code == 401
    assert anybody().patch(address(cast.sensor), {"quantities": {}}).status_code == 401


def page(client: Client, operator: Any, sensor: Sensor) -> Any:
    client.force_login(operator)
    return client.get(f"/sensors/{sensor.uuid}/names/")


def post(client: Client, sensor: Sensor, **quantities: str) -> Any:
    keys = {f"field-{pk}": source for pk, source in SourceField.objects.values_list("pk", "source")}
    named = {INNER: "inner", OUTER: "outer", VALVE: "valve"}
    form = {key: quantities.get(named.get(source, ""), kept(sensor).get(source, "")) for key, source in keys.items()}
    return client.post(f"/sensors/{sensor.uuid}/fields/", form)


def test_the_page_shows_what_each_field_feeds_and_its_last_value(client: Client, cast: Cast) -> None:
    store(cast.sensor, [(timezone.now(), {"temperature": 21.44, "Ventil_Keller": True})])

    html = page(client, cast.editor, cast.sensor).content.decode()

    assert "DS18B20 01144A.Temperature" in html
    assert 'value="temperature:0c22b1"' in html
    assert "21.4 °C" in html
    assert "Ventil &lt;b&gt;Keller&lt;/b&gt;" in html
    assert "<b>Keller" not in html


def test_editors_change_them_on_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.editor)

    assert post(client, cast.sensor, outer="soil_temperature", valve="-").status_code == 302

    assert kept(cast.sensor) == {INNER: "temperature", OUTER: "soil_temperature", VALVE: "", "": "humidity"}
    assert 'value="-"' in page(client, cast.editor, cast.sensor).content.decode()


def test_a_wrong_change_on_the_page_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)

    answer = post(client, cast.sensor, outer="temperature", valve="valve_open")

    assert answer.status_code == 400
    assert "would both feed temperature" in answer.content.decode()
    assert 'value="valve_open"' in answer.content.decode()
    assert kept(cast.sensor)[VALVE] == "Ventil_Keller"


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("outsider", 404)])
def test_others_do_not_change_them_on_the_page(client: Client, cast: Cast, who: str, status: int) -> None:
    assert page(client, getattr(cast, who), cast.sensor).status_code == status
    assert post(client, cast.sensor, inner="x").status_code == status


def test_fields_of_an_archive_are_restored(cast: Cast) -> None:
    sensor = Sensor.objects.create(site=cast.site, name="Restored")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    archived = [
        {"source": INNER, "quantity": "temperature", "label": "", "first_at": at.isoformat()},
        {"source": "", "quantity": "humidity", "label": "", "first_at": at.isoformat()},
        {"source": "", "quantity": "pressure", "label": ""},
    ]

    restore_fields(sensor=sensor, fields=archived, now=timezone.now())

    assert kept(sensor)[INNER] == "temperature"
    assert SourceField.objects.filter(sensor=sensor, source="").count() == 2
    assert SourceField.objects.get(sensor=sensor, source=INNER).first_at == at


def test_fields_of_a_wrong_archive_are_refused(cast: Cast) -> None:
    sensor = Sensor.objects.create(site=cast.site, name="Restored")
    twice = [{"source": source, "quantity": "temperature"} for source in ("a", "b")]

    with pytest.raises(Refusal, match="both feed"):
        restore_fields(sensor=sensor, fields=twice, now=timezone.now())
