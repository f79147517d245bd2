"""The chart in the e-mail about an alert: what it shows, how it is sent, and that the message is whole without it."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from sensorfusion.accounts.models import Membership
from sensorfusion.alerts.messages import chart
from sensorfusion.alerts.models import Alert
from sensorfusion.mail.envelope import Envelope, email_of
from sensorfusion.mail.models import OutboxMessage
from sensorfusion.sensors.naming.queries import presentation_of
from tests.alerts.messages.conftest import Office
from tests.storing import store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_settings")]
HOUR = timedelta(hours=1)


@pytest.fixture
def alert(office: Office) -> Alert:
    """A freezer that warmed evenly from -20 to -14 °C in two hours."""
    began = office.now - 2 * HOUR
    rows = [(began + number * HOUR / 12, {"temperature": -20.0 + 0.25 * number}) for number in range(25)]
    store(office.cast.sensor, rows)
    return office.fire(office.rule())


def sent() -> tuple[EmailMessage, str]:
    """Return the e-mail as it leaves, and its HTML."""
    row = OutboxMessage.objects.filter(recipient="owner@example.org").get()
    email = email_of(
        Envelope(7, row.recipient, row.subject, row.text, row.html, row.created_at), sender="sensors@example.org"
    )
    html = email.get_body(("html", "related"))
    assert isinstance(html, EmailMessage)
    part = email.get_body(("html",))
    assert isinstance(part, EmailMessage)
    return email, part.get_content()


def drawn(alert: Alert, now: datetime, system: str = "metric") -> str:
    svg = chart.chart_svg(alert, presentation_of(alert.sensor).display("temperature", system), now=now)
    return svg.replace("\N{NO-BREAK SPACE}", " ")


def facts(svg: str) -> list[str]:
    return re.findall('data-(?:limit|newest)="([^"]*)"', svg)


def test_chart_has_the_limit_the_newest_value_and_the_time_of_the_alert(office: Office, alert: Alert) -> None:
    svg = drawn(alert, office.now)

    assert facts(svg) == ["−18.0°", "−14.0 °C"]
    assert ">22 Nov, 04:00<" in svg


def test_figures_are_in_the_units_of_the_reader(office: Office, alert: Alert) -> None:
    svg = drawn(alert, office.now, "us")

    assert facts(svg) == ["−0.4°", "7 °F"]


def test_e_mail_has_the_chart_beside_its_html_with_the_sentence_as_text(office: Office, alert: Alert) -> None:
    office.later(minutes=1)
    email, html = sent()
    pictures = [part for part in email.walk() if part.get_content_type() == "image/png"]

    [picture] = pictures
    assert picture.get_content().startswith(b"\x89PNG")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert picture.get_content_disposition() == "inline"
    [alt] = re.findall('alt="([^"]*)"', html)
    text = email.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert alt.startswith("“Orchard station”")
    assert alt in text.get_content()
    assert "data:image" not in html
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "multipart/related"]


def test_e_mail_without_the_extra_is_as_it_was(office: Office, alert: Alert, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "has_png", lambda: False)
    office.later(minutes=1)
    email, html = sent()

    assert "<img" not in html
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]


def test_chart_that_cannot_be_drawn_holds_up_no_message(
    office: Office, alert: Alert, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chart, "chart_svg", lambda *given, **options: "<svg>\x01</svg>")
    office.later(minutes=1)
    _, html = sent()

    assert "<img" not in html
    assert "could not be drawn" in caplog.text


def test_alert_without_numbers_has_no_chart(office: Office) -> None:
    alert = office.fire(office.rule(), is_running=False)

    assert drawn(alert, office.now) == ""


def test_person_who_left_the_site_before_it_is_sent_gets_no_chart(office: Office, alert: Alert) -> None:
    Membership.objects.filter(operator=office.cast.editor).delete()
    office.later(minutes=1)

    assert [each.recipient for each in OutboxMessage.objects.all()] == ["owner@example.org"]
