"""The pages of exports: the form of a new one, and the list with what became of each."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from sensorfusion.accounts.models import Membership, Operator
from sensorfusion.readings.export.jobs.failures import GIVEN_UP, NO_ROOM
from sensorfusion.readings.models import ExportJob
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.readings.export.jobs.conftest import order

pytestmark = pytest.mark.django_db
LIST = "/exports/"


def signed_in(by: Operator) -> Client:
    client = Client()
    client.force_login(by)
    return client


def of_sensor(cast: Cast) -> str:
    return f"/sensors/{cast.sensor.uuid}/export/"


def of_site(cast: Cast) -> str:
    return f"/sites/{cast.site.uuid}/export/"


def test_a_sensor_is_chosen_already_and_its_days_are_those_of_the_site(cast: Cast) -> None:
    Sensor.objects.create(site=cast.site, name="Shed")
    client, address = signed_in(cast.member), of_sensor(cast)

    page = client.get(address).content.decode()
    assert f'value="{cast.sensor.uuid}" id="id_sensors_0" checked' in page
    assert "Shed" in page
    assert "Archive of the site" not in page
    given = {"file": "readings-ndjson", "sensors": [cast.sensor.uuid], "start": "2026-03-29", "end": "2026-03-29"}
    assert client.post(address, given).headers["Location"] == LIST

    job = ExportJob.objects.get()
    assert (job.operator, job.of, job.format, job.sensors) == (cast.member, "readings", "ndjson", [cast.sensor.uuid])
    # The day on which clocks in Warsaw are set forward has 23 hours.
    assert job.starts_at == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert job.ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_an_owner_can_have_the_archive(cast: Cast) -> None:
    client, address = signed_in(cast.owner), f"{of_site(cast)}?file=archive-zip"

    assert '<option value="archive-zip" selected>' in client.get(address).content.decode()
    client.post(address, {"file": "archive-zip", "start": "2026-03-29"})

    job = ExportJob.objects.get()
    assert (job.site, job.format, job.sensors, job.starts_at) == (cast.site, "zip", [], None)


def test_the_archive_is_not_offered_to_others(cast: Cast) -> None:
    answer = signed_in(cast.editor).post(of_site(cast), {"file": "archive-zip"})

    assert answer.status_code == 400
    assert not ExportJob.objects.exists()


def test_what_is_wrong_stands_at_its_field(cast: Cast) -> None:
    client, address = signed_in(cast.member), of_site(cast)

    none = client.post(address, {"file": "readings-csv"})
    assert (none.status_code, "Choose one sensor at least." in none.content.decode()) == (400, True)
    given = {"file": "readings-csv", "sensors": [cast.sensor.uuid], "start": "2026-03-30", "end": "2026-03-28"}
    span = client.post(address, given)
    assert (span.status_code, "The span must begin before it ends." in span.content.decode()) == (400, True)


def test_there_is_no_form_for_what_an_outsider_cannot_see(cast: Cast) -> None:
    for address in (of_sensor(cast), of_site(cast)):
        for answer in (signed_in(cast.outsider).get(address), signed_in(cast.outsider).post(address)):
            assert answer.status_code == 404


def test_sensors_of_another_site_are_no_choice(cast: Cast) -> None:
    given = {"file": "readings-csv", "sensors": [cast.other_sensor.uuid]}

    assert signed_in(cast.member).post(of_site(cast), given).status_code == 400


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "waiting"}, "Waits for its turn."),
        ({"state": "running"}, "Being prepared."),
        ({"state": "running", "rows": 40, "rows_expected": 50, "bytes": 4096}, "40 of 50 readings"),
        ({"state": "done", "rows": 50, "bytes": 4096}, "Kept until"),
        ({"state": "failed", "error": "Make room."}, "Make room."),
        ({"state": "cancelled"}, "Cancelled."),
        ({"state": "expired"}, "Prepare another one."),
    ],
)
def test_the_list_says_what_became_of_each(cast: Cast, now: datetime, fields: dict[str, object], said: str) -> None:
    job = order(cast.member, cast.sensor)
    ExportJob.objects.filter(pk=job.pk).update(run=uuid4(), ended_at=now, **fields)

    page = signed_in(cast.member).get(LIST).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    is_moving = fields["state"] in ("waiting", "running")
    assert said in main
    assert ("<noscript><meta" in page, "<progress" in main, "data-moving" in main) == (is_moving,) * 3
    assert (f"/api/v1/exports/{job.uuid}/file/" in main) == (fields["state"] == "done")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "running", "rows": 40, "rows_expected": 50, "bytes": 1536}, "40 von 50 Messungen, bisher 1,5 KB."),
        ({"state": "done", "of": "notes", "rows": 50, "bytes": 1536}, "50 Notizen, 1,5 KB."),
        (
            {"state": "failed", "error": NO_ROOM.format(why="No space left")},
            "konnte nicht geschrieben werden: No space",
        ),
        ({"state": "failed", "error": GIVEN_UP.format(times=3)}, "Der Export wurde 3-mal begonnen"),
    ],
)
def test_the_list_is_german_for_a_german_reader(
    cast: Cast, now: datetime, fields: dict[str, object], said: str
) -> None:
    job = order(cast.member, cast.sensor)
    ExportJob.objects.filter(pk=job.pk).update(run=uuid4(), ended_at=now, **fields)

    page = signed_in(cast.member).get(LIST, headers={"Accept-Language": "de"}).content.decode()

    assert said in page.replace("\u00a0", " ")


def test_each_sees_and_removes_only_their_own(cast: Cast) -> None:
    job = order(cast.member, cast.sensor)
    remove = f"{LIST}{job.uuid}/remove/"

    for other in (cast.owner, cast.outsider):
        assert "There are no exports." in signed_in(other).get(LIST).content.decode()
        assert signed_in(other).post(remove).status_code == 404
    client = signed_in(cast.member)
    assert "Orchard station.csv is cancelled." in client.post(remove, follow=True).content.decode()
    assert "Orchard station.csv is removed." in client.post(remove, follow=True).content.decode()
    assert not ExportJob.objects.exists()


def test_who_left_the_site_sees_none_of_it(cast: Cast) -> None:
    order(cast.member, cast.sensor)
    Membership.objects.filter(operator=cast.member).delete()

    assert "Orchard" not in signed_in(cast.member).get(LIST).content.decode()


def test_the_pages_of_sensor_and_site_lead_to_the_form(cast: Cast) -> None:
    client = signed_in(cast.member)

    assert of_site(cast) in client.get(f"/sites/{cast.site.uuid}/settings/").content.decode()
