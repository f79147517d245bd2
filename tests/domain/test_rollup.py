import math
from datetime import date, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.rollup import (
    Bucket,
    Sample,
    VectorBucket,
    bucket_start,
    combined,
    day_bounds,
    growth_since,
    merge,
    merge_vectors,
    roll_up,
    single,
    single_vector,
    step,
    widen,
)
from sensorfusion.domain.weather.wind import WindSample, mean_direction

# Whole numbers add up exactly in floats, so that results can be compared for equality.
EXACT = st.integers(-(2**30), 2**30).map(float)
INSTANTS = st.integers(0, 200_000)


@st.composite
def ordered(draw: st.DrawFn, values: st.SearchStrategy[float] = EXACT, min_size: int = 0) -> list[Sample]:
    instants = draw(st.lists(INSTANTS, unique=True, min_size=min_size, max_size=40))
    return [Sample(at, draw(values)) for at in sorted(instants)]


def whole(samples: list[Sample]) -> Bucket:
    return reduce(merge, map(single, samples))


@given(samples=ordered(min_size=3), data=st.data())
def test_merge_is_associative(samples: list[Sample], data: st.DataObject) -> None:
    one = data.draw(st.integers(1, len(samples) - 2))
    two = data.draw(st.integers(one + 1, len(samples) - 1))
    a, b, c = whole(samples[:one]), whole(samples[one:two]), whole(samples[two:])

    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == whole(samples)


@given(ordered(min_size=2))
def test_order_of_merging_two_does_not_matter(samples: list[Sample]) -> None:
    early, late = whole(samples[:1]), whole(samples[1:])

    assert merge(early, late) == merge(late, early)


@given(ordered(min_size=1))
def test_bucket_says_what_its_values_say(samples: list[Sample]) -> None:
    values = [sample.value for sample in samples]

    bucket = whole(samples)

    assert (bucket.count, bucket.total) == (len(values), sum(values))
    assert (bucket.minimum, bucket.maximum) == (min(values), max(values))
    assert (bucket.first, bucket.last) == (values[0], values[-1])
    assert bucket.growth == sum(map(step, values, values[1:]))
    assert bucket.mean == pytest.approx(math.fsum(values) / len(values))


@given(samples=ordered(), width=st.integers(1, 5000), times=st.integers(1, 50))
def test_rollup_of_rollups_is_the_rollup(samples: list[Sample], width: int, times: int) -> None:
    fine = roll_up(samples, width_s=width)

    assert widen(fine, width_s=width * times) == roll_up(samples, width_s=width * times)


@given(samples=ordered(st.floats(-1e6, 1e6)), width=st.integers(1, 5000))
def test_rollup_of_rollups_of_any_numbers_is_the_rollup_but_for_rounding(samples: list[Sample], width: int) -> None:
    wide = roll_up(samples, width_s=width * 12)

    for start, bucket in widen(roll_up(samples, width_s=width), width_s=width * 12).items():
        assert bucket.total == pytest.approx(wide[start].total, rel=1e-9, abs=1e-6)
        assert bucket.growth == pytest.approx(wide[start].growth, rel=1e-9, abs=1e-6)
        assert (bucket.count, bucket.minimum) == (wide[start].count, wide[start].minimum)


@given(samples=ordered(), width=st.integers(1, 5000))
def test_every_value_is_in_the_bucket_of_its_instant(samples: list[Sample], width: int) -> None:
    buckets = roll_up(samples, width_s=width)

    assert sum(bucket.count for bucket in buckets.values()) == len(samples)
    for start, bucket in buckets.items():
        assert start % width == 0
        assert start <= bucket.first_at <= bucket.last_at < start + width


@pytest.mark.parametrize(("at", "start"), [(0, 0), (299.999, 0), (300, 300), (-1, -300), (1795328729.5, 1795328700)])
def test_bucket_is_half_open_and_aligned_to_the_epoch(at: float, start: int) -> None:
    assert bucket_start(at, width_s=300) == start


def test_counter_that_starts_again_adds_up() -> None:
    rain_total = [10.0, 10.4, 0.0, 0.2, 0.2, 1.0]

    bucket = whole([Sample(at, value) for at, value in enumerate(rain_total)])

    assert bucket.growth == pytest.approx(1.4)


def test_growth_since_the_bucket_before_counts_what_fell_in_between() -> None:
    before, bucket = whole([Sample(0, 1.0), Sample(1, 2.0)]), whole([Sample(300, 2.5), Sample(301, 3.0)])

    assert growth_since(before, bucket) == 1.0
    assert growth_since(None, bucket) == 0.5


def test_quantity_combines_in_its_own_way() -> None:
    bucket = whole([Sample(0, 1.0), Sample(1, 5.0), Sample(2, 3.0)])

    assert combined(bucket, combine="mean") == 3
    assert combined(bucket, combine="sum") == 9
    assert combined(bucket, combine="last") == 3
    assert combined(bucket, combine="counter") == 7
    with pytest.raises(ValueError, match="vectors"):
        combined(bucket, combine="vector")


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 22), 24)]
)
def test_local_day_has_23_24_or_25_hours(day: date, hours: int) -> None:
    start, end = day_bounds(day, zone=ZoneInfo("Europe/Warsaw"))

    assert end - start == timedelta(hours=hours)
    assert start.utcoffset() == timedelta(0)


WINDS = st.lists(st.tuples(st.floats(0, 360), st.none() | st.floats(0, 60)), max_size=20)


@given(winds=WINDS, cut=st.integers(0, 20))
def test_mean_direction_of_merged_buckets_is_that_of_the_winds(
    winds: list[tuple[float, float | None]], cut: int
) -> None:
    singles = [single_vector(direction=direction, speed=speed) for direction, speed in winds]
    early, late = (reduce(merge_vectors, part, VectorBucket()) for part in (singles[:cut], singles[cut:]))

    bucket = merge_vectors(early, late)

    expected = mean_direction(WindSample(*wind) for wind in winds)
    assert bucket.count == len(winds)
    assert bucket.calm == sum(speed is not None and speed < 0.5 for _, speed in winds)
    if math.hypot(bucket.east, bucket.north) > 1e-6:
        assert expected is not None
        assert bucket.direction is not None
        assert math.cos(math.radians(bucket.direction - expected)) == pytest.approx(1, abs=1e-6)


def test_calm_bucket_has_no_direction() -> None:
    bucket = single_vector(direction=270, speed=0.2)

    assert bucket == VectorBucket(count=1, calm=1)
    assert bucket.direction is None
