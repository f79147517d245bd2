"""Old data is never shown as fresh: late, offline and paused sensors are marked, and keep their last values."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Window
from tests.browser.people import WARMER, Person, Probe, now_s, weather
from tests.browser.report import WATCH_SHIFTS, Report

pytestmark = pytest.mark.browser

# The contrast of an element's text on its card (WCAG 2), mixed by the browser as it paints.
CONTRAST = """digits => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  const paint = colour => {
    ctx.fillStyle = colour;
    ctx.fillRect(0, 0, 1, 1);
    return ctx.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
    .reduce((sum, each, i) => sum + each * [.2126, .7152, .0722][i], 0);
  let opacity = 1;
  for (let part = digits; part; part = part.parentElement) opacity *= getComputedStyle(part).opacity;
  if (opacity !== 1) return 0;
  const card = luminance(paint(getComputedStyle(digits.closest(".tile, .card, .hero")).backgroundColor));
  const text = luminance(paint(getComputedStyle(digits).color));
  return (Math.max(card, text) + .05) / (Math.min(card, text) + .05);
}"""
DIMMED = "digits => getComputedStyle(digits).color !== getComputedStyle(digits.parentElement).color"


def silent_for(person: Person, seconds: int) -> Probe:
    person.move_to_midday()
    probe = person.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - seconds, hours=3, every_s=60))
    return probe


def is_dimmed(report: Report) -> bool:
    """Return whether the hero's digits have another colour than their surroundings."""
    return bool(report.hero.locator("b").evaluate(DIMMED))


def test_a_late_sensor_is_called_late_and_its_value_is_dimmed(ada: Person, visit: Visit) -> None:
    report = Report(visit(silent_for(ada, 240).path, ada))

    expect(report.hero).to_have_attribute("data-state", "late")
    expect(report.pill).to_have_attribute("data-state", "late")
    expect(report.pill).to_contain_text("Late, last at")
    expect(report.page.locator(".feel sf-badge")).to_contain_text("Late, last at")
    expect(report.hero.locator("b")).not_to_be_empty()
    assert is_dimmed(report)


def test_a_silent_sensor_says_since_when(ada: Person, visit: Visit) -> None:
    report = Report(visit(silent_for(ada, 4000).path, ada))

    expect(report.hero).to_have_attribute("data-state", "offline")
    expect(report.pill).to_have_attribute("data-state", "offline")
    expect(report.pill).to_contain_text("No data since")
    expect(report.banner).to_contain_text("Expected every")
    assert is_dimmed(report)


def test_silence_is_hatched_before_and_after_scripts_run(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 4000)

    without = visit(f"{probe.path}?r=6h", ada, java_script_enabled=False)
    expect(without.locator("sf-chart.main .placeholder .silent")).to_have_text("no data")
    report = Report(visit(f"{probe.path}?r=6h", ada))
    report.until_drawn()


def test_a_paused_sensor_is_called_paused(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 60)
    ada.change(probe, status="paused")

    report = Report(visit(probe.path, ada))

    expect(report.pill).to_have_attribute("data-state", "paused")
    expect(report.pill).to_contain_text("Paused, last at")
    expect(report.hero).to_have_attribute("data-state", "paused")
    assert is_dimmed(report)


def test_pausing_a_sensor_reaches_the_pages_that_are_open(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 20)
    report = Report(visit(probe.path, ada))
    report.until_live()

    ada.change(probe, status="paused")
    expect(report.pill).to_contain_text("Paused, last at")

    ada.change(probe, status="active")
    expect(report.pill).to_have_attribute("data-state", "live")


def test_a_silent_sensor_comes_back_to_life_without_a_reload(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 4000)
    report = Report(visit(probe.path, ada))
    expect(report.pill).to_have_attribute("data-state", "offline")

    probe.send({"observed_at": now_s(), "values": {"temperature": 12.3}})

    expect(report.pill).to_have_attribute("data-state", "live")
    expect(report.hero).to_have_attribute("data-state", "live")
    expect(report.hero).to_contain_text("12.3")
    expect(report.banner).to_be_hidden()


def test_a_page_says_what_it_can_without_scripts(ada: Person, visit: Visit) -> None:
    probe = silent_for(ada, 30)

    page = visit(probe.path, ada, java_script_enabled=False)

    expect(page.locator("sf-sky .reading sf-value b")).not_to_be_empty()
    expect(page.locator("sf-chart.main .placeholder")).to_be_visible()
    page.locator("sf-range a[data-range='1h']").click()
    expect(page.locator("sf-range a[data-range='1h']")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("path", ["/", ""], ids=["overview", "sensor"])
def test_lines_of_a_late_sensor_lose_their_colour_and_no_contrast(ada: Person, visit: Visit, path: str) -> None:
    probe = silent_for(ada, 240)
    page = visit(path or probe.path, ada)

    line = page.locator(":is(article, .tile)[data-state=late] sf-spark .line").first
    expect(line).to_be_attached()
    stroke = line.evaluate(
        """line => {
          let opacity = 1;
          for (let part = line; part; part = part.parentElement) opacity *= getComputedStyle(part).opacity;
          const shown = document.createElement("i");
          shown.style.color = "var(--stale)";
          line.closest("sf-spark").append(shown);
          return [opacity, getComputedStyle(line).stroke === getComputedStyle(shown).color];
        }"""
    )
    assert stroke == [1, True]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("silent_s", [240, 4000], ids=["late", "offline"])
def test_values_that_are_not_fresh_can_be_read(ada: Person, visit: Visit, silent_s: int, scheme: str) -> None:
    page = visit(silent_for(ada, silent_s).path, ada, color_scheme=scheme)
    Report(page).until_drawn()

    digits = page.locator(".tile b").all()
    contrasts = [each.evaluate(CONTRAST) for each in digits if each.is_visible()]
    assert len(contrasts) >= 3
    assert min(contrasts) >= 4.5


def test_forced_colours_are_drawn_with_lines_only(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s(), hours=3, every_s=60))
    page = visit(f"{probe.path}?r=6h", ada, forced_colors="active")
    Report(page).until_drawn()

    inked = page.locator("sf-chart.main canvas").evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let inked = 0;
          for (let i = 3; i < data.length; i += 4) inked += data[i] > 128;
          return inked / (data.length / 4);
        }"""
    )
    assert 0 < inked < 0.1


def test_paper_has_the_whole_chart_its_legend_and_where_it_is_from(ada: Person, visit: Visit) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s(), hours=3, every_s=60))
    page = visit(f"{probe.path}?r=6h", ada, color_scheme="dark")
    Report(page).until_drawn()
    page.wait_for_load_state("networkidle")  # what draws for paper is loaded after the page
    page.emulate_media(media="print")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    canvas = page.locator("sf-chart.main canvas")
    expect(canvas).to_have_js_property(
        "clientWidth", page.locator("sf-chart.main .plot").evaluate("e => e.clientWidth")
    )
    assert page.locator("main").evaluate("main => main.getBoundingClientRect().width") == pytest.approx(688, abs=1)
    expect(page.locator("sf-chart.main .readout .key").first).to_be_visible()
    expect(page.locator("sf-range")).to_be_hidden()
    expect(page.locator("body > footer")).to_contain_text(probe.path)
    expect(page.locator("body > footer")).to_contain_text("printed")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")

    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("body > footer")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-theme", "auto")


def test_on_a_phone_the_bar_has_the_live_number_once_the_hero_is_scrolled_away(ada: Person, window: Window) -> None:
    probe = ada.register("Orchard station", interval_s=60)
    probe.send(*weather(until_s=now_s() - 60, hours=2))
    page = window(ada, viewport={"width": 390, "height": 844})
    page.goto(probe.path)
    expect(page.locator("sf-live")).to_contain_text("Live")
    mini = page.locator(".mini")
    expect(mini).to_have_css("opacity", "0")
    page.evaluate(WATCH_SHIFTS)

    page.mouse.wheel(0, 1_600)

    expect(mini).to_have_css("opacity", "1")
    expect(mini).to_contain_text("Orchard station")
    expect(page.locator(".top .tool").first).to_have_css("opacity", "0")
    probe.send({"observed_at": now_s(), "values": {"temperature": WARMER}})
    expect(mini.locator("sf-value")).to_contain_text(str(WARMER))
    assert page.locator("sf-live button").bounding_box()["x"] > mini.bounding_box()["x"] + 100  # type: ignore[index]
    assert page.evaluate("moved") <= 0.05

    page.locator(".top .tool").first.focus()
    expect(page.locator(".top .tool").first).to_have_css("opacity", "1")
    expect(mini).to_have_css("opacity", "0")
    page.set_viewport_size({"width": 1360, "height": 900})
    expect(mini).to_be_hidden()
