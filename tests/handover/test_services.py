"""What becomes of a sensor that another operator accepts: its history goes along, and what acts for others ends."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from pytest_django import Settings

from sensorfusion.accounts.audit.models import Action, AuditEntry
from sensorfusion.accounts.models import Membership, Role
from sensorfusion.alerts.models import Alert, AlertRule, Maintenance
from sensorfusion.documents.mailing.models import ReportSubscription
from sensorfusion.domain.refusals import Refusal
from sensorfusion.handover.services import accept
from sensorfusion.readings.models import Exclusion, Note
from sensorfusion.send_on.models import Destination
from sensorfusion.sensors.models import Key, Notice, Poll, Sensor, SensorOffer, Site
from sensorfusion.sensors.queries import sensor_for
from sensorfusion.sensors.transfer.offers import offer, withdraw
from sensorfusion.sharing.models import Share
from sensorfusion.webhooks.models import Webhook
from sensorfusion.webhooks.services import make_webhook
from tests.announced import announced
from tests.clients import NOW, client_of
from tests.conftest import Cast
from tests.security.test_sight import World, world

__all__ = ["world"]


def offered(cast: Cast) -> SensorOffer:
    return offer(by=cast.owner, sensor=cast.sensor, email=cast.outsider.email, now=NOW)


def refused(cast: Cast, made: SensorOffer, **given: object) -> str:
    with pytest.raises(Refusal) as refusal:
        accept(**{"operator": cast.outsider, "offer": made, "site": cast.other_site, "now": NOW} | given)  # type: ignore[arg-type]
    return refusal.value.code


def test_sensor_moves_with_its_readings_out_of_the_sight_of_its_former_site(world: World) -> None:
    cast = world.cast
    before = client_of(cast.owner).get(f"/api/v1/sensors/{cast.sensor.uuid}/readings/").json()

    accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)

    assert client_of(cast.outsider).get(f"/api/v1/sensors/{cast.sensor.uuid}/readings/").json() == before
    assert before["readings"]
    for former in (cast.owner, cast.editor, cast.member):
        assert sensor_for(operator=former, uuid=cast.sensor.uuid) is None
        assert client_of(former).get(f"/api/v1/sensors/{cast.sensor.uuid}/").status_code == 404
    assert not SensorOffer.objects.exists()


def test_what_acts_by_the_right_of_others_ends(world: World) -> None:
    cast = world.cast
    AlertRule.objects.filter(site=cast.site).update(sensor=cast.sensor)
    Maintenance.objects.filter(site=cast.site).update(sensor=cast.sensor)
    Notice.objects.create(sensor=cast.sensor, code="clock_ahead", first_at=NOW, last_at=NOW)
    chosen = make_webhook(
        by=cast.owner, site=cast.site, now=NOW, name="one", url="https://quince.example.org/", events=["readings"],
        sensors=[cast.sensor],
    ).webhook  # fmt: skip
    ends: tuple[type[Model], ...] = (
        *(AlertRule, Alert, Maintenance, Share, Destination, Poll, ReportSubscription, Notice),
    )
    assert all(model._default_manager.filter(sensor=cast.sensor).exists() for model in ends)

    accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)

    assert [model for model in ends if model._default_manager.filter(sensor=cast.sensor).exists()] == []
    assert list(Webhook.objects.get(pk=chosen.pk).sensors.all()) == []
    assert Webhook.objects.get(pk=chosen.pk).of_all is False


def test_what_tells_of_the_sensor_stays_without_its_makers(world: World) -> None:
    cast = world.cast

    accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)

    client = client_of(cast.outsider)
    of_sensor = f"/api/v1/sensors/{cast.sensor.uuid}/"
    shown = "".join(client.get(of_sensor + part).text for part in ("", "keys/", "notes/", "exclusions/", "fields/"))
    assert world.note.text in shown
    assert "cleaning" in shown
    assert [one for one in ("owner@example.org", "Owner", cast.site.name, str(cast.site.uuid)) if one in shown] == []
    assert {
        each.made_by_id for model in (Note, Exclusion, Key) for each in model.objects.filter(sensor=cast.sensor)
    } == {None}


def test_neither_side_learns_of_the_other_in_the_audit_log(world: World) -> None:
    cast = world.cast
    accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)

    def entries(site: Site) -> dict[str, str]:
        return dict(AuditEntry.objects.filter(site=site).values_list("action", "subject"))

    here, away = entries(cast.other_site), entries(cast.site)
    assert here == {Action.SENSOR_MOVED_HERE: cast.sensor.name}
    assert away[Action.SENSOR_MOVED_AWAY] == cast.sensor.name
    assert Action.SHARE_ENDED in away
    assert "Harbour" not in " ".join(away.values())


def test_keys_go_on_unless_they_are_revoked(world: World) -> None:
    cast = world.cast
    valid = Key.objects.filter(sensor=cast.sensor, revoked_at=None)
    accept(operator=cast.outsider, offer=offered(cast), site=cast.other_site, now=NOW)
    assert valid.count() == 1

    back = offer(by=cast.outsider, sensor=Sensor.objects.get(pk=cast.sensor.pk), email=cast.owner.email, now=NOW)
    accept(operator=cast.owner, offer=back, site=cast.site, revoke_keys=True, now=NOW)

    assert not valid.exists()


def test_open_sockets_and_caches_hear_of_both_sites(cast: Cast) -> None:
    made = offered(cast)

    with announced() as heard:
        accept(operator=cast.outsider, offer=made, site=cast.other_site, now=NOW)

    assert [each for each in heard if each[0] == "SensorChanged"] == [
        ("SensorChanged", {"sensor": cast.sensor.pk, "site": site.pk}) for site in (cast.site, cast.other_site)
    ]
    assert ("KeyChanged", {"sensor": cast.sensor.pk}) in heard


def test_it_goes_to_a_site_that_the_operator_may_change(cast: Cast) -> None:
    made = offered(cast)

    assert refused(cast, made, site=cast.site) == "not_allowed"
    Membership.objects.create(operator=cast.outsider, site=cast.site, role=Role.EDITOR)
    assert refused(cast, made, site=cast.site) == "already_yours"
    Membership.objects.filter(operator=cast.outsider, site=cast.other_site).update(role=Role.VIEWER)
    assert refused(cast, made) == "not_allowed"
    assert Sensor.objects.get(pk=cast.sensor.pk).site == cast.site


@pytest.mark.parametrize("who", ["owner", "editor", "member"])
def test_it_is_for_the_person_of_its_address_only(cast: Cast, who: str) -> None:
    assert refused(cast, offered(cast), operator=getattr(cast, who), site=cast.site) == "invitation_gone"


def test_name_that_is_taken_there_is_refused_and_nothing_has_ended(world: World) -> None:
    cast = world.cast
    made = offered(cast)

    assert refused(cast, made, name=cast.other_sensor.name) == "name_taken"

    assert Share.objects.filter(sensor=cast.sensor).exists()
    assert accept(operator=cast.outsider, offer=made, site=cast.other_site, name="Mast", now=NOW).name == "Mast"


def test_quota_of_the_other_site_counts(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, site_sensors=1)

    assert refused(cast, offered(cast)) == "limit_reached"


def test_expired_withdrawn_or_accepted_offer_is_gone(cast: Cast) -> None:
    made = offered(cast)
    assert refused(cast, made, now=NOW + timedelta(days=30)) == "invitation_gone"
    withdraw(by=cast.owner, offer=made)
    assert refused(cast, made) == "invitation_gone"
    made = offered(cast)
    accept(operator=cast.outsider, offer=made, site=cast.other_site, now=NOW)

    assert refused(cast, made) == "invitation_gone"


@pytest.mark.django_db(transaction=True)
def test_concurrent_answers_have_one_outcome(cast: Cast) -> None:
    made, outcomes, gate = offered(cast), [], threading.Barrier(3)

    def answer() -> None:
        gate.wait()
        try:
            accept(operator=cast.outsider, offer=made, site=cast.other_site, now=NOW)
            outcomes.append("accepted")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["accepted", "invitation_gone", "invitation_gone"]
    assert AuditEntry.objects.filter(action=Action.SENSOR_MOVED_HERE).count() == 1
