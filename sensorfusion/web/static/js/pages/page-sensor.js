import "sf/frame";
import { beaufort, beaufortWord } from "sf/derived";
import { LiveElement } from "sf/element";
import { differenceText, intervalText, valueParts, valueText, withUnit } from "sf/format";
import { clock, dayBefore, gate, link, page, painter, past, readApi, renewal, siteDay, siteTime, start, store, stream, tick, unitOf, view } from "sf/live";
import "sf/sf-age";
import "sf/sf-badge";
import "sf/sf-banner";
import "sf/sf-chart";
import "sf/sf-doubt";
import "sf/sf-feel";
import "sf/sf-live";
import "sf/sf-notices";
import "sf/sf-range";
import "sf/sf-sky";
import "sf/sf-spark";
import "sf/sf-tile";
import "sf/sf-today";
import "sf/sf-value";
import { isAhead, numberIn, step } from "sf/series";
import { shortcuts } from "sf/shortcuts";
import { inMilliseconds } from "sf/stream";
import { gettext } from "sf/translation";
import { shortestArc, steadiness } from "sf/wind";
import { bearing, windWords } from "sf/wind-words";
import { dayStartS } from "sf/zone";

/** The live report of one sensor. */
const [sensor] = page.sensors;
const IDLE_MS = 300_000;
const SOONEST_MS = 10_000; // after the page was loaded
const AFTER_START_S = 10 + 110 * Math.random(); // not every display at once

/** Updates the title, which is visible in a hidden tab. */
function drawTitle() {
  const quantity = document.querySelector("sf-sky sf-value")?.getAttribute("q");
  const value = quantity && store.standing(sensor.sensor, quantity);
  if (value !== undefined) document.title = `${withUnit(value, page.units[quantity])} · ${store.sensor(sensor.sensor).name}`;
}

/** Pauses the page while text is selected, so that the selection does not change. */
function holdForSelection() {
  const selection = getSelection();
  const isSelecting = !selection.isCollapsed && document.querySelector("main")?.contains(selection.anchorNode);
  if (isSelecting) gate.pause("selection");
  else if (gate.has("selection")) gate.resume("selection");
}

/** Whether a reading has a quantity without a place on the page. */
function isNews(reading) {
  const names = Object.keys(reading.values).filter((name) => !reading.flags?.[name]);
  return !isAhead(reading) && names.some((name) => !(name in page.quantities));
}

/**
 * Reloads the page. Some parts are rendered by the server only: the set of tiles, the almanac, the calendar, the month.
 * A reload is needed for a quantity without a place, when too much was missed to catch up, and on a new day once the
 * page is idle.
 */
function startAnew() {
  const { zone, startsH } = siteDay(sensor.sensor);
  const dayStart = () => dayStartS(clock.now() / 1000, zone, startsH);
  const openedOn = dayStart();
  let [touchedAt, hasMissed] = [0, false];
  for (const type of ["pointermove", "pointerdown", "keydown", "wheel"])
    addEventListener(type, () => (touchedAt = performance.now()), { passive: true });
  for (const topic of [stream.restarted, gate.overflowed]) topic.subscribe(() => (hasMissed = true));
  stream.readings.subscribe((readings) => (hasMissed ||= readings.some(isNews)));
  tick.subscribe(() => {
    const isNewDay = dayStart() !== openedOn && clock.now() / 1000 - dayStart() > AFTER_START_S;
    const isIdle = performance.now() - touchedAt > IDLE_MS;
    const mustLoad = hasMissed && performance.now() > SOONEST_MS;
    // A reader who paused the page, or looks into the past, keeps it as it is.
    if (link.state === "open" && !gate.isPaused && (mustLoad || (isNewDay && isIdle))) location.reload();
  });
}

/**
 * Shows the server's figures: the values of the page and the parts with numbers of the past. Readings that it does not
 * know yet are added again.
 */
function showRenewed(renewed, arrived) {
  const data = JSON.parse(renewed.getElementById("page-data").textContent);
  const [current] = data.sensors;
  store.forget(current.sensor);
  store.load(inMilliseconds(current));
  if (data.day_before) dayBefore?.replace(data.day_before, Date.parse(current.observed_at) / 1000);
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = renewed.querySelector(`[data-part=${part.dataset.part}]`);
    if (other && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(other));
  }
  store.apply(arrived.filter(({ seq }) => seq > current.seq));
  past.load();
}

/** What modules that are loaded later share with the page. */
const shared = {
  LiveElement, beaufort, beaufortWord, bearing, clock, dayBefore, dayStartS, differenceText, intervalText, isAhead, numberIn,
  page, past, readApi, renewal, shortestArc, siteDay, siteTime, steadiness, step, store, stream, tick, unitOf, valueParts,
  valueText, view, windWords, withUnit,
};

/** Loads the module of a part, where the page has that part. */
async function follow(part, load) {
  const place = document.querySelector(part);
  if (place) (await load()).follow(place, shared);
}

if (sensor) {
  follow("sf-compass", () => import("sf/compass"));
  follow("sf-spans, .instrument", () => import("sf/kinds"));
  start();
  store.subscribe(sensor.sensor, drawTitle);
  tick.subscribe(drawTitle);
  view.changed.subscribe(() => past.load());
  tick.subscribe(() => past.refresh());
  link.opened.subscribe(() => past.hasFailed && past.load());
  startAnew();
  stream.rewritten.subscribe(() => renewal.request());
  renewal.renewed.subscribe(showRenewed);
  past.load();
  document.addEventListener("selectionchange", () => painter.request(holdForSelection));
  follow("main", () => import("sf/parts"));
  shortcuts.bind(" ", gettext`Pause or continue`, () => gate.toggle("reader"));
  shortcuts.bind("y", gettext`Yesterday on the charts`, () =>
    document.querySelectorAll("sf-chart").forEach((chart) => chart.toggleGhost()),
  );
  shortcuts.bind("f", gettext`Kiosk: fill the screen`, () => (location.search = "kiosk=1"));
}
