"""Networks that fail, hang and answer late: each reading goes once, none too old, and no network delays another."""

import json
from datetime import timedelta

import pytest

from sensorfusion.accounts.models import Membership, Role
from sensorfusion.domain.quality import Flag
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.attempts import SKIPPED_AFTER
from sensorfusion.send_on.models import Destination, Progress
from sensorfusion.send_on.sending import LOCK, OF_NETWORK, OF_SITE
from sensorfusion.send_on.services import change_destination
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.server.outbox import OutboxSender
from tests.clients import NOW
from tests.send_on.conftest import Networks, progress, send

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_reading_goes_once_and_at_the_interval(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground", interval_s=300)
    networks.run()
    for _ in range(20):
        networks.comes(minutes=1)

    assert networks.went() == [NOW + timedelta(minutes=5 * number) for number in range(5)]


def test_reading_that_was_sent_is_not_sent_again_without_a_new_one(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    networks.run()
    networks.later(hours=2)

    assert networks.went() == [NOW]


def test_after_an_outage_the_newest_reading_goes_to_a_network_that_takes_no_past_ones(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    networks.is_down = True
    networks.run()
    for _ in range(60):
        networks.comes(minutes=1)
    assert networks.accepted == []
    assert (progress().failures, progress().trouble, progress().failing_since) == (4, "it answers 500", NOW)

    networks.is_down = False
    for _ in range(60):
        networks.comes(minutes=1)

    assert networks.went()[0] == NOW + timedelta(minutes=75)  # the wait grew to 40 minutes, from the 35th on
    assert (progress().failures, progress().trouble, progress().failing_since) == (0, "", None)


def test_after_an_outage_another_sensorfusion_gets_all_that_was_missed(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.run()
    networks.is_down = True
    for _ in range(300):
        networks.comes(minutes=1)
    networks.is_down = False
    networks.later(hours=1)
    networks.later(seconds=10)
    networks.later(seconds=10)

    assert networks.went() == [NOW + timedelta(minutes=number) for number in range(301)]
    assert [len(each.planned.samples) for each in networks.accepted] == [1, 200, 100]


@pytest.mark.parametrize(("network", "interval_s"), [("openweathermap", 600), ("opensensemap", 120)])
def test_after_an_outage_a_network_that_takes_past_readings_gets_one_of_each_interval(
    networks: Networks, network: str, interval_s: int
) -> None:
    networks.send()
    networks.to(network, interval_s=interval_s)
    networks.run()
    networks.is_down = True
    for _ in range(60):
        networks.comes(minutes=1)
    networks.is_down = False
    networks.later(hours=1)
    networks.later(hours=1)

    steps = networks.went()
    assert steps == sorted(set(steps))
    assert {int((at - NOW).total_seconds()) // interval_s for at in steps} == set(range(3600 // interval_s + 1))
    assert len(steps) == 3600 // interval_s + 1
    assert len(networks.accepted) == 2


def test_box_gets_the_values_for_which_a_sensor_is_named_and_no_others(networks: Networks) -> None:
    networks.send({"temperature": 20.5, "wind_speed": 3.0})
    account = {"box": "5f2b56f4263635001c1dd1f0", "sensors": "dew_point = 5f2b56f4263635001c1dd1f1"}
    networks.to("opensensemap", account=account)
    networks.run()
    assert networks.attempts == []
    assert progress().left_out == "openSenseMap takes none of its values"

    networks.now += timedelta(minutes=2)
    networks.send({"temperature": 20.5, "humidity": 55.0})
    networks.run()
    [sample] = networks.accepted[0].planned.samples
    [request] = networks.accepted[0].target.write([sample], account)
    assert isinstance(request, Request)
    assert [each["value"] for each in json.loads(request.body)] == ["11.15"]


def test_station_that_sends_in_parts_is_sent_as_one_measurement(networks: Networks) -> None:
    networks.send({"temperature": 20.5, "humidity": 55.0})
    networks.now += timedelta(seconds=20)
    networks.send({"wind_speed": 3.0})
    networks.to("openweathermap")
    networks.run()

    [sample] = networks.accepted[0].planned.samples
    assert {"temperature", "humidity", "wind_speed", "dew_point"} <= sample.values.keys()


def test_second_reading_of_an_interval_is_not_sent(networks: Networks) -> None:
    networks.send()
    destination = networks.to("openweathermap", interval_s=600)
    networks.run()
    networks.now += timedelta(minutes=1)
    networks.send()
    change_destination(by=networks.cast.owner, destination=destination, now=networks.now, is_on=True)
    networks.run()

    assert networks.went() == [NOW]
    assert progress().left_out == "the interval is not over"


def test_bad_and_suspect_values_are_not_sent_to_a_network_that_takes_past_readings(networks: Networks) -> None:
    networks.send(flags={"temperature": Flag.BAD, "pressure": Flag.SUSPECT})
    networks.to("openweathermap")
    networks.run()
    [sample] = networks.accepted[0].planned.samples

    assert {"temperature", "pressure", "dew_point"}.isdisjoint(sample.values)
    assert progress().left_out == "pressure: flagged suspect; temperature: flagged bad"


def test_reading_older_than_the_network_takes_is_not_sent_and_that_is_said(networks: Networks) -> None:
    networks.send()
    networks.now += timedelta(minutes=16)
    networks.to("wunderground")
    networks.run()

    assert networks.attempts == []
    assert progress().left_out == ("the newest reading is 16 min old; Weather Underground takes none older than 15 min")


def test_missed_readings_that_are_too_old_are_left_out(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.is_down = True
    networks.run()
    networks.is_down = False
    networks.comes(days=31)

    assert networks.went() == [NOW + timedelta(days=31)]


def test_failures_make_the_waits_longer_up_to_an_hour(networks: Networks) -> None:
    networks.send()
    networks.to("wow", interval_s=300)
    networks.is_down = True
    at = []
    for _ in range(60 * 5):
        before = len(networks.attempts)
        networks.run()
        if len(networks.attempts) > before:
            at.append((networks.now - NOW).total_seconds() / 60)
        networks.now += timedelta(minutes=1)
        networks.send()

    assert at == [0, 5, 15, 35, 75, 135, 195, 255]


def test_network_that_asks_for_time_gets_it(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    networks.refusals = [NotAccepted("it answers 429", retry_after_s=1800)]
    networks.run()
    networks.later(minutes=29)
    assert len(networks.attempts) == 1
    networks.send()

    networks.later(minutes=1)
    assert len(networks.accepted) == 1


def test_process_that_is_killed_while_it_sends_sends_the_same_instants_once_more(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.refusals = [SystemExit(9)]  # as if the process was killed before it recorded the answer
    with pytest.raises(SystemExit):
        networks.run()
    networks.chore = networks.another_process()
    networks.later(seconds=30)
    assert len(networks.attempts) == 1  # not again and again

    networks.later(seconds=30)
    first, second = networks.attempts
    assert [each.observed_at for each in first.planned.samples] == [each.observed_at for each in second.planned.samples]


def test_another_process_goes_on_when_the_one_that_sent_has_ended(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    first, second = (OutboxSender(networks.another_process(), lock=LOCK, name="send on") for _ in range(2))
    for sender in (first, second, second, first):
        while sender.step():
            pass
        networks.now += timedelta(minutes=10)
        networks.send()

    assert networks.went() == [NOW + timedelta(minutes=10 * number) for number in range(4)]


def test_network_that_hangs_delays_no_other_one(networks: Networks) -> None:
    networks.hangs = True
    cast = networks.cast
    for number in range(3):
        site = Site.objects.create(name=f"Site {number}", time_zone="UTC", latitude=1, longitude=1, elevation_m=1)
        Membership.objects.create(operator=cast.owner, site=site, role=Role.OWNER)
        for which in range(3):
            sensor = Sensor.objects.create(site=site, name=f"{number} {which}", status="active")
            send(sensor, networks.now)
            networks.to("wunderground", sensor=sensor)
    networks.run()
    assert len(networks.unanswered) == OF_NETWORK
    assert (
        max(sum(each.destination.sensor.site == site for each in networks.attempts) for site in Site.objects.all())
        == OF_SITE
    )

    networks.hangs = False
    networks.send()
    networks.to("wow")
    networks.run()
    assert [each.target.slug for each in networks.accepted] == ["wow"]
    for each in networks.unanswered:
        each.set_result("")
    networks.run()
    assert Progress.objects.filter(sent_at=None).count() == 0


def test_paused_destination_sends_nothing_until_it_is_resumed(networks: Networks) -> None:
    networks.send()
    destination = networks.to("wunderground", is_on=False)
    networks.later(minutes=5)
    assert networks.attempts == []

    change_destination(by=networks.cast.owner, destination=destination, now=networks.now, is_on=True)
    networks.run()
    assert networks.went() == [NOW]


def test_destination_whose_maker_lost_the_site_sends_nothing(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground", by=networks.cast.editor)
    Membership.objects.filter(operator=networks.cast.editor).delete()
    networks.later(minutes=5)

    assert networks.attempts == []


def test_destination_of_a_sensor_that_moved_away_sends_nothing(networks: Networks) -> None:
    networks.send()
    networks.to("wunderground")
    Sensor.objects.filter(pk=networks.cast.sensor.pk).update(site=networks.cast.other_site)
    networks.later(minutes=5)

    assert networks.attempts == []


def test_readings_that_the_network_calls_wrong_each_time_are_skipped_and_that_is_said(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.refusals = [NotAccepted("it answers 422", is_unusable=True)] * SKIPPED_AFTER
    for _ in range(SKIPPED_AFTER):
        networks.later(hours=1)
    networks.send()
    networks.later(hours=1)

    assert networks.went() == [networks.now - timedelta(hours=1)]


def test_what_the_network_remarks_is_kept(networks: Networks) -> None:
    networks.send()
    networks.to("sensorfusion")
    networks.remark = "refused there: 1, such as humidity is 300 %"
    networks.run()

    assert progress().left_out == "refused there: 1, such as humidity is 300 %"


def test_restored_installation_begins_with_what_comes_in(networks: Networks) -> None:
    for _ in range(3):
        networks.send()
        networks.now += timedelta(minutes=1)
    networks.to("sensorfusion")
    Progress.objects.all().delete()
    networks.run()

    assert networks.went() == [NOW + timedelta(minutes=2)]
    assert Destination.objects.count() == 1
