"""Offers of a sensor, until they are answered."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import SensorOffer
from sensorfusion.sensors.queries import sensor_for
from sensorfusion.sensors.services import register
from sensorfusion.sensors.transfer.offers import decline, held, offer, offer_of, offers_to, withdraw
from tests.clients import NOW
from tests.conftest import Cast

LATER = NOW + timedelta(days=1)


def offered(cast: Cast, email: str = "OUTSIDER@example.org", now: datetime = NOW) -> SensorOffer:
    return offer(by=cast.owner, sensor=cast.sensor, email=email, now=now)


def waiting(operator: Operator, now: datetime = LATER) -> list[SensorOffer]:
    return list(offers_to(operator, now=now))


def test_offer_waits_for_its_address_and_gives_no_right(cast: Cast) -> None:
    made = offered(cast)

    assert waiting(cast.outsider) == [made]
    assert [waiting(each) for each in (cast.owner, cast.editor, cast.member)] == [[], [], []]
    assert sensor_for(operator=cast.outsider, uuid=cast.sensor.uuid) is None


def test_it_waits_for_an_address_without_an_account(cast: Cast) -> None:
    made = offered(cast, "new@example.org")

    new, _ = register(email="New@Example.org", password="three unrelated words", now=NOW)

    assert waiting(new) == [made]


@pytest.mark.parametrize("who", ["editor", "member", "outsider"])
def test_only_an_owner_offers_and_withdraws(cast: Cast, who: str) -> None:
    made = offered(cast)
    for attempt in (
        lambda by: offer(by=by, sensor=cast.sensor, email="new@example.org", now=NOW),
        lambda by: withdraw(by=by, offer=made),
    ):
        with pytest.raises(Refusal) as refusal:
            attempt(getattr(cast, who))
        assert refusal.value.code == "not_allowed"

    assert waiting(cast.outsider) == [made]


def test_another_offer_replaces_it(cast: Cast) -> None:
    offered(cast)
    other = offered(cast, "new@example.org")

    assert waiting(cast.outsider) == []
    assert list(SensorOffer.objects.all()) == [other]


def test_it_ends_when_it_is_withdrawn_expires_or_its_maker_is_no_owner(cast: Cast) -> None:
    made = offered(cast)
    assert waiting(cast.outsider, NOW + timedelta(days=30)) == []
    Membership.objects.filter(operator=cast.owner).update(role=Role.EDITOR)
    assert waiting(cast.outsider) == []
    Membership.objects.filter(operator=cast.owner).update(role=Role.OWNER)

    withdraw(by=cast.owner, offer=made)

    assert waiting(cast.outsider) == []
    with pytest.raises(Refusal) as refusal:
        held(cast.outsider, made, now=LATER)
    assert refusal.value.code == "invitation_gone"


def test_declined_one_is_not_repeated_at_once(cast: Cast) -> None:
    decline(operator=cast.outsider, offer=offered(cast), now=NOW)
    assert waiting(cast.outsider) == []
    found = offer_of(cast.sensor, now=LATER)
    assert found is not None
    assert found.declined_at == NOW
    withdraw(by=cast.owner, offer=found)

    with pytest.raises(Refusal) as refusal:
        offered(cast, now=LATER)

    assert refusal.value.code == "invitation_declined"
    assert offered(cast, now=NOW + timedelta(days=8)).declined_at is None


def test_it_is_not_for_oneself_or_for_no_address(cast: Cast) -> None:
    with pytest.raises(Refusal) as refusal:
        offered(cast, "OWNER@example.org")
    with pytest.raises(ValidationError):
        offered(cast, "no address")

    assert refusal.value.code == "already_yours"
    assert not SensorOffer.objects.exists()
