"""Notes on the chart of Explore, in its list and in its table; those of sensors that one may not see are in none."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from sensorfusion.explore.notes import of_rows
from sensorfusion.readings.notes.services import make_note
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.explore.test_pages import LAST, NOON, both, page, shed, words

__all__ = ["shed"]

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def note(cast: Cast, sensor: Sensor, start: datetime, end: datetime | None = None, text: str = "Shield <b>") -> None:
    make_note(by=cast.owner, sensor=sensor, kind="moved", starts_at=start, ends_at=end, text=text, now=LAST)


def table(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", html.partition("View as table")[2].partition("</table>")[0], re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def test_notes_of_all_chosen_sensors_are_marks_a_list_and_a_column(cast: Cast, shed: Sensor) -> None:
    note(cast, cast.sensor, LAST - 2 * HOUR)
    note(cast, shed, LAST - 4 * HOUR, LAST - 3 * HOUR, text="Door open")
    note(cast, shed, LAST - 40 * HOUR, text="Long ago")

    html = page(cast.member, both(cast, shed))

    assert html.count('class="noted"') == 2
    assert html.count('class="noted-span"') == 1
    listed = words(html.partition('id="notes-title"')[2].partition("</ol>")[0])
    assert re.search(r"Shed Moved Door open .* Orchard station Moved Shield &lt;b&gt;", listed)
    assert "Long ago" not in html
    head, *rows = table(html)
    assert head[-1] == "Notes"
    assert [row[-1] for row in rows if row[-1]] == [
        "2 Orchard station, Moved: Shield &lt;b&gt;",
        *["1"] * 11,  # the readings of an hour
        "1 Shed, Moved: Door open",
    ]


def test_a_note_leads_to_the_time_around_it(cast: Cast, shed: Sensor) -> None:
    note(cast, cast.sensor, LAST - 20 * HOUR)

    html = page(cast.member, f"s={cast.sensor.uuid}:temperature")

    at = int((LAST - 20 * HOUR).timestamp())
    assert f"from={at - 3600}&amp;to={at + 3600}" in html.partition('id="notes-title"')[2]


def test_each_of_the_multiples_has_the_notes_of_its_own_sensor(cast: Cast, shed: Sensor) -> None:
    note(cast, cast.sensor, LAST - 2 * HOUR)
    note(cast, cast.sensor, LAST - 3 * HOUR)
    note(cast, shed, LAST - 4 * HOUR)

    figures = page(cast.member, f"{both(cast, shed)}&m=multiples").split("<figure")[1:]

    assert [each.count('class="noted"') for each in figures] == [2, 1]


@pytest.mark.parametrize("mode", ["scatter", "distribution"])
def test_a_view_without_an_axis_of_time_has_no_notes(cast: Cast, shed: Sensor, mode: str) -> None:
    note(cast, cast.sensor, LAST - 2 * HOUR)

    assert "notes-title" not in page(cast.member, f"{both(cast, shed)}&m={mode}")


def test_without_notes_the_table_has_no_column_for_them(cast: Cast, shed: Sensor) -> None:
    head, *_ = table(page(cast.member, both(cast, shed)))

    assert len(head) == 3


def test_notes_of_a_sensor_that_one_may_not_see_are_not_told(cast: Cast, shed: Sensor) -> None:
    note(cast, cast.sensor, LAST - 2 * HOUR, text="Quince")

    html = page(cast.outsider, both(cast, shed))

    assert "Quince" not in html
    assert "notes-title" not in html


def test_every_note_is_in_the_table_also_between_readings_and_before_them() -> None:
    def mark(number: int, start: float, end: float | None = None) -> Any:
        return type(
            "", (), {"words": f"{number} x", "noted": type("", (), {"number": number}), "start_s": start, "end_s": end}
        )

    marks = [mark(1, 5.0), mark(2, 25.0), mark(3, 25.0, 30.0), mark(4, 28.0, 31.0), mark(5, 99.0)]

    assert of_rows(marks, [10.0, 20.0, 30.0]) == ["1 x", "2 x; 3 x; 4 x", "4; 5 x"]
    assert of_rows(marks, []) == []
