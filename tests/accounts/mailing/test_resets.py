"""Links for forgotten passwords: who gets one, and what a request tells (nothing)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.mailing.resets import compose_reset, link_for, request_reset
from sensorfusion.accounts.models import Operator
from sensorfusion.mail.models import OutboxMessage
from tests.conftest import Cast
from tests.mail.conftest import mail_settings

__all__ = ["mail_settings"]


@pytest.mark.usefixtures("mail_settings")
def test_request_does_the_same_for_every_address(cast: Cast) -> None:
    Operator.objects.filter(pk=cast.member.pk).update(is_active=False)
    done = []
    for email in (cast.owner.email, cast.member.email, "unknown@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            request_reset(email=email, address="192.0.2.7")
        done.append([query["sql"].replace(email, "").split(" VALUES")[0] for query in queries])

    assert done[0] == done[1] == done[2]
    assert OutboxMessage.objects.count() == 3
    assert not any("accounts_operator" in sql for sql in done[0])


def test_link_goes_to_the_address_of_the_account(cast: Cast) -> None:
    composed = compose_reset("OWNER@Example.ORG", "192.0.2.7")

    assert composed is not None
    assert composed.to == "owner@example.org"
    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.by, entry.address) == (Action.RESET_REQUESTED, "owner@example.org", "192.0.2.7")


def test_look_alike_address_gets_no_link(cast: Cast) -> None:
    assert compose_reset("owner@exampIe.org", "") is None
    assert compose_reset("ownér@example.org", "") is None


def test_unknown_closed_and_passwordless_accounts_get_no_link(cast: Cast) -> None:
    cast.member.is_active = False
    cast.editor.set_unusable_password()
    for each in (cast.member, cast.editor):
        each.save()

    assert compose_reset("unknown@example.org", "") is None
    assert compose_reset(cast.member.email, "") is None
    assert compose_reset(cast.editor.email, "") is None
    assert not AuditEntry.objects.exists()


def test_links_of_two_accounts_differ(cast: Cast) -> None:
    assert link_for(cast.owner) != link_for(cast.member)
