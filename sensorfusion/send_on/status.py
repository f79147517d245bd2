"""The status of a destination in words, as that of polls."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.send_on.outcomes import in_words
from sensorfusion.sensors.polls.services import at_in_words, until_in_words


def progress_of(destination: Destination) -> Progress | None:
    return getattr(destination, "progress", None)


def status_of(destination: Destination, *, time_zone: str, now: datetime) -> str:
    """Return the status of a destination of `queries.destinations_of`, with times in the site's time zone."""
    said = list(_past(progress_of(destination), ZoneInfo(time_zone), now))
    if not destination.is_on:
        said.append(gettext("paused"))
    elif not getattr(destination, "is_allowed", True):
        why = gettext("stopped, because the operator who set it up may not change the sensor any more: resume it")
        said.append(why)
    elif (progress := progress_of(destination)) is not None:
        is_waiting = progress.next_at <= now and not progress.failing_since
        soon = gettext("next {when}").format(when=until_in_words(progress.next_at, now))
        said.append(gettext("next with the next reading") if is_waiting else soon)
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _past(progress: Progress | None, zone: ZoneInfo, now: datetime) -> list[str]:
    if progress is None:
        return [gettext("nothing sent yet")]
    said = []
    if progress.sent_at:
        said.append(gettext("last sent {when}").format(when=at_in_words(progress.sent_at, zone, now)))
    if progress.failing_since:
        since, why = at_in_words(progress.failing_since, zone, now), in_words(progress.trouble)
        said.append(gettext("failing since {when}: {why}").format(when=since, why=why))
    elif not progress.sent_at:
        said.append(gettext("nothing sent yet"))
    if progress.left_out:
        said.append(gettext("left out: {what}").format(what=in_words(progress.left_out)))
    return said
