import "sf/frame";
import { withUnit } from "sf/format";
import { clock, gate, link, page, painter, past, siteTime, start, store, stream, tick, view } from "sf/live";
import "sf/sf-against";
import "sf/sf-age";
import "sf/sf-banner";
import "sf/sf-chart";
import "sf/sf-compass";
import "sf/sf-doubt";
import "sf/sf-feel";
import "sf/sf-live";
import "sf/sf-range";
import "sf/sf-sky";
import "sf/sf-spark";
import "sf/sf-tile";
import "sf/sf-today";
import "sf/sf-value";
import { isAhead } from "sf/series";
import { shortcuts } from "sf/shortcuts";
import { midnightS } from "sf/zone";

/** The live report of one sensor. */
const [sensor] = page.sensors;
const root = document.documentElement;
const IDLE_MS = 300_000;
const SOONEST_MS = 10_000; // after the page was loaded
const AFTER_MIDNIGHT_S = 10 + 110 * Math.random(); // not every display of the world at once

/** The title is what a hidden tab still shows. */
function drawTitle() {
  const quantity = document.querySelector("sf-sky sf-value")?.getAttribute("q");
  const newest = quantity && store.newest(sensor.sensor, quantity);
  if (newest) document.title = `${withUnit(newest.value, page.units[quantity])} · ${store.sensor(sensor.sensor).name}`;
}

/** Selected text must not change under the reader's hands. */
function holdForSelection() {
  const selection = getSelection();
  const isSelecting = !selection.isCollapsed && document.querySelector("main")?.contains(selection.anchorNode);
  if (isSelecting) gate.pause("selection");
  else if (gate.has("selection")) gate.resume("selection");
}

/** Whether a reading tells of something that has no place on the page yet. */
function isNews(reading) {
  const names = Object.keys(reading.values).filter((name) => !reading.flags?.[name]);
  return !isAhead(reading) && names.some((name) => !(name in page.quantities));
}

/**
 * Some of the page is the server's alone: which tiles there are, the almanac, the calendar, the month. It is loaded anew
 * for a quantity it has no place for, when more was missed than can be caught up with, and on a new day once nobody is
 * busy with it.
 */
function startAnew() {
  const midnight = () => midnightS(clock.now() / 1000, siteTime(sensor.sensor).zone);
  const openedOn = midnight();
  let [touchedAt, hasMissed] = [0, false];
  for (const type of ["pointermove", "pointerdown", "keydown", "wheel"])
    addEventListener(type, () => (touchedAt = performance.now()), { passive: true });
  for (const topic of [stream.restarted, gate.overflowed]) topic.subscribe(() => (hasMissed = true));
  stream.readings.subscribe((readings) => (hasMissed ||= readings.some(isNews)));
  tick.subscribe(() => {
    const isNewDay = midnight() !== openedOn && clock.now() / 1000 - midnight() > AFTER_MIDNIGHT_S;
    const isIdle = performance.now() - touchedAt > IDLE_MS;
    const mustLoad = hasMissed && performance.now() > SOONEST_MS;
    // Whoever paused the page, or looks into the past, keeps what is shown.
    if (link.state === "open" && !gate.isPaused && (mustLoad || (isNewDay && isIdle))) location.reload();
  });
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}

/** Paper is light: canvases are drawn in the theme of the page, so the page is light while it prints. */
function printInLight() {
  let theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => (root.dataset.theme = theme));
}

if (sensor) {
  start();
  store.subscribe(sensor.sensor, drawTitle);
  view.changed.subscribe(() => past.load());
  tick.subscribe(() => past.refresh());
  startAnew();
  past.load();
  document.addEventListener("selectionchange", () => painter.request(holdForSelection));
  printInLight();
  shortcuts.bind(" ", "Pause and go on", () => gate.toggle("reader"));
  shortcuts.bind("y", "Yesterday on the charts", () =>
    document.querySelectorAll("sf-chart").forEach((chart) => chart.toggleGhost()),
  );
  shortcuts.bind("f", "Full screen", toggleFullScreen);
}
