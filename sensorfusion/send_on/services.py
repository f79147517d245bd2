"""Adds, changes and removes destinations of a sensor, and sends at once. Those who may change the sensor may."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext, ngettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.audit.models import Action
from sensorfusion.accounts.audit.services import record
from sensorfusion.accounts.models import Operator
from sensorfusion.clock import Clock
from sensorfusion.domain.refusals import Refusal
from sensorfusion.events.work import Work, announce_work
from sensorfusion.ingest.polling.composition import fetcher
from sensorfusion.outgoing.attempts import Answer, Answers, NotAccepted
from sensorfusion.send_on.accounts import mistakes, open_part, sealed_part
from sensorfusion.send_on.attempts import Attempt, begun, ended
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.outcomes import in_words
from sensorfusion.send_on.planning import begin
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.send_on.targets.target import Target
from sensorfusion.send_on.transport import carried
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.connections import release_connection
from sensorfusion.web.slots import Slots

DESTINATIONS_MOST: Final = 20  # of a sensor
INTERVAL_MOST_S: Final = 86_400
# Each occupies one of the threads that serve pages, for as long as the network does not answer.
TRIES: Final = Slots(4, what="tries to send on")


@dataclass(frozen=True, slots=True)
class Said:
    """What came of sending at once."""

    is_sent: bool
    said: str


@transaction.atomic
def add_destination(
    *,
    by: Operator,
    sensor: Sensor,
    network: str,
    account: Mapping[str, str],
    now: datetime,
    interval_s: int | None = None,
    is_on: bool = True,
) -> Destination:
    """Send a sensor's readings on to a network, from its newest reading on.

    :raises Refusal: `not_allowed`, `switched_off` or `limit_reached`. :raises ValidationError: for an invalid entry.
    """
    Sensor.objects.select_for_update(no_key=True).get(pk=sensor.pk)
    require_editor(by=by, site=sensor.site)
    require_open(Feature.SEND_ON)
    target = TARGETS[network]
    if wrong := mistakes(account, target, sensor):
        raise ValidationError(wrong)
    interval_s = target.interval_s if interval_s is None else interval_s
    _check_interval(interval_s, target)
    if Destination.objects.filter(sensor=sensor).count() >= DESTINATIONS_MOST:
        most = gettext("A sensor is sent on to at most {count} networks. Remove one first.")
        raise Refusal("limit_reached", most.format(count=DESTINATIONS_MOST))
    made = Destination.objects.create(
        sensor=sensor, network=network, account=open_part(account, target), secret=sealed_part(account, target),
        interval_s=interval_s, is_on=is_on, made_by=by, made_at=now,
    )  # fmt: skip
    begin(destination=made, now=now)
    announce_work(Work.SEND_ON)
    record(Action.SEND_ON_ADDED, by=by, site=sensor.site, subject=_named(made))
    return made


@transaction.atomic
def change_destination(
    *, by: Operator, destination: Destination, now: datetime, interval_s: int | None = None, is_on: bool | None = None
) -> Destination:
    """Pause, resume or give another interval; it sends by the right of this operator from now on, and is due at once.

    :raises Refusal: `not_allowed`. :raises ValidationError: for an invalid interval.
    """
    held = _held(destination, by)
    if interval_s is not None:
        _check_interval(interval_s, TARGETS[held.network])
        held.interval_s = interval_s
    if is_on is not None:
        held.is_on = is_on
    held.made_by = by
    held.save(update_fields=["interval_s", "is_on", "made_by"])
    progress = begin(destination=held, now=now)
    progress.next_at = now
    progress.save(update_fields=["next_at"])
    what = "resumed" if is_on else "paused" if is_on is False else f"every {held.interval_s} s"
    record(Action.SEND_ON_CHANGED, by=by, site=held.sensor.site, subject=f"{_named(held)}: {what}")
    return held


@transaction.atomic
def remove_destination(*, by: Operator, destination: Destination) -> None:
    """Send nothing on to a destination any more, and forget its account.

    :raises Refusal: `not_allowed`.
    """
    held = _held(destination, by)
    record(Action.SEND_ON_REMOVED, by=by, site=held.sensor.site, subject=_named(held))
    held.delete()


def send_now(*, by: Operator, destination: Destination, now: Clock) -> Said:
    """Send at once, also while it is paused or its interval is not over, and wait for the answer.

    :raises Refusal: `not_allowed`; `one_at_a_time` or `overloaded` while other tries are under way.
    """
    require_editor(by=by, site=destination.sensor.site)
    with TRIES.of(by.pk):
        attempt = begun(pk=destination.pk, now=now(), jitter=0.0, by_hand=True)
        if not isinstance(attempt, Attempt):
            return Said(False, gettext("Nothing was sent: {why}.").format(why=in_words(attempt)))
        release_connection()
        return _made(attempt, now)


def _made(attempt: Attempt, now: Clock) -> Said:
    answers: Answers[Attempt] = Answers()
    answers.expect(attempt, _answered(lambda: async_to_sync(carried)(attempt, fetcher())))
    said: list[Said] = []

    def note(answer: Answer[Attempt]) -> None:
        ended(answer, now=now())
        said.append(_said(answer))

    answers.record(note, wait_s=0.0)
    return said[0]


def _answered(send: Callable[[], str]) -> "Future[str]":
    answer: Future[str] = Future()
    try:
        answer.set_result(send())
    except NotAccepted as error:
        answer.set_exception(error)
    return answer


def _said(answer: Answer[Attempt]) -> Said:
    name, many = gettext(answer.of.target.name), len(answer.of.planned.samples)
    if not answer.is_accepted:
        refused = gettext("{network} did not take it: {why}.")
        return Said(False, refused.format(network=name, why=in_words(answer.said)))
    if not answer.said:
        sent = ngettext("The newest reading went to {network}.", "{count} readings went to {network}.", many)
        return Said(True, sent.format(count=many, network=name))
    sent = ngettext(
        "The newest reading went to {network}; {said}.", "{count} readings went to {network}; {said}.", many
    )
    return Said(True, sent.format(count=many, network=name, said=in_words(answer.said)))


def _held(destination: Destination, by: Operator) -> Destination:
    require_editor(by=by, site=destination.sensor.site)
    return Destination.objects.select_for_update(of=("self",)).select_related("sensor__site").get(pk=destination.pk)


def _check_interval(interval_s: int, target: Target) -> None:
    if not target.shortest_s <= interval_s <= INTERVAL_MOST_S:
        why = gettext("{network} is sent to every {least} to {most} seconds.")
        given = {"network": gettext(target.name), "least": target.shortest_s, "most": INTERVAL_MOST_S}
        raise ValidationError({"interval_s": [why.format(**given)]})


def _named(destination: Destination) -> str:
    return f"{destination.sensor.name}: {TARGETS[destination.network].name}"
