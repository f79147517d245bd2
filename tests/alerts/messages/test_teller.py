"""Whom an event is told, when, and how often."""

from datetime import timedelta

import pytest

from sensorfusion.accounts.mailing.services import set_muted
from sensorfusion.accounts.models import Membership
from sensorfusion.alerts.messages.models import AlertMessage, AlertNotice, AlertReader, Maintenance, Untold
from sensorfusion.alerts.models import Alert
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.models import Sensor
from tests.alerts.messages.conftest import Office
from tests.clients import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_settings")]
HOUR = timedelta(hours=1)


def emails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.order_by("id"))


def plain(email: OutboxMessage) -> str:
    return email.text.replace("\N{NO-BREAK SPACE}", " ")


def recipients() -> set[str]:
    return {each.recipient.partition("@")[0] for each in emails()}


def test_alert_is_told_once_to_those_who_may_edit_the_site(office: Office) -> None:
    office.fire(office.rule(note="Close the lid."))
    office.run()
    assert emails() == []

    office.later(minutes=1)
    office.later(minutes=1)

    assert sorted(each.recipient for each in emails()) == ["editor@example.org", "owner@example.org"]
    first = emails()[0]
    assert first.subject == "Warning: “Orchard station” temperature above \N{MINUS SIGN}18.0 °C"
    assert "temperature is \N{MINUS SIGN}14.2 °C, above \N{MINUS SIGN}18.0 °C for 12 min." in plain(first)
    assert "What to do: Close the lid." in first.text
    assert f"/sensors/{office.cast.sensor.uuid}/" in first.html
    assert not Untold.objects.exists()


def test_viewer_is_told_who_wants_it_and_an_outsider_never(office: Office) -> None:
    for person in (office.cast.member, office.cast.outsider):
        AlertReader.objects.create(operator=person, email_from="info")
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    AlertReader.objects.create(operator=office.cast.owner, email_from="critical")

    office.fire(office.rule())
    office.later(minutes=1)

    assert recipients() == {"member"}


def test_person_who_left_the_site_before_the_message_went_is_told_nothing(office: Office) -> None:
    office.fire(office.rule())
    office.run()
    Membership.objects.filter(operator=office.cast.editor).delete()

    office.later(minutes=1)

    assert recipients() == {"owner"}
    assert AlertMessage.objects.count() == 1


def test_several_alerts_within_a_minute_become_one_message(office: Office) -> None:
    for number in range(5):
        office.fire(office.rule(high=float(number)))
        office.later(seconds=5)
    office.later(minutes=1)

    assert len(emails()) == 2
    assert emails()[0].subject == "5 alerts"


def test_end_is_told_to_those_who_were_told_of_the_beginning(office: Office) -> None:
    alert = office.fire(office.rule())
    office.later(minutes=1)
    AlertReader.objects.create(operator=office.cast.member, email_from="info")

    office.end(alert)
    office.later(minutes=1)

    assert [each.subject.partition(":")[0] for each in emails()] == ["Warning", "Warning", "Over", "Over"]
    assert "Over at 07:01 on 22 November." in emails()[-1].text


def test_value_that_flaps_a_thousand_times_causes_a_bounded_number_of_messages(office: Office) -> None:
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    rule = office.rule()
    for number in range(1_000):
        office.now += timedelta(seconds=6)
        office.end(office.fire(rule, is_running=False), is_running=number % 10 == 9)
    office.later(hours=1)

    assert AlertNotice.objects.count() == 2_000
    assert 4 <= len(emails()) <= 9
    assert "It happened" in emails()[-1].text


def test_other_alert_does_not_wait_for_one_that_flaps(office: Office) -> None:
    flapping, other = office.rule(), office.rule(high=5.0)
    for _ in range(5):
        alert = office.fire(flapping)
        office.later(minutes=1)
        office.end(alert)
        office.later(minutes=1)
    before = len(emails())

    office.fire(other)
    office.later(seconds=50)

    assert len(emails()) == before + 2


def test_quiet_hours_hold_a_warning_until_they_end_and_let_a_critical_alert_through(office: Office) -> None:
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    # It is 07:00 in Warsaw.
    AlertReader.objects.create(
        operator=office.cast.owner, time_zone="Europe/Warsaw", quiet_starts_min=22 * 60, quiet_ends_min=8 * 60
    )
    office.fire(office.rule())
    office.later(minutes=59)
    assert emails() == []
    office.later(minutes=1)
    assert len(emails()) == 1

    office.now = NOW
    office.fire(office.rule(severity="critical", high=3.0))
    office.later(minutes=1)
    assert len(emails()) == 2


def test_maintenance_tells_nothing_but_what_still_lasts_at_its_end(office: Office) -> None:
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    Maintenance.objects.create(site=office.cast.site, starts_at=NOW, ends_at=NOW + HOUR)
    passing, lasting = office.fire(office.rule()), office.fire(office.rule(high=2.0))
    office.later(minutes=5)
    office.end(passing)
    office.later(minutes=50)
    assert emails() == []

    office.later(minutes=6)
    office.later(minutes=1)

    [email] = emails()
    assert "above 2.0 °C" in plain(email)
    assert "\N{MINUS SIGN}18.0" not in email.text
    office.end(lasting)
    office.later(minutes=1)
    assert emails()[-1].subject.startswith("Over: ")


def test_alert_is_repeated_while_it_lasts_and_nobody_cares(office: Office) -> None:
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    alert = office.fire(office.rule(repeat_s=3600.0))
    for _ in range(120):
        office.later(minutes=1)
    assert len(emails()) == 2
    assert "above \N{MINUS SIGN}18.0 °C for 1 h." in plain(emails()[1])

    Alert.objects.filter(pk=alert.pk).update(acknowledged_at=office.now)
    for _ in range(120):
        office.later(minutes=1)
    assert len(emails()) <= 3


def test_alert_of_a_sensor_that_moved_is_not_told_to_its_old_site(office: Office) -> None:
    office.fire(office.rule())
    office.fire(office.rule(high=1.0), is_running=False)
    Sensor.objects.filter(pk=office.cast.sensor.pk).update(site=office.cast.other_site)

    office.later(minutes=1)

    assert emails() == []


def test_message_waits_while_the_recipients_outbox_is_full(office: Office) -> None:
    set_muted(operator=office.cast.editor, kinds=[Kind.ALERT])
    waiting = OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind=Kind.TEST, recipient="owner@example.org", recipient_key="owner@example.org",
            expires_at=NOW + timedelta(days=9),
        )
        for _ in range(25)
    )  # fmt: skip
    office.fire(office.rule())
    office.later(minutes=1)
    assert not OutboxMessage.objects.filter(kind=Kind.ALERT).exists()

    OutboxMessage.objects.filter(pk__in=[each.pk for each in waiting]).delete()
    office.later(minutes=6)

    assert len(emails()) == 1
