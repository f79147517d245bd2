"""Polls: the settings that editors make, and their status in words."""

from dataclasses import asdict
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from sensorfusion.accounts.administration.models import Feature
from sensorfusion.accounts.administration.services import require_open
from sensorfusion.accounts.models import Operator
from sensorfusion.events.work import Work, announce_work
from sensorfusion.sensors.keys.encryption import decrypt, encrypt
from sensorfusion.sensors.models import Poll, Sensor
from sensorfusion.sensors.polls.fields import PollDetails
from sensorfusion.sensors.polls.troubles import trouble_in_words
from sensorfusion.sensors.quotas.services import require_room_for_poll
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.values.clock import clock, day

WRITTEN_BY_THE_POLLER = ("answered_at", "failing_since", "failures", "trouble", "left_out")


def poll_of(sensor: Sensor) -> Poll | None:
    """Return the sensor's poll, or None if it is not polled."""
    return Poll.objects.filter(sensor=sensor).first()


def polling_status(sensor: Sensor, *, now: datetime) -> str:
    """Return the status of a sensor's poll in words, empty if it is not polled."""
    poll = getattr(sensor, "poll", None)
    return status_of(poll, time_zone=sensor.site.time_zone, now=now) if poll else ""


def kept_headers(poll: Poll | None, *, url: str) -> str | None:
    """Return the stored headers for a URL; None if they cannot be decrypted.

    They are sent only to the origin they were entered for: otherwise any editor of the sensor could send them
    elsewhere.
    """
    if poll is None or origin(poll.url) != origin(url):
        return ""
    return decrypt(poll.headers)


def origin(url: str) -> tuple[str, str, int | None]:
    """Return the origin of a URL: scheme, host and port."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


@transaction.atomic
def save_poll(*, by: Operator, sensor: Sensor, details: PollDetails, now: datetime) -> Poll:
    """Create or replace the sensor's poll; it is due immediately.

    :raises Refusal: `not_allowed`, `switched_off` or `limit_reached`.
    """
    require_editor(by=by, site=sensor.site)
    before = poll_of(sensor)
    if before is None:
        require_open(Feature.POLLING)
        require_room_for_poll(site=sensor.site)
    if details.headers is not None:
        headers = encrypt(details.headers)
    else:
        headers = before.headers if before and origin(before.url) == origin(details.url) else ""
    answered_at = before.answered_at if before else None
    said = {**asdict(details), "headers": headers}
    poll = Poll(sensor=sensor, **said, changed_at=now, next_at=now, answered_at=answered_at)
    poll.clean_fields(exclude=WRITTEN_BY_THE_POLLER)
    poll.save()
    announce_work(Work.POLLS)
    return poll


@transaction.atomic
def remove_poll(*, by: Operator, sensor: Sensor) -> None:
    """Stop polling; stored readings stay.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=sensor.site)
    Poll.objects.filter(sensor=sensor).delete()


def status_of(poll: Poll, *, time_zone: str, now: datetime) -> str:
    """Return the status of a poll in words, with times in the site's time zone."""
    zone = ZoneInfo(time_zone)
    if not poll.is_on:
        return gettext("Switched off.")
    said = []
    if poll.answered_at:
        said.append(gettext("last answered {time}").format(time=at_in_words(poll.answered_at, zone, now)))
    if poll.failing_since:
        since, trouble = at_in_words(poll.failing_since, zone, now), trouble_in_words(poll.trouble)
        said.append(gettext("failing since {time}: {trouble}").format(time=since, trouble=trouble))
    elif not poll.answered_at:
        said.append(gettext("not asked yet"))
    if poll.left_out:
        said.append(gettext("left out: {problems}").format(problems=trouble_in_words(poll.left_out)))
    said.append(gettext("next try {when}").format(when=until_in_words(poll.next_at, now)))
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def at_in_words(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the time of day of an instant, with its day if that is not today's."""
    local = at.astimezone(zone)
    return clock(local) if now - at < timedelta(hours=20) else f"{day(local)} {clock(local)}"


def until_in_words(at: datetime, now: datetime) -> str:
    """Return how long it is until an instant."""
    seconds = (at - now).total_seconds()
    if seconds < 1:
        return gettext("now")
    if seconds < 90:
        return gettext("in {seconds} s").format(seconds=f"{seconds:.0f}")
    if seconds < 5400:
        return gettext("in {minutes} min").format(minutes=f"{seconds / 60:.0f}")
    return gettext("in {hours} h").format(hours=f"{seconds / 3600:.0f}")
