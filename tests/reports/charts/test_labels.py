"""Labels beside drawings: their digits, and room for the widest of them, for every quantity in every unit system."""

import re
from pathlib import Path

import pytest

from sensorfusion.documents.drawing import amount_bars, ribbon
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.reports.charts.axes import Tick, value_scale
from sensorfusion.reports.charts.cards import LEFT_PX, RIGHT_PX
from sensorfusion.reports.charts.labels import (
    ACROSS_PX,
    LONGEST_PX,
    NEAR,
    STEP_PX,
    STEPS_MOST,
    apart,
    fitting,
    is_wider,
    mark_labels,
    room,
    thinned,
    width_px,
)
from sensorfusion.reports.templatetags import axes
from sensorfusion.web.values.display import display
from tests.documents.months import day

PACKAGE = Path(__file__).parents[3] / "sensorfusion"
STYLES = PACKAGE / "reports" / "static" / "css" / "axes.css"
SYSTEMS = ("metric", "uk", "us", "scientific", "us-mmhg-kn")
EXTENTS = ((0.0, 1e-5), (0.000012, 0.000019), (3.0, 10.0), (-12_345.0, 12_500.0), (1013.25, 1030.0), (0.0, 4e7))
# Widths that chromium measured in Geist at 12 px.
MEASURED = {
    **dict.fromkeys("0123456789", 7.22),
    **{",": 2.42, ".": 2.42, "−": 6.26, "°": 4.86, "%": 9.64, "\N{NO-BREAK SPACE}": 3.02, " ": 3.02, "µ": 6.92},
    **{"M": 10.28, "W": 11.22, "A": 8.02, "V": 7.89, "e": 6.6, "m": 10.28, "k": 6.48, "n": 6.72},
}


@pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if entry.kind == "number"])
def test_there_is_room_for_every_mark_of_a_quantity(name: str) -> None:
    for system in SYSTEMS:
        shown = display(name, system)
        for low, high in EXTENTS:
            marks = value_scale(low, high, shown, from_zero=False).marks
            days = [day(n, low=low, high=high, mean=low, amount=abs(high)) for n in (1, 2)]
            of_days, of_amounts = ribbon(days, None, shown), amount_bars(days, shown, part="amount")
            beside = [of_days.left, of_amounts.left, of_amounts.right]

            for labels in ([mark.label for mark in marks], *([label.text for label in each] for each in beside)):
                widest = max(sum(MEASURED.get(each, 7.0) for each in label) for label in labels)
                assert widest + 8 <= room(labels) * STEP_PX, (name, system, labels)
                assert len(set(labels)) == len(labels), (name, system, labels)


def test_marks_of_five_digits_are_grouped() -> None:
    assert mark_labels([101_300.0, 101_325.0], display("pressure", "scientific")) == ["101,300", "101,325"]
    assert mark_labels([-12_345.0, 0.0], display("rain", "metric")) == ["−12,345", "0"]
    assert mark_labels([1e6, 2e6], display("rain", "metric")) == ["1,000,000", "2,000,000"]


def test_marks_have_the_decimals_that_differ() -> None:
    assert mark_labels([0.0, 2.5, 5.0], display("rain", "metric")) == ["0.0", "2.5", "5.0"]
    assert mark_labels([29.925, 29.95], display("sea_level_pressure", "us")) == ["29.925", "29.950"]


def test_names_longer_than_the_widest_margin_are_shortened() -> None:
    short = fitting("Temperature of the greenhouse at the northern wall")

    assert short.endswith("…")
    assert width_px(short) <= LONGEST_PX
    assert fitting("Temperature") == "Temperature"


def test_names_at_the_ends_of_lines_are_apart() -> None:
    places = apart([50.0, 51.0, 49.0])

    assert places == [50.0 + 8.0, 67.0, 49.0]
    assert apart([99.0, 100.0]) == [91.0, 100.0]
    assert apart([10.0, 80.0]) == [10.0, 80.0]
    assert min(abs(a - b) for n, a in enumerate(places) for b in places[n + 1 :]) >= NEAR


def test_labels_of_a_level_axis_do_not_touch() -> None:
    long = ["0.0000120", "0.0000125", "0.0000130", "0.0000135", "0.0000140", "0.0000145", "0.0000150", "0.0000155"]

    every = thinned(long, width=ACROSS_PX)

    assert every == 2
    assert thinned(["1", "2", "3"], width=ACROSS_PX) == 1


def test_usual_labels_need_no_room_of_their_own() -> None:
    assert not is_wider(["1012.5", "1013.0", "−12.5"], LEFT_PX)
    assert not is_wider(["Temperature", "Humidity", "Feels like"], RIGHT_PX)
    assert is_wider(["101,325"], LEFT_PX)
    assert is_wider(["Temperature 2"], RIGHT_PX)


def test_style_sheet_has_every_step() -> None:
    styles = STYLES.read_text()
    for side in ("left", "right"):
        found = re.findall(rf'\[data-{side}="(\d+)"\] {{ --{side}: (\d+)px }}', styles)
        assert {int(step): int(px) for step, px in found} == {n: n * STEP_PX for n in range(2, STEPS_MOST + 1)}


def test_every_drawing_with_marks_at_its_left_has_room_for_them() -> None:
    marked = re.compile(r'<text class="y"|drawing\.left|documents/axes\.html')
    # These marks are in a box of their own, or the labels of other templates.
    left_alone = {"axes.html", "diagram.html"}
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text()
        if marked.search(text) and path.name not in left_alone:
            assert re.search(r'data-left="{{ [\w.]+\|room }}"', text), path


def test_every_page_of_such_a_drawing_has_the_style_sheet() -> None:
    for name in ("explore/page", "reports/sensor", "sharing/page", "alerts/rule", "documents/report"):
        found = next(PACKAGE.rglob(f"templates/{name}.html")).read_text()
        assert "css/axes.css" in found, name


def test_filter_takes_marks_labels_and_nothing() -> None:
    assert axes.room([Tick("0%", "101,325")]) == room(["101,325"]) == 8
    assert axes.room([]) == 0
    assert axes.half_room([Tick("0%", "101,325")]) == 5
