"""The receipt says what exists afterwards, at every door.

A reading of a request is *gained* if, when the request is done, the stored reading of its instant has a value that it
gave, that was not stored before, and that no earlier reading of the same request gave. For every request:

* accepted = the readings gained; duplicates = those whose usable values were all stored, or given before, already;
* accepted + duplicates + the readings wholly rejected = the readings sent, and every one of these is in `rejected`;
* what is stored is what was stored before and the first usable value of each quantity and instant of the request;
* as many rows have a new seq as there are instants with a gain; the same request again has none, and accepts none.

Expected values come from a model of these sentences, which knows nothing of the platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.clock import utc_now
from sensorfusion.ingest.steps.receipts import Receipt
from tests.cases.bench import Bench, Row, bench, rows, sender
from tests.cases.doors import EXAMPLES, Example, Reading, missing
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = "broken"
GOOD = {"temperature": (10.0, 20.0), "humidity": (40.0, 50.0), "pressure": (1000.0, 1010.0)}
Sent = Sequence[tuple[int, Mapping[str, Any]]]  # seconds after the base of the example, and values

values = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*good, BROKEN]) for name, good in GOOD.items()}
).filter(bool)
requests = st.lists(st.lists(st.tuples(st.integers(0, 2), values), min_size=1, max_size=4), min_size=1, max_size=3)


@dataclass
class Expected:
    """What the model says of one request."""

    accepted: int = 0
    duplicates: int = 0
    rejected: list[int] = field(default_factory=list)
    instants: set[int] = field(default_factory=set)  # with a gain


def grouped(sent: Sent, example: Example) -> list[tuple[int, list[tuple[str, Any]]]]:
    """Return the readings that a door makes of a request; some make one of all values of an instant."""
    if not example.is_grouped:
        return [(second, list(given_values.items())) for second, given_values in sent]
    groups: dict[int, list[tuple[str, Any]]] = {}
    for second, given_values in sent:
        groups.setdefault(second, []).extend(given_values.items())
    return list(groups.items())


def expected(sent: Sent, stored: dict[tuple[int, str], Any], example: Example) -> Expected:
    result = Expected()
    before: dict[tuple[int, str], Any] = {}
    for index, (second, pairs) in enumerate(grouped(sent, example)):
        usable: dict[str, Any] = {}
        for name, value in pairs:
            usable.setdefault(name, value)
        usable = {name: value for name, value in usable.items() if value != BROKEN}
        new = {name: value for name, value in usable.items() if (second, name) not in before}
        repeated = any(before.get((second, name)) == value for name, value in usable.items())
        if not new and not repeated:
            result.rejected.append(index)
            continue
        gain = [name for name, value in new.items() if stored.get((second, name)) != value]
        result.accepted += bool(gain)
        result.duplicates += not gain
        result.instants |= {second} if gain else set()
        before |= {(second, name): value for name, value in new.items()}
    stored |= before
    return result


def one(receipts: Sequence[Receipt]) -> Receipt:
    """Add the receipts of one request."""
    [receipt] = receipts
    return receipt


def check(receipt: Receipt, said: Expected, sent: Sent, example: Example) -> None:
    assert (receipt.accepted, receipt.duplicates) == (said.accepted, said.duplicates)
    assert receipt.accepted + receipt.duplicates + len(said.rejected) == len(grouped(sent, example))
    assert {each.index for each in receipt.rejected} >= set(said.rejected)


def changed(before: Mapping[datetime, Row], after: Mapping[datetime, Row]) -> set[datetime]:
    assert before.keys() <= after.keys()
    return {at for at, (_, seq) in after.items() if at not in before or before[at][1] != seq}


def check_stored(
    after: Mapping[datetime, Row], base: datetime, stored: Mapping[tuple[int, str], Any], example: Example
) -> None:
    for second in {second for second, _ in stored}:
        expected_values = {example.stored(name): value for (at, name), value in stored.items() if at == second}
        assert after[base + timedelta(seconds=second)][0] == pytest.approx(expected_values, abs=0.02)


def play(bench: Bench, example: Example, cast: Cast) -> None:
    """Send random requests to one door, each twice, and compare receipts and database with the model."""
    sensor, who = sender(example, cast.site)
    start = utc_now().replace(microsecond=0) - timedelta(hours=1)
    bases = (start - timedelta(seconds=10 * number) for number in count())

    @settings(max_examples=12, database=None)
    @given(requests)
    def send(several: list[Sent]) -> None:
        base = next(bases)
        stored: dict[tuple[int, str], Any] = {}
        for request in several:
            sent = _fitting(request, example)
            ask = example.encode([Reading(base + timedelta(seconds=at), values) for at, values in sent], who)
            said, before = expected(sent, stored if example.is_dated else {}, example), rows(sensor)
            check(one(bench.send(example, ask, sensor, who)), said, sent, example)
            after = rows(sensor)
            if not example.is_dated:
                assert len(after) - len(before) == said.accepted
                continue
            assert changed(before, after) == {base + timedelta(seconds=at) for at in said.instants}
            check_stored(after, base, stored, example)
            again = one(bench.send(example, ask, sensor, who))
            assert (again.accepted, again.duplicates) == (0, said.accepted + said.duplicates)
            assert rows(sensor) == after

    send()


def _fitting(request: Sent, example: Example) -> Sent:
    """Cut a request to what the door takes."""
    if example.form == "value":
        second, given_values = request[0]
        return [(second, {"temperature": given_values.get("temperature", 10.0)})]
    return request[: example.most]


def test_every_door_has_an_example() -> None:
    assert missing() == []


def test_receipts_of_every_door_say_what_exists_afterwards(cast: Cast) -> None:
    with bench() as running:
        for example in EXAMPLES:
            try:
                play(running, example, cast)
            except BaseException as error:
                error.add_note(f"at the door {example.name} ({example.way})")
                raise
