"""Reads messages as the adapters and the checks do, for one message or over the life of a sensor."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sensorfusion.ingest.mqtt.adapters.adapter import Found, Message
from sensorfusion.ingest.mqtt.adapters.catalogue import foreign
from sensorfusion.ingest.mqtt.adapters.own_topic import OWN
from sensorfusion.ingest.steps.batch import Draft, Note, Sent
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.naming import NO_SOURCE, decide, deciding

NOW = datetime(2026, 1, 2, 2, 4, 7, tzinfo=UTC)


def found(topic: str, said: Any, *, received_at: datetime = NOW) -> list[Found]:
    """Return what the adapter for this topic finds in a message."""
    levels = topic.split("/")
    adapter = OWN if levels[0] == "sf" else foreign(levels)
    assert adapter, topic
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return list(adapter.read(Message(levels, payload, received_at)))


def reading(topic: str, said: Any) -> tuple[str, Draft]:
    """Return the one device and reading in a message, as they would be stored; nothing is rejected."""
    [one] = found(topic, said)
    checked = check(one.sent, received_at=NOW)
    assert checked.rejected == []
    [draft] = checked.drafts
    return one.device, draft


def values(topic: str, said: Any) -> dict[str, Any]:
    return dict(reading(topic, said)[1].values)


def device(topic: str, said: Any) -> str:
    [one] = found(topic, said)
    return one.device


def notes(topic: str, said: Any) -> list[Note]:
    return [
        note for one in found(topic, said) for note in [*one.notes, *(each for sent in one.sent for each in sent.notes)]
    ]


class Life:
    """The life of one sensor: decides which field feeds which quantity when it is first seen, as the pipeline does."""

    def __init__(self) -> None:
        self.source = NO_SOURCE
        self.stored: set[str] = set()  # quantities that have values

    def take(self, sent: Sent) -> Mapping[str, Any]:
        checked = check([sent], received_at=NOW, source=self.source)
        for undecided in checked.undecided:
            taken = {*self.source.fed, *self.stored, *undecided.quantities}
            new = decide(undecided.fields, self.source.fields, taken=taken)
            self.source = deciding(self.source, {**self.source.fields, **new})
        if checked.undecided:
            checked = check([sent], received_at=NOW, source=self.source)
        assert not checked.undecided
        values = checked.drafts[0].values if checked.drafts else {}
        self.stored |= values.keys()
        return values
