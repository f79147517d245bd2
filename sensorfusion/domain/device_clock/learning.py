"""Learns the offset of a device's local times from its messages, and places each message.

Only a message that arrived in time says anything about the offset: what the device's time is ahead of the arrival is
then its offset. A message that waited looks like one from a zone further west, so that alone proves nothing about a
device which is known to be in time. What does: a time in the future, because no message arrives before it is sent; a
clock that went back behind a message that arrived before; or a second message that is late by exactly as much.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sensorfusion.domain.device_clock.local_time import IN_TIME, Rule, fitting

# Messages that waited arrive together; a device that measures sends at longer intervals, or parts of one measurement.
_TOGETHER: Final = timedelta(seconds=10)
_APART: Final = timedelta(seconds=5)


class Heard(NamedTuple):
    """A message's arrival and its local time."""

    arrived_at: datetime
    local: datetime


@dataclass(slots=True)
class Memory:
    """What is known of a device besides the rule that is stored."""

    in_time_at: datetime | None = None  # the newest message that arrived in time
    is_sure: bool = False  # whether the rule was proven by a message in time since the start
    last: Heard | None = None
    anchor: Heard | None = None  # the first of the messages that came faster than they were sent, up to the last one
    last_at: datetime | None = None
    is_again: bool = False  # whether the last message was one that the broker delivered once more
    hint: int | None = None  # the offset that the last message would have if it was in time
    before: tuple[Rule, datetime | None, bool] | None = None  # what the last one, or one since `anchor`, replaced


class Verdict(NamedTuple):
    """Where a message belongs, and the rule from here on."""

    at: datetime
    rule: Rule
    is_in_time: bool
    is_tentative: bool = False  # messages that arrive right after it may prove that it was late


def judge(heard: Heard, rule: Rule, memory: Memory, *, is_live: bool) -> Verdict:
    """Place a message by its device's rule, or by the rule that it proves; `is_live`: nothing held it up on its way."""
    if _has_waited(heard, memory):
        return late(heard, _forgotten(rule, memory, heard), memory)
    if not is_live:
        return late(heard, rule, memory)
    if at := rule.in_time(heard.local, heard.arrived_at):
        return Verdict(at, rule, is_in_time=True)
    learned = _learned(heard, rule)
    if learned is None:
        return late(heard, rule, memory)
    if _is_proven(heard, rule, memory):
        return _taught(heard, learned)
    if memory.is_sure or rule.offset_s is not None:
        return late(heard, rule, memory)
    return _taught(heard, learned)._replace(is_tentative=True)


def late(heard: Heard, rule: Rule, memory: Memory) -> Verdict:
    """Place a message that did not arrive in time."""
    return Verdict(rule.in_order(heard.local, after=memory.last_at), rule, is_in_time=False)


def note(heard: Heard, rule: Rule, verdict: Verdict, memory: Memory, *, is_live: bool) -> None:
    """Remember a message that was placed; `rule` is the one before it."""
    is_going_on = memory.last is not None and _is_faster_than_sent(memory.last, heard)
    if verdict.is_in_time and verdict.rule != rule:
        memory.before = (rule, memory.in_time_at, memory.is_sure)
    elif not is_going_on or verdict.rule != rule:
        memory.before = None
    memory.anchor = memory.anchor if is_going_on else heard
    memory.hint = fitting(heard.local, heard.arrived_at) if is_live and not verdict.is_in_time else None
    memory.last, memory.last_at = heard, verdict.at
    if verdict.is_in_time:
        memory.in_time_at, memory.is_sure = verdict.at, True


def is_backlog(before: Heard, after: Heard) -> bool:
    """Return whether two messages of a device arrived together although they were not sent together."""
    return after.arrived_at - before.arrived_at < _TOGETHER and abs(_gained(before, after)) > IN_TIME


def _has_waited(heard: Heard, memory: Memory) -> bool:
    if memory.last is None or memory.anchor is None:
        return False
    if is_backlog(memory.last, heard):
        return True
    return _is_faster_than_sent(memory.last, heard) and _gained(memory.anchor, heard) > IN_TIME


def _is_faster_than_sent(before: Heard, after: Heard) -> bool:
    """Return whether two messages came in less than half the time in which they were sent."""
    arrivals = after.arrived_at - before.arrived_at
    return arrivals < _TOGETHER and 2 * arrivals < after.local - before.local


def _gained(before: Heard, after: Heard) -> timedelta:
    """Return by how much less a message is late than one before it."""
    return (after.local - before.local) - (after.arrived_at - before.arrived_at)


def _forgotten(rule: Rule, memory: Memory, heard: Heard) -> Rule:
    """Return the rule to go on with if the message before was the first of a backlog and taught something wrong."""
    if memory.before is None or memory.last is None or heard.local < memory.last.local:
        return rule
    before, memory.in_time_at, memory.is_sure = memory.before
    return before


def _learned(heard: Heard, rule: Rule) -> Rule | None:
    """Return the rule by which a message arrived in time: the site's zone if it does, else an offset in use."""
    of_site = Rule(rule.zone)
    if of_site.in_time(heard.local, heard.arrived_at):
        return of_site
    offset_s = fitting(heard.local, heard.arrived_at)
    return None if offset_s is None else Rule(rule.zone, offset_s)


def _is_proven(heard: Heard, rule: Rule, memory: Memory) -> bool:
    first, *_ = instants = rule.instants(heard.local)
    if first > heard.arrived_at + IN_TIME:
        return True
    if memory.in_time_at is not None and instants[-1] < memory.in_time_at - IN_TIME:
        return True
    if memory.last is None or memory.hint is None or heard.arrived_at - memory.last.arrived_at < _APART:
        return False
    return memory.hint == fitting(heard.local, heard.arrived_at)


def _taught(heard: Heard, learned: Rule) -> Verdict:
    at = learned.in_time(heard.local, heard.arrived_at)
    assert at is not None  # that is how it was learned
    return Verdict(at, learned, is_in_time=True)
