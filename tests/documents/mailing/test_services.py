"""Who subscribes to what, and what ends it."""

from datetime import date, timedelta

import pytest

from sensorfusion.accounts.mailing.services import muted_by, set_muted
from sensorfusion.documents.mailing import queries, services
from sensorfusion.documents.mailing.models import Every, MailedReport, ReportSubscription
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.kinds import Kind
from sensorfusion.sensors.services import add_sensor, delete_sensor
from tests.clients import NOW
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def choose(cast: Cast, *wanted: Every) -> None:
    services.choose(by=cast.member, sensor=cast.sensor, wanted=wanted, now=NOW)


def test_what_is_chosen_is_what_comes(cast: Cast) -> None:
    choose(cast, Every.DAY, Every.MONTH)
    assert queries.chosen(cast.member, cast.sensor) == [Every.DAY, Every.MONTH]

    choose(cast, Every.WEEK, Every.MONTH)
    assert queries.chosen(cast.member, cast.sensor) == [Every.WEEK, Every.MONTH]
    assert queries.chosen(cast.owner, cast.sensor) == []

    choose(cast)
    assert not ReportSubscription.objects.exists()


def test_a_subscription_begins_with_the_period_that_is_not_over(cast: Cast) -> None:
    choose(cast, *Every)

    # NOW is Sunday, 22 November 2026.
    kept = dict(MailedReport.objects.values_list("subscription__every", "last"))
    assert kept == {"day": date(2026, 11, 21), "week": date(2026, 11, 15), "month": date(2026, 10, 31)}


def test_what_stays_chosen_goes_on(cast: Cast) -> None:
    choose(cast, Every.DAY)
    before = ReportSubscription.objects.get()

    services.choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=NOW + timedelta(days=9))

    assert ReportSubscription.objects.get() == before
    assert before.mailed.last == date(2026, 11, 21)


def test_subscribing_turns_such_messages_on_again(cast: Cast) -> None:
    set_muted(operator=cast.member, kinds=[Kind.REPORT, Kind.ALERT])

    choose(cast, Every.DAY)

    assert muted_by(cast.member) == {Kind.ALERT}


def test_there_is_a_most_of_subscriptions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    choose(cast, Every.DAY, Every.WEEK)

    with pytest.raises(Refusal, match="At most 2 reports"):
        choose(cast, *Every)
    choose(cast, Every.WEEK, Every.MONTH)

    assert queries.chosen(cast.member, cast.sensor) == [Every.WEEK, Every.MONTH]


def test_a_subscription_goes_with_its_sensor_and_with_its_reader(cast: Cast) -> None:
    other = add_sensor(by=cast.owner, site=cast.site, now=NOW, name="Attic").sensor
    choose(cast, Every.DAY)
    services.choose(by=cast.member, sensor=other, wanted=[Every.DAY], now=NOW)

    delete_sensor(by=cast.owner, sensor=other)
    assert ReportSubscription.objects.get().sensor == cast.sensor
    cast.member.delete()

    assert not ReportSubscription.objects.exists()


def test_a_token_names_its_subscription_and_nothing_else_does(cast: Cast) -> None:
    choose(cast, Every.DAY)
    made = ReportSubscription.objects.get()
    token = services.stop_token(made)

    assert services.stopped_by(token) == made.uuid
    for wrong in (made.uuid.hex, token[:-1], token.swapcase(), "", f"{made.uuid.hex}:x", "no-such-token"):
        assert services.stopped_by(wrong) is None
    services.stop(subscription=made)
    assert services.stopped_by(token) == made.uuid  # a second press of the button says that it has ended


def with_pdf(cast: Cast) -> dict[str, bool]:
    return dict(ReportSubscription.objects.filter(operator=cast.member).values_list("every", "with_pdf"))


def test_the_pdf_is_chosen_for_all_reports_of_a_sensor_or_for_one(cast: Cast) -> None:
    by, sensor = cast.member, cast.sensor
    services.choose(by=by, sensor=sensor, wanted=[Every.DAY, Every.WEEK], now=NOW, with_pdf=True)
    services.choose(by=cast.owner, sensor=sensor, wanted=[Every.DAY], now=NOW)
    assert with_pdf(cast) == {"day": True, "week": True}

    services.subscribe(by=by, sensor=sensor, every=Every.MONTH, now=NOW)
    assert with_pdf(cast) == {"day": True, "week": True, "month": False}

    services.subscribe(by=by, sensor=sensor, every=Every.DAY, now=NOW, with_pdf=False)
    assert with_pdf(cast) == {"day": False, "week": True, "month": False}
    assert not ReportSubscription.objects.get(operator=cast.owner).with_pdf
