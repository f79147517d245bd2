"""The chores as the page shows them."""

from datetime import timedelta

import pytest
from django.test import Client

from sensorfusion.administration.jobs import jobs
from sensorfusion.readings.models import ChoreRun
from tests.clients import NOW

pytestmark = pytest.mark.django_db


def ran(name: str, **fields: object) -> None:
    given = {"ran_at": NOW, "took_s": 0.2, "longest_s": 3.0, "runs": 12, "failures": 0, **fields}
    ChoreRun.objects.create(name=name, **given)


def test_those_that_fail_come_first(db: None) -> None:
    ran("advance", failed_at=NOW - timedelta(hours=1), failures=1)
    ran("roll up", failed_at=NOW, failures=1)
    ran("forget mail")

    assert [(job.label, job.is_failing) for job in jobs()] == [
        ("Roll up", True),
        ("Advance", False),
        ("Forget mail", False),
    ]


def test_the_page_shows_durations_and_the_last_failure(administrator: Client) -> None:
    ran("roll up", took_s=0.004, longest_s=90.0, failed_at=NOW, failures=2, failure="deadlock <detected>", runs=1_200)

    page = administrator.get("/administration/jobs/").text

    for shown in ("Roll up", "1,200 runs", "2 failed", "4 ms", "2 min", "Fails now", "deadlock &lt;detected&gt;"):
        assert shown in page
    assert "deadlock &lt;detected&gt;" in administrator.get("/administration/").text
