from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from sensorfusion.accounts.models import ApiToken, Membership, Operator, TokenScope
from sensorfusion.accounts.queries import token_for
from sensorfusion.accounts.secrets import digest
from sensorfusion.accounts.services import issue_token
from sensorfusion.readings import queries
from sensorfusion.sensors.queries import sensor_for
from sensorfusion.sensors.services import create_site
from tests.conftest import Cast
from tests.storing import store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_newest_knows_the_state_and_answers_nothing_for_a_silent_sensor(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4}), (NOON - DAY, {"humidity": 70})])

    found = queries.newest([cast.sensor.id, cast.other_sensor.id])

    assert found[cast.sensor.id].values == {"temperature": 18.4, "humidity": 70}
    assert found[cast.sensor.id].older == {"humidity": (NOON - DAY).timestamp()}
    assert found[cast.sensor.id].seq == 2
    assert found[cast.other_sensor.id] is queries.NOTHING


def test_own_interval_is_preferred_to_the_one_observed(cast: Cast) -> None:
    newest = queries.Newest(1, NOON, NOON, {}, None, {}, (60.0,) * 4)

    assert queries.usual_interval(cast.sensor, newest) == 60
    cast.sensor.interval_s = 15
    assert queries.usual_interval(cast.sensor, newest) == 15


def test_sensor_that_stopped_is_offline(cast: Cast) -> None:
    newest = queries.Newest(1, NOON - timedelta(hours=3), NOON, {}, None, {}, (60.0,))

    assert queries.state_of(cast.sensor, newest, now=NOON) == "offline"


def test_nothing_is_derived_from_a_bad_value(cast: Cast) -> None:
    values = {"temperature": 75.0, "humidity": 40, "wind_speed": 3.0}
    newest = queries.Newest(1, NOON, NOON, values, {"temperature": 4}, {}, ())

    assert queries.derived_now(cast.sensor, newest) == {"beaufort": 2}


def asked_of(token: str, uuid: UUID, now: datetime) -> tuple[ApiToken, queries.Seen] | None:
    return queries.token_and_seen(text=token, now=now, uuid=uuid)


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
@pytest.mark.parametrize("bound", ["to nothing", "to the site", "to another site"])
def test_one_statement_finds_what_three_do(cast: Cast, now: datetime, who: str, bound: str) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4}), (NOON - DAY, {"humidity": 70})])
    operator: Operator = getattr(cast, who)
    own = create_site(by=operator, now=now, name="Own")
    reached = cast.site if bound == "to the site" and who != "outsider" else own
    sites = None if bound == "to nothing" else [reached.pk]
    text = issue_token(operator=operator, label="", now=now, scope=TokenScope.READ, sites=sites).text
    for uuid in (cast.sensor.uuid, cast.other_sensor.uuid, uuid4()):
        alone = token_for(text=text, now=now)
        together = asked_of(text, uuid, now)

        assert alone
        assert together
        token, seen = together
        sensor = sensor_for(operator=alone.operator, uuid=uuid)
        assert vars(token) | {"_state": None} == vars(alone) | {"_state": None}
        assert (token.operator, token.operator.limits) == (alone.operator, alone.operator.limits)
        assert seen.sensor == sensor
        if sensor and seen.sensor:
            assert {**vars(seen.sensor), "_state": None} == {**vars(sensor), "_state": None}
            assert seen.sensor.site == sensor.site
            assert seen.newest == queries.newest([sensor.id])[sensor.id]
        else:
            assert seen.newest is queries.NOTHING


def test_what_no_longer_opens_finds_nothing(cast: Cast, now: datetime) -> None:
    def issued() -> str:
        return issue_token(operator=cast.member, label="", now=now, life=DAY).text

    expired, revoked, closed = issued(), issued(), issued()
    ApiToken.objects.get(digest=digest(revoked)).delete()

    assert asked_of(expired, cast.sensor.uuid, now + DAY) is None
    assert asked_of(revoked, cast.sensor.uuid, now) is None
    assert asked_of("sft_unknown", cast.sensor.uuid, now) is None
    Operator.objects.filter(pk=cast.member.pk).update(is_active=False)
    assert asked_of(closed, cast.sensor.uuid, now) is None


def test_a_removed_member_sees_nothing_at_once(cast: Cast, now: datetime) -> None:
    text = issue_token(operator=cast.member, label="", now=now).text
    before = asked_of(text, cast.sensor.uuid, now)

    Membership.objects.filter(operator=cast.member, site=cast.site).delete()

    after = asked_of(text, cast.sensor.uuid, now)
    assert before
    assert before[1].sensor == cast.sensor
    assert after
    assert after[1].sensor is None
