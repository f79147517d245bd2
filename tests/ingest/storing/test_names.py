"""A sensor has a limited number of quantity names, whichever way its readings come."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from sensorfusion.domain.normalise import Value
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.notices.models import Notice
from tests.conftest import Cast
from tests.ingest.conftest import Server

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 20, tzinfo=UTC)
MOST = 10


@pytest.fixture(autouse=True)
def ten_names(settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, sensor_quantities=MOST)


@pytest.fixture
def writer(ten_names: None) -> Iterator[WriterConnection]:
    with WriterConnection(conninfo()) as writer:
        yield writer


def named(*numbers: int) -> dict[str, Value]:
    return {f"quantity_{number}": float(number) for number in numbers}


def stored(writer: WriterConnection, sensor: Sensor, *drafts: Draft) -> Outcome:
    source = Source(sensor.pk, str(sensor.uuid))
    (answer,) = writer.store([WriteRequest(source, START + timedelta(days=1), list(drafts))]).answers
    assert isinstance(answer, Outcome)
    return answer


def at(minute: int, values: dict[str, Value], **more: object) -> Draft:
    return Draft(START + timedelta(minutes=minute), values, index=minute, **more)  # type: ignore[arg-type]  # its fields


def test_names_beyond_the_limit_are_refused_and_the_other_values_stay(cast: Cast, writer: WriterConnection) -> None:
    stored(writer, cast.sensor, at(0, named(*range(9))))

    answer = stored(writer, cast.sensor, at(1, named(1, 9, 10, 11)), at(2, named(12)), at(3, named(9)))

    assert (answer.accepted, answer.duplicates) == (2, 0)
    assert [(each.index, each.quantity, each.code) for each in answer.rejected] == [
        (1, "quantity_10", "too_many_names"),
        (1, "quantity_11", "too_many_names"),
        (2, "quantity_12", "too_many_names"),
    ]
    assert "the 10 that a sensor may have" in answer.rejected[0].detail
    assert [each.values for each in Reading.objects.order_by("seq")][1:] == [named(1, 9), named(9)]
    assert len(SensorState.objects.get().values) == MOST


def test_limit_holds_over_many_requests_and_after_a_restart(cast: Cast) -> None:
    for number in range(3 * MOST):
        with WriterConnection(conninfo()) as writer:
            answer = stored(writer, cast.sensor, at(number, named(number)))
            assert answer.accepted == (number < MOST)

    assert SensorState.objects.get().values == named(*range(MOST))


def test_sensor_that_has_more_names_already_keeps_them(cast: Cast, writer: WriterConnection) -> None:
    stored(writer, cast.sensor, at(0, {"temperature": 1.0}))
    writer._drop()
    SensorState.objects.update(values=named(*range(2 * MOST)))

    known = stored(writer, cast.sensor, at(1, named(*range(2 * MOST))))
    new = stored(writer, cast.sensor, at(2, named(99)))

    assert (known.accepted, known.rejected) == (1, ())
    assert (new.accepted, len(new.rejected)) == (0, 1)


def test_late_readings_and_those_ahead_of_the_clock_count_too(cast: Cast, writer: WriterConnection) -> None:
    stored(writer, cast.sensor, at(100, named(0)))
    stored(writer, cast.sensor, *(at(number, named(number)) for number in range(1, 5)))
    stored(writer, cast.sensor, *(at(2000 + number, named(number), ahead=True) for number in range(5, MOST)))

    late = stored(writer, cast.sensor, at(50, named(50)))
    ahead = stored(writer, cast.sensor, at(3000, named(51), ahead=True))

    assert [(each.accepted, len(each.rejected)) for each in (late, ahead)] == [(0, 1), (0, 1)]


def test_flags_of_refused_values_are_not_stored(cast: Cast, writer: WriterConnection) -> None:
    stored(writer, cast.sensor, at(0, named(*range(MOST))))

    stored(writer, cast.sensor, at(1, named(1, 77), flags={"quantity_77": 4, "quantity_1": 3}))

    assert Reading.objects.order_by("-seq")[0].flags == {"quantity_1": 3}


async def test_sender_is_told_and_the_page_shows_one_notice(server: Server, cast: Cast) -> None:
    full = await server.post({"values": named(*range(MOST + 2))})
    none = await server.post({"values": named(70, 71, 72)})

    assert (full.status_code, full.json()["accepted"], len(full.json()["rejected"])) == (200, 1, 2)
    assert none.status_code == 422
    assert {each["code"] for each in none.json()["rejected"]} == {"too_many_names"}


def test_page_of_the_sensor_shows_one_notice_for_all_names(cast: Cast, client: Client) -> None:
    Notice.objects.create(
        sensor=cast.sensor,
        code="too_many_names",
        subject="",
        detail="x would be one more",
        count=70,
        first_at=START,
        last_at=START,
    )
    client.force_login(cast.owner)

    page = client.get(f"/sensors/{cast.sensor.uuid}/").content.decode()

    assert "Names of quantities" in page
    assert "Use the same names in every reading" in page
