"""Rights as the live stream reads them from PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from sensorfusion.accounts.models import Operator
from sensorfusion.live.reads import Database
from sensorfusion.live.rights import Rights
from sensorfusion.readings.storage.connections import pool
from tests.clients import NOW
from tests.conftest import Cast
from tests.live.conftest import django

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def rights(transactional_db: None) -> AsyncIterator[Rights]:
    connections = pool()
    await connections.open()
    yield Rights(Database(connections), now=lambda: NOW)
    await connections.close()


async def test_sensor_is_known_with_the_operators_who_may_see_it(cast: Cast, rights: Rights) -> None:
    found = await rights.known([cast.sensor.pk, cast.other_sensor.pk, 0])

    assert {sensor: known.may_edit for sensor, known in found.items()} == {
        cast.sensor.pk: {cast.owner.pk: True, cast.editor.pk: True, cast.member.pk: False},
        cast.other_sensor.pk: {cast.outsider.pk: True},
    }


async def test_closed_account_is_not_among_those_who_may_see_a_sensor(cast: Cast, rights: Rights) -> None:
    await django(lambda: Operator.objects.filter(pk__in=[cast.owner.pk, cast.outsider.pk]).update(is_active=False))

    found = await rights.known([cast.sensor.pk, cast.other_sensor.pk])

    assert found[cast.sensor.pk].may_edit == {cast.editor.pk: True, cast.member.pk: False}
    assert found[cast.other_sensor.pk].may_edit == {}


async def test_sight_of_a_closed_account_is_empty(cast: Cast, rights: Rights) -> None:
    await django(lambda: Operator.objects.filter(pk=cast.owner.pk).update(is_active=False))

    seen = await rights.sight([cast.owner.pk, cast.member.pk])

    assert seen == {cast.owner.pk: {}, cast.member.pk: {cast.sensor.pk: (str(cast.sensor.uuid), False, cast.site.pk)}}
