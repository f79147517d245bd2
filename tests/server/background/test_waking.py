"""Threads that rest are woken by what is announced; everything that queues work for them announces it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec
import psycopg
import pytest
from django.db import transaction

from sensorfusion.alerts.messages import services as alert_services
from sensorfusion.alerts.messages.models import AlertChannel, AlertMessage
from sensorfusion.alerts.services import delete_rule, make_rule
from sensorfusion.events.control import CHANNEL, Listener
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.work import Work, announce_work
from sensorfusion.readings.export.jobs.services import Ordered, make_export
from sensorfusion.readings.models import ExportOf
from sensorfusion.send_on.services import add_destination
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.services import save_poll
from sensorfusion.server.background.waking import wake_on_work
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW
from tests.conftest import Cast
from tests.ingest.conftest import change, until

pytestmark = pytest.mark.django_db(transaction=True)
POLL: Final = PollDetails(
    url="https://device.example.org/", interval_s=60, headers="", fields="temperature = $.t", is_on=True
)
ABOVE: Final[Mapping[str, Any]] = {"quantity": "temperature", "condition": "above", "high": 30.0}
HOOK: Final[Mapping[str, Any]] = {"name": "x", "url": "https://hooks.example.org/", "events": ["readings"]}
WOW: Final = {"site": "917006001", "key": "123456"}


def a_channel(cast: Cast) -> AlertChannel:
    return AlertChannel.objects.create(operator=cast.owner, kind="webhook", name="x", made_at=NOW)


def a_message_sent_again(cast: Cast) -> None:
    message = alert_services.test_channel(channel=a_channel(cast), now=NOW)
    AlertMessage.objects.update(given_up_at=NOW)
    alert_services.send_again(message=message, now=NOW)


def a_rule_deleted(cast: Cast) -> None:
    rule = make_rule(by=cast.owner, site=cast.site, now=NOW, **ABOVE)
    delete_rule(by=cast.owner, rule=rule, now=NOW)


# What queues work where there was none before, and how often it does.
QUEUE: Final[list[tuple[Work, int, Callable[[Cast], Any]]]] = [
    (Work.ALERT_RULES, 1, lambda cast: make_rule(by=cast.owner, site=cast.site, now=NOW, **ABOVE)),
    (Work.ALERT_RULES, 2, a_rule_deleted),
    (Work.ALERT_MESSAGES, 1, lambda cast: alert_services.test_channel(channel=a_channel(cast), now=NOW)),
    (Work.ALERT_MESSAGES, 2, a_message_sent_again),
    (Work.WEBHOOKS, 1, lambda cast: make_webhook(by=cast.owner, site=cast.site, now=NOW, **HOOK)),
    (
        Work.SEND_ON,
        1,
        lambda cast: add_destination(by=cast.owner, sensor=cast.sensor, network="wow", account=WOW, now=NOW),
    ),
    (
        Work.EXPORTS,
        1,
        lambda cast: make_export(
            by=cast.owner, ordered=Ordered(of=ExportOf.READINGS, format="csv", sensors=[cast.sensor]), now=NOW
        ),
    ),
    (Work.POLLS, 1, lambda cast: save_poll(by=cast.owner, sensor=cast.sensor, details=POLL, now=NOW)),
]


def heard(link: psycopg.Connection[Any]) -> list[str]:
    """Return the kinds of work that were announced so far."""
    told = [msgspec.json.decode(each.payload) for each in link.notifies(timeout=0.2)]
    return [each["work"] for each in told if each["kind"] == "WorkQueued"]


@pytest.mark.parametrize(("work", "times", "queue"), QUEUE)
def test_what_queues_work_announces_it(cast: Cast, work: Work, times: int, queue: Callable[[Cast], Any]) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(f"LISTEN {CHANNEL}")

        queue(cast)

        assert heard(link) == [work] * times


def test_all_kinds_of_work_are_announced_by_something() -> None:
    assert {work for work, _, _ in QUEUE} == set(Work)


def test_work_of_a_transaction_is_announced_when_it_commits() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as link:
        link.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            announce_work(Work.EXPORTS)
            assert heard(link) == []
        assert heard(link) == ["exports"]
        with transaction.atomic():
            announce_work(Work.EXPORTS)
            transaction.set_rollback(True)
        assert heard(link) == []


async def test_announcements_wake_what_does_the_work() -> None:
    woken: list[Work] = []
    listener = Listener()
    wakes: dict[str, Callable[[], None]] = {kind: partial(woken.append, kind) for kind in Work}
    wake_on_work(listener, wakes)
    await listener.start()
    assert woken == list(Work)  # there may be work from before it could hear
    woken.clear()

    for kind in Work:
        await asyncio.to_thread(change, f"""NOTIFY {CHANNEL}, '{{"kind":"WorkQueued","work":"{kind}"}}'""")
    await asyncio.to_thread(change, f"""NOTIFY {CHANNEL}, '{{"kind":"WorkQueued","work":"of a newer release"}}'""")
    await asyncio.to_thread(change, f"""NOTIFY {CHANNEL}, '{{"kind":"Alerted","site":1,"after":0}}'""")
    await until(lambda: len(woken) > len(Work))

    assert woken == [*Work, Work.ALERT_MESSAGES]
    await listener.stop()
