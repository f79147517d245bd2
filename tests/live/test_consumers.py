"""The socket from a client's view: authentication, requests, access, and closing."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from sensorfusion.accounts.models import ApiToken, Membership, Operator, Role
from sensorfusion.accounts.services import change_password, end_token
from sensorfusion.accounts.signing_in.sessions import end_others
from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged, ReadingsRefused
from sensorfusion.live import protocol
from sensorfusion.live.hub import DatabaseAway
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.routing import LiveSocket
from sensorfusion.sensors import services
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites import membership as members
from tests.clients import NOW
from tests.conftest import PASSWORD, Cast
from tests.live.conftest import PAGE, Client, Message, Platform, cookie_of, django, token_of
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)


def entry_of(snapshot: Message, sensor: Sensor) -> dict[str, Any]:
    (entry,) = [each for each in snapshot["sensors"] if each["sensor"] == str(sensor.uuid)]
    return dict(entry)


async def connected(client: Client) -> Client:
    assert (await client.connect())[0]
    return client


# Authentication


async def test_a_page_comes_in_by_its_cookie(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = await connected(platform.client(PAGE, cookie))

    assert (await client.ask("ping", id=1))["type"] == "pong"


async def test_a_strange_page_is_refused_in_the_handshake(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = platform.client((b"origin", b"https://evil.example"), cookie)

    assert (await client.connect())[0] is False
    platform.clients.remove(client)


async def test_a_cookie_without_origin_is_ignored(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = await connected(platform.client(cookie))

    assert (await client.ask("request.data"))["code"] == "not_signed_in"
    assert await client.hear_the_end() == CloseCode.NOT_SIGNED_IN


async def test_a_program_comes_in_by_its_token(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)

    assert await client.hears_nothing()


async def test_a_first_message_may_carry_the_token(cast: Cast, platform: Platform) -> None:
    token = await django(lambda: token_of(cast.owner))
    client = await connected(platform.client())

    answer = await client.ask("authenticate", id=5, token=token)

    assert answer == {"type": "authenticated", "id": 5, "operator": str(cast.owner.uuid)}
    assert (await client.ask("request.data"))["type"] == "snapshot"


async def test_a_token_in_the_query_string_is_ignored(cast: Cast, platform: Platform) -> None:
    token = await django(lambda: token_of(cast.owner))
    client = Client(platform.live.socket, f"/ws/live/?token={token}")
    platform.clients.append(client)
    await connected(client)

    assert (await client.ask("ping"))["code"] == "not_signed_in"


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Basic"])
async def test_a_wrong_token_ends_the_connection(scheme: str, cast: Cast, platform: Platform) -> None:
    client = await connected(platform.client((b"authorization", f"{scheme} sft_wrong".encode())))

    if scheme != "Bearer":
        await client.say("request.data")
    assert (await client.hear())["code"] == "not_signed_in"
    assert await client.hear_the_end() == CloseCode.NOT_SIGNED_IN


async def test_who_says_nothing_in_time_is_sent_away(cast: Cast, platform: Platform) -> None:
    hasty = LiveSocket(replace(platform.live.around, sign_in_within_s=0.01))
    client = Client(hasty, "/ws/live/")
    platform.clients.append(client)
    await connected(client)

    assert await client.hear_the_end() == CloseCode.NOT_SIGNED_IN


async def test_an_expired_token_is_no_token(cast: Cast, platform: Platform) -> None:
    token = await django(lambda: token_of(cast.owner))
    ago = timezone.now() - timedelta(days=3)
    await django(lambda: ApiToken.objects.update(created_at=ago, expires_at=ago + timedelta(days=1)))
    client = await connected(platform.client())

    assert (await client.ask("authenticate", token=token))["code"] == "not_signed_in"


async def test_a_closed_account_does_not_come_in(cast: Cast, platform: Platform) -> None:
    token = await django(lambda: token_of(cast.owner))
    await django(lambda: Operator.objects.filter(pk=cast.owner.pk).update(is_active=False))
    client = await connected(platform.client())

    assert (await client.ask("authenticate", token=token))["code"] == "not_signed_in"


async def test_using_a_token_is_noted(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)
    assert await client.hears_nothing()

    assert (await django(ApiToken.objects.get)).last_used_at is not None


async def test_a_bound_token_sees_the_sensors_of_its_sites_only(cast: Cast, platform: Platform, now: datetime) -> None:
    await django(lambda: members.join(operator=cast.owner, site=cast.other_site, role=Role.VIEWER, now=now))
    bound = await platform.program(cast.owner, cast.site)

    snapshot = await bound.ask("request.data")
    refused = await bound.ask("subscribe", sensors=[str(cast.other_sensor.uuid)])
    await bound.hear()  # an empty snapshot
    await platform.store(cast.other_sensor, 0, temperature=1)
    await platform.store(cast.sensor, 0, temperature=2)
    readings = await bound.hear_readings(1)

    assert [entry["sensor"] for entry in snapshot["sensors"]] == [str(cast.sensor.uuid)]
    assert (refused["code"], refused["sensor"]) == ("unknown_sensor", str(cast.other_sensor.uuid))
    assert [each["sensor"] for each in readings] == [str(cast.sensor.uuid)]
    assert await bound.hears_nothing()


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
async def test_a_token_bound_to_a_site_shows_it_to_its_members_only(who: str, cast: Cast, platform: Platform) -> None:
    operator = getattr(cast, who)
    bound = await platform.program(operator, cast.site)

    snapshot = await bound.ask("request.data")
    await platform.store(cast.other_sensor, 0, temperature=1)

    seen = [entry["sensor"] for entry in snapshot["sensors"]]
    assert seen == ([] if who == "outsider" else [str(cast.sensor.uuid)])
    assert await bound.hears_nothing()


async def test_new_and_moved_sensors_are_shown_with_a_bound_token_if_they_are_at_its_site(
    cast: Cast, platform: Platform, now: datetime
) -> None:
    elsewhere = await django(lambda: services.create_site(by=cast.owner, now=now, name="Elsewhere"))
    bound = await platform.program(cast.owner, cast.site)
    await bound.ask("request.data")

    away = await django(lambda: services.add_sensor(by=cast.owner, site=elsewhere, now=now, name="Away"))
    assert await bound.hears_nothing()
    await django(lambda: services.update_sensor(by=cast.owner, sensor=away.sensor, site=cast.site))
    shown = await bound.hear()
    await django(lambda: services.update_sensor(by=cast.owner, sensor=cast.sensor, site=elsewhere))
    gone = await bound.hear()

    assert [entry["name"] for entry in shown["sensors"]] == ["Away"]
    assert (gone["code"], gone["sensor"]) == ("access_revoked", str(cast.sensor.uuid))


async def test_a_bound_token_that_is_revoked_or_whose_member_is_removed_shows_nothing_more(
    cast: Cast, platform: Platform
) -> None:
    revoked, removed = await platform.program(cast.owner, cast.site), await platform.program(cast.member, cast.site)
    for client in (revoked, removed):
        await client.ask("request.data")
    token = await django(lambda: ApiToken.objects.get(operator=cast.owner))
    membership = await django(lambda: Membership.objects.get(operator=cast.member))

    await django(lambda: end_token(token=token))
    await django(lambda: members.remove_member(by=cast.owner, membership=membership, now=timezone.now()))

    assert await revoked.hear_the_end() == CloseCode.RIGHTS_GONE
    assert (await removed.hear())["code"] == "access_revoked"


async def test_a_newer_token_with_fewer_sites_ends_the_others(cast: Cast, platform: Platform, now: datetime) -> None:
    elsewhere = await django(lambda: services.create_site(by=cast.owner, now=now, name="Elsewhere"))
    client = await platform.watching(cast.owner, cast.sensor)
    narrow = await django(lambda: token_of(cast.owner, elsewhere))

    await client.ask("authenticate", token=narrow)
    gone = await client.hear()

    assert (gone["code"], gone["sensor"]) == ("access_revoked", str(cast.sensor.uuid))


async def test_unknown_tokens_are_counted_and_good_ones_pass(cast: Cast, platform: Platform) -> None:
    good = await django(lambda: token_of(cast.owner))

    async def said(token: str) -> tuple[str, int]:
        client = platform.client()
        client.scope["client"] = ["192.0.2.1", 50000]
        await connected(client)
        answer = await client.ask("authenticate", token=token)
        return str(answer.get("code", answer["type"])), 0 if answer[
            "type"
        ] == "authenticated" else await client.hear_the_end()

    platform.live.around.unknown._clock = lambda: 1000.0
    first = await said(f"sft_{0:040}")
    for number in range(2 * BURST):
        platform.live.around.unknown.note_unknown(f"sft_{number:040}", "192.0.2.1")

    assert first == ("not_signed_in", CloseCode.NOT_SIGNED_IN)
    assert await said("sft_next") == ("too_fast", CloseCode.TRY_AGAIN_LATER)
    assert await said(good) == ("authenticated", 0)


async def test_a_newer_token_of_the_same_operator_takes_the_place_of_the_old_one(
    cast: Cast, platform: Platform
) -> None:
    client = await platform.program(cast.owner)
    old = await django(ApiToken.objects.get)
    newer = await django(lambda: token_of(cast.owner))

    assert (await client.ask("authenticate", token=newer))["type"] == "authenticated"
    await django(lambda: end_token(token=old))

    assert await client.hears_nothing()


async def test_a_socket_does_not_change_hands(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)
    other = await django(lambda: token_of(cast.outsider))

    assert (await client.ask("authenticate", token=other))["code"] == "not_allowed"


# Requests


async def test_request_data_shows_everything_visible_and_then_every_change(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=20.5, humidity=60)
    client = await platform.program(cast.member)

    snapshot = await client.ask("request.data", id="all")
    await platform.store(cast.sensor, 1, temperature=21)

    assert snapshot == {
        "type": "snapshot",
        "id": "all",
        "sensors": [
            {
                "sensor": str(cast.sensor.uuid),
                "name": "Orchard station",
                "state": "offline",
                "seq": 1,
                "observed_at": "2026-11-20T10:00:00Z",
                "received_at": "2026-11-20T10:00:00Z",
                "values": {"temperature": 20.5, "humidity": 60},
            }
        ],
    }
    assert await client.hear() == {
        "type": "readings",
        "readings": [
            {
                "sensor": str(cast.sensor.uuid),
                "seq": 2,
                "observed_at": "2026-11-20T10:01:00Z",
                "received_at": "2026-11-20T10:01:00Z",
                "values": {"temperature": 21},
            }
        ],
    }


async def test_a_snapshot_shows_the_newest_of_each_quantity(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=20, rain=0.2)
    await platform.store(cast.sensor, 1, temperature=21)
    client = await platform.program(cast.owner)

    entry = entry_of(await client.ask("request.data"), cast.sensor)

    assert entry["values"] == {"temperature": 21, "rain": 0.2}
    assert list(entry["older"]) == ["rain"]


async def test_a_returning_client_is_sent_what_it_missed(cast: Cast, platform: Platform) -> None:
    for minute in range(6):
        await platform.store(cast.sensor, minute, temperature=minute)
    client = await platform.program(cast.owner)

    snapshot = await client.ask("subscribe", id=1, sensors=[str(cast.sensor.uuid)], after={str(cast.sensor.uuid): 2})
    missed = await client.hear_readings(4)
    await platform.store(cast.sensor, 6, temperature=6)
    (live,) = await client.hear_readings(1)

    assert (entry_of(snapshot, cast.sensor)["seq"], entry_of(snapshot, cast.sensor)["values"]) == (
        2,
        {"temperature": 5},
    )
    assert [reading["seq"] for reading in [*missed, live]] == [3, 4, 5, 6, 7]
    assert [reading["values"]["temperature"] for reading in missed] == [2, 3, 4, 5]


async def test_a_client_ahead_of_the_database_goes_on_from_what_there_is(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=1)
    client = await platform.program(cast.owner)

    snapshot = await client.ask("subscribe", sensors=[str(cast.sensor.uuid)], after={str(cast.sensor.uuid): 99})
    await platform.store(cast.sensor, 1, temperature=2)

    assert entry_of(snapshot, cast.sensor)["seq"] == 1
    assert [reading["seq"] for reading in await client.hear_readings(1)] == [2]


async def test_a_sensor_without_readings_is_shown_pending(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)

    entry = entry_of(await client.ask("request.data"), cast.sensor)

    assert (entry["state"], entry["seq"], entry["observed_at"], entry["values"]) == ("pending", 0, None, {})


async def test_unsubscribing_ends_a_stream(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.owner, cast.sensor)

    await client.say("unsubscribe", sensors=[str(cast.sensor.uuid)])
    assert await client.hears_nothing()
    await platform.store(cast.sensor, 0, temperature=1)

    assert await client.hears_nothing()
    assert platform.live.hub.topics == {}


async def test_asking_twice_brings_everything_once(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.owner, cast.sensor)
    assert (await client.ask("request.data"))["type"] == "snapshot"
    assert (await client.ask("request.data"))["type"] == "snapshot"

    await platform.store(cast.sensor, 0, temperature=1)

    assert len(await client.hear_readings(1)) == 1
    assert await client.hears_nothing()


async def test_ping_tells_the_servers_time(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)

    pong = await client.ask("ping", id=7)

    assert (pong["type"], pong["id"], pong["at"][-1]) == ("pong", 7, "Z")


async def test_a_mistake_is_answered_and_the_stream_goes_on(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.owner, cast.sensor)

    assert (await client.ask("dance", id=1))["code"] == "unknown_action"
    assert (await client.ask("subscribe", id=2, sensors=7))["code"] == "bad_message"
    await platform.store(cast.sensor, 0, temperature=1)

    assert await client.hear_readings(1)


@pytest.mark.parametrize("frame", [{"bytes_data": b"x"}, {"text_data": "nonsense"}, {"text_data": "[1]"}])
async def test_what_is_no_message_ends_the_connection(frame: dict[str, Any], cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)

    await client.send_to(**frame)

    assert (await client.hear())["code"] == "bad_message"
    assert await client.hear_the_end() == CloseCode.PROTOCOL_ERROR


async def test_more_sensors_than_allowed_are_refused(cast: Cast, platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr(protocol, "MAX_SENSORS", 1)
    await django(lambda: Sensor.objects.create(site=cast.site, name="Second"))
    client = await platform.program(cast.owner)

    assert (await client.ask("request.data", id=1))["code"] == "too_many_sensors"
    assert len((await client.hear())["sensors"]) == 1


async def test_a_large_snapshot_comes_in_parts(cast: Cast, platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr(protocol, "SNAPSHOT_SENSORS", 2)
    await django(lambda: [Sensor.objects.create(site=cast.site, name=f"No. {number}") for number in range(4)])
    client = await platform.program(cast.owner)

    parts = [await client.ask("request.data", id=1), await client.hear(), await client.hear()]

    assert [(part["id"], len(part["sensors"]), part.get("more")) for part in parts] == [
        (1, 2, True),
        (1, 2, True),
        (1, 1, None),
    ]


async def test_who_sees_nothing_still_gets_an_answer(cast: Cast, platform: Platform) -> None:
    nobody = await django(lambda: Operator.objects.create_user("nobody@example.org", PASSWORD))
    client = await platform.program(nobody)

    assert await client.ask("request.data", id=1) == {"type": "snapshot", "id": 1, "sensors": []}


# Access


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
async def test_everybody_at_the_site_sees_its_sensors_and_no_others(who: str, cast: Cast, platform: Platform) -> None:
    client = await platform.program(getattr(cast, who))

    snapshot = await client.ask("request.data")
    await platform.store(cast.other_sensor, 0, temperature=1)
    await platform.store(cast.sensor, 0, temperature=2)

    assert [entry["sensor"] for entry in snapshot["sensors"]] == [str(cast.sensor.uuid)]
    assert [reading["sensor"] for reading in await client.hear_readings(1)] == [str(cast.sensor.uuid)]
    assert await client.hears_nothing()


@pytest.mark.parametrize("name", ["5e5e5e5e-0000-4000-8000-000000000000", "nonsense", "", "x" * 1000])
async def test_an_unknown_sensor_is_named_and_the_rest_is_subscribed(name: str, cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)

    error = await client.ask("subscribe", id=3, sensors=[name, str(cast.sensor.uuid)])
    snapshot = await client.hear()

    assert (error["code"], error["id"], error["sensor"]) == ("unknown_sensor", 3, name[:64])
    assert [entry["sensor"] for entry in snapshot["sensors"]] == [str(cast.sensor.uuid)]


async def test_an_outsider_sees_nothing(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.outsider)

    error = await client.ask("subscribe", id=3, sensors=[str(cast.sensor.uuid)], after={str(cast.sensor.uuid): 0})
    snapshot = await client.hear()
    await platform.store(cast.sensor, 0, temperature=1)

    assert (error["code"], error["sensor"]) == ("unknown_sensor", str(cast.sensor.uuid))
    assert snapshot["sensors"] == []
    assert await client.hears_nothing()
    assert platform.live.hub.topics == {}


async def test_an_outsider_hears_the_same_of_a_sensor_as_of_none(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.outsider)
    answers = []
    for name in (str(cast.sensor.uuid), "5e5e5e5e-0000-4000-8000-000000000000"):
        error = await client.ask("subscribe", sensors=[name])
        answers.append((error["code"], error["detail"], await client.hear()))

    assert answers[0] == answers[1]


async def test_a_superuser_sees_no_more_than_a_member(cast: Cast, platform: Platform) -> None:
    admin = await django(lambda: Operator.objects.create_superuser("admin@example.org", PASSWORD))
    client = await platform.program(admin)

    assert (await client.ask("request.data"))["sensors"] == []


# When rights change


async def test_a_member_who_is_removed_hears_so_and_then_nothing_more(cast: Cast, platform: Platform) -> None:
    leaving, staying = (
        await platform.watching(cast.member, cast.sensor),
        await platform.watching(cast.owner, cast.sensor),
    )
    membership = await django(lambda: Membership.objects.get(operator=cast.member))

    await django(lambda: members.remove_member(by=cast.owner, membership=membership, now=NOW))
    error = await leaving.hear()
    await platform.store(cast.sensor, 0, temperature=1)

    assert (error["code"], error["sensor"]) == ("access_revoked", str(cast.sensor.uuid))
    assert await staying.hear_readings(1)
    assert await leaving.hears_nothing()


async def test_a_new_member_is_shown_the_site_without_asking_again(
    cast: Cast, platform: Platform, now: datetime
) -> None:
    everything, listed = (
        await platform.program(cast.outsider),
        await platform.watching(cast.outsider, cast.other_sensor),
    )
    await everything.ask("request.data")

    await django(lambda: members.join(operator=cast.outsider, site=cast.site, role=Role.VIEWER, now=now))
    snapshot = await everything.hear()
    await platform.store(cast.sensor, 0, temperature=1)

    assert [entry["sensor"] for entry in snapshot["sensors"]] == [str(cast.sensor.uuid)]
    assert await everything.hear_readings(1)
    assert await listed.hears_nothing()


async def test_a_new_sensor_is_shown_to_those_who_follow_everything(
    cast: Cast, platform: Platform, now: datetime
) -> None:
    everything, stranger = await platform.program(cast.member), await platform.program(cast.outsider)
    await everything.ask("request.data")
    await stranger.ask("request.data")

    await django(lambda: services.add_sensor(by=cast.owner, site=cast.site, now=now, name="Greenhouse"))
    snapshot = await everything.hear()

    assert [entry["name"] for entry in snapshot["sensors"]] == ["Greenhouse"]
    assert await stranger.hears_nothing()


async def test_a_deleted_sensor_says_goodbye(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.member, cast.sensor)

    await django(lambda: services.delete_sensor(by=cast.owner, sensor=Sensor.objects.get(pk=cast.sensor.pk)))

    assert await client.hear() == {"type": "sensor", "sensor": str(cast.sensor.uuid), "state": "deleted"}
    assert platform.live.hub.topics == {}


async def test_a_deleted_site_says_goodbye_to_its_sensors(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.member, cast.sensor)

    await django(lambda: services.delete_site(by=cast.owner, site=cast.site))

    assert (await client.hear())["state"] == "deleted"
    assert await client.hears_nothing()


async def test_a_paused_sensor_says_so(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.member, cast.sensor)

    await django(lambda: services.pause(by=cast.owner, sensor=cast.sensor))
    paused = await client.hear()
    await django(lambda: services.resume(by=cast.owner, sensor=cast.sensor))
    resumed = await client.hear()

    assert (paused["type"], paused["state"], resumed["state"]) == ("sensor", "paused", "pending")


async def test_a_new_name_is_told(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.member, cast.sensor)

    await django(lambda: services.update_sensor(by=cast.owner, sensor=cast.sensor, name="Old orchard"))

    assert await client.hear() == {
        **{"type": "sensor", "sensor": str(cast.sensor.uuid)},
        **{"state": "pending", "name": "Old orchard"},
    }


async def test_a_closed_account_ends_its_sockets(cast: Cast, platform: Platform) -> None:
    client, other = await platform.watching(cast.member, cast.sensor), await platform.watching(cast.owner, cast.sensor)

    await django(lambda: services.close_account(operator=cast.member, password=PASSWORD))

    assert await client.hear_the_end() == CloseCode.RIGHTS_GONE
    assert await other.hears_nothing()


async def test_a_revoked_token_ends_its_sockets_and_no_others(cast: Cast, platform: Platform) -> None:
    ending = await platform.watching(cast.owner, cast.sensor)
    token = await django(ApiToken.objects.get)
    staying = await platform.watching(cast.owner, cast.sensor)

    await django(lambda: end_token(token=token))

    assert await ending.hear_the_end() == CloseCode.RIGHTS_GONE
    assert await staying.hears_nothing()


async def test_a_changed_password_ends_the_sessions_begun_with_the_old_one(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = await connected(platform.client(PAGE, cookie))
    await client.ask("request.data")

    await django(lambda: change_password(operator=cast.owner, current=PASSWORD, new="another horse battery"))

    assert await client.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_a_session_that_is_gone_ends_its_socket_at_the_next_look(cast: Cast, platform: Platform) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = await connected(platform.client(PAGE, cookie))
    await client.ask("request.data")

    await django(lambda: _sign_out_everywhere(cast.owner))

    assert await client.hear_the_end() == CloseCode.RIGHTS_GONE


async def test_signing_every_other_browser_out_ends_sockets_of_sessions_that_are_not_listed(
    cast: Cast, platform: Platform
) -> None:
    cookie = await django(lambda: cookie_of(cast.owner))
    client = await connected(platform.client(PAGE, cookie))
    await client.ask("request.data")

    await django(lambda: _end_others(cast.owner))

    assert await client.hear_the_end() == CloseCode.RIGHTS_GONE


def _end_others(operator: Operator) -> None:
    other = HttpRequest()
    other.session, other.user = SessionStore(), operator
    other.session.create()
    end_others(request=other, operator=operator)


def _sign_out_everywhere(operator: Operator) -> None:
    Session.objects.all().delete()
    announce(AccessChanged(operator=operator.pk))


async def test_refused_requests_are_shown_to_those_who_set_the_sensor_up(cast: Cast, platform: Platform) -> None:
    editor, member = (
        await platform.watching(cast.editor, cast.sensor, refusals=True),
        await platform.program(cast.member),
    )
    snapshot, error = (
        await member.ask("subscribe", id=1, sensors=[str(cast.sensor.uuid)], refusals=True),
        await member.hear(),
    )

    event = ReadingsRefused(cast.sensor.pk, "2026-11-22T06:00:00Z", 422, "nothing_usable", "abc is not a number")
    await django(lambda: announce(event))

    assert (snapshot["type"], error["code"]) == ("snapshot", "not_allowed")
    assert await editor.hear() == {
        **{"type": "refused", "sensor": str(cast.sensor.uuid), "at": event.at},
        **{"status": 422, "code": "nothing_usable", "detail": "abc is not a number"},
    }
    assert await member.hears_nothing()


async def test_an_editor_made_viewer_sees_refused_requests_no_more(cast: Cast, platform: Platform) -> None:
    editor = await platform.watching(cast.editor, cast.sensor, refusals=True)
    (topic,) = platform.live.hub.topics.values()
    membership = await django(lambda: Membership.objects.get(operator=cast.editor))

    await django(lambda: members.change_role(by=cast.owner, membership=membership, role=Role.VIEWER))

    async with asyncio.timeout(PATIENCE_S):
        while topic.refusals:  # noqa: ASYNC110 - there is no event for it, and only tests need to know
            await asyncio.sleep(0.005)
    assert await editor.hears_nothing()


# Closing


async def test_the_end_of_the_process_tells_everybody_to_come_back(cast: Cast, platform: Platform) -> None:
    client = await platform.watching(cast.owner, cast.sensor)

    await platform.live.hub.close()

    assert await client.hear_the_end() == CloseCode.RESTART


async def test_a_client_that_leaves_leaves_nothing_behind(cast: Cast, platform: Platform) -> None:
    before = asyncio.all_tasks()
    client = await platform.watching(cast.owner, cast.sensor)

    await client.disconnect()
    platform.clients.remove(client)

    assert platform.live.hub.topics == {}
    assert platform.live.hub.counts.sockets == 0
    assert not [task for task in asyncio.all_tasks() - before if "live" in f"{task.get_name()} {task.get_coro()}"]


async def test_while_the_database_is_away_a_client_is_told_and_may_ask_again(
    cast: Cast, platform: Platform, monkeypatch: Any
) -> None:
    client = await platform.program(cast.owner)
    readings = platform.live.around.readings

    async def away(*_: Any, **__: Any) -> Any:
        raise DatabaseAway("gone")

    with monkeypatch.context() as patched:
        patched.setattr(readings, "present", away)
        answer = await client.ask("request.data", id=1)
    again = await client.ask("request.data", id=2)

    assert (answer["code"], answer["id"]) == ("database_away", 1)
    assert (again["type"], again["id"]) == ("snapshot", 2)


async def test_everything_said_is_json_text(cast: Cast, platform: Platform) -> None:
    client = await platform.program(cast.owner)
    await client.say("request.data")

    assert json.loads(await client.receive_from())["type"] == "snapshot"


# The log


@pytest.mark.parametrize("of", ["client", "server"])
async def test_log_says_whose_socket_it_was_and_how_it_ended(
    of: str, cast: Cast, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sensorfusion.live")
    client = await platform.watching(cast.owner, cast.sensor)
    await platform.store(cast.sensor, 1, temperature=20.0)
    await client.hear_readings(1)

    if of == "client":
        await client.disconnect(code=1001)
    else:
        await platform.live.hub.close()
        await client.hear_the_end()
        await client.disconnect(code=1006)
    platform.clients.remove(client)

    opened, ended = (record for record in caplog.records if record.name == "sensorfusion.live.consumers")
    assert opened.__dict__["operator"] == ended.__dict__["operator"] == str(cast.owner.uuid)
    assert ended.__dict__["close_code"] == (1001 if of == "client" else CloseCode.RESTART)
    assert ended.__dict__["frames"] >= 2  # the snapshot, the reading, and what the state became


async def test_log_says_nothing_of_strangers(cast: Cast, platform: Platform, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sensorfusion.live")
    client = await connected(platform.client())
    await client.say("authenticate", token="sft_unknown")
    await client.hear()
    await client.disconnect()
    platform.clients.remove(client)

    assert not [record for record in caplog.records if record.name == "sensorfusion.live.consumers"]
