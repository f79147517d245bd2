"""A gateway sends for many sensors with an operator's API token; the payload names them."""

import asyncio
import json
import time
from datetime import datetime, timedelta

import httpx2
import pytest
from django.utils import timezone

from sensorfusion.accounts.models import ApiToken, Membership, Role
from sensorfusion.accounts.services import end_token, issue_token
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import change_role
from tests.conftest import Cast
from tests.ingest.conftest import Server, elsewhere, read, stored, token_of

pytestmark = pytest.mark.django_db(transaction=True)
NOON = "2026-11-20T12:00:00Z"


def named(sensor: object, at: str = NOON, **values: float) -> dict[str, object]:
    return {"sensor": str(sensor), "observed_at": at, "values": values or {"temperature": 21.4}}


async def until(server: Server, token: str, sensor: object, status: int) -> tuple[float, httpx2.Response]:
    started = time.monotonic()
    while time.monotonic() - started < 10:
        answer = await server.post([named(sensor)], key=token)
        if answer.status_code == status:
            return time.monotonic() - started, answer
        await asyncio.sleep(0.01)
    raise AssertionError(f"still {answer.status_code} after ten seconds: {answer.text}")


async def test_one_request_for_several_sensors_gets_one_receipt(
    server: Server, cast: Cast, shed: Sensor, token: str
) -> None:
    batch = [named(cast.sensor.uuid), named("eui-70b3", temperature=3, humidity=81), named("Orchard station", rain=0.2)]

    answer = await server.post(batch, key=token)

    assert answer.json() == {
        "accepted": 3,
        "duplicates": 0,
        "rejected": [],
        "seq": None,
        "sensors": {str(cast.sensor.uuid): 1, str(shed.uuid): 1},
    }
    assert stored() == [{"temperature": 21.4, "rain": 0.2}, {"temperature": 3, "humidity": 81}]
    assert (await server.post(batch, key=token)).json()["duplicates"] == 3


async def test_an_editors_token_writes_as_well(server: Server, cast: Cast, editors_token: str) -> None:
    assert (await server.post(named(cast.sensor.uuid), key=editors_token)).status_code == 200


async def test_a_name_beside_the_readings_is_everybodys_who_has_none(
    server: Server, cast: Cast, shed: Sensor, token: str
) -> None:
    sent = {"sensor": "Shed", "readings": [{"temperature": 2}, named(cast.sensor.uuid)]}

    assert set((await server.post(sent, key=token)).json()["sensors"]) == {str(shed.uuid), str(cast.sensor.uuid)}


async def test_an_id_wins_over_an_external_id_and_that_over_a_name(
    server: Server, cast: Cast, shed: Sensor, token: str
) -> None:
    named_like_it = Sensor.objects.create
    await elsewhere(lambda: named_like_it(site=cast.site, name="eui-70b3", external_id="Shed"))

    answer = await server.post(named("eui-70b3"), key=token)

    assert set(answer.json()["sensors"]) == {str(shed.uuid)}


async def test_what_belongs_to_nobody_is_refused_by_itself(server: Server, cast: Cast, token: str) -> None:
    batch = [named("nobody"), named(cast.sensor.uuid), {"temperature": 20}, "text", named(cast.other_sensor.uuid)]

    answer = await server.post(batch, key=token)

    assert answer.status_code == 200
    assert answer.json()["accepted"] == 1
    rejected = answer.json()["rejected"]
    assert [(each["index"], each["code"]) for each in rejected] == [
        (0, "unknown_sensor"),
        (2, "unknown_sensor"),
        (3, "not_an_object"),
        (4, "unknown_sensor"),
    ]
    assert "none of your sensors is known as 'nobody'" in rejected[0]["detail"]
    assert "names none" in rejected[1]["detail"]


async def test_refused_values_are_named_by_their_place_in_the_request(
    server: Server, cast: Cast, shed: Sensor, token: str
) -> None:
    answer = await server.post([named("Shed"), named(cast.sensor.uuid, temperature=999, rain=1)], key=token)

    assert [(each["index"], each["quantity"]) for each in answer.json()["rejected"]] == [(1, "temperature")]
    assert answer.json()["accepted"] == 2


async def test_a_request_of_which_nothing_is_left_says_why(server: Server, token: str) -> None:
    answer = await server.post([named("nobody")], key=token)

    assert answer.status_code == 422
    assert answer.json()["rejected"][0]["code"] == "unknown_sensor"
    assert stored() == []


async def test_who_may_only_look_may_not_send(server: Server, cast: Cast, members_token: str) -> None:
    answer = await server.post(named(cast.sensor.uuid), key=members_token)

    assert answer.status_code == 422
    assert answer.json()["rejected"][0]["code"] == "not_allowed"
    assert stored() == []


async def test_a_token_that_may_only_read_is_refused(server: Server, cast: Cast, reading_token: str) -> None:
    answer = await server.post(named(cast.sensor.uuid), key=reading_token)

    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token")


async def test_an_unknown_token_is_refused(server: Server) -> None:
    assert (await server.post(named("Shed"), key="sft_" + "a" * 40)).status_code == 401


async def test_an_expired_token_is_refused(server: Server, cast: Cast) -> None:
    def make() -> str:
        past = timezone.now() - timedelta(days=2)
        return issue_token(operator=cast.owner, label="", now=past, life=timedelta(days=1)).text

    text = await elsewhere(make)

    assert (await server.post(named("Orchard station"), key=text)).status_code == 401


async def test_an_ended_token_stops_within_a_second(server: Server, cast: Cast, token: str) -> None:
    await until(server, token, cast.sensor.uuid, 200)

    await elsewhere(lambda: end_token(token=ApiToken.objects.get()))

    assert (await until(server, token, cast.sensor.uuid, 401))[0] < 1


async def test_who_is_no_editor_any_more_stops_within_a_second(server: Server, cast: Cast, editors_token: str) -> None:
    await until(server, editors_token, cast.sensor.uuid, 200)
    membership = await elsewhere(lambda: Membership.objects.get(operator=cast.editor))

    await elsewhere(lambda: change_role(by=cast.owner, membership=membership, role=Role.VIEWER))

    took_s, answer = await until(server, editors_token, cast.sensor.uuid, 422)
    assert took_s < 1
    assert answer.json()["rejected"][0]["code"] == "not_allowed"


async def test_a_paused_sensor_is_refused_by_itself(server: Server, cast: Cast, shed: Sensor, token: str) -> None:
    await until(server, token, shed.uuid, 200)

    await elsewhere(lambda: services.pause(by=cast.owner, sensor=shed))
    await until(server, token, shed.uuid, 422)

    answer = await server.post([named(shed.uuid), named(cast.sensor.uuid)], key=token)
    assert [each["code"] for each in answer.json()["rejected"]] == ["sensor_paused"]
    assert answer.json()["accepted"] == 1


async def test_a_name_that_becomes_known_is_taken_at_once(server: Server, cast: Cast, token: str) -> None:
    await until(server, token, "eui-1", 422)

    await elsewhere(lambda: services.update_sensor(by=cast.owner, sensor=cast.sensor, external_id="eui-1"))

    assert (await until(server, token, "eui-1", 200))[0] < 1


async def test_a_name_at_two_sites_must_be_told_apart(server: Server, cast: Cast, token: str, now: datetime) -> None:
    def double() -> None:
        site = services.create_site(by=cast.owner, now=now, name="Second")
        Sensor.objects.create(site=site, name="Orchard station")

    await elsewhere(double)

    answer = await server.post([named("Orchard station")], key=token)
    assert "2 of your sensors" in answer.json()["rejected"][0]["detail"]
    assert (await server.post([named(cast.sensor.uuid)], key=token)).status_code == 200


@pytest.mark.parametrize("name", ["\0", "x" * 1000, "'; DROP TABLE reading; --"])
async def test_no_name_breaks_the_look_up(server: Server, token: str, name: str) -> None:
    answer = await server.post(key=token, content=json.dumps([named(name)]))

    assert answer.status_code == 422
    assert answer.json()["rejected"][0]["code"] == "unknown_sensor"


async def test_the_use_of_a_token_is_noted(server: Server, cast: Cast, token: str) -> None:
    await server.post([named(cast.sensor.uuid)], key=token)

    assert read("SELECT last_used_at IS NOT NULL FROM accounts_apitoken") == [True]


async def test_a_sensors_own_key_speaks_for_that_sensor_whatever_is_named(server: Server, cast: Cast) -> None:
    answer = await server.post(named(cast.other_sensor.uuid))

    assert answer.status_code == 200
    assert read("SELECT sensor_id FROM reading") == [cast.sensor.pk]


class TestOtherTenants:
    """A stranger's site that the gateway's operator may edit changes nothing of what the gateway's names mean."""

    @pytest.fixture
    def trap(self, cast: Cast) -> Sensor:
        Membership.objects.create(operator=cast.owner, site=cast.other_site, role=Role.EDITOR)
        return Sensor.objects.create(site=cast.other_site, name="trap", external_id="Orchard station")

    async def test_an_external_id_of_theirs_diverts_nothing(self, server: Server, cast: Cast, trap: Sensor) -> None:
        token = await elsewhere(lambda: token_of(cast.owner))

        answer = await server.post(named("Orchard station"), key=token)

        assert answer.json()["sensors"].keys() == {str(cast.sensor.uuid)}

    async def test_a_namesake_of_theirs_is_no_second_one(self, server: Server, cast: Cast, trap: Sensor) -> None:
        def rename() -> str:
            services.update_sensor(by=cast.outsider, sensor=trap, name="Orchard station", external_id="")
            return token_of(cast.owner)

        answer = await server.post(named("Orchard station"), key=await elsewhere(rename))

        assert answer.json()["sensors"].keys() == {str(cast.sensor.uuid)}

    async def test_a_name_that_only_they_have_is_refused_with_the_reason(
        self, server: Server, cast: Cast, trap: Sensor
    ) -> None:
        token = await elsewhere(lambda: token_of(cast.owner))

        answer = await server.post([named("trap"), named(trap.uuid)], key=token)

        assert answer.json()["sensors"].keys() == {str(trap.uuid)}
        (rejected,) = answer.json()["rejected"]
        assert (rejected["index"], rejected["code"]) == (0, "not_allowed")
        assert "do not own" in rejected["detail"]

    async def test_a_token_may_be_bound_to_their_site(self, server: Server, cast: Cast, trap: Sensor) -> None:
        token = await elsewhere(lambda: token_of(cast.owner, sites=[cast.other_site.pk]))

        answer = await server.post([named("Orchard STATION"), named(cast.sensor.uuid)], key=token)

        assert answer.json()["sensors"].keys() == {str(trap.uuid)}
        assert "not bound to" in answer.json()["rejected"][0]["detail"]


@pytest.mark.parametrize("name", ["EUI-70B3", "eui-70b3", "ORCHARD ſTATıON"])
async def test_names_are_found_by_their_folding(server: Server, shed: Sensor, token: str, name: str) -> None:
    assert (await server.post(named(name), key=token)).status_code == 200
