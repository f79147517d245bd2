"""Prepares the drawings of a report for WeasyPrint, whose SVG knows no style sheet of the page and no stretched boxes.

Positions in percent and the box 1000 wide become numbers of one coordinate system, and classes become attributes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

SVG: Final = "{http://www.w3.org/2000/svg}"
BOX: Final = 1000.0  # the width of the box that pages stretch (documents/drawing.py)
WIDTH: Final = 760.0  # of a drawing across the page, in the px of its labels
WIDTHS: Final = {"wind-pair": 480.0, "counted": 340.0, "range": 150.0}  # of those in such a part
LEFT, RIGHT, STEP = 34.0, 36.0, 8.0  # room for labels beside a drawing, as in documents.css and axes.css
FONT: Final = "Geist, 'Geist Ext', sans-serif"
_PATH: Final = re.compile(r"[A-Za-z]|-?\d*\.?\d+")

PARTS: Final = (".14", ".38", ".58", ".78", "1")  # of a quantity's colour, from pale to dark

Colours = Mapping[str, str]
# Attributes of classes; "c" is the colour of the quantity, other words are names of tokens.css.
LOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "rule": {"stroke": "line"},
    "base": {"stroke": "line-strong"},
    "gap": {"fill": "text", "fill-opacity": ".07"},
    "silent": {"fill": "none", "stroke": "line-strong", "stroke-dasharray": "2 2"},
    "usual": {"fill": "text", "fill-opacity": ".09"},
    "ribbon": {"fill": "none", "stroke": "c", "stroke-width": "8"},
    "mean": {"fill": "none", "stroke": "surface", "stroke-width": "4.5", "stroke-linecap": "round"},
    "bar": {"fill": "c"},
    "pale": {"fill-opacity": ".55"},
    "total": {"fill": "none", "stroke": "c", "stroke-width": "1.5", "stroke-dasharray": "4 3"},
    "gusts": {"fill": "none", "stroke": "c", "stroke-width": "5.5", "stroke-linecap": "round"},
    "sum": {"fill": "none", "stroke": "c", "stroke-width": "2.5"},
    "earlier": {"fill": "none", "stroke": "line-strong"},
    "ring": {"fill": "none", "stroke": "line"},
    "point": {"fill": "text", "font-weight": "600"},
    "blank": {"fill": "sunken"},
    "on": {"fill": "c"},
    "off": {"fill": "none", "stroke": "line"},
    "none": {"fill": "sunken"},
    **{f"k{place}": {"fill": "c", "fill-opacity": part} for place, part in enumerate(PARTS)},
    **{f"h{place}": {"fill": "c", "fill-opacity": part} for place, part in enumerate(PARTS)},
    "axis": {"fill": "none", "stroke": "line-strong"},
    "warmth": {"fill": "none", "stroke": "q-temp", "stroke-width": "2.5"},
    "fell": {"fill": "none", "stroke": "q-rain", "stroke-width": "2.5"},
    "humid": {"fill": "none", "stroke": "q-rain", "stroke-opacity": ".45"},
    "arid": {"fill": "none", "stroke": "q-temp", "stroke-width": "2", "stroke-dasharray": "1.5 4"},
    "sure": {"fill": "q-hum"},
    "possible": {"fill": "q-hum", "fill-opacity": ".35"},
    "e": {"text-anchor": "end"},
    "m": {"text-anchor": "middle"},
    "named": {"fill": "text", "font-weight": "600"},
}
_COLOURED: Final = ("fill", "stroke")


def prepare(root: Element, colours: Colours) -> None:
    """Change every drawing of a document in place."""
    for svg, above in drawings(root, ()):
        prepare_drawing(svg, above, colours)


def drawings(element: Element, above: tuple[Element, ...]) -> Iterator[tuple[Element, tuple[Element, ...]]]:
    """Yield the outermost drawings, each with the elements that it is in."""
    for child in element:
        if child.tag == f"{SVG}svg":
            yield child, (*above, element)
        else:
            yield from drawings(child, (*above, element))


def prepare_drawing(svg: Element, above: tuple[Element, ...], colours: Colours) -> None:
    """Give one drawing its box, places and colours."""
    classes = {name for each in above for name in each.get("class", "").split()}
    if "viewBox" not in svg.attrib:
        _place(svg, _beside(above), next((WIDTHS[name] for name in WIDTHS if name in classes), WIDTH))
    if "wind-pair" in classes:
        _leave_out_minor(svg)
    size = "13" if "lieth" in classes else "11" if "doc-rose" in classes else "12"
    _set(svg, {"font-family": FONT, "font-size": size})
    hue = next((each.get("data-hue") for each in (svg, *reversed(above)) if each.get("data-hue")), None)
    _paint(svg, hue or "temp", colours, anchor="middle" if "doc-rose" in classes else "start")
    if "range" in classes:
        _paint_range(svg, colours)


def _leave_out_minor(svg: Element) -> None:
    for label in [each for each in svg if "minor" in each.get("class", "").split()]:
        svg.remove(label)


def _beside(above: tuple[Element, ...]) -> tuple[float, float]:
    """Return the room on the left and on the right: none outside plots."""
    figure = next((each for each in reversed(above) if "plot" in each.get("class", "").split()), None)
    if figure is None:
        return 0.0, 0.0
    return (
        max(LEFT, STEP * int(figure.get("data-left", "0"))),
        max(RIGHT, STEP * int(figure.get("data-right", "0"))),
    )


def _place(svg: Element, room: tuple[float, float], width: float) -> None:
    inner = width - room[0] - room[1]
    height = float(svg.get("height", "0"))
    svg.set("viewBox", f"{-room[0]:g} -6 {width:g} {height + 8:g}" if any(room) else f"0 0 {width:g} {height:g}")
    svg.attrib.pop("height", None)
    for each in svg.iter():
        for name in ("x", "width", "cx"):
            if (value := each.get(name, "")).endswith("%"):
                each.set(name, f"{float(value[:-1]) / 100 * inner:.2f}")
    for nested in svg.findall(f"{SVG}svg"):
        _unfold(nested, inner / BOX)


def _unfold(nested: Element, scale: float) -> None:
    """Make a group of a stretched box."""
    nested.tag = f"{SVG}g"
    nested.attrib.clear()
    for each in nested.iter():
        if path := each.get("d"):
            each.set("d", stretched(path, scale))
        for name in ("x1", "x2"):
            if value := each.get(name):
                each.set(name, f"{float(value) * scale:.2f}")


def stretched(path: str, scale: float) -> str:
    """Scale the x of a path of M, L, H, V, h, v and z."""
    written, command, is_x = [], "", True
    for token in _PATH.findall(path):
        if token.isalpha():
            command, is_x = token, True
            written.append(token)
            continue
        scaled = command in "Hh" or (command in "MLml" and is_x)
        written.append(f"{float(token) * scale:.2f} " if scaled else f"{token} ")
        is_x = not is_x
    return "".join(written)


def _paint(svg: Element, hue: str, colours: Colours, *, anchor: str) -> None:
    for each in svg.iter():
        if each.tag == f"{SVG}text":
            each.attrib.setdefault("text-anchor", anchor)
            each.attrib.setdefault("fill", colours["muted"])
        for name in each.get("class", "").split():
            _set(each, _attributes(name, each.get("data-hue") or hue, colours))


def _attributes(name: str, hue: str, colours: Colours) -> dict[str, str]:
    if name in LOOKS:
        return {key: colour(value, hue, colours) if key in _COLOURED else value for key, value in LOOKS[name].items()}
    return {"fill": colours[name]} if name in colours else {}  # classes of a scale: t0 to t8, w0 to w5


def colour(name: str, hue: str, colours: Colours) -> str:
    """Return a colour of the style sheets by its name; `c` is that of the quantity."""
    own = colours.get(f"q-{hue}") or colours.get(hue) or colours["text"]
    return own if name == "c" else colours.get(name, name)


def _paint_range(svg: Element, colours: Colours) -> None:
    own = colour("c", svg.get("data-hue", ""), colours)
    for each in svg.iter(f"{SVG}rect"):
        _set(each, {"fill": own, "fill-opacity": ".55"})
    for each in svg.iter(f"{SVG}circle"):
        each.set("fill", colours["text"])


def _set(element: Element, attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        element.set(name, value)
