"""A site with a webhook, a clock that is set, and a receiver that answers as it is told to."""

import json
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import pytest

from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Sensor
from sensorfusion.webhooks.models import Webhook
from sensorfusion.webhooks.sending import SendDeliveries
from sensorfusion.webhooks.services import make_webhook
from tests.clients import NOW
from tests.conftest import Cast
from tests.storing import store


class Receiver:
    """Gets what webhooks send, and refuses what it is told to refuse."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now: datetime = NOW
        self.refusals: list[BaseException] = []
        self.is_down = False
        self.hangs = False
        self.requests: list[Request] = []
        self.accepted: list[Request] = []
        self.unanswered: list[Future[str]] = []
        self.waits_s = 0.0  # for answers
        self.chore = self.another_process()

    def another_process(self) -> SendDeliveries:
        return SendDeliveries(self._post, lambda: self.now, jitter=lambda: 0.0)

    def _post(self, request: Request) -> "Future[str]":
        self.requests.append(request)
        refusal = NotAccepted("it answers 500") if self.is_down else self.refusals.pop(0) if self.refusals else None
        if refusal is not None and not isinstance(refusal, NotAccepted):
            raise refusal
        answer: Future[str] = Future()
        if refusal is not None:
            answer.set_exception(refusal)
        elif self.hangs:
            self.unanswered.append(answer)
        else:
            self.accepted.append(request)
            answer.set_result("accepted")
        return answer

    def run(self) -> None:
        """Go on as the thread does, which asks first whether anything is due."""
        while (self.chore.is_due() and self.chore.step()) or self.chore.settle(wait_s=self.waits_s):
            pass

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.run()

    def webhook(self, **fields: Any) -> Webhook:
        given = {"name": "Archive", "url": "https://example.org/in", "events": ["readings"], "by": self.cast.owner}
        return make_webhook(**{"site": self.cast.site, "now": self.now, **given, **fields}).webhook

    def seqs(self, requests: list[Request] | None = None) -> list[tuple[str, int]]:
        """Return the sensor and the seq of each reading that was accepted, in the order in which it came."""
        bodies = [json.loads(each.body) for each in (self.accepted if requests is None else requests)]
        return [(each["sensor"], each["seq"]) for body in bodies for each in body.get("readings", [])]


def send(sensor: Sensor, many: int = 1, *, at: datetime) -> None:
    """Store so many readings, a second apart, as the writer does: each has the next seq of its sensor."""
    state = SensorState.objects.filter(sensor=sensor).first()
    if state is None:
        store(sensor, [(at + timedelta(seconds=number), {"temperature": 20.0}) for number in range(many)])
        return
    for number in range(many):
        state.seq += 1
        observed_at = at + timedelta(seconds=number)
        Reading.objects.create(
            sensor=sensor, seq=state.seq, observed_at=observed_at, received_at=observed_at, values={"temperature": 20.0}
        )
    state.save(update_fields=["seq"])


@pytest.fixture
def receiver(cast: Cast) -> Receiver:
    Sensor.objects.update(created_at=NOW - timedelta(days=1))  # before any webhook
    return Receiver(cast)
