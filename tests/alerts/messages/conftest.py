"""A freezer whose alerts are told, with a clock that is set and a receiver that answers as it is told to."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import pytest

from sensorfusion.alerts.messages.attempts import Sendable
from sensorfusion.alerts.messages.channels.channel import Publish
from sensorfusion.alerts.messages.models import AlertChannel, Untold
from sensorfusion.alerts.messages.sender import SendAlerts
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, Watch
from sensorfusion.outgoing.apprise.running import Notification
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.sensors.keys.encryption import encrypt
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings as mail_settings  # the fixture


class Office:
    """Makes alerts as the watcher does, and sends what they cause."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now: datetime = NOW
        self.refusals: list[NotAccepted] = []
        self.requests: list[Request] = []
        self.published: list[Publish] = []
        self.notified: list[Notification] = []
        self.unanswered: list[Future[str]] = []
        self.waits_s = 0.0  # for answers
        self.hangs: Callable[[Request], bool] = lambda request: False
        Watch.objects.update_or_create(defaults={"began_at": NOW - timedelta(days=1)})
        self.chore = SendAlerts(self._post, lambda: self.now, jitter=lambda: 0.0)

    def _post(self, request: Sendable) -> "Future[str]":
        if isinstance(request, Publish):
            self.published.append(request)
        elif isinstance(request, Notification):
            self.notified.append(request)
        else:
            self.requests.append(request)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None and not isinstance(refusal, NotAccepted):
            raise refusal
        answer: Future[str] = Future()
        if refusal is not None:
            answer.set_exception(refusal)
        elif isinstance(request, Request) and self.hangs(request):
            self.unanswered.append(answer)
        else:
            answer.set_result("accepted")
        return answer

    def run(self) -> None:
        """Go on as the sender's thread does, which asks first whether anything is due."""
        while (self.chore.is_due() and self.chore.step()) or self.chore.settle(wait_s=self.waits_s):
            pass

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.run()

    def rule(self, **fields: Any) -> AlertRule:
        given: dict[str, Any] = {"condition": "above", "high": -18.0, "sensor": self.cast.sensor}
        of = {"site": self.cast.site, "quantity": "temperature", "made_at": NOW, "changed_at": NOW}
        return AlertRule.objects.create(**{**given, **of, **fields})

    def fire(self, rule: AlertRule, *, is_running: bool = True) -> Alert:
        alert = Alert.objects.create(
            rule=rule, site=rule.site, sensor=self.cast.sensor, quantity=rule.quantity, severity=rule.severity,
            rule_was={"condition": rule.condition, "high": rule.high}, note=rule.note, value=-14.2,
            began_at=self.now - timedelta(minutes=12), fired_at=self.now,
        )  # fmt: skip
        self._happened(alert, "fired", is_running=is_running)
        return alert

    def end(self, alert: Alert, *, is_running: bool = True) -> None:
        Alert.objects.filter(pk=alert.pk).update(ended_at=self.now, outcome="cleared")
        self._happened(alert, "cleared", is_running=is_running)

    def channel(self, **fields: Any) -> AlertChannel:
        given: dict[str, Any] = {"kind": "webhook", "address": "https://example.org/a", "secret": encrypt("s3cret")}
        return AlertChannel.objects.create(**{"operator": self.cast.owner, "made_at": NOW, **given, **fields})

    def _happened(self, alert: Alert, action: str, *, is_running: bool = True) -> None:
        Untold.objects.create(event=AlertEvent.objects.create(alert=alert, at=self.now, action=action))
        if is_running:
            self.run()


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office(cast)
