"""Which field of a device feeds which quantity is decided once per sensor, before anything is stored by it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from pytest_django import Settings

from sensorfusion.clock import utc_now
from sensorfusion.ingest.senders.source_fields import SourceFields
from sensorfusion.ingest.steps.batch import Field, Sent, Source, Undecided
from sensorfusion.ingest.steps.naming import MOST_FIELDS
from tests.conftest import Cast
from tests.ingest.conftest import Server, read

pytestmark = pytest.mark.django_db(transaction=True)

INSIDE = Field("SHT.Temperature", 21.5, "temperature", "Cel", which="SHT")
OUTSIDE = Field("DS.Temperature", 4.5, "temperature", "Cel", which="DS", rank=1)


def kept() -> list[str]:
    """Return the decisions, each as text; also those of quantities whose source is unknown."""
    return [str(row) for row in read("SELECT source || ' = ' || quantity FROM sensors_sourcefield ORDER BY 1")]


async def send(server: Server, fields: Sequence[Field]) -> dict[str, object]:
    """Send a reading with fields, as a door does, and return its values as they are stored."""
    await server.pipeline.receive_by_key(key=server.key, body=b"", decode=lambda _: [Sent({}, fields=fields)])
    rows = read('SELECT "values" FROM reading ORDER BY seq DESC LIMIT 1')
    return dict(rows[0])


async def test_a_series_is_one_probe_whatever_else_a_message_holds(server: Server) -> None:
    assert await send(server, [OUTSIDE, INSIDE]) == {"temperature": 21.5, "temperature:ds": 4.5}
    assert await send(server, [OUTSIDE]) == {"temperature:ds": 4.5}
    assert await send(server, [INSIDE, OUTSIDE]) == {"temperature": 21.5, "temperature:ds": 4.5}


async def test_the_first_one_seen_alone_stays_the_main_one(server: Server) -> None:
    assert await send(server, [OUTSIDE]) == {"temperature": 4.5}
    assert await send(server, [INSIDE, OUTSIDE]) == {"temperature:sht": 21.5, "temperature": 4.5}


async def test_a_further_source_has_the_unit_and_the_limits_of_its_quantity(server: Server) -> None:
    hot = Field("roof", 212, "temperature", "[degF]", which="roof")
    await send(server, [INSIDE])

    assert await send(server, [INSIDE, hot._replace(value=50)]) == {"temperature": 21.5, "temperature:roof": 10.0}
    assert await send(server, [INSIDE, hot]) == {"temperature": 21.5}  # 100 °C is not air


async def test_names_that_people_write_are_kept_with_their_label(server: Server) -> None:
    answer = await server.post({"Кухня °C": 20.1, "Спальня": 18.2, "temperature": 1})

    assert answer.json()["accepted"] == 1
    assert answer.json()["rejected"] == []
    assert read('SELECT "values" FROM reading') == [{"Kukhnya_degC": 20.1, "Spalnya": 18.2, "temperature": 1}]
    assert read("SELECT label FROM sensors_sourcefield ORDER BY quantity") == ["Кухня °C", "Спальня"]


async def test_names_of_the_catalogue_are_not_recorded(server: Server) -> None:
    await server.post({"temperature": 1, "own_name": 2})

    assert kept() == []


async def test_a_quantity_from_before_goes_on_with_the_first_field_that_claims_it(server: Server, cast: Cast) -> None:
    await server.post({"temperature": 1, "TempC_DS": 2})
    read(
        "INSERT INTO sensors_sourcefield (sensor_id, source, quantity, label, first_at)"
        f" VALUES ({cast.sensor.pk}, '', 'temperature', '', now()) RETURNING 1"
    )

    assert (await send(server, [INSIDE])) == {"temperature": 21.5}
    assert kept() == ["SHT.Temperature = temperature"]


async def test_a_quantity_that_is_sent_under_its_own_name_is_not_given_to_a_field(server: Server) -> None:
    await server.post({"temperature": 1})

    assert await send(server, [INSIDE]) == {"temperature:sht": 21.5}


async def test_fields_that_two_processes_see_first_get_different_quantities(server: Server, cast: Cast) -> None:
    processes = [SourceFields(server.ingest.pool, now=utc_now) for _ in range(4)]
    source = Source(cast.sensor.pk, str(cast.sensor.uuid))
    fields = [[INSIDE], [OUTSIDE], [INSIDE, OUTSIDE], [OUTSIDE]]

    decided = await asyncio.gather(
        *(
            process.decided(source, [Undecided(seen, frozenset())])
            for process, seen in zip(processes, fields, strict=True)
        )
    )

    assert len({each.fields[OUTSIDE.source] for each in decided[1:]}) == 1
    assert len(set(decided[2].fields.values())) == 2
    assert decided[0].fields[INSIDE.source] == decided[2].fields[INSIDE.source]


@pytest.fixture
def many_quantities(settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, sensor_quantities=10 * MOST_FIELDS)


async def test_the_number_of_decisions_is_bounded_and_every_value_is_kept(
    many_quantities: None, server: Server
) -> None:
    for part in range(3):
        answer = await server.post({f"поле {part} {number}": number for number in range(MOST_FIELDS // 2)})
        assert answer.json()["rejected"] == []

    assert len(kept()) == MOST_FIELDS
    rows = read('SELECT "values" FROM reading ORDER BY seq')
    assert [sorted(row.values()) for row in rows] == [list(range(MOST_FIELDS // 2))] * 3
