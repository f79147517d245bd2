"""The background chores, and what became of each."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_noop

from sensorfusion.readings.models import ChoreRun

# The chores of the installation (`server/chores.py`), as their names are shown: marked for translation.
LABELS: Final = (
    gettext_noop("Advance"),
    gettext_noop("Forget alert messages"),
    gettext_noop("Forget answers"),
    gettext_noop("Forget attempts"),
    gettext_noop("Forget audit entries"),
    gettext_noop("Forget deliveries of webhooks"),
    gettext_noop("Forget exports"),
    gettext_noop("Forget mail"),
    gettext_noop("Forget notices"),
    gettext_noop("Judge alert rules"),
    gettext_noop("Measure sites"),
    gettext_noop("Months ahead"),
    gettext_noop("Quality over time"),
    gettext_noop("Queue reports"),
    gettext_noop("Recut days"),
    gettext_noop("Retention"),
    gettext_noop("Roll up"),
    gettext_noop("Send mail"),
    gettext_noop("Tell quotas"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """A chore; it is failing if its last run failed."""

    run: ChoreRun

    @property
    def label(self) -> str:
        return gettext(self.run.name.capitalize())

    @property
    def is_failing(self) -> bool:
        return self.run.failed_at is not None and self.run.failed_at >= self.run.ran_at


def jobs() -> list[Job]:
    """Return the chores that ever ran, those that are failing first, then by name."""
    found = [Job(run) for run in ChoreRun.objects.order_by("name")]
    return sorted(found, key=lambda job: not job.is_failing)
