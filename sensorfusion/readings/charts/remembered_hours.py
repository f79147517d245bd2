"""Remembers half-hourly means of hours that were rolled up, as long as their rollups are the same.

A late, corrected, excluded or deleted reading marks its hour as dirty until it is rolled up again, which writes its row
of `rollup_1h` once more, so the transaction that wrote the row tells whether an hour has changed. That holds among any
number of processes, and nothing needs to be told to this memory.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from sensorfusion.events.prepared import fetch

HOUR_S: Final = 3600
MOST_REMEMBERED: Final = 2_000  # series, each of a day: some 10 MB

Point = tuple[float, float]

# Of each sensor: its border, the transactions of its hours before that, and its first dirty hour.
_TOKENS = """
SELECT sensor_id, extract(epoch FROM rolled_up_until)::bigint,
    (SELECT jsonb_object_agg(extract(epoch FROM start)::bigint, xmin::text) FROM rollup_1h AS hour
     WHERE hour.sensor_id = state.sensor_id AND start >= to_timestamp(%(begin)s) AND start < rolled_up_until),
    (SELECT extract(epoch FROM min(hour))::bigint FROM dirty_hour
     WHERE dirty_hour.sensor_id = state.sensor_id AND hour >= to_timestamp(%(begin)s))
FROM sensor_state AS state WHERE sensor_id = ANY(%(sensors)s::int[]) AND observed_at >= rolled_up_until
"""


class Mean(NamedTuple):
    """The mean of half an hour, which begins at `start`, at the time of its last reading."""

    start: float
    point: Point


class Hour(NamedTuple):
    """An hour that was rolled up by a transaction; "" if there was nothing to roll up."""

    token: str
    means: tuple[Mean, ...]


class Tokens(NamedTuple):
    """What tells whether the hours of a sensor have changed; those from `end` on may change at any time."""

    end: int
    hours: Mapping[str, str]

    def of(self, hour: int) -> str:
        return self.hours.get(str(hour), "")


_decode = msgspec.json.Decoder(dict[str, str]).decode  # Django's connections leave JSON as text
_remembered: dict[tuple[int, str], Mapping[int, Hour]] = {}


def tokens_of(sensors: Sequence[int], *, begin: int) -> dict[int, Tokens]:
    """Return the tokens of sensors that have hours which were rolled up since `begin`."""
    found: dict[int, Tokens] = {}
    for sensor, border, hours, dirty in fetch(_TOKENS, {"sensors": list(sensors), "begin": begin}):
        found[sensor] = Tokens(border if dirty is None else min(border, dirty), _decode(hours or "{}"))
    return found


def known(sensor: int, name: str, tokens: Tokens, *, begin: int) -> tuple[int, list[Mean]]:
    """Return the remembered means from `begin` on, and the beginning of the first hour that must be asked for."""
    hours = _remembered.get((sensor, name), {})
    found: list[Mean] = []
    for hour in range(begin, tokens.end, HOUR_S):
        if hour not in hours or hours[hour].token != tokens.of(hour):
            return hour, found
        found += hours[hour].means
    return max(begin, tokens.end), found


def remember(sensor: int, name: str, tokens: Tokens, means: Sequence[Mean], *, begin: int) -> None:
    """Remember the means since `begin`; the tokens must have been read before them."""
    of_hours: dict[int, list[Mean]] = {hour: [] for hour in range(begin, tokens.end, HOUR_S)}
    for mean in means:
        if mean.start < tokens.end:
            of_hours[int(mean.start) // HOUR_S * HOUR_S].append(mean)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[sensor, name] = {hour: Hour(tokens.of(hour), tuple(each)) for hour, each in of_hours.items()}


def forget_all() -> None:
    """Forget everything."""
    _remembered.clear()
