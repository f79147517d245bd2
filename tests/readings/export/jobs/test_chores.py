"""Jobs end by age, and when their operator may not have the file any more."""

from datetime import datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from sensorfusion.accounts.models import Membership
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.export.jobs.chores import LISTED_FOR, ForgetExports
from sensorfusion.readings.export.jobs.services import KEPT_FOR
from sensorfusion.readings.models import ExportJob, ExportOf
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.services import delete_sensor, delete_site
from tests.conftest import Cast
from tests.readings.export.jobs.conftest import NOW, held, order

pytestmark = pytest.mark.django_db(transaction=True)


def forget(now: datetime = NOW) -> None:
    with held() as connection:
        _forget(connection, now)


def _forget(connection: psycopg.Connection, now: datetime) -> None:
    assert ForgetExports(lambda: now).run(connection) is False


def done(job: ExportJob) -> ExportJob:
    ExportJob.objects.filter(pk=job.pk).update(state="done", run=uuid4(), bytes=8, ended_at=NOW)
    job.refresh_from_db()
    files.make_place()
    files.path_of(job).write_bytes(b"readings")
    return job


def test_files_are_kept_for_a_week_and_listed_for_a_month(cast: Cast) -> None:
    job = done(order(cast.member, cast.sensor))

    forget(NOW + KEPT_FOR - timedelta(seconds=1))
    assert files.tidy() == 0
    job.refresh_from_db()
    assert job.state == "done"
    forget(NOW + KEPT_FOR)
    assert files.tidy() == 1
    job.refresh_from_db()
    assert (job.state, job.bytes) == ("expired", 0)
    forget(NOW + LISTED_FOR - timedelta(seconds=1))
    assert ExportJob.objects.count() == 1
    forget(NOW + LISTED_FOR)
    assert not ExportJob.objects.exists()


def test_what_waits_is_kept(cast: Cast) -> None:
    order(cast.member, cast.sensor)

    forget(NOW + 2 * LISTED_FOR)

    assert ExportJob.objects.get().state == "waiting"


def test_jobs_of_a_deleted_sensor_or_site_are_deleted_with_their_files(cast: Cast) -> None:
    shed = Sensor.objects.create(site=cast.site, name="Shed")
    both = done(order(cast.owner, cast.sensor, shed))
    other = done(order(cast.owner, cast.sensor))
    delete_sensor(by=cast.owner, sensor=shed)

    forget()
    assert list(ExportJob.objects.values_list("pk", flat=True)) == [other.pk]
    assert files.tidy() == 1
    assert not files.path_of(both).exists()

    done(order(cast.owner, of=ExportOf.ARCHIVE, form="zip", site=cast.site))
    delete_site(by=cast.owner, site=cast.site)
    forget()
    assert not ExportJob.objects.exists()
    assert files.tidy() == 2


def test_jobs_of_who_is_no_member_any_more_are_deleted(cast: Cast) -> None:
    lost, kept = done(order(cast.member, cast.sensor)), done(order(cast.owner, cast.sensor))
    archive = done(order(cast.owner, of=ExportOf.ARCHIVE, form="zip", site=cast.site))
    Membership.objects.filter(operator=cast.member).delete()
    Membership.objects.filter(operator=cast.owner).update(role="editor")

    forget()

    assert list(ExportJob.objects.values_list("pk", flat=True)) == [kept.pk]
    assert files.tidy() == 2
    assert not files.path_of(lost).exists()
    assert not files.path_of(archive).exists()
