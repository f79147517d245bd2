import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Membership, Operator, Role
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors import queries
from sensorfusion.sensors.services import rotate_key
from sensorfusion.sensors.sites.invitations import invite
from sensorfusion.sensors.sites.membership import change_role, join, members, remove_member
from tests.announced import announced
from tests.clients import NOW, client_of
from tests.conftest import Cast
from tests.patience import PATIENCE_S


def membership_of(operator: Operator, cast: Cast) -> Membership:
    return Membership.objects.get(operator=operator, site=cast.site)


def test_new_member_sees_the_sensors_and_is_announced(cast: Cast) -> None:
    with announced() as heard:
        join(operator=cast.outsider, site=cast.site, role=Role.VIEWER, now=NOW)

    assert cast.sensor in queries.visible_sensors(cast.outsider)
    assert not queries.may_edit(operator=cast.outsider, site=cast.site)
    assert heard == [("AccessChanged", {"operator": cast.outsider.pk})]


@pytest.mark.parametrize("who", ["editor", "member", "outsider"])
def test_only_owners_change_who_belongs(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    someone = membership_of(cast.member if who != "member" else cast.editor, cast)

    with pytest.raises(Refusal):
        invite(by=by, site=cast.site, email="outsider@example.org", role=Role.OWNER, now=NOW)
    with pytest.raises(Refusal):
        change_role(by=by, membership=someone, role=Role.OWNER)
    with pytest.raises(Refusal):
        remove_member(by=by, membership=someone, now=NOW)

    assert members(cast.site).count() == 3
    assert members(cast.site).filter(role=Role.OWNER).count() == 1


@pytest.mark.parametrize("who", ["editor", "member"])
def test_nobody_makes_themselves_an_owner(cast: Cast, who: str) -> None:
    with pytest.raises(Refusal):
        change_role(by=getattr(cast, who), membership=membership_of(getattr(cast, who), cast), role=Role.OWNER)


def test_new_role_is_announced(cast: Cast) -> None:
    with announced() as heard:
        change_role(by=cast.owner, membership=membership_of(cast.member, cast), role=Role.EDITOR)

    assert queries.may_edit(operator=cast.member, site=cast.site)
    assert heard == [("AccessChanged", {"operator": cast.member.pk})]


def test_removed_member_sees_nothing_and_is_announced(cast: Cast) -> None:
    with announced() as heard:
        remove_member(by=cast.owner, membership=membership_of(cast.member, cast), now=NOW)

    assert not queries.visible_sensors(cast.member).exists()
    assert heard == [("AccessChanged", {"operator": cast.member.pk})]


@pytest.mark.parametrize("who", ["editor", "member"])
def test_members_may_leave(cast: Cast, who: str) -> None:
    operator = getattr(cast, who)

    remove_member(by=operator, membership=membership_of(operator, cast), now=NOW)

    assert queries.role_at(operator=operator, site=cast.site) is None


def test_last_owner_neither_leaves_nor_steps_down(cast: Cast) -> None:
    last = membership_of(cast.owner, cast)

    for attempt in (
        lambda: remove_member(by=cast.owner, membership=last, now=NOW),
        lambda: change_role(by=cast.owner, membership=last, role=Role.VIEWER),
    ):
        with pytest.raises(Refusal) as refusal:
            attempt()
        assert refusal.value.code == "last_owner"

    assert membership_of(cast.owner, cast).role == Role.OWNER


def test_owner_leaves_when_there_is_another(cast: Cast) -> None:
    change_role(by=cast.owner, membership=membership_of(cast.editor, cast), role=Role.OWNER)

    remove_member(by=cast.owner, membership=membership_of(cast.owner, cast), now=NOW)

    assert queries.may_own(operator=cast.editor, site=cast.site)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_do_not_leave_the_site_alone(cast: Cast) -> None:
    Membership.objects.filter(operator=cast.editor).update(role=Role.OWNER)
    first_has_left, results = threading.Event(), list[str]()

    def leave_second() -> None:
        first_has_left.wait(PATIENCE_S)
        try:
            remove_member(by=cast.editor, membership=membership_of(cast.editor, cast), now=NOW)
            results.append("left")
        except Refusal as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    other = threading.Thread(target=leave_second)
    other.start()
    with transaction.atomic():
        remove_member(by=cast.owner, membership=membership_of(cast.owner, cast), now=NOW)
        first_has_left.set()
        other.join(0.2)  # it blocks on the site's row; without the lock it would still see this owner
    other.join(PATIENCE_S)

    assert results == ["last_owner"]
    assert members(cast.site).filter(role=Role.OWNER).count() == 1


def test_keys_of_a_removed_member_go_on_working_or_are_revoked(cast: Cast) -> None:
    theirs = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key
    others = rotate_key(by=cast.owner, sensor=cast.sensor, now=NOW).key

    remove_member(by=cast.owner, membership=membership_of(cast.editor, cast), now=NOW)
    assert set(cast.sensor.keys.filter(revoked_at=None)) == {theirs, others}

    join(operator=cast.editor, site=cast.site, role=Role.EDITOR, now=NOW)
    with announced() as heard:
        remove_member(by=cast.owner, membership=membership_of(cast.editor, cast), now=NOW, revoke_keys=True)
    assert set(cast.sensor.keys.filter(revoked_at=None)) == {others}
    assert ("KeyChanged", {"sensor": cast.sensor.pk}) in heard


def test_a_viewer_who_leaves_revokes_no_keys(cast: Cast) -> None:
    key = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key
    change_role(by=cast.owner, membership=membership_of(cast.editor, cast), role=Role.VIEWER)

    with pytest.raises(Refusal):
        remove_member(by=cast.editor, membership=membership_of(cast.editor, cast), now=NOW, revoke_keys=True)

    assert set(cast.sensor.keys.filter(revoked_at=None)) == {key}
    assert members(cast.site).filter(operator=cast.editor).exists()


def test_keys_are_revoked_by_the_api_if_it_says_so(cast: Cast) -> None:
    rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW)
    path = f"/api/v1/sites/{cast.site.uuid}/members/{cast.editor.uuid}/"

    assert client_of(cast.owner).delete(f"{path}?revoke_keys=maybe").status_code == 400
    assert client_of(cast.owner).delete(f"{path}?revoke_keys=true").status_code == 204

    assert not cast.sensor.keys.filter(revoked_at=None).exists()


def test_the_page_names_the_keys_and_its_form_revokes_them(client: Client, cast: Cast) -> None:
    key = rotate_key(by=cast.editor, sensor=cast.sensor, now=NOW).key
    client.force_login(cast.owner)

    page = client.get(f"/sites/{cast.site.uuid}/settings/").text
    assert f"<li>{cast.sensor.name} <code>{key}</code></li>" in page
    assert page.count('name="revoke_keys"') == 1
    client.post(f"/sites/{cast.site.uuid}/members/{cast.editor.uuid}/remove/", {"revoke_keys": "on"})

    assert not cast.sensor.keys.filter(revoked_at=None).exists()
    assert AuditEntry.objects.filter(action=Action.KEY_REVOKED, by=cast.owner.email).count() == 1


def test_who_leaves_is_recorded_as_leaving(cast: Cast) -> None:
    remove_member(by=cast.member, membership=membership_of(cast.member, cast), now=NOW)

    assert AuditEntry.objects.get().action == Action.MEMBER_LEFT
