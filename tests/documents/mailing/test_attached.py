"""The PDF that a message brings: the figures of the page, for those who may see it, and never in the message's way."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from sensorfusion.accounts.models import Membership
from sensorfusion.documents.mailing import attached
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.services import choose
from sensorfusion.documents.mailing.wording import about, compose_report
from sensorfusion.documents.paper import printing
from sensorfusion.documents.periods import Period, month_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.mail.message import Message, Rendered, render
from sensorfusion.mail.sender import Composed
from tests.conftest import Cast
from tests.mail.conftest import HOME, mail_settings
from tests.patience import PATIENCE_S
from tests.storing import Row, store

__all__ = ["mail_settings"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_settings")]

NOW = datetime(2026, 11, 1, 1, tzinfo=UTC)  # an hour after October in Warsaw, and more
MISSING = "The PDF is missing: "


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time."""
    monkeypatch.setattr(attached, "WITHIN_S", float(PATIENCE_S))
    monkeypatch.setattr(attached, "WAIT_S", float(PATIENCE_S))


def weather() -> list[Row]:
    start = datetime(2026, 9, 28, tzinfo=UTC)
    return [
        (start + timedelta(hours=step), {"temperature": 8.0 + step % 24 / 2 + step // 24 / 10, "rain": step % 7 * 0.1})
        for step in range(24 * 33)
    ]


def door() -> list[Row]:
    start = datetime(2026, 9, 28, tzinfo=UTC)
    return [(start + timedelta(minutes=20 * step), {"door_open": step % 31 == 5}) for step in range(72 * 33)]


def october() -> Period:
    found = month_of(2026, 10)
    assert found
    return found


def told(cast: Cast, rows: list[Row], *, with_pdf: bool = True) -> str:
    store(cast.sensor, rows)
    choose(by=cast.member, sensor=cast.sensor, wanted=[Every.MONTH], now=NOW, with_pdf=with_pdf)
    return about(ReportSubscription.objects.get(), october())


def composed(words: str) -> Composed | None:
    return compose_report("", words, now=lambda: NOW)


def message(words: str) -> Message:
    made = composed(words)
    assert made
    return made.message


def text_of(made: Message) -> str:
    assert made.attachment
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(made.attachment.content)).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\u00a0", " "))


def rendered(made: Message) -> Rendered:
    return render(made, made_at=NOW)


@pytest.mark.parametrize("rows", [weather, door], ids=["a number", "a state"])
def test_the_pdf_has_the_figures_of_the_page(cast: Cast, rows: Callable[[], list[Row]]) -> None:
    made = message(told(cast, rows()))

    said = text_of(made)
    with time_machine.travel(NOW, tick=False):
        client = Client()
        client.force_login(cast.member)
        html = client.get(f"/sensors/{cast.sensor.uuid}/reports/2026/10/").content.decode()
    table = re.search(r'<div class="table climate".*?</table>', html, re.DOTALL)
    assert table
    lines = re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)
    assert len(lines) == 1 + 31 + 1
    for line in lines[1:]:
        assert squeezed(re.sub(r"<[^>]+>", " ", line)) in said
    for label, number in made.facts[1:]:
        assert squeezed(number.partition(",")[0]) in said, label
    assert squeezed(made.sentences[0]) in said
    assert made.attachment
    assert made.attachment.name == "report-2026-10.pdf"
    assert not any(MISSING in sentence for sentence in made.sentences)


def test_links_of_the_pdf_lead_to_the_installation(cast: Cast) -> None:
    made = message(told(cast, door()))
    assert made.attachment

    links = {
        str(each.get_object()["/A"]["/URI"])
        for page in PdfReader(io.BytesIO(made.attachment.content)).pages
        for each in page.get("/Annots", [])
    }
    assert f"{HOME}/sensors/{cast.sensor.uuid}/" in links
    assert all(link.startswith(f"{HOME}/") for link in links)


def test_a_subscription_without_it_has_none(cast: Cast) -> None:
    assert message(told(cast, door(), with_pdf=False)).attachment is None


def test_a_period_without_readings_has_none(cast: Cast) -> None:
    words = told(cast, door()).replace("2026-10-31", "2026-08-31")

    made = message(words)

    assert made.sentences == ("No readings are stored of August 2026.",)
    assert made.attachment is None


def test_without_the_extra_the_message_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "has_pdf", lambda: False)

    made = message(told(cast, door()))

    assert made.attachment is None
    assert "The PDF is missing: this server lacks sensorfusion[pdf]." in rendered(made).text
    assert "Times open: " in rendered(made).text


def refused(*_: Any, **__: Any) -> bytes:
    raise Refusal("overloaded", "Other reports are being written.", retry_after_s=60)


def broken(*_: Any, **__: Any) -> bytes:
    raise OSError("no memory")


@pytest.mark.parametrize("fails", [refused, broken])
def test_a_pdf_that_fails_holds_up_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fails: Callable[..., bytes]
) -> None:
    monkeypatch.setattr(attached, "printed", fails)

    made = message(told(cast, door()))

    assert made.attachment is None
    assert "The PDF is missing: it could not be written this time." in rendered(made).text
    assert "Times open: " in rendered(made).text


def test_a_child_process_that_fails_holds_up_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_COMMAND", ["false"])

    assert "it could not be written this time" in rendered(message(told(cast, door()))).text


def test_a_retry_sends_the_same(cast: Cast) -> None:
    words = told(cast, door())

    one, other = message(words), message(words)

    assert text_of(one) == text_of(other)
    assert rendered(one).text == rendered(other).text


def test_a_member_who_loses_access_gets_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    words = told(cast, door())

    def printed(*_: Any, **__: Any) -> bytes:
        Membership.objects.filter(operator=cast.member).delete()
        return b"%PDF-"

    monkeypatch.setattr(attached, "printed", printed)
    assert composed(words) is None  # lost while it was written
    assert composed(words) is None  # lost before


def test_the_paper_is_letter_for_readers_of_american_units(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[str] = []

    def printed(*_: Any, size: str, **__: Any) -> bytes:
        sizes.append(size)
        return b"%PDF-"

    monkeypatch.setattr(attached, "printed", printed)
    words = told(cast, door())

    message(words)
    cast.member.units = "us"
    cast.member.save()
    message(words)

    assert sizes == ["a4", "letter"]
