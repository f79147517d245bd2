"""Rows of one file at one instant: never silently one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.files.conflicts.shared_instants import SharedInstants, clash_in
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.steps.batch import Draft, Sent

NOW = datetime(2026, 11, 29, tzinfo=UTC)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 5).map(lambda hour: datetime(2026, 8, 2, hour, tzinfo=UTC)),
        st.dictionaries(st.sampled_from(["temperature", "humidity"]), st.integers(0, 3), min_size=1),
    )
)


@given(ROWS)
def test_what_is_let_through_is_all_there_afterwards(rows: list[tuple[int, datetime, dict[str, int]]]) -> None:
    seen = SharedInstants()
    stored: dict[tuple[int, datetime], dict[str, object]] = {}
    for number, (sensor, at, values) in enumerate(rows):
        if not seen.problem(sensor, Draft(at, dict(values)), number):
            before = stored.setdefault((sensor, at), {})
            assert all(before.get(name, value) == value for name, value in values.items())
            before.update(values)

    assert seen.count == len(stored)


def test_rows_of_the_batch_before_are_compared() -> None:
    seen = SharedInstants()
    assert not seen.problem(1, Draft(NOW, {"temperature": 1}), 2)
    seen.next_batch()

    assert "at line 2" in seen.problem(1, Draft(NOW, {"temperature": 2}), 3)


def test_rows_of_all_batches_before_are_compared() -> None:
    seen = SharedInstants()
    assert not seen.problem(1, Draft(NOW, {"temperature": 1, "humidity": 50}), 2)
    for batch in range(4):
        seen.next_batch()
        later = Draft(NOW + timedelta(hours=batch + 1), {"temperature": 2})
        assert not seen.problem(1, later, 3 + batch)

    assert not seen.problem(2, Draft(NOW, {"temperature": 3}), 7)
    assert not seen.problem(1, Draft(NOW, {"temperature": 1.0, "pressure": 900}), 8)
    assert "temperature is 3 here and 1.0 at line 8" in seen.problem(1, Draft(NOW, {"temperature": 3}), 9)
    assert "humidity is 51 here and another at line 2" in seen.problem(1, Draft(NOW, {"humidity": 51}), 10)
    assert seen.count == 6


@given(ROWS, st.lists(st.booleans(), min_size=60, max_size=60))
def test_borders_of_batches_change_nothing(rows: list[tuple[int, datetime, dict[str, int]]], ends: list[bool]) -> None:
    whole, parts = SharedInstants(), SharedInstants()
    for number, ((sensor, at, values), ends_batch) in enumerate(zip(rows, ends, strict=False)):
        draft = Draft(at, dict(values))
        assert bool(whole.problem(sensor, draft, number)) == bool(parts.problem(sensor, draft, number))
        if ends_batch:
            parts.next_batch()

    assert whole.count == parts.count


def lines(*hours: int) -> list[Line]:
    times = (NOW - timedelta(days=1) + timedelta(hours=hour) for hour in hours)
    return [Line(row, "", Sent({"temperature": row}, at)) for row, at in enumerate(times, 1)]


def test_many_rows_of_one_instant_are_said_and_few_are_not() -> None:
    assert "The first 3 rows have 1 instant, and 2 have other values" in clash_in(lines(0, 0, 0), now=NOW)
    assert not clash_in(lines(*range(20), 0), now=NOW)
