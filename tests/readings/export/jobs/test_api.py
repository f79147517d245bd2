"""The API of export jobs: who sees them, their limits, and the file with its ranges."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from pytest_django import Settings

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.accounts.models import Membership, Operator, TokenScope
from sensorfusion.config.env import Environment
from sensorfusion.readings.export.jobs import files
from sensorfusion.readings.models import ExportJob
from sensorfusion.sensors.models import Sensor
from tests.clients import client_of
from tests.conftest import Cast
from tests.readings.export.jobs.conftest import HOURS, write
from tests.storing import store

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/exports/"


def asked(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {"sensors": [str(cast.sensor.uuid)], **fields}


def made(cast: Cast, by: Operator | None = None, **fields: Any) -> dict[str, Any]:
    answer = client_of(by or cast.member).post(PATH, asked(cast, **fields))
    assert answer.status_code == 202, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def test_a_job_is_answered_with_its_address(cast: Cast) -> None:
    answer = client_of(cast.member).post(PATH, asked(cast, start="2026-11-01T00:00:00Z"))

    job = answer.json()
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"{PATH}{job['id']}/")
    assert client_of(cast.member).get(answer["Location"]).json() == job
    told = {name: job[name] for name in ("of", "format", "name", "site", "sensors", "start", "end", "state", "rows")}
    assert told == {
        "of": "readings", "format": "csv", "name": "Orchard station.csv", "site": None,
        "sensors": [str(cast.sensor.uuid)], "start": "2026-11-01T00:00:00Z", "end": None, "state": "waiting", "rows": 0,
    }  # fmt: skip
    assert (job["file"], job["kept_until"], job["rows_expected"], job["error"]) == (None, None, None, "")


def test_a_site_is_all_of_its_sensors(cast: Cast) -> None:
    shed = Sensor.objects.create(site=cast.site, name="Barn")

    answer = client_of(cast.member).post(PATH, {"site": str(cast.site.uuid), "format": "ndjson"})

    assert answer.json()["sensors"] == [str(shed.uuid), str(cast.sensor.uuid)]
    assert answer.json()["name"] == "Orchard, 2 sensors.ndjson"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"format": "zip"}, "format"),
        ({"of": "notes", "format": "parquet"}, "format"),
        ({"start": "2026-11-02T00:00:00Z", "end": "2026-11-02T00:00:00Z"}, "end"),
        ({"sensors": []}, "sensors"),
        ({"of": "archive"}, "site"),
        ({"sensors": "all"}, "sensors"),
    ],
)
def test_what_cannot_be_written_is_refused_at_its_field(cast: Cast, fields: dict[str, Any], wrong: str) -> None:
    answer = client_of(cast.member).post(PATH, asked(cast, **fields))

    assert answer.status_code == 400
    assert wrong in answer.json()["fields"]
    assert not ExportJob.objects.exists()


def test_sensors_of_others_cannot_be_ordered(cast: Cast) -> None:
    for wanted in ({"sensors": [str(cast.other_sensor.uuid)]}, {"site": str(cast.other_site.uuid)}):
        answer = client_of(cast.member).post(PATH, wanted)

        assert answer.status_code == 400
        assert "Harbour" not in answer.content.decode()


def test_archives_are_for_owners(cast: Cast) -> None:
    wanted = {"of": "archive", "site": str(cast.site.uuid)}

    assert client_of(cast.editor).post(PATH, wanted).status_code == 403
    assert client_of(cast.owner).post(PATH, wanted).json()["name"] == "Orchard.zip"
    assert client_of(cast.owner).get(PATH).json()["count"] == 1
    narrow = client_of(cast.owner, scope=TokenScope.WRITE)
    assert narrow.get(PATH).json()["count"] == 0


def test_each_sees_only_their_own(cast: Cast) -> None:
    job = made(cast)

    assert client_of(cast.member).get(PATH).json()["results"] == [job]
    for other in (cast.owner, cast.editor, cast.outsider):
        client = client_of(other)
        assert client.get(PATH).json()["results"] == []
        for address in (f"{PATH}{job['id']}/", f"{PATH}{job['id']}/file/"):
            assert client.get(address).status_code == 404
        assert client.delete(f"{PATH}{job['id']}/").status_code == 404
    assert ExportJob.objects.get().state == "waiting"


def test_who_loses_the_right_finds_neither_the_job_nor_its_file(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.5}) for at in HOURS])
    job, client = made(cast), client_of(cast.member)
    write()
    assert client.get(f"{PATH}{job['id']}/").json()["state"] == "done"

    Membership.objects.filter(operator=cast.member).delete()

    assert client.get(PATH).json()["results"] == []
    assert client.get(f"{PATH}{job['id']}/file/").status_code == 404


def test_the_list_is_filtered_by_state(cast: Cast) -> None:
    first, second = made(cast), made(cast)
    ExportJob.objects.filter(uuid=first["id"]).update(state="cancelled")

    listed = client_of(cast.member).get(f"{PATH}?state=waiting").json()["results"]

    assert [each["id"] for each in listed] == [second["id"]]


def test_the_same_key_orders_once(cast: Cast) -> None:
    client = client_of(cast.member)
    first, again = (client.post(PATH, asked(cast), headers={"Idempotency-Key": "k-17"}) for _ in range(2))

    assert first.json() == again.json()
    assert (again.status_code, again["Location"]) == (202, first["Location"])
    assert ExportJob.objects.count() == 1


def test_a_person_has_so_many(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(data=settings.ENVIRONMENT.data, operator_exports=2)
    kept = [made(cast) for _ in range(2)]

    refused = client_of(cast.member).post(PATH, asked(cast))
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
    assert refused.json()["detail"] == "Your exports are limited to 2, and 2 are used. Remove some first."
    made(cast, cast.owner)
    client_of(cast.member).delete(f"{PATH}{kept[0]['id']}/")
    made(cast)


def test_a_full_store_refuses_at_once(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = Environment(data=settings.ENVIRONMENT.data, exports_mb=1)
    job = made(cast)
    ExportJob.objects.filter(uuid=job["id"]).update(state="done", bytes=1 << 20)

    refused = client_of(cast.owner).post(PATH, asked(cast))

    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("The exports of this installation take the 1 MB")


def test_deleting_cancels_what_waits_and_removes_what_is_there(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.5}) for at in HOURS])
    waiting, client = made(cast), client_of(cast.member)
    assert client.delete(f"{PATH}{waiting['id']}/").status_code == 204
    assert client.get(f"{PATH}{waiting['id']}/").json()["state"] == "cancelled"
    gone = client.get(f"{PATH}{waiting['id']}/file/")
    assert (gone.status_code, gone.json()["code"]) == (410, "file_gone")

    done = made(cast)
    write()
    path = files.path_of(ExportJob.objects.get(uuid=done["id"]))
    assert path.exists()
    client.delete(f"{PATH}{done['id']}/")
    client.delete(f"{PATH}{waiting['id']}/")
    assert not path.exists()
    assert not ExportJob.objects.exists()


def test_it_is_written_into_the_audit_log_of_each_site(cast: Cast) -> None:
    Membership.objects.create(operator=cast.member, site=cast.other_site, role="viewer")
    both = [str(cast.sensor.uuid), str(cast.other_sensor.uuid)]

    assert client_of(cast.member).post(PATH, {"sensors": both}).status_code == 202

    entries = AuditEntry.objects.filter(action="export_prepared").order_by("site_id")
    assert [(each.site, each.by) for each in entries] == [
        (cast.site, cast.member.email),
        (cast.other_site, cast.member.email),
    ]


def test_a_token_that_only_reads_orders_none(cast: Cast) -> None:
    assert client_of(cast.member, scope=TokenScope.READ).post(PATH, asked(cast)).status_code == 403


async def test_the_file_comes_as_a_download_with_its_ranges(cast: Cast) -> None:
    job, whole = await sync_to_async(_written)(cast)
    client = AsyncClient()
    await client.aforce_login(cast.member)
    address = f"{PATH}{job['id']}/file/"

    first = await client.get(address)
    assert await _content(first) == whole
    assert first["Content-Disposition"] == 'attachment; filename="Orchard-station.csv"'
    assert first["Content-Type"] == "text/csv; charset=utf-8"
    assert (first["Content-Length"], first["Accept-Ranges"]) == (str(len(whole)), "bytes")

    rest = await client.get(address, headers={"Range": "bytes=100-", "If-Range": first["ETag"]})
    assert (rest.status_code, await _content(rest)) == (206, whole[100:])
    assert (await client.get(address, headers={"If-None-Match": first["ETag"]})).status_code == 304
    none = await client.get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert (none.status_code, none["Content-Range"]) == (416, f"bytes */{len(whole)}")
    head = await client.head(address)
    assert (head["Content-Length"], head.content) == (str(len(whole)), b"")


async def test_a_file_that_is_not_written_yet_says_when_to_ask_again(cast: Cast) -> None:
    job = await sync_to_async(made)(cast)
    client = AsyncClient()
    await client.aforce_login(cast.member)

    answer = await client.get(f"{PATH}{job['id']}/file/")

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "not_ready", "5")


async def test_a_file_that_is_not_on_this_disk_is_gone(cast: Cast) -> None:
    job, _ = await sync_to_async(_written)(cast)
    files.path_of(await ExportJob.objects.aget(uuid=job["id"])).unlink()
    client = AsyncClient()
    await client.aforce_login(cast.member)

    assert (await client.get(f"{PATH}{job['id']}/file/")).status_code == 410


def _written(cast: Cast) -> tuple[dict[str, Any], bytes]:
    store(cast.sensor, [(at, {"temperature": 1.5}) for at in HOURS])
    job = made(cast)
    write()
    return job, files.path_of(ExportJob.objects.get(uuid=job["id"])).read_bytes()


async def _content(response: Any) -> bytes:
    content = b"".join([piece async for piece in response])
    await sync_to_async(response.close)()
    return content
