"""Notes on instants and spans of a sensor: what is noted, what is refused, and the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from sensorfusion.accounts.audit.models import AuditEntry
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.models import Note
from sensorfusion.readings.notes import services
from sensorfusion.readings.notes.queries import notes_within
from tests.clients import client_of
from tests.conftest import Cast

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def note(cast: Cast, start: datetime, end: datetime | None = None, text: str = "Shield cleaned") -> Note:
    return services.make_note(by=cast.editor, sensor=cast.sensor, starts_at=start, ends_at=end, text=text, now=NOON)


def within(cast: Cast, start: datetime | None, end: datetime | None) -> set[str]:
    return {each.text for each in notes_within(sensor=cast.sensor, start=start, end=end)}


def path(cast: Cast, note: Any = None) -> str:
    return f"/api/v1/sensors/{cast.sensor.uuid}/notes/" + (f"{note}/" if note else "")


def test_a_note_belongs_to_every_range_that_it_touches(cast: Cast) -> None:
    note(cast, NOON, text="instant")
    note(cast, NOON - HOUR, NOON, text="before")
    note(cast, NOON - HOUR, NOON + HOUR, text="across")
    note(cast, NOON + HOUR, text="after")

    assert within(cast, NOON, NOON + HOUR) == {"instant", "across"}
    assert within(cast, None, NOON) == {"before", "across"}
    assert within(cast, NOON, None) == {"instant", "across", "after"}
    assert within(cast, None, None) == {"instant", "before", "across", "after"}


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (NOON, NOON, "end"),
        (NOON, NOON - HOUR, "end"),
        (datetime(1899, 12, 31, tzinfo=UTC), None, "start"),
        (NOON, datetime(2200, 1, 1, tzinfo=UTC), "start"),
    ],
)
def test_an_empty_span_and_a_time_without_a_date_are_refused(
    cast: Cast, start: datetime, end: datetime | None, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        note(cast, start, end)

    assert (refused.value.code, refused.value.field) == ("bad_span", field)
    assert not Note.objects.exists()


def test_a_sensor_has_a_limited_number_of_notes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "NOTES_MOST", 1)
    note(cast, NOON)

    with pytest.raises(Refusal) as refused:
        note(cast, NOON)

    assert refused.value.code == "limit_reached"


def test_a_viewer_may_not_write_notes(cast: Cast) -> None:
    made = note(cast, NOON)

    for write in (
        lambda: services.make_note(by=cast.member, sensor=cast.sensor, starts_at=NOON, text="x", now=NOON),
        lambda: services.change_note(by=cast.member, note=made, text="x", now=NOON),
        lambda: services.delete_note(by=cast.member, note=made),
    ):
        with pytest.raises(Refusal) as refused:
            write()
        assert refused.value.code == "not_allowed"
    assert Note.objects.get().text == "Shield cleaned"


def test_a_note_that_stays_the_same_is_not_recorded_as_changed(cast: Cast) -> None:
    made = note(cast, NOON)

    services.change_note(by=cast.editor, note=made, text=made.text, now=NOON + HOUR)
    assert not AuditEntry.objects.filter(action="note_changed").exists()

    services.change_note(by=cast.editor, note=made, text="Shield replaced", now=NOON + HOUR)
    assert AuditEntry.objects.get(action="note_changed").subject.endswith("2026-11-20T12:00Z: Shield replaced")
    assert (made.made_at, made.changed_at) == (NOON, NOON + HOUR)


def test_notes_are_made_listed_changed_and_deleted_over_the_api(cast: Cast) -> None:
    editor, viewer = client_of(cast.editor), client_of(cast.member)
    body = {"kind": "calibrated", "text": "At 0 °C and 20 °C", "start": "2026-11-20T12:00:00Z"}

    made = editor.post(path(cast), body)
    assert made.status_code == 201, made.content
    shown = viewer.get(path(cast, made.json()["id"]))
    assert shown.json() == made.json()
    assert made.json()["end"] is None

    ended = {"end": "2026-11-20T13:00:00Z"}
    assert editor.patch(path(cast, made.json()["id"]), ended, HTTP_IF_MATCH='"older"').status_code == 412
    changed = editor.patch(path(cast, made.json()["id"]), ended, HTTP_IF_MATCH=shown["ETag"])
    assert (changed.status_code, changed.json()["end"]) == (200, "2026-11-20T13:00:00Z")

    listed = viewer.get(path(cast), {"from": "2026-11-20T12:30:00Z", "to": "2026-11-21T00:00:00Z"}).json()
    assert [each["text"] for each in listed["results"]] == ["At 0 °C and 20 °C"]
    assert viewer.get(path(cast), {"from": "2026-11-20T13:00:00Z"}).json()["results"] == []

    assert editor.delete(path(cast, made.json()["id"])).status_code == 204
    assert not Note.objects.exists()


def test_a_note_that_is_sent_again_is_made_once(cast: Cast) -> None:
    editor, body = client_of(cast.editor), {"text": "Moved", "start": "2026-11-20T12:00:00Z"}

    first, again = (editor.post(path(cast), body, HTTP_IDEMPOTENCY_KEY="note-1") for _ in range(2))

    assert first.json() == again.json()
    assert Note.objects.count() == 1


def test_an_outsider_sees_and_changes_no_note(cast: Cast) -> None:
    made, outsider = note(cast, NOON), client_of(cast.outsider)
    theirs = services.make_note(by=cast.outsider, sensor=cast.other_sensor, starts_at=NOON, text="Theirs", now=NOON)

    for answer in (
        outsider.get(path(cast)),
        outsider.post(path(cast), {"text": "x", "start": "2026-11-20T12:00:00Z"}),
        outsider.get(path(cast, made.uuid)),
        outsider.patch(path(cast, made.uuid), {"text": "x"}),
        outsider.delete(path(cast, made.uuid)),
        client_of(cast.owner).get(path(cast, theirs.uuid)),  # below another sensor
        APIClient().get(path(cast)),
    ):
        assert answer.status_code in (401, 404)
    assert Note.objects.get(pk=made.pk).text == "Shield cleaned"
