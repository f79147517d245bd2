from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from sensorfusion.accounts.addresses.changes import change_email
from sensorfusion.accounts.models import Invitation, Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors import queries, services
from sensorfusion.sensors.sites import invitations
from sensorfusion.sensors.sites.membership import join
from tests.announced import announced
from tests.clients import NOW, client_of
from tests.conftest import PASSWORD, Cast

LATER = NOW + timedelta(days=1)


def invite(cast: Cast, email: str = "OUTSIDER@example.org", role: Role = Role.EDITOR) -> Invitation:
    return invitations.invite(by=cast.owner, site=cast.site, email=email, role=role, now=NOW)


def waiting(operator: Operator) -> list[Invitation]:
    return list(invitations.invitations_to(operator, now=LATER))


def test_an_invitation_gives_no_right_until_it_is_accepted(cast: Cast) -> None:
    made = invite(cast)
    before = queries.visible_sites(cast.outsider).filter(pk=cast.site.pk).exists()
    with announced() as heard:
        invitations.accept(operator=cast.outsider, invitation=made, now=LATER)

    assert not before
    assert queries.may_edit(operator=cast.outsider, site=cast.site)
    assert heard == [("AccessChanged", {"operator": cast.outsider.pk})]
    assert waiting(cast.outsider) == []


def test_it_waits_for_an_address_without_an_account(cast: Cast) -> None:
    made = invite(cast, "new@example.org")

    new, _ = services.register(email="New@Example.org", password="three unrelated words", now=NOW)

    assert waiting(new) == [made]
    assert waiting(cast.outsider) == []


def test_it_is_not_for_a_look_alike_of_the_address(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        invite(cast, "out\u017fider@example.org")

    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_nobody_else_answers_it(cast: Cast, who: str) -> None:
    made = invite(cast)

    for answer in (invitations.accept, invitations.decline):
        with pytest.raises(Refusal) as refusal:
            answer(operator=getattr(cast, who), invitation=made, now=LATER)
        assert refusal.value.code == "invitation_gone"
    assert waiting(cast.outsider) == [made]


def test_a_declined_one_is_not_repeated_at_once(cast: Cast) -> None:
    invitations.decline(operator=cast.outsider, invitation=invite(cast), now=NOW)

    with pytest.raises(Refusal) as refusal:
        invite(cast)
    declined = invitations.invitations_of(cast.site, now=LATER).get()
    invitations.withdraw(by=cast.owner, invitation=declined)
    with pytest.raises(Refusal):
        invite(cast)
    much_later = NOW + timedelta(days=8)
    again = invitations.invite(
        by=cast.owner, site=cast.site, email="outsider@example.org", role=Role.OWNER, now=much_later
    )

    assert refusal.value.code == "invitation_declined"
    assert list(invitations.invitations_to(cast.outsider, now=much_later)) == [again]


def test_a_withdrawn_an_expired_and_a_replaced_one_are_gone(cast: Cast) -> None:
    first = invite(cast)
    second = invite(cast, role=Role.VIEWER)
    expired = NOW + timedelta(days=31)

    for invitation, now in ((first, LATER), (second, expired)):
        with pytest.raises(Refusal):
            invitations.accept(operator=cast.outsider, invitation=invitation, now=now)
    invitations.withdraw(by=cast.owner, invitation=second)
    with pytest.raises(Refusal):
        invitations.accept(operator=cast.outsider, invitation=second, now=LATER)

    assert not Membership.objects.filter(operator=cast.outsider, site=cast.site).exists()


@pytest.mark.parametrize("email", ["member@example.org", "MEMBER@example.org", "owner@example.org"])
def test_members_are_not_invited(cast: Cast, email: str) -> None:
    with pytest.raises(Refusal) as refusal:
        invite(cast, email)

    assert refusal.value.code == "already_member"


def test_a_member_by_another_way_does_not_become_one_twice(cast: Cast) -> None:
    made = invite(cast)
    join(operator=cast.outsider, site=cast.site, role=Role.VIEWER, now=NOW)

    with pytest.raises(Refusal) as refusal:
        invitations.accept(operator=cast.outsider, invitation=made, now=LATER)

    assert refusal.value.code == "already_member"


@pytest.mark.parametrize("who", ["editor", "member", "outsider"])
def test_only_owners_invite_and_withdraw(cast: Cast, who: str) -> None:
    by, made = getattr(cast, who), invite(cast)

    with pytest.raises(Refusal):
        invitations.invite(by=by, site=cast.site, email="new@example.org", role=Role.OWNER, now=NOW)
    with pytest.raises(Refusal):
        invitations.withdraw(by=by, invitation=made)
    assert waiting(cast.outsider) == [made]


def test_open_invitations_of_a_site_are_limited(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    for number in range(2):
        invite(cast, f"guest{number}@example.org")

    with pytest.raises(Refusal) as refusal:
        invite(cast, "guest2@example.org")

    assert refusal.value.code == "too_many_invitations"


def test_it_follows_the_address_and_not_the_account(cast: Cast) -> None:
    made = invite(cast)

    change_email(operator=cast.outsider, email="moved@example.org", password=PASSWORD, now=NOW)
    change_email(operator=cast.editor, email="outsider@example.org", password=PASSWORD, now=NOW)

    assert waiting(cast.outsider) == []
    assert waiting(cast.editor) == [made]


def test_a_token_of_some_sites_accepts_none(cast: Cast) -> None:
    made = invitations.invite(
        by=cast.owner, site=cast.site, email="outsider@example.org", role=Role.EDITOR, now=cast.outsider.joined_at
    )
    bound = client_of(cast.outsider, sites=[cast.other_site.pk])

    answer = bound.post(f"/api/v1/invitations/{made.uuid}/accept/")

    assert (answer.status_code, answer.json()["code"]) == (403, "narrow_token")
