"""The instants of a file in little memory: what is found is what was added, in whatever order."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.files.conflicts.older_instants import Entry, OlderInstants

VALUES = st.dictionaries(
    st.sampled_from("abc"),
    st.sampled_from([0, 1, 2, 2.5, True, False, "x"]) | st.floats(-40, 40).map(lambda value: round(value, 1)),
    min_size=1,
)
BATCHES = st.lists(st.dictionaries(st.integers(0, 40), VALUES, max_size=6), max_size=12)


@given(BATCHES, st.integers(0, 40), VALUES)
def test_another_value_is_found_wherever_it_was(
    batches: list[dict[int, dict[str, object]]], at: int, values: dict[str, object]
) -> None:
    older = OlderInstants()
    for batch in batches:
        older.add(Entry(when, 7, each) for when, each in batch.items())  # type: ignore[arg-type]  # any JSON value
    known = [batch[at] for batch in batches if at in batch]

    is_other = any(
        name in each and (each[name] != value or isinstance(each[name], bool) != isinstance(value, bool))
        for each in known
        for name, value in values.items()
    )
    assert (older.other_line(at, values) is not None) == is_other  # type: ignore[arg-type]  # any JSON value
    assert older.has(at) == bool(known)


def test_rows_in_order_are_one_run_and_take_little_memory() -> None:
    tracemalloc.start()
    for step in (1, -1):
        older = OlderInstants()
        for batch in range(40):
            older.add(
                Entry(step * (batch * 1000 + row), row, {"temperature": row * 0.1, "humidity": row % 100})
                for row in range(1000)
            )
        assert len(older._runs) == 1
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert held < 40_000 * 40
