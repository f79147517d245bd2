"""The outcome of messages, without a broker: acknowledged, retried or dropped."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.ingest.mqtt.intake import MESSAGES, MOST_COMPLAINTS, MOST_WAITING, Intake
from sensorfusion.ingest.mqtt.link import Arrived
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.ingest.steps.batch import Note, Sent, Source
from sensorfusion.ingest.steps.receipts import Receipt
from sensorfusion.ingest.steps.refused import Code, RequestRefused
from tests.patience import PATIENCE_S

TOPIC = "sf/v1/3f2b8c1e-0000-4000-8000-000000000001/readings"


class Registered:
    async def source(self, name: object) -> Source:
        return Source(1, str(name))


class Clocks:
    async def placed(self, source: Source, *_: object) -> Source:
        return source


class Pipeline:
    """A pipeline that returns the given answers one after the other, then accepts everything."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.taken: list[Sent] = []
        self.noted: list[tuple[str, Note]] = []

    def note_site(self, site: str, notes: Sequence[Note]) -> None:
        self.noted += [(site, note) for note in notes]

    async def receive(
        self,
        *,
        credential: str,
        identify: Callable[[str], Awaitable[Source]],
        decode: Callable[[Source], Sequence[Sent]],
        is_light: bool,
    ) -> Receipt:
        source = await identify(credential)
        if self.answers:
            raise self.answers.pop(0)
        sent = decode(source)
        if all(one.problem for one in sent):
            raise RequestRefused("nothing_usable")
        self.taken.extend(sent)
        return Receipt(1, 0, [], 1)


class Link:
    def __init__(self) -> None:
        self.generation = 1
        self.acknowledged: list[int] = []

    def is_current(self, message: Arrived) -> bool:
        return message.generation == self.generation

    def acknowledge(self, message: Arrived) -> bool:
        if self.is_current(message):
            self.acknowledged.append(message.mid)
        return self.is_current(message)


def message(mid: int, payload: bytes = b'{"temperature": 1}', *, qos: int = 1, is_retained: bool = False) -> Arrived:
    return Arrived(TOPIC, payload, is_retained, qos, mid, generation=1)


async def settle(pipeline: Pipeline, link: Link, *messages: Arrived) -> None:
    """Run an intake until it has settled these messages."""
    intake = Intake(pipeline, Registered(), Routes(), now=utc_now, clocks=Clocks(), max_body_bytes=1000)  # type: ignore[arg-type]  # stand-ins
    until = sum(MESSAGES.values.values()) + len(messages)
    for each in messages:
        intake.arrived(each)
    intake.start(link)
    async with asyncio.timeout(PATIENCE_S):
        while sum(MESSAGES.values.values()) < until:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)
    await intake.stop()


def soon(code: Code) -> RequestRefused:
    """Refuse with a retry delay so short that no test has to wait for it."""
    refused = RequestRefused(code)
    refused.retry_after_s = 0
    return refused


def count(outcome: str) -> float:
    return MESSAGES.values.get((outcome,), 0)


async def test_message_beyond_a_quota_is_settled_at_once_and_the_next_ones_go_on() -> None:
    link, pipeline, before = Link(), Pipeline(RequestRefused("quota", retry_after_s=3600)), count("refused")

    await settle(pipeline, link, message(1), message(2))

    assert link.acknowledged == [1, 2]
    assert count("refused") == before + 1


async def test_messages_are_acknowledged_in_the_order_they_came() -> None:
    link, pipeline = Link(), Pipeline()

    await settle(pipeline, link, *(message(mid) for mid in range(1, 601)))

    assert link.acknowledged == list(range(1, 601))
    assert len(pipeline.taken) == 600


async def test_nothing_is_acknowledged_before_it_is_stored() -> None:
    link, pipeline = Link(), Pipeline()
    stored = asyncio.Event()
    take = pipeline.receive

    async def slowly(**given: Any) -> Receipt:
        await stored.wait()
        assert link.acknowledged == []
        return await take(**given)

    pipeline.receive = slowly  # type: ignore[method-assign]  # slower
    settling = asyncio.create_task(settle(pipeline, link, message(1)))
    await asyncio.sleep(0.01)
    assert link.acknowledged == []
    stored.set()
    await settling

    assert link.acknowledged == [1]


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"[1, 2", b'"text"', b"x" * 1001, b"[" * 1000])
async def test_what_can_never_be_stored_is_acknowledged_and_counted(payload: bytes) -> None:
    link, before = Link(), count("refused")

    await settle(Pipeline(), link, message(1, payload), message(2))

    assert link.acknowledged == [1, 2]
    assert count("refused") == before + 1


async def test_a_fault_of_ours_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    link = Link()

    await settle(Pipeline(RuntimeError("broken")), link, message(1), message(2))

    assert link.acknowledged == [1, 2]


async def test_what_can_be_stored_later_is_tried_again() -> None:
    link, pipeline = Link(), Pipeline(soon("database_away"), soon("overloaded"), soon("database_away"))

    await settle(pipeline, link, message(1))

    assert link.acknowledged == [1]
    assert len(pipeline.taken) == 1


async def test_what_comes_again_by_a_newer_connection_is_given_up() -> None:
    link, pipeline = Link(), Pipeline(soon("database_away"))
    link.generation = 2
    before = count("superseded")

    await settle(pipeline, link, message(1))

    assert link.acknowledged == []
    assert pipeline.taken == []
    assert count("superseded") == before + 1


async def test_stopping_leaves_to_the_broker_what_cannot_be_stored_now() -> None:
    link, pipeline = Link(), Pipeline(RequestRefused("database_away"))
    intake = Intake(pipeline, Registered(), Routes(), now=utc_now, clocks=Clocks(), max_body_bytes=1000)  # type: ignore[arg-type]  # stand-ins
    intake.arrived(message(1))
    intake.start(link)
    await asyncio.sleep(0.01)

    async with asyncio.timeout(PATIENCE_S):
        await intake.stop()

    assert link.acknowledged == []


async def test_stopping_does_not_wait_for_a_stream_that_never_ends() -> None:
    link, pipeline = Link(), Pipeline()
    intake = Intake(pipeline, Registered(), Routes(), now=utc_now, clocks=Clocks(), max_body_bytes=1000)  # type: ignore[arg-type]  # stand-ins
    acknowledge = link.acknowledge

    def acknowledge_and_send_another(settled: Arrived) -> bool:
        intake.arrived(message(settled.mid + 1))
        return acknowledge(settled)

    link.acknowledge = acknowledge_and_send_another  # type: ignore[method-assign,assignment]  # a broker that always has more
    intake.arrived(message(1))
    intake.start(link)
    await asyncio.sleep(0.01)

    async with asyncio.timeout(PATIENCE_S):
        await intake.stop()

    assert len(link.acknowledged) == len(pipeline.taken) > 1


async def test_a_value_that_the_broker_kept_is_acknowledged_and_not_stored() -> None:
    link, pipeline = Link(), Pipeline()

    await settle(pipeline, link, message(1, is_retained=True))

    assert link.acknowledged == [1]
    assert pipeline.taken == []


async def test_a_flood_without_acknowledgements_is_bounded() -> None:
    link, pipeline, before = Link(), Pipeline(), count("dropped")

    await settle(pipeline, link, *(message(0, qos=0) for _ in range(MOST_WAITING + 10)), message(7))

    assert count("dropped") == before + 10
    assert len(pipeline.taken) == MOST_WAITING + 1
    assert link.acknowledged[-1] == 7


async def test_a_flood_of_refused_messages_is_not_a_flood_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    topics = [f"sf/v1/3f2b8c1e-0000-4000-8000-{number:012}/readings" for number in range(100)]
    messages = [
        Arrived(topic, b'{"temperature": 1}', False, 1, mid, generation=1) for mid, topic in enumerate(topics * 3)
    ]
    pipeline = Pipeline(*(RequestRefused("sensor_paused") for _ in messages))

    await settle(pipeline, Link(), *messages)

    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(lines) == MOST_COMPLAINTS + 1
    assert "Further problems are not logged" in lines[-1]
