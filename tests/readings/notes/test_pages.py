"""The page of a sensor's notes: members read them, editors write them in the site's local time."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from sensorfusion.accounts.models import Operator
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes.services import make_note
from tests.conftest import Cast

# The second of the two hours from 2 to 3 in Warsaw on the day when clocks go back.
SECOND_HALF_PAST_TWO = datetime(2026, 10, 25, 1, 30, 15, tzinfo=UTC)


@pytest.fixture
def in_warsaw(cast: Cast) -> Cast:
    cast.site.time_zone = "Europe/Warsaw"
    cast.site.save(update_fields=["time_zone"])
    return cast


def page(cast: Cast, rest: str = "") -> str:
    return f"/sensors/{cast.sensor.uuid}/notes/{rest}"


def browser(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


def test_an_editor_writes_a_note_in_local_time_and_a_viewer_reads_it(in_warsaw: Cast) -> None:
    given = {"kind": "moved", "start": "2026-11-20T12:00", "end": "", "text": "Two metres <higher>"}

    sent = browser(in_warsaw.editor).post(page(in_warsaw), given)

    assert sent.status_code == 302
    made = Note.objects.get()
    assert (made.starts_at, made.ends_at) == (datetime(2026, 11, 20, 11, tzinfo=UTC), None)
    seen = browser(in_warsaw.member).get(page(in_warsaw)).text
    assert "20 Nov 2026, 12:00" in seen
    assert "Two metres &lt;higher&gt;" in seen
    assert "Write the note" not in seen


def test_a_span_that_ends_before_it_begins_is_refused_at_its_end(in_warsaw: Cast) -> None:
    given = {"kind": "moved", "start": "2026-11-20T12:00", "end": "2026-11-20T11:00", "text": "x"}

    answer = browser(in_warsaw.editor).post(page(in_warsaw), given)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["end"]


def test_a_note_keeps_the_instant_that_its_form_cannot_write(in_warsaw: Cast) -> None:
    made = make_note(
        by=in_warsaw.editor,
        sensor=in_warsaw.sensor,
        starts_at=SECOND_HALF_PAST_TWO,
        text="Clocks",
        now=datetime.now(UTC),
    )
    given = {"kind": "note", "start": "2026-10-25T02:30", "end": "", "text": "Clocks go back"}

    browser(in_warsaw.editor).post(page(in_warsaw, f"{made.uuid}/"), given)

    made.refresh_from_db()
    assert (made.starts_at, made.text) == (SECOND_HALF_PAST_TWO, "Clocks go back")


def test_an_editor_deletes_a_note_and_a_viewer_does_not(in_warsaw: Cast) -> None:
    made = make_note(
        by=in_warsaw.editor, sensor=in_warsaw.sensor, starts_at=SECOND_HALF_PAST_TWO, text="x", now=datetime.now(UTC)
    )
    path = page(in_warsaw, f"{made.uuid}/delete/")

    assert browser(in_warsaw.member).post(path).status_code == 403
    assert browser(in_warsaw.outsider).post(path).status_code == 404
    assert browser(in_warsaw.editor).post(path).status_code == 302
    assert not Note.objects.exists()
