"""The PDF of a report: the figures of its page, on few pages, for those who may see the page."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from sensorfusion.accounts.models import Operator
from sensorfusion.documents.paper import answer, printing
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write nothing, and keep what would have been written."""
    asked: list[str] = []

    def printed_for(operator: int, html: str, **_: Any) -> bytes:
        asked.append(html)
        return b"%PDF-"

    monkeypatch.setattr(answer, "printed_for", printed_for)
    return asked


def get(operator: Operator, sensor: Sensor, address: str, **headers: str) -> Any:
    client = Client()
    client.force_login(operator)
    return client.get(f"/sensors/{sensor.uuid}/reports/{address}", headers=headers)


def pages(cast: Cast, address: str) -> list[str]:
    found = get(cast.owner, cast.sensor, address if ".pdf" in address else f"{address}.pdf")
    assert (found.status_code, found["Content-Type"]) == (200, "application/pdf")
    return [page.extract_text() for page in PdfReader(io.BytesIO(found.content)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def said(cast: Cast, address: str) -> Iterator[str]:
    """Yield the texts of the page's elements: paragraphs, terms, and each row of its tables."""
    html = get(cast.owner, cast.sensor, f"{address.partition('.')[0]}/").content.decode()
    document = re.search(r'<article class="doc">.*?</article>', html, re.DOTALL)
    assert document
    shown = re.sub(
        r'<details class="thresholds">.*?</details>|<svg.*?</svg>|visually-hidden">[^<]*',
        "",
        document[0],
        flags=re.DOTALL,
    )
    for element in re.findall(r"<(?:tr|p|dt|dd|h1|h2|li)\b.*?</(?:tr|p|dt|dd|h1|h2|li)>", shown, re.DOTALL):
        # The columns of keys and of the table's head stand in another order.
        if not re.match(r'<p class="keys"|<tr>\s*<th scope="col"', element):
            yield squeezed(re.sub(r"<[^>]*>", " ", element).replace("&nbsp;", " ").replace("&amp;", "&"))


def weather(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, hours=60 * 24)


def freezer(cast: Cast) -> None:
    at = every(3600, 40 * 24, until=LAST)
    store(cast.sensor, [(each, {"freezer_temperature": -18.0 - each.hour / 10}) for each in at])


def meter(cast: Cast) -> None:
    at = every(3600, 40 * 24, until=LAST)
    store(cast.sensor, [(each, {"energy": 100.0 + 2 * number}) for number, each in enumerate(at)])


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        *((weather, address) for address in ("2026/10", "2026/10.pdf?paper=letter", "2026", "2026/W46")),
        *((freezer, "2026/11"), (meter, "2026/11")),
    ],
)
def test_every_figure_of_the_page_is_in_the_pdf_which_has_two_pages_at_most(
    cast: Cast, kind: Any, address: str
) -> None:
    kind(cast)
    found = pages(cast, address)
    whole = squeezed(" ".join(found))
    figures = list(said(cast, address))

    assert len(found) <= 2
    assert len(figures) > 20
    assert [figure for figure in figures if figure not in whole] == []


def test_owner_and_member_get_it_and_an_outsider_does_not(cast: Cast, quick: list[str]) -> None:
    weather(cast)
    for address in ("2026.pdf", "2026/11.pdf", "2026/W47.pdf", "2026-11-01--2026-11-03.pdf"):
        assert get(cast.owner, cast.sensor, address).status_code == 200
        assert get(cast.member, cast.sensor, address).status_code == 200
        assert get(cast.outsider, cast.sensor, address).status_code == 404
    assert Client().get(f"/sensors/{cast.sensor.uuid}/reports/2026/11.pdf").status_code == 302
    assert len(quick) == 8


def test_links_in_it_lead_to_the_server_and_thresholds_are_those_of_the_address(cast: Cast, quick: list[str]) -> None:
    weather(cast)
    get(cast.owner, cast.sensor, "2026/10.pdf?hot=20")

    assert "from 20" in quick[0] or "20 °C or more" in quick[0].replace("\N{NO-BREAK SPACE}", " ")


def test_who_has_it_gets_it_again_only_when_it_says_something_else(
    cast: Cast, quick: list[str], clock: time_machine.Traveller
) -> None:
    weather(cast)
    etag = get(cast.owner, cast.sensor, "2026/10.pdf")["ETag"]
    clock.shift(60)

    again = get(cast.owner, cast.sensor, "2026/10.pdf", **{"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"], len(quick)) == (304, b"", etag, 1)
    letter = get(cast.owner, cast.sensor, "2026/10.pdf?paper=letter", **{"If-None-Match": etag})
    assert (letter.status_code, len(quick)) == (200, 2)
    cast.sensor.name = "Meadow"
    cast.sensor.save()
    assert get(cast.owner, cast.sensor, "2026/10.pdf", **{"If-None-Match": etag}).status_code == 200
    assert "made on" not in quick[0].casefold().partition("made on 22 november 2026 at 13:10")[2]


def test_a_server_that_is_busy_says_when_to_try_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    weather(cast)

    def refuse(*_: Any, **__: Any) -> bytes:
        raise Refusal("overloaded", "Busy.", retry_after_s=10)

    monkeypatch.setattr(answer, "printed_for", refuse)
    found = get(cast.owner, cast.sensor, "2026/10.pdf")

    assert (found.status_code, found["Retry-After"], found.content) == (503, "10", b"Busy.")
    assert "ETag" not in found


def test_without_the_extra_the_page_and_the_address_say_what_to_install(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    weather(cast)
    assert 'reports/2026/10.pdf"' in get(cast.owner, cast.sensor, "2026/10/").content.decode()
    monkeypatch.setattr(printing, "find_spec", lambda name: None)
    printing.has_pdf.cache_clear()
    try:
        missing = get(cast.owner, cast.sensor, "2026/10.pdf")
        page = get(cast.owner, cast.sensor, "2026/10/").content.decode()
        assert get(cast.outsider, cast.sensor, "2026/10.pdf").status_code == 404
    finally:
        printing.has_pdf.cache_clear()

    assert missing.status_code == 501
    assert "pip install 'sensorfusion[pdf]'" in missing.content.decode()
    assert "2026/10.pdf" not in page
    assert "sensorfusion[pdf]" in page


def test_paper_says_its_language_and_is_numbered_in_it(cast: Cast, quick: list[str]) -> None:
    observe(cast.sensor, until=LAST, hours=24)
    for language in ("de", "en"):
        get(cast.owner, cast.sensor, "2026/11.pdf", **{"Accept-Language": language})

    german, english = (" ".join(html.split()) for html in quick)
    assert '<html lang="de">' in german
    assert 'data-before="Seite " data-between=" von "' in german
    assert "Tag für Tag" in german
    assert '<html lang="en">' in english
    assert 'data-before="Page " data-between=" of "' in english


def test_pages_of_paper_are_numbered_in_german(cast: Cast) -> None:
    weather(cast)

    found = get(cast.owner, cast.sensor, "2026/10.pdf", **{"Accept-Language": "de"})

    pages = PdfReader(io.BytesIO(found.content)).pages
    assert "Seite 1 von 2" in pages[0].extract_text()
    assert len(pages) == 2  # as many as in English, though its words are longer
