"""Bucket arithmetic: many values of one quantity are reduced to a few numbers that can be merged into wider buckets.

A rollup of rollups equals the rollup of the values, so a day is made of its hours. Buckets are half-open [start, end).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from sensorfusion.domain.quantities import Combine
from sensorfusion.domain.weather.wind import heading, vector, weight


class Sample(NamedTuple):
    """`at` in epoch seconds."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """At least one value. `growth` is a counter's increase between `first` and `last`, restarts included."""

    count: int
    total: float
    minimum: float
    maximum: float
    first_at: float
    first: float
    last_at: float
    last: float
    growth: float = 0.0

    @property
    def mean(self) -> float:
        return self.total / self.count


@dataclass(frozen=True, slots=True)
class VectorBucket:
    """Directions as a sum of vectors; calms are counted but not added to the sum."""

    count: int = 0
    calm: int = 0
    east: float = 0.0
    north: float = 0.0

    @property
    def direction(self) -> float | None:
        return heading(east=self.east, north=self.north)


def bucket_start(at: float, *, width_s: int) -> int:
    """Return the start of the bucket that contains an instant (epoch seconds); buckets are aligned to the epoch."""
    return math.floor(at / width_s) * width_s


def day_bounds(day: date, *, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return a local day as UTC instants [start, end): 23 or 25 hours where the clocks change."""
    start, end = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return start, end


def single(sample: Sample) -> Bucket:
    """Return the bucket of one value."""
    at, value = sample
    return Bucket(1, value, value, value, at, value, at, value)


def merge(one: Bucket, other: Bucket) -> Bucket:
    """Merge two buckets that do not overlap in time; their order does not matter."""
    earlier, later = (one, other) if one.first_at <= other.first_at else (other, one)
    return Bucket(
        count=one.count + other.count,
        total=one.total + other.total,
        minimum=min(one.minimum, other.minimum),
        maximum=max(one.maximum, other.maximum),
        first_at=earlier.first_at,
        first=earlier.first,
        last_at=later.last_at,
        last=later.last,
        growth=earlier.growth + step(earlier.last, later.first) + later.growth,
    )


def step(before: float, after: float) -> float:
    """Return a counter's increase between two values; if the value decreased, the counter restarted from zero."""
    return after - before if after >= before else after


def growth_since(previous: Bucket | None, bucket: Bucket) -> float:
    """Return a counter's increase since the end of the previous bucket, which `growth` alone does not include."""
    return bucket.growth if previous is None else step(previous.last, bucket.first) + bucket.growth


def combined(bucket: Bucket, *, combine: Combine) -> float:
    """Return the representative value of a bucket for this kind of quantity; not for directions.

    :raises ValueError: for "vector", which needs a VectorBucket.
    """
    if combine == "vector":
        raise ValueError("directions are combined as vectors")
    if combine == "mean":
        return bucket.mean
    return {"sum": bucket.total, "counter": bucket.growth, "last": bucket.last}[combine]


def roll_up(samples: Iterable[Sample], *, width_s: int) -> dict[int, Bucket]:
    """Group values ordered by time into buckets by their start, without empty ones."""
    return _grouped(((sample.at, single(sample)) for sample in samples), width_s)


def widen(buckets: Mapping[int, Bucket], *, width_s: int) -> dict[int, Bucket]:
    """Merge buckets by start into wider ones; the width must be a multiple of theirs."""
    return _grouped(sorted(buckets.items()), width_s)


def _grouped(parts: Iterable[tuple[float, Bucket]], width_s: int) -> dict[int, Bucket]:
    grouped: dict[int, Bucket] = {}
    for at, part in parts:
        start = bucket_start(at, width_s=width_s)
        known = grouped.get(start)
        grouped[start] = part if known is None else merge(known, part)
    return grouped


def single_vector(*, direction: float, speed: float | None) -> VectorBucket:
    """Return the bucket of one direction, weighted by its speed, or by 1 without a speed."""
    if not weight(speed):
        return VectorBucket(count=1, calm=1)
    east, north = vector(direction=direction, weight=weight(speed))
    return VectorBucket(1, 0, east, north)


def merge_vectors(one: VectorBucket, other: VectorBucket) -> VectorBucket:
    """Merge two buckets of directions; an empty VectorBucket is neutral."""
    return VectorBucket(one.count + other.count, one.calm + other.calm, one.east + other.east, one.north + other.north)
