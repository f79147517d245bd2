from xml.etree.ElementTree import Element, fromstring

import pytest

from sensorfusion.documents.paper.child import colours
from sensorfusion.documents.paper.drawings import SVG, prepare, stretched

COLOURS = {"text": "#111", "muted": "#777", "line": "#ccc", "line-strong": "#999", "surface": "#fff", "q-rain": "#00f"}


def drawn(body: str) -> Element:
    named = body.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    root = fromstring(f"<body>{named}</body>")
    prepare(root, COLOURS)
    found = root.find(f".//{SVG}svg")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("M500 20V80", "M250.00 20 V80 "),
        ("M10 5h.1", "M5.00 5 h0.05 "),
        ("M0 10L20 30-40 5z", "M0.00 10 L10.00 30 -20.00 5 z"),
        ("M10 132V20h6V132z", "M5.00 132 V20 h3.00 V132 z"),
    ],
)
def test_only_the_x_of_a_path_is_scaled(path: str, wanted: str) -> None:
    assert stretched(path, 0.5) == wanted


def test_a_stretched_box_becomes_a_group_beside_the_room_for_labels() -> None:
    svg = drawn(
        '<figure class="plot" data-left="5" data-hue="rain"><svg height="150"><svg viewBox="0 0 1000 132">'
        '<path class="bar" d="M500 132V20"/></svg><text class="m" x="50.00%" y="9">7</text></svg></figure>'
    )
    inner = 760 - 40 - 36

    assert svg.get("viewBox") == "-40 -6 760 158"
    assert svg.find(f"{SVG}svg") is None
    bar, label = svg.find(f".//{SVG}path"), svg.find(f"{SVG}text")
    assert bar is not None
    assert label is not None
    assert (bar.get("d"), bar.get("fill")) == (f"M{inner / 2:.2f} 132 V20 ", "#00f")
    assert (label.get("x"), label.get("text-anchor")) == (f"{inner / 2:.2f}", "middle")


def test_a_part_with_a_hue_of_its_own_has_its_colour() -> None:
    svg = drawn('<figure class="plot"><svg height="9"><path class="bar" data-hue="rain" d="M0 0"/></svg></figure>')

    assert [each.get("fill") for each in svg] == ["#00f"]


def test_days_between_are_not_numbered_where_it_is_narrow() -> None:
    svg = drawn(
        '<div class="wind-pair"><figure class="plot"><svg height="9"><text class="m" x="1%">1</text>'
        '<text class="m minor" x="4%">2</text></svg></figure></div>'
    )

    assert [each.text for each in svg] == ["1"]


def test_colours_are_the_light_ones_of_the_style_sheets() -> None:
    known = colours()

    assert known["text"] == "oklch(23.5% .022 265)"
    assert {"surface", "line", "q-temp", "t0", "t8", "w0", "w5", "s8"} <= known.keys()
