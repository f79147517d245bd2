"""`sensorfusion alerts check`: what it lists, and what it calls wrong."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sensorfusion.alerts.messages.models import AlertMessage
from sensorfusion.alerts.models import AlertRule, RuleState, Watch
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def watched(cast: Cast, *, ago: timedelta) -> None:
    now = timezone.now()
    rule = AlertRule.objects.create(
        site=cast.site, sensor=cast.sensor, quantity="temperature", condition="above", high=5.0, made_at=now,
        changed_at=now,
    )  # fmt: skip
    RuleState.objects.create(
        rule=rule, sensor=cast.sensor, seq=1, phase="firing", decided_until=0.0, since=0.0, clearing_since=0.0,
        signal="over",
    )  # fmt: skip
    Watch.objects.update_or_create(id=1, defaults={"looked_at": now - ago})


def test_rules_are_listed_with_their_states(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    watched(cast, ago=timedelta(seconds=5))

    call_command("alerts", "check")

    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "Rules: 1 on, 0 off" in said
    assert "Orchard, Orchard station: Temperature above 5.0 °C (1 firing)" in said
    assert "Messages: 0 events to tell, 0 waiting" in said
    assert "last sent: never" in said


def test_rules_that_nobody_judges_are_wrong(cast: Cast) -> None:
    watched(cast, ago=timedelta(minutes=5))

    with pytest.raises(CommandError, match=r"last judged: 5.min ago"):
        call_command("alerts", "check")


def test_it_says_when_the_last_message_was_sent(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    watched(cast, ago=timedelta(seconds=5))
    now = timezone.now()
    for minutes in (90, 7):
        at = now - timedelta(minutes=minutes)
        AlertMessage.objects.create(
            operator=cast.owner, created_at=at, expires_at=now, next_attempt_at=at, sent_at=at, is_test=True
        )

    call_command("alerts", "check")

    assert "last sent: 7 min ago" in capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")


def test_messages_that_were_given_up_are_wrong(cast: Cast) -> None:
    now = timezone.now()
    AlertMessage.objects.create(
        operator=cast.owner, created_at=now, expires_at=now, next_attempt_at=now, given_up_at=now
    )

    with pytest.raises(CommandError, match="1 messages were given up"):
        call_command("alerts", "check")
