"""Excluding, restoring and deleting readings: effects, permissions, the API and the page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.refusals import Refusal
from sensorfusion.readings.exclusions.services import delete_readings, exclude, restore
from sensorfusion.readings.models import Exclusion, Reading, SensorState
from sensorfusion.readings.rollups.buckets import buckets, raw
from sensorfusion.readings.rollups.question import Question
from tests.announced import announced
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def asked(cast: Cast, *names: str) -> Question:
    return Question(sensor=cast.sensor.pk, quantities=names, start=NOON - HOUR, end=NOON + HOUR)


def observe(cast: Cast) -> None:
    """Ten minutes of a temperature that counts 0, 1, 2 … 9, and of a humidity."""
    rows = [(at, {"temperature": float(n), "humidity": 50}) for n, at in enumerate(every(60, 10, until=NOON))]
    store(cast.sensor, rows)


def leave_out(cast: Cast, start: datetime, end: datetime, quantity: str = "") -> Exclusion:
    return exclude(
        by=cast.editor, sensor=cast.sensor, start=start, end=end, quantity=quantity, reason="Cleaned", now=NOON
    )


def state(cast: Cast) -> SensorState:
    return SensorState.objects.get(sensor=cast.sensor)


def mean(cast: Cast) -> list[float | None]:
    table = buckets(asked(cast, "temperature"), "1d")
    return table.columns["temperature"].value


def test_an_excluded_span_counts_nowhere_until_it_is_restored(cast: Cast) -> None:
    observe(cast)

    made = leave_out(cast, NOON - 9 * MINUTE, NOON - 2 * MINUTE)
    assert mean(cast) == [8.0]
    assert raw(asked(cast, "temperature"), limit=20).columns["temperature"].value == [None] * 7 + [7.0, 8.0, 9.0]

    restore(by=cast.owner, exclusion=made, now=NOON + HOUR)
    assert mean(cast) == [4.5]
    made.refresh_from_db()
    assert (made.made_by, made.restored_by) == (cast.editor, cast.owner)


def test_one_quantity_may_be_excluded_alone(cast: Cast) -> None:
    observe(cast)

    leave_out(cast, NOON - HOUR, NOON + MINUTE, "temperature")

    table = buckets(asked(cast, "temperature", "humidity"), "1d")
    assert table.columns["temperature"].value == [None]
    assert table.columns["humidity"].value == [50]


def test_the_newest_follows_what_is_excluded_and_restored(cast: Cast) -> None:
    observe(cast)

    made = leave_out(cast, NOON - 2 * MINUTE, NOON + MINUTE)
    assert state(cast).observed_at == NOON - 3 * MINUTE
    assert state(cast).values == {"temperature": 6, "humidity": 50}

    restore(by=cast.editor, exclusion=made, now=NOON)
    assert state(cast).observed_at == NOON
    assert state(cast).values == {"temperature": 9, "humidity": 50}


def test_a_quantity_that_is_excluded_alone_shows_its_newest_good_value(cast: Cast) -> None:
    observe(cast)

    leave_out(cast, NOON - 2 * MINUTE, NOON + MINUTE, "temperature")

    assert state(cast).observed_at == NOON
    assert state(cast).values == {"temperature": 6, "humidity": 50}
    assert state(cast).older == {"temperature": (NOON - 3 * MINUTE).timestamp()}


def observe_rarely(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A battery that was measured twice, long ago, and now, among readings of the temperature."""
    monkeypatch.setattr("sensorfusion.readings.exclusions.services.LOOKED_BACK", 3)
    rows: list[Any] = [(NOON - 9 * HOUR, {"battery": 80}), (NOON - 5 * HOUR, {"battery": 70, "rare": "x"})]
    rows += [(at, {"temperature": float(n)}) for n, at in enumerate(every(60, 10, until=NOON - MINUTE))]
    store(cast.sensor, [*rows, (NOON, {"temperature": 10.0, "battery": 60})])


def test_the_value_before_a_deleted_one_is_the_newest_however_long_ago_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe_rarely(cast, monkeypatch)

    delete_readings(by=cast.owner, sensor=cast.sensor, start=NOON, end=NOON + MINUTE, now=NOON)
    assert (state(cast).values, state(cast).older["battery"]) == (
        {"temperature": 9, "battery": 70, "rare": "x"},
        (NOON - 5 * HOUR).timestamp(),
    )

    delete_readings(by=cast.owner, sensor=cast.sensor, start=NOON - 6 * HOUR, end=NOON - 4 * HOUR, now=NOON)
    assert (state(cast).values, state(cast).older) == (
        {"temperature": 9, "battery": 80},
        {"battery": (NOON - 9 * HOUR).timestamp()},
    )


def test_a_restored_value_is_the_newest_again_however_long_ago_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe_rarely(cast, monkeypatch)
    newest = leave_out(cast, NOON, NOON + MINUTE, "battery")
    before = state(cast)
    older = leave_out(cast, NOON - 6 * HOUR, NOON - 4 * HOUR)
    assert state(cast).values == {"temperature": 10, "battery": 80}

    restore(by=cast.owner, exclusion=older, now=NOON)
    assert (state(cast).values, state(cast).older) == (before.values, before.older)
    restore(by=cast.owner, exclusion=newest, now=NOON)
    assert state(cast).values == {"temperature": 10, "battery": 60, "rare": "x"}


def test_readings_of_a_clock_that_was_ahead_do_not_become_the_newest(cast: Cast) -> None:
    ahead = NOON + HOUR
    store(cast.sensor, [(NOON, {"temperature": 1.0}), (ahead, {"temperature": 99.0})], arrived={ahead: NOON})
    SensorState.objects.update(observed_at=NOON, values={"temperature": 1.0})

    exclude(
        by=cast.editor,
        sensor=cast.sensor,
        start=NOON - HOUR,
        end=NOON - MINUTE,
        reason="Cleaned",
        now=ahead + HOUR,
    )

    assert state(cast).values == {"temperature": 1}


def test_those_who_follow_the_sensor_hear_of_it_and_get_the_newest_again(cast: Cast) -> None:
    observe(cast)

    with announced() as heard:
        leave_out(cast, NOON - MINUTE, NOON + MINUTE)

    assert {kind for kind, _ in heard} == {"SensorChanged", "KeyChanged"}
    newest = Reading.objects.get(sensor=cast.sensor, observed_at=NOON - 2 * MINUTE)
    assert newest.seq == state(cast).seq == 11


def test_deleted_readings_are_gone_and_the_newest_follows(cast: Cast) -> None:
    observe(cast)

    count = delete_readings(by=cast.owner, sensor=cast.sensor, start=NOON - 4 * MINUTE, end=NOON + MINUTE, now=NOON)

    assert count == 5
    assert Reading.objects.filter(sensor=cast.sensor).count() == 5
    assert state(cast).values["temperature"] == 4
    assert mean(cast) == [2.0]


def test_usual_interval_is_that_of_the_readings_that_are_left(cast: Cast) -> None:
    """Also in order of arrival: what came late says nothing of the interval."""
    minutes = (0, 1, 2, 4, 5, 8, 16)
    store(cast.sensor, [(NOON + minute * MINUTE, {"temperature": float(minute)}) for minute in minutes])
    late = Reading.objects.filter(sensor=cast.sensor, observed_at=NOON + 5 * MINUTE)
    late.update(received_at=NOON + 9 * MINUTE)

    delete_readings(by=cast.editor, sensor=cast.sensor, start=NOON + MINUTE, end=NOON + 3 * MINUTE, now=NOON + HOUR)
    assert state(cast).deltas == [240, 240, 480]  # 0, 4, 8, 16

    delete_readings(by=cast.editor, sensor=cast.sensor, start=NOON, end=NOON + HOUR, now=NOON + HOUR)
    assert state(cast).deltas == []


def test_many_readings_are_deleted_batch_by_batch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    observe(cast)
    monkeypatch.setattr("sensorfusion.readings.exclusions.services.DELETED_AT_ONCE", 3)

    count = delete_readings(by=cast.owner, sensor=cast.sensor, start=NOON - HOUR, end=NOON + HOUR, now=NOON)

    assert count == 10
    assert state(cast).observed_at is None
    assert state(cast).values == {}


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_only_editors_change_what_counts(cast: Cast, who: str) -> None:
    observe(cast)
    by: Operator = getattr(cast, who)
    made = leave_out(cast, NOON - MINUTE, NOON)

    with pytest.raises(Refusal, match="editor"):
        exclude(by=by, sensor=cast.sensor, start=NOON - MINUTE, end=NOON, reason="no", now=NOON)
    with pytest.raises(Refusal, match="editor"):
        restore(by=by, exclusion=made, now=NOON)
    with pytest.raises(Refusal, match="editor"):
        delete_readings(by=by, sensor=cast.sensor, start=NOON - MINUTE, end=NOON, now=NOON)


def test_spans_that_end_before_they_begin_and_reasons_that_say_nothing_are_refused(cast: Cast) -> None:
    observe(cast)
    made = leave_out(cast, NOON - MINUTE, NOON)
    restore(by=cast.editor, exclusion=made, now=NOON)

    with pytest.raises(Refusal, match="end after it begins"):
        leave_out(cast, NOON, NOON)
    with pytest.raises(Refusal, match="few words"):
        exclude(by=cast.editor, sensor=cast.sensor, start=NOON - MINUTE, end=NOON, reason=" ", now=NOON)
    with pytest.raises(Refusal, match="already"):
        restore(by=cast.editor, exclusion=made, now=NOON)


def test_a_span_whose_readings_were_dropped_is_refused_with_where_to_begin(cast: Cast) -> None:
    observe(cast)
    SensorState.objects.filter(sensor=cast.sensor).update(raw_kept_from=NOON)

    with pytest.raises(Refusal, match="before 2026-11-20 12:00 UTC were dropped"):
        leave_out(cast, NOON - MINUTE, NOON)


# The API


def api(who: Operator) -> APIClient:
    client = APIClient()
    client.force_login(who)
    return client


def at(cast: Cast, rest: str = "") -> str:
    return f"/api/v1/sensors/{cast.sensor.uuid}/exclusions/{rest}"


SPAN: dict[str, Any] = {"start": "2026-11-20T11:55:00Z", "end": "2026-11-20T11:58:00Z", "reason": "Cleaned"}


def test_an_editor_excludes_and_restores_by_the_api(cast: Cast) -> None:
    observe(cast)
    made = api(cast.editor).post(at(cast), SPAN, format="json")
    assert made.status_code == 201
    assert made.json() | {"id": 0, "made_at": ""} == {
        "id": 0, "quantity": None, "start": "2026-11-20T11:55:00Z", "end": "2026-11-20T11:58:00Z", "made_at": "",
        "reason": "Cleaned", "made_by": str(cast.editor), "restored_by": None, "restored_at": None,
    }  # fmt: skip

    again = api(cast.editor).post(at(cast, f"{made.json()['id']}/restore/"))

    assert again.status_code == 200
    assert again.json()["restored_by"] == str(cast.editor)
    assert api(cast.editor).post(at(cast, f"{made.json()['id']}/restore/")).status_code == 409


def test_a_single_instant_needs_no_end(cast: Cast) -> None:
    observe(cast)

    api(cast.editor).post(at(cast), {"start": "2026-11-20T11:55:00Z", "reason": "Jump"}, format="json")

    assert mean(cast) == [pytest.approx(41 / 9)]


def test_viewers_read_what_is_left_out_and_outsiders_see_nothing(cast: Cast) -> None:
    observe(cast)
    made = leave_out(cast, NOON - MINUTE, NOON)

    assert len(api(cast.member).get(at(cast)).json()) == 1
    assert api(cast.member).post(at(cast), SPAN, format="json").status_code == 403
    assert api(cast.member).post(at(cast, f"{made.pk}/restore/")).status_code == 403
    assert api(cast.outsider).get(at(cast)).status_code == 404
    assert api(cast.outsider).post(at(cast), SPAN, format="json").status_code == 404
    assert api(cast.outsider).post(at(cast, f"{made.pk}/restore/")).status_code == 404


def test_readings_are_deleted_by_the_api_when_both_ends_are_said(cast: Cast) -> None:
    observe(cast)
    address = f"/api/v1/sensors/{cast.sensor.uuid}/readings/"
    span = "?from=2026-11-20T11:55:00Z&to=2026-11-20T11:58:00Z"

    assert api(cast.editor).delete(f"{address}?from=2026-11-20T11:55:00Z").status_code == 400
    assert api(cast.member).delete(address + span).status_code == 403
    assert api(cast.outsider).delete(address + span).status_code == 404
    assert api(cast.editor).delete(address + span).json() == {"deleted": 3}


# The page


def page(who: Operator) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_the_page_excludes_on_the_sites_clock_and_restores(cast: Cast) -> None:
    observe(cast)
    address = f"/sensors/{cast.sensor.uuid}/exclusions/"
    given = {"from": "2026-11-20T12:55", "to": "2026-11-20T12:57", "quantity": "temperature", "reason": "Cleaned"}

    assert page(cast.editor).post(address, given).status_code == 302
    made = Exclusion.objects.get()
    shown = page(cast.editor).get(address).content.decode()
    page(cast.editor).post(f"{address}{made.pk}/restore/")
    made.refresh_from_db()

    assert (made.starts_at, made.ends_at) == (NOON - 5 * MINUTE, NOON - 2 * MINUTE)
    assert "20 Nov 2026, 12:55" in shown
    assert "Temperature" in shown
    assert made.restored_by == cast.editor


def test_the_page_says_what_is_wrong_and_is_for_editors_only(cast: Cast) -> None:
    observe(cast)
    address = f"/sensors/{cast.sensor.uuid}/exclusions/"
    wrong = page(cast.editor).post(address, {"from": "2026-11-20T12:55", "to": "2026-11-20T12:40", "reason": "x"})

    assert wrong.status_code == 400
    assert "end after it begins" in wrong.content.decode()
    assert page(cast.member).get(address).status_code == 403
    assert page(cast.outsider).get(address).status_code == 404
