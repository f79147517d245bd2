"""Notes on the report page: numbered marks on every chart, and their list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.notes.services import make_note
from sensorfusion.reports import notes, queries
from tests.conftest import Cast
from tests.reports.weather import observe

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = NOON - timedelta(minutes=10)


@pytest.fixture
def observed(cast: Cast) -> Iterator[Cast]:
    observe(cast.sensor, until=LAST)
    with time_machine.travel(NOON, tick=False):
        yield cast


def note(cast: Cast, start: datetime, end: datetime | None = None, text: str = "Shield <cleaned>") -> None:
    make_note(by=cast.owner, sensor=cast.sensor, kind="moved", starts_at=start, ends_at=end, text=text, now=LAST)


def page(cast: Cast, operator: Operator, query: str = "") -> str:
    client = Client()
    client.force_login(operator)
    return client.get(f"/sensors/{cast.sensor.uuid}/{query}").text


def test_a_note_is_a_mark_on_every_chart_and_a_line_of_the_list(observed: Cast) -> None:
    note(observed, LAST - 2 * HOUR)
    note(observed, LAST - 4 * HOUR, LAST - 3 * HOUR, text="Mast moved")

    seen = page(observed, observed.member)

    charts = seen.count("<sf-chart")
    assert charts > 1
    assert seen.count('class="noted"') == 2 * charts
    assert seen.count('class="noted-span"') == charts
    assert seen.index("Mast moved") < seen.index("Shield &lt;cleaned&gt;")
    assert "Write or change" not in seen
    assert "Write or change" in page(observed, observed.editor)


def test_notes_can_be_saved_where_there_are_any(observed: Cast) -> None:
    href = f'href="/api/v1/sensors/{observed.sensor.uuid}/export/?of=notes"'
    assert href not in page(observed, observed.member)

    note(observed, LAST - 2 * HOUR)

    assert href in page(observed, observed.member)


def test_a_span_without_notes_shows_none_and_keeps_the_place_for_them(observed: Cast) -> None:
    note(observed, LAST - 30 * 24 * HOUR)

    seen = page(observed, observed.member, "?r=1h")

    assert 'class="noted"' not in seen
    assert "Shield" not in seen
    assert 'class="card notes"' in seen


def test_a_sensor_without_notes_has_nothing_of_them(observed: Cast) -> None:
    assert "notes.css" not in page(observed, observed.member)


def test_the_newest_are_shown_and_the_rest_is_counted(observed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "SHOWN_MOST", 1)
    for hours in (1, 2, 3):
        note(observed, LAST - hours * HOUR, text=f"{hours} hours ago")
    (station,) = queries.stations([observed.sensor], now=LAST)

    found = notes.notes_of_span(station, LAST - 24 * HOUR, LAST)

    assert ([each.text for each in found.notes], found.more) == (["1 hours ago"], 2)


def test_a_mark_stands_at_its_share_of_the_span(observed: Cast) -> None:
    note(observed, LAST - 2 * HOUR, LAST + HOUR)
    (station,) = queries.stations([observed.sensor], now=LAST)

    (found,) = notes.notes_of_span(station, LAST - 4 * HOUR, LAST).notes

    assert (found.left, found.width) == ("50.00%", "50.00%")
    assert found.kind == "Moved"
