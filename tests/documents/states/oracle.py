"""The times of a state recomputed from single readings, in plain Python and without the project's own arithmetic."""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.documents.oracle import Site

Told = Sequence[tuple[datetime, str]]
DAY_S = 86_400.0


@dataclass
class Expected:
    """A day: how long each state is known to have lasted, how often it was there, and when "true" was entered."""

    so_far: float
    seconds: dict[str, float]
    times: dict[str, int]
    longest: dict[str, float]
    begun: list[float]

    @property
    def known(self) -> float:
        return sum(self.seconds.values())


def door(site: Site, first: date, last: date, *, seed: int) -> Told:
    """Make up a door that reports when it moves and each half hour, with silent hours and a silent day."""
    luck = random.Random(seed)
    at, end = site.begin(first), site.begin(last + timedelta(days=1))
    silent = first + timedelta(days=luck.randrange(2, (last - first).days))
    found: list[tuple[datetime, str]] = []
    while at < end:
        if site.day_of(at) != silent and not (at.hour == 3 and luck.random() < 0.2):
            found.append((at, "false"))
            if luck.random() < 0.15:
                found.append((at + timedelta(seconds=300), "true"))
                found.append((at + timedelta(seconds=300 + luck.choice([20, 90, 650.25])), "false"))
            elif luck.random() < 0.03:  # open over some half hours, and over midnight
                found += [(at + timedelta(seconds=1000 + 1800 * step), "true") for step in range(luck.randrange(1, 6))]
                at = found[-1][0]
        at += timedelta(seconds=1800)
    return found


def expected(site: Site, told: Told, first: date, last: date, *, now: datetime, late_s: float) -> dict[date, Expected]:
    """Compute each day of whole months of a site."""
    seconds = sorted((at.timestamp(), state) for at, state in told)
    found = {}
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        begin, end = site.begin(month).timestamp(), site.begin(following).timestamp()
        longest = _longest_step(seconds, begin, end, late_s)
        days = [month + timedelta(days=number) for number in range((following - month).days)]
        for day in days:
            if first <= day <= last:
                found[day] = _day(site, day, seconds, longest, now.timestamp(), begin)
        month = following
    return found


def _longest_step(seconds: Sequence[tuple[float, str]], begin: float, end: float, late_s: float) -> float:
    near = [at for at, _ in seconds if begin - 1 - DAY_S <= at < end + DAY_S]
    steps = sorted(after - at for at, after in itertools.pairwise(near))
    own = 2.5 * steps[math.ceil(0.9 * len(steps)) - 1] if len(steps) >= 20 else 0.0
    return min(DAY_S, max(late_s, own))


def _day(
    site: Site, day: date, seconds: Sequence[tuple[float, str]], longest: float, now: float, month: float
) -> Expected:
    begin, end = site.begin(day).timestamp(), site.begin(day + timedelta(days=1)).timestamp()
    until = min(end, now)
    if until <= begin:
        return Expected(0.0, {}, {}, {}, [])
    pieces = []  # a reading holds to the next one, or to now
    for place, (at, state) in enumerate(seconds):
        after = seconds[place + 1][0] if place + 1 < len(seconds) else now
        holds = after if after - at <= longest else at
        pieces.append((at, max(holds, at), state))
    inside = [
        (max(a, begin), min(b, until), state) for a, b, state in pieces if a < until and (b > begin or a >= begin)
    ]
    merged: list[list[float | str]] = []
    for a, b, state in inside:
        if merged and merged[-1][2] == state and merged[-1][1] == a:
            merged[-1][1] = b
        else:
            merged.append([a, b, state])
    states = {state for _, _, state in inside}
    order = [state for _, _, state in inside]
    earlier = [None, *order]
    return Expected(
        until - begin,
        {each: sum(b - a for a, b, state in inside if state == each) for each in states},
        {each: sum(order[k] == each and earlier[k] != each for k in range(len(order))) for each in states},
        {each: max(float(b) - float(a) for a, b, state in merged if state == each) for each in states},
        _begun(pieces, begin, until, month),
    )


def _begun(pieces: Sequence[tuple[float, float, str]], begin: float, until: float, month: float) -> list[float]:
    known = [(a, state) for a, b, state in pieces if a >= month - 1 or b > month - 1]
    return [
        a
        for place, (a, state) in enumerate(known)
        if begin <= a < until and state == "true" and (place == 0 or known[place - 1][1] != "true")
    ]
