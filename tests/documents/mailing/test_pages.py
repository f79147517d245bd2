"""The form on a sensor's page of reports, the list of one's own, and the link of a message."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sensorfusion.accounts.models import Membership, Operator
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.queries import chosen
from sensorfusion.documents.mailing.services import choose, stop_token
from tests.clients import NOW
from tests.conftest import Cast
from tests.mail.conftest import mail_settings
from tests.storing import store

__all__ = ["mail_settings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_settings")]


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def subscribed(cast: Cast) -> ReportSubscription:
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.DAY], now=NOW)
    return ReportSubscription.objects.get()


def checked(html: str) -> set[str]:
    boxes = re.findall(r'<input type="checkbox" name="every"[^>]*>', html)
    return {re.findall(r'value="(\w+)"', box)[0] for box in boxes if "checked" in box}


def listed(client: Client) -> str:
    return client.get(reverse("report-mail")).content.decode().split("<main")[1].split("</main>")[0]


def test_a_viewer_chooses_for_themself(cast: Cast) -> None:
    store(cast.sensor, [(NOW, {"temperature": 4.0})])
    client = signed_in(cast.member)
    page = reverse("reports", args=[cast.sensor.uuid])
    assert checked(client.get(page).content.decode()) == set()

    answer = client.post(reverse("report-mail-choose", args=[cast.sensor.uuid]), {"every": ["day", "month"]})

    assert answer["Location"] == page
    assert checked(client.get(page).content.decode()) == {"day", "month"}
    assert checked(signed_in(cast.owner).get(page).content.decode()) == set()
    client.post(reverse("report-mail-choose", args=[cast.sensor.uuid]), {})
    assert chosen(cast.member, cast.sensor) == []


def test_an_outsider_cannot_subscribe(cast: Cast) -> None:
    answer = signed_in(cast.outsider).post(reverse("report-mail-choose", args=[cast.sensor.uuid]), {"every": "day"})

    assert answer.status_code == 404
    assert not ReportSubscription.objects.exists()


def test_a_word_that_is_no_period_changes_nothing(cast: Cast) -> None:
    made = subscribed(cast)

    answer = signed_in(cast.member).post(reverse("report-mail-choose", args=[cast.sensor.uuid]), {"every": "minute"})

    assert answer.status_code == 404
    assert ReportSubscription.objects.get() == made


def test_one_s_own_are_listed_and_stopped(cast: Cast) -> None:
    made = subscribed(cast)
    client = signed_in(cast.member)
    assert "Orchard station" in listed(client)
    for other in (cast.owner, cast.outsider):
        assert "Orchard station" not in listed(signed_in(other))
        assert signed_in(other).post(reverse("report-mail-stop", args=[made.uuid])).status_code == 404

    answer = client.post(reverse("report-mail-stop", args=[made.uuid]), follow=True)

    assert "does not come any more" in answer.content.decode()
    assert "No reports come to you by e-mail." in answer.content.decode()


def test_after_the_end_of_a_membership_nothing_is_listed(cast: Cast) -> None:
    made = subscribed(cast)
    Membership.objects.filter(operator=cast.member).delete()

    assert "Orchard" not in signed_in(cast.member).get(reverse("report-mail")).content.decode()
    answer = Client().get(reverse("report-mail-end", args=[stop_token(made)]))
    assert "Orchard" not in answer.content.decode()


def test_opening_the_link_of_a_message_asks_and_its_button_ends(cast: Cast) -> None:
    address = reverse("report-mail-end", args=[stop_token(subscribed(cast))])
    client = Client()

    assert "Stop the daily report of Orchard station?" in client.get(address).content.decode()
    assert ReportSubscription.objects.exists()

    assert "does not come any more" in client.post(address).content.decode()
    assert not ReportSubscription.objects.exists()
    assert client.post(address).status_code == 200  # mail programs may send it twice


def test_a_mail_program_ends_it_with_one_post_and_no_cookie(cast: Cast) -> None:
    address = reverse("report-mail-end", args=[stop_token(subscribed(cast))])

    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert not ReportSubscription.objects.exists()


def test_a_token_of_one_s_own_making_ends_nothing(cast: Cast) -> None:
    made = subscribed(cast)

    answer = Client().post(reverse("report-mail-end", args=[f"{made.uuid.hex}:{'A' * 43}"]))

    assert answer.status_code == 404
    assert ReportSubscription.objects.exists()


def test_without_a_mail_server_the_pages_say_what_to_set(cast: Cast, settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, email_url="")
    store(cast.sensor, [(NOW, {"temperature": 4.0})])
    client = signed_in(cast.member)

    page = client.get(reverse("reports", args=[cast.sensor.uuid])).content.decode()

    assert "its administrator sets <code>EMAIL_URL</code>" in page
    assert 'name="every"' not in page
    assert "Its administrator sets <code>EMAIL_URL</code>" in listed(client)


def test_the_pdf_is_chosen_in_the_form_and_said_in_the_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    store(cast.sensor, [(NOW, {"temperature": 4.0})])
    client = signed_in(cast.member)
    page, to = (reverse(name, args=[cast.sensor.uuid]) for name in ("reports", "report-mail-choose"))

    client.post(to, {"every": ["day"], "with_pdf": "on"})

    box = re.search(r'<input type="checkbox" name="with_pdf"[^>]*>', client.get(page).content.decode())
    assert box
    assert "checked" in box[0]
    assert "daily, with the PDF" in " ".join(listed(client).split())
    client.post(to, {"every": ["day"]})
    assert "with the PDF" not in listed(client)

    assert "messages come without the PDF" not in " ".join(client.get(page).content.decode().split())
    monkeypatch.setattr("sensorfusion.documents.pages.has_pdf", lambda: False)
    assert "messages come without the PDF" in " ".join(client.get(page).content.decode().split())
