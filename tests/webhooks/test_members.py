"""Changes of members are told once, also those that happened while no process looked."""

import json
from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Membership, Role
from sensorfusion.sensors.sites import invitations, membership
from sensorfusion.webhooks.models import Progress, Watch
from tests.clients import NOW
from tests.webhooks.conftest import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

ALL = ["member.joined", "member.changed", "member.left"]


@pytest.fixture
def at_now(receiver: Receiver, time_machine: TimeMachineFixture) -> Receiver:
    """What the audit log is dated with."""
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    return receiver


def change_members(receiver: Receiver) -> None:
    cast = receiver.cast
    invited = invitations.invite(
        by=cast.owner, site=cast.site, email=cast.outsider.email, role=Role.VIEWER, now=receiver.now
    )
    invitations.accept(operator=cast.outsider, invitation=invited, now=receiver.now)
    of_member = Membership.objects.get(operator=cast.member, site=cast.site)
    membership.change_role(by=cast.owner, membership=of_member, role=Role.EDITOR)
    membership.remove_member(by=cast.owner, membership=of_member, now=receiver.now)


def told(receiver: Receiver) -> list[tuple[str, str]]:
    bodies = [json.loads(each.body) for each in receiver.accepted]
    return [(each["type"], each["subject"]) for each in bodies]


def test_each_change_is_told_once_and_in_order(at_now: Receiver) -> None:
    at_now.webhook(events=ALL)
    at_now.later(seconds=10)
    change_members(at_now)
    for _ in range(5):
        at_now.later(seconds=20)

    assert told(at_now) == [
        ("member.joined", "outsider@example.org: viewer"),
        ("member.changed", "member@example.org: viewer → editor"),
        ("member.left", "member@example.org"),
    ]
    body = json.loads(at_now.accepted[1].body)
    assert (body["action"], body["by"], body["happened_at"]) == (
        "role_changed",
        "owner@example.org",
        "2026-11-22T06:00:01Z",
    )


def test_webhook_gets_only_what_it_wants_of_its_own_site(at_now: Receiver) -> None:
    at_now.webhook(events=["member.left"])
    at_now.webhook(by=at_now.cast.outsider, site=at_now.cast.other_site, events=ALL)
    at_now.later(seconds=10)
    change_members(at_now)
    at_now.later(seconds=20)

    assert told(at_now) == [("member.left", "member@example.org")]


def test_change_while_no_process_looked_is_told_afterwards(at_now: Receiver) -> None:
    at_now.webhook(events=ALL)
    at_now.later(seconds=10)
    change_members(at_now)
    at_now.later(days=2)

    assert len(told(at_now)) == 3


def test_what_happened_before_the_webhook_or_a_restored_backup_is_not_told(at_now: Receiver) -> None:
    change_members(at_now)
    AuditEntry.objects.update(at=NOW - timedelta(seconds=1))
    at_now.webhook(events=ALL)
    at_now.later(seconds=10)
    assert told(at_now) == []

    AuditEntry.objects.update(at=NOW + timedelta(seconds=5))
    for each in (Watch, Progress):  # what a backup leaves out
        each.objects.all().delete()
    at_now.later(seconds=20)
    assert told(at_now) == []
