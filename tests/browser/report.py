"""The live report page as its reader sees it."""

from playwright.sync_api import Locator, Page, expect

_HELD = "(chart, quantity) => { const {t, value} = chart.data[quantity]; return t.map((at, i) => [at, value[i]]); }"

# Sums up how far things move by themselves in `window.moved`.
WATCH_SHIFTS = """() => {
  window.moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (moved += value)))
    .observe({ type: "layout-shift" });
}"""


class Report:
    """Locators of the page's parts, by role."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pill = page.locator("sf-live")
        self.hero = page.locator("sf-sky .reading sf-value")
        self.banner = page.locator("sf-banner")
        self.main_chart = page.locator("sf-chart.main")
        self.ranges = page.locator("sf-range")

    def value(self, quantity: str) -> Locator:
        """Return the digits of a tile."""
        return self.page.locator(f'sf-tile[q="{quantity}"] sf-value b')

    def until_live(self) -> None:
        """Wait until the socket is open and the charts are drawn."""
        expect(self.pill).to_have_attribute("data-state", "live")
        self.until_drawn()

    def until_drawn(self) -> None:
        expect(self.main_chart.locator("canvas")).to_be_visible()

    def points(self, quantity: str) -> list[tuple[float, float]]:
        """Return the main chart's data, as (epoch seconds, value)."""
        held: list[list[float]] = self.main_chart.evaluate(_HELD, quantity)
        return [(at, value) for at, value in held]
