"""Alerts in the live stream: each event once, in order, also across a disconnect; outsiders hear nothing."""

from typing import Any

import psycopg
import pytest

from sensorfusion.accounts.models import Membership
from sensorfusion.alerts import services
from sensorfusion.alerts.evaluation import numbering
from sensorfusion.alerts.evaluation.numbering import number
from sensorfusion.alerts.models import Alert, AlertEvent
from sensorfusion.clock import utc_now
from sensorfusion.events.postgres import conninfo
from sensorfusion.live.alert_feed import CATCH_UP
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.sites.membership import remove_member
from tests.conftest import Cast
from tests.live.conftest import Client, Message, Platform, django
from tests.live.test_event_stream import program

pytestmark = pytest.mark.django_db(transaction=True)


def fired(cast: Cast, times: int = 1) -> Alert:
    now = utc_now()
    alert = Alert.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", severity="warning",
        rule_was={"condition": "above", "high": 25.0}, value=26.5, began_at=now, fired_at=now,
    )  # fmt: skip
    AlertEvent.objects.bulk_create(AlertEvent(alert=alert, at=now, action="fired") for _ in range(times))
    numbered()
    return alert


def numbered() -> None:
    with psycopg.connect(conninfo()) as link:
        number(link)


async def following(platform: Platform, operator: Any, *sites: Site, after: dict[str, int] | None = None) -> Client:
    client = await platform.program(operator, *sites)
    answer = await client.ask("alerts", after=after or {})
    assert answer["type"] == "alerts"
    return client


async def heard(client: Client, count: int) -> list[Message]:
    return [await client.hear() for _ in range(count)]


async def test_alert_that_fires_and_is_acknowledged_is_told_to_members(cast: Cast, platform: Platform) -> None:
    owner = await following(platform, cast.owner)
    member = await following(platform, cast.member)
    alert = await django(lambda: fired(cast))
    await django(lambda: services.acknowledge(by=cast.owner, alert=alert, now=utc_now()))
    await django(numbered)

    told = await heard(owner, 2)
    assert told == await heard(member, 2)
    assert [(each["type"], each["seq"], each["action"]) for each in told] == [
        ("alert", 1, "fired"),
        ("alert", 2, "acknowledged"),
    ]
    assert (told[0]["site"], told[0]["sensor"]) == (str(cast.site.uuid), str(cast.sensor.uuid))
    assert (told[0]["alert"], told[0]["severity"], told[0]["value"]) == (str(alert.uuid), "warning", 26.5)


async def test_outsider_and_token_of_another_site_hear_nothing(cast: Cast, platform: Platform) -> None:
    outsider = await following(platform, cast.outsider, after={str(cast.site.uuid): 0})
    bound = await following(platform, cast.owner, await django(lambda: elsewhere(cast)))
    await django(lambda: fired(cast))

    assert await outsider.hears_nothing()
    assert await bound.hears_nothing()


def elsewhere(cast: Cast) -> Site:
    site = Site.objects.create(name="Elsewhere", time_zone="UTC")
    Membership.objects.create(operator=cast.owner, site=site, role="owner")
    return site


def removed(cast: Cast) -> None:
    held = Membership.objects.get(site=cast.site, operator=cast.member)
    remove_member(by=cast.owner, membership=held, now=utc_now())


async def test_removed_member_hears_no_more(cast: Cast, platform: Platform) -> None:
    owner, member = await following(platform, cast.owner), await following(platform, cast.member)
    await django(lambda: removed(cast))
    await django(lambda: fired(cast))

    assert [each["seq"] for each in await heard(owner, 1)] == [1]
    assert await member.hears_nothing()


async def test_client_that_comes_back_is_sent_what_it_missed_and_then_goes_on(cast: Cast, platform: Platform) -> None:
    await django(lambda: fired(cast, 5))
    client = await following(platform, cast.owner, after={str(cast.site.uuid): 2})
    await django(lambda: fired(cast, 2))

    assert [each["seq"] for each in await heard(client, 5)] == [3, 4, 5, 6, 7]


async def test_what_is_too_much_to_catch_up_is_named(cast: Cast, platform: Platform) -> None:
    await django(lambda: fired(cast, CATCH_UP + 3))
    client = await platform.program(cast.owner)
    answer = await client.ask("alerts", after={str(cast.site.uuid): 1})

    assert answer["sites"] == [{"site": str(cast.site.uuid), "seq": 1}]
    gap = await client.hear()
    assert gap == {"type": "alert_gap", "site": str(cast.site.uuid), "after": 1, "until": 3}
    assert [each["seq"] for each in await heard(client, CATCH_UP)] == list(range(4, CATCH_UP + 4))


async def test_client_ahead_of_a_restored_database_goes_on_from_there(cast: Cast, platform: Platform) -> None:
    client = await following(platform, cast.owner, after={str(cast.site.uuid): 99})
    await django(lambda: fired(cast))

    assert [each["seq"] for each in await heard(client, 1)] == [1]


async def test_lost_announcement_is_made_up_for_by_the_next(
    cast: Cast, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await following(platform, cast.owner)
    with monkeypatch.context() as lost:
        lost.setattr(numbering, "CHANNEL", "elsewhere")
        await django(lambda: fired(cast, 2))
    await django(lambda: fired(cast))

    assert [each["seq"] for each in await heard(client, 3)] == [1, 2, 3]


async def test_stream_of_events_resumes_alerts_by_its_last_id(cast: Cast, platform: Platform) -> None:
    events = await program(platform, cast.owner)
    assert await events.ask("alerts=true") == 200
    assert [(await events.hear())["type"] for _ in range(2)] == ["snapshot", "alerts"]
    await django(lambda: fired(cast))
    assert (await events.hear())["seq"] == 1
    await events.go_away()
    await django(lambda: fired(cast, 2))

    assert await events.ask("alerts=true") == 200
    told = [await events.hear() for _ in range(4)]
    assert [each["seq"] for each in told if each["type"] == "alert"] == [2, 3]
    await events.go_away()
