"""What a report page states, as a plain dictionary: a name for each figure, and its text.

Every text of the report that has a digit is in it: those of no known part, too, under the name "unclaimed …". A figure
that is added to the page is therefore compared with the oracle, which does not know it, and the comparison fails.
"""

import re
from collections.abc import Iterator, Sequence

from tests.truth.page.tree import Element, parsed

Figures = dict[str, str]
DRAWN = ("line", "bars")
NONE = Element("nothing")
_DIGIT = re.compile(r"\d").search


def scraped(html: str) -> Figures:
    """Return the figures of a page."""
    return _Scraper(parsed(html)).figures()


class _Scraper:
    def __init__(self, document: Element) -> None:
        self._page = document
        self._main = document.one("main")
        self._found: Figures = {}
        self._taken: set[Element] = set()

    def figures(self) -> Figures:
        self._put("title", self._page.one("title"))
        self._put("banner", self._page.one("sf-banner"))
        for part in (
            self._hero,
            self._compass,
            self._tiles,
            self._charts,
            self._record,
            self._rose,
            self._against,
            self._year,
        ):
            part()
        self._sky()
        self._facts()
        self._taken |= {self._main.one("h1"), self._main.one("sf-range")}  # a name, and links
        self._found |= dict(self._unclaimed(self._main, ""))
        return self._found

    def _put(self, name: str, element: Element) -> None:
        if element.text:
            self._found[name] = element.text
        self._taken.add(element)

    def _attribute(self, name: str, element: Element, attribute: str) -> None:
        if element.attributes.get(attribute):
            self._found[name] = " ".join(element.attributes[attribute].split())

    def _attributes(self, name: str, elements: list[Element], attribute: str) -> None:
        if elements:
            self._found[name] = " ".join(each.attributes[attribute] for each in elements)

    def _hero(self) -> None:
        hero = self._main.one("sf-sky")
        reading = hero.one(of="reading")
        self._put("hero place", hero.one(of="place"))
        self._put("hero value", reading.one("b"))
        self._put("hero unit", reading.one("sf-value").one("span"))
        self._put("hero doubt", hero.one("sf-doubt"))
        for fact in ("why", "feels", "delta", "words"):
            self._put(f"hero {fact}", hero.one(data_fact=fact))
        for fact in ("high", "low"):
            bound = hero.one("dd", data_fact=fact)
            self._put(f"hero {fact}", bound.one("b"))
            self._put(f"hero {fact} at", bound.one("time"))
            self._ribbons(f"hero {fact} record", bound.all("i"))
        self._put("hero seen", hero.one(of="seen").one("time"))

    def _ribbons(self, name: str, ribbons: Sequence[Element]) -> None:
        """Take the record that is broken; those that a reading may break are hidden."""
        self._taken |= set(ribbons)
        shown = [each.text for each in ribbons if "hidden" not in each.attributes]
        if shown:
            self._found[name] = " and ".join(shown)

    def _compass(self) -> None:
        compass = self._main.one("sf-compass")
        self._put("compass speed", compass.one("text", of="big"))
        self._put("compass unit", compass.one("text", of="unit"))
        self._put("compass bearing", compass.one(data_fact="direction"))
        self._put("compass gust", compass.one("span", of="gust"))
        self._put("compass force", compass.one(data_fact="beaufort"))
        self._attribute("compass words", compass.one("svg"), "aria-label")

    def _tiles(self) -> None:
        for tile in self._main.all("sf-tile"):
            name = f"tile {tile.attributes['q']}"
            value = tile.one(of="total") if tile.all(of="total") else tile.one("sf-value")
            self._put(f"{name} value", value.one("b"))
            self._put(f"{name} unit", value.one("span"))
            self._put(f"{name} doubt", tile.one("sf-doubt"))
            for fact in ("why", "sentence", "low", "high"):
                self._put(f"{name} {fact}", tile.one(data_fact=fact))

    def _charts(self) -> None:
        for chart in self._main.all("sf-chart"):
            name, drawing = chart.attributes["id"], chart.one("svg", of="placeholder")
            self._put(f"{name} sentence", chart.one("figcaption"))
            self._put(f"{name} resolution", chart.one(data_fact="resolution"))
            self._put(
                f"{name} total", next((each for each in drawing.all("text", of="end") if _DIGIT(each.text)), NONE)
            )
            self._attribute(f"{name} drawing", drawing, "aria-label")
            self._ticks(name, drawing)
            self._table(name, chart.one("table"))

    def _ticks(self, name: str, drawing: Element) -> None:
        """Take the marks of both axes, and with those of values the path that is drawn between them."""
        x, y = (drawing.all("text", of=axis) for axis in "xy")
        self._found[f"{name} times"] = ", ".join(f"{each.text} at {each.attributes['x']}" for each in x)
        path = "".join(each.attributes["d"] for each in drawing.all("path") if each.attributes.get("class") in DRAWN)
        marks = ", ".join(f"{each.text} at {each.attributes['y']}" for each in y)
        self._found[f"{name} values"] = f"{marks}; {path}"
        self._taken |= {*x, *y}

    def _table(self, name: str, table: Element) -> None:
        for place, row in enumerate(table.all("tr")):
            cells = [cell.text for cell in row.children if isinstance(cell, Element)]
            self._found[f"{name} row {place:03}"] = " | ".join(cells)
            self._taken.add(row)

    def _record(self) -> None:
        record = self._main.one("div", of="record")
        self._put("record words", record.one("p"))
        self._attribute("record drawing", record.one("svg"), "aria-label")
        self._attribute("record line", record.one("path", of="line"), "d")
        parts = record.one("nav").all("a")
        if parts:
            self._found["record links"] = " ".join(f"{each.text} {each.attributes['href']}" for each in parts)
        self._taken |= set(parts)

    def _rose(self) -> None:
        rose = self._main.one("section", of="rose")
        self._put("rose span", rose.one(of="sub"))
        self._put("rose sentence", rose.one("figcaption"))
        self._attribute("rose drawing", rose.one("svg"), "aria-label")
        for each in rose.all("path"):
            petal = each.one("title")
            self._put(f"rose petal {petal.text.partition(':')[0]}", petal)
        for place, ring in enumerate(rose.all("text", of="share")):
            self._put(f"rose ring {place}", ring)
        self._put("rose middle", rose.one("text", of="calm"))
        for place, label in enumerate(rose.all("li")):
            self._put(f"rose class {place}", label)
        self._table("rose", rose.one("table"))

    def _against(self) -> None:
        against = self._main.one("section", of="comparison")
        self._table("against", against.one("table"))
        self._put("against note", against.one("p", of="sub"))

    def _year(self) -> None:
        year = self._main.one("section", of="year")
        self._put("year span", year.one(of="sub"))
        self._put("year sentence", year.one("figcaption"))
        self._attribute("year drawing", year.one("svg"), "aria-label")
        for cell in year.all("title"):
            day, _, said = cell.text.partition(": ")
            self._found[f"year day {day}"] = said
            self._taken.add(cell)
        self._links(year)
        for place, edge in enumerate(year.one(of="scale").all("span")):
            self._put(f"year scale {place}", edge)
        self._table("records", year.one("table"))

    def _links(self, year: Element) -> None:
        """Take where days, months, and the days of records lead."""
        months = 0
        for link in year.one("svg").all("a"):
            address, title = link.attributes["href"], link.one("title")
            if title.text:
                self._found[f"year day {title.text.partition(': ')[0]} link"] = address
            else:
                self._found[f"year month {months:02}"] = f"{link.text} {address}"
                months += 1
        for place, row in enumerate(year.one("table").all("tr")):
            self._attributes(f"records row {place:03} links", row.all("a"), "href")

    def _sky(self) -> None:
        arc, almanac = self._main.one("svg", of="sun-arc"), self._main.one("section", of="almanac")
        self._put("sky words", arc.one("title"))
        for place, text in enumerate(each for each in arc.all("text") if each.attributes.get("y") == "160"):
            self._put(f"sky edge {place}", text)
        self._put("sky moon", arc.one("g", of="moon"))
        self._put("almanac day", almanac.one(of="sub"))
        self._terms("almanac", almanac)

    def _facts(self) -> None:
        self._terms("fact", self._main.one("footer"))

    def _terms(self, name: str, part: Element) -> None:
        for term, told in zip(part.all("dt"), part.all("dd"), strict=True):
            self._put(f"{name} {term.text}", told)

    def _unclaimed(self, element: Element, way: str) -> Iterator[tuple[str, str]]:
        """Yield what is stated with a digit outside all parts, in texts and in descriptions."""
        for child in element.children:
            if isinstance(child, str):
                if _DIGIT(child):
                    yield f"unclaimed {way}: {' '.join(child.split())}", child
            elif child.is_shown and child not in self._taken:
                below = f"{way}/{child.tag}"
                title = child.attributes.get("title", "")
                if _DIGIT(title):
                    yield f"unclaimed {below} title: {title}", title
                yield from self._unclaimed(child, below)
