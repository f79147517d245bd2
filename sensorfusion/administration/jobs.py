"""The background chores, and what became of each."""

from dataclasses import dataclass

from sensorfusion.readings.models import ChoreRun


@dataclass(frozen=True, slots=True)
class Job:
    """A chore; it is failing if its last run failed."""

    run: ChoreRun

    @property
    def label(self) -> str:
        return self.run.name.capitalize()

    @property
    def is_failing(self) -> bool:
        return self.run.failed_at is not None and self.run.failed_at >= self.run.ran_at


def jobs() -> list[Job]:
    """Return the chores that ever ran, those that are failing first, then by name."""
    found = [Job(run) for run in ChoreRun.objects.order_by("name")]
    return sorted(found, key=lambda job: not job.is_failing)
