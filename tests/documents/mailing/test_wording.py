"""What a report says by e-mail: the figures of the page, which are those of the readings, in the reader's way."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.mailing.services import set_muted
from sensorfusion.accounts.models import Membership
from sensorfusion.documents.mailing.due import due
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.services import choose, stop_token
from sensorfusion.documents.mailing.wording import about, compose_report
from sensorfusion.documents.periods import Period
from sensorfusion.mail.kinds import Kind
from sensorfusion.mail.message import Rendered, render
from sensorfusion.mail.sender import Composed
from sensorfusion.readings.rollups.days import Calendar
from tests.conftest import Cast
from tests.documents.oracle import Rows, Site, expected, weather
from tests.mail.conftest import HOME, mail_settings
from tests.storing import store

__all__ = ["mail_settings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_settings")]

# How often, the site's days, and the instant from which the report may be sent.
CASES = {
    "clocks go back": (Every.MONTH, Site("Europe/Warsaw"), datetime(2026, 11, 1, 0, tzinfo=UTC)),
    "clocks go forward": (Every.WEEK, Site("Europe/Warsaw"), datetime(2027, 3, 28, 23, tzinfo=UTC)),
    "a day of 25 hours": (Every.DAY, Site("Europe/Warsaw"), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    "days begin at 9": (Every.MONTH, Site("Europe/London", 9), datetime(2026, 11, 1, 10, tzinfo=UTC)),
    "in the south": (Every.DAY, Site("Australia/Sydney", 9), datetime(2026, 10, 4, 23, tzinfo=UTC)),
}


def composed(cast: Cast, every: Every, period: Period, now: datetime) -> Composed | None:
    choose(by=cast.member, sensor=cast.sensor, wanted=[every], now=now)
    return compose_report("", about(ReportSubscription.objects.get(), period), now=lambda: now)


def rendered(cast: Cast, every: Every, now: datetime) -> Rendered:
    calendar = Calendar(cast.site.time_zone, cast.site.day_starts_h)
    made = composed(cast, every, due(every, calendar=calendar, now=now), now)
    assert made
    assert made.to == cast.member.email
    return render(made.message, made_at=now)


def facts(message: Rendered) -> dict[str, str]:
    text = message.text.replace("\u00a0", " ").split("-- ")[0]
    return dict(re.findall(r"^([A-Z][\w ]+): (.+)$", text, re.MULTILINE))


def page_of(cast: Cast, message: Rendered, now: datetime) -> str:
    """Return the words of the page that the message links to, as its reader sees it."""
    [address] = re.findall(rf"^{HOME}(/sensors/\S+)$", message.text, re.MULTILINE)
    with time_machine.travel(now, tick=False):
        client = Client()
        client.force_login(cast.member)
        answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def reported(request: pytest.FixtureRequest, cast: Cast) -> tuple[Cast, Every, Site, datetime]:
    every, site, now = request.param
    cast.site.time_zone, cast.site.day_starts_h = site.zone, site.day_starts_h
    cast.site.save()
    cast.sensor.refresh_from_db()
    return cast, every, site, now


def observed(cast: Cast, site: Site, period: Period, now: datetime) -> Rows:
    rows = weather(site, period.first - timedelta(days=3), period.last, seed=7)
    store(cast.sensor, [row for row in rows if row[0] < now])
    return [row for row in rows if period.first <= site.day_of(row[0]) <= period.last]


def test_figures_are_those_of_the_readings_and_of_the_page(reported: tuple[Cast, Every, Site, datetime]) -> None:
    cast, every, site, now = reported
    period = due(every, calendar=Calendar(site.zone, site.day_starts_h), now=now)
    days = list(expected(site, observed(cast, site, period, now)).values())

    message = rendered(cast, every, now)

    found = facts(message)
    truth = {
        "Mean Temperature": sum(day.mean for day in days) / len(days),
        "Highest": max(day.high for day in days),
        "Lowest": min(day.low for day in days),
    }
    for name, value in truth.items():
        number = found[name].split(" °C")[0].replace("\N{MINUS SIGN}", "-")
        assert float(number) == pytest.approx(value, abs=0.0501), name
    assert float(found["Rain"].split(" mm")[0]) == pytest.approx(sum(day.rain for day in days), abs=0.0501)
    hours = sum((site.begin(day + timedelta(days=1)) - site.begin(day)) // timedelta(hours=1) for day in period.days)
    assert found["Read"].startswith(f"{sum(day.read for day in days)} of {hours} hours, ")

    page = page_of(cast, message, now)
    for name in ("Highest", "Lowest", "Rain", "Strongest wind"):
        said = found[name].replace(", ", " ", 1)
        assert f"{name} {said}" in page, name
    assert found["Read"] in page
    summary = message.text.replace("\u00a0", " ").split("\n", maxsplit=1)[0]
    assert summary in page
    assert period.title in message.subject


def november(cast: Cast) -> datetime:
    cast.site.time_zone = "UTC"
    cast.site.save()
    cast.sensor.refresh_from_db()
    at = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)
    store(cast.sensor, [(at + timedelta(minutes=10 * step), {"temperature": 4.0 + step / 10}) for step in range(6)])
    return datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_units_and_clock_are_the_reader_s(cast: Cast) -> None:
    now = november(cast)
    cast.member.units, cast.member.clock = "us", "12"
    cast.member.save()

    found = facts(rendered(cast, Every.MONTH, now))

    assert found["Highest"] == "40 °F, Fri 20 Nov, 3:55 pm"
    assert found["Lowest"] == "39 °F, Fri 20 Nov, 3:05 pm"


def test_one_s_own_unit_beside_the_others_holds(cast: Cast) -> None:
    now = november(cast)
    cast.member.single_units = ["k"]
    cast.member.save()

    assert facts(rendered(cast, Every.MONTH, now))["Highest"].startswith("277.6 K, ")


def test_a_period_without_readings_is_one_sentence(cast: Cast) -> None:
    november(cast)

    message = rendered(cast, Every.DAY, datetime(2026, 11, 26, 1, tzinfo=UTC))

    assert message.text.startswith("No readings are stored of 25 November 2026.\n")
    assert facts(message).keys() == {"Site"}


def test_a_sensor_without_numbers_and_states_says_so(cast: Cast) -> None:
    message = rendered(cast, Every.DAY, datetime(2026, 11, 26, 1, tzinfo=UTC))

    assert message.text.startswith("Reports are about numbers and states, and the sensor has sent neither.\n")


def test_both_parts_have_the_link_and_how_to_stop(cast: Cast) -> None:
    message = rendered(cast, Every.MONTH, november(cast))

    report = f"{HOME}/sensors/{cast.sensor.uuid}/reports/2026/11/"
    stop = f"{HOME}/account/reports/end/{stop_token(ReportSubscription.objects.get())}/"
    for part in (message.text, message.html):
        assert report in part
        assert stop in part
    assert message.stop == stop
    assert message.subject == "“Orchard station”: November 2026"
    assert "When" not in facts(message)


def test_a_message_is_not_sent_to_a_reader_without_the_right(cast: Cast) -> None:
    now = november(cast)
    period = due(Every.MONTH, calendar=Calendar(), now=now)
    assert composed(cast, Every.MONTH, period, now)
    told = about(ReportSubscription.objects.get(), period)

    set_muted(operator=cast.member, kinds=[Kind.REPORT])
    assert compose_report("", told, now=lambda: now) is None
    set_muted(operator=cast.member, kinds=[])
    assert compose_report("", told, now=lambda: now)
    Membership.objects.filter(operator=cast.member).delete()
    assert compose_report("", told, now=lambda: now) is None
    ReportSubscription.objects.all().delete()
    assert compose_report("", told, now=lambda: now) is None


def test_it_goes_to_the_address_that_the_account_has_now(cast: Cast) -> None:
    now = november(cast)
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=now)
    cast.member.email = "elsewhere@example.org"
    cast.member.save()

    told = about(ReportSubscription.objects.get(), Period("day", date(2026, 11, 20), date(2026, 11, 20)))
    made = compose_report("member@example.org", told, now=lambda: now)

    assert made
    assert made.to == "elsewhere@example.org"


def test_it_is_in_the_language_of_the_account_that_gets_it(cast: Cast) -> None:
    now = november(cast)
    cast.member.language = "de"
    cast.member.save()

    made = composed(cast, Every.MONTH, due(Every.MONTH, calendar=Calendar("UTC", 0), now=now), now)

    assert made
    assert made.message.subject.endswith(": November 2026")
    plain = {name: value.replace("\u00a0", " ") for name, value in made.message.facts}
    assert plain["Temperatur im Mittel"] == "4,3 °C"
    assert plain["Höchster Wert"] == "4,5 °C, Fr, 20. Nov., 15:55"
    assert plain["Erfasst"].startswith("1 von 720 Stunden, 0,1 %")
    assert made.message.link
    assert made.message.link[0] == "Bericht öffnen"
    assert made.message.sentences[0].startswith("Mittel 4,3")
