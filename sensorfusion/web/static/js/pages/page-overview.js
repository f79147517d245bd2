import { setState, setText } from "sf/dom";
import { valueParts, withUnit } from "sf/format";
import "sf/frame";
import { lightOver } from "sf/light";
import { asOf, clock, gate, link, page, siteTime, start, store, stream, tick, unitOf } from "sf/live";
import { summary } from "sf/overview-words";
import { isAhead } from "sf/series";
import "sf/sf-age";
import "sf/sf-badge";
import "sf/sf-banner";
import "sf/sf-live";
import "sf/sf-spark";
import "sf/sf-value";
import { shortcuts } from "sf/shortcuts";
import { asOfWords } from "sf/station-words";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/** The overview of all sensors: each card's values update by themselves, the card as a whole has the sensor's state. */
const cards = [...document.querySelectorAll("#cards [data-sensor]")];
const list = document.querySelector(":is(div, tbody)#cards");
const line = document.querySelector(".head [data-sites]");
const LIGHT_EVERY_MS = 60_000;
const KEEP_EVERY_MS = 10_000;
const SOONEST_MS = 10_000; // after the page was loaded

function drawStates() {
  for (const card of cards) {
    const { sensor } = card.dataset;
    setState(card, store.state(sensor));
    drawBattery(card);
  }
  const states = store.sensors.map((sensor) => store.state(sensor));
  const at = asOf();
  const until = at === null ? "" : `, ${asOfWords(siteTime(page.sensors[0].sensor).time(at))}`;
  setText(line, summary(states, Number(line?.dataset.sites)) + until);
  line?.toggleAttribute("data-problem", states.includes("offline") || states.includes("late"));
  reorder?.();
}

/** Shows a battery that is low, and hides it when it was changed. */
function drawBattery(card) {
  const battery = store.number(card.dataset.sensor, "battery");
  const isLow = battery !== null && battery < tables.battery_low;
  card.querySelector(".low").hidden = !isLow;
  if (isLow) setText(card.querySelector("[data-fact=battery]"), withUnit(battery, unitOf(card.dataset.sensor, "battery")));
}

function drawLight() {
  for (const card of cards) {
    const light = lightOver(card.dataset.sensor, clock.now());
    const strip = card.querySelector(".strip");
    if (light && strip) strip.dataset.sky = light.name;
  }
}

/** Reloads the page: the first reading of a sensor has no place on its card yet, so the server must render it. */
function startAnew() {
  const pending = new Set(page.sensors.filter(({ observed_at: at }) => !at).map(({ sensor }) => sensor));
  let isNews = false;
  stream.readings.subscribe((readings) => {
    isNews ||= readings.some((each) => pending.has(each.sensor) && !isAhead(each));
  });
  tick.subscribe(() => {
    if (isNews && link.state === "open" && !gate.isPaused && performance.now() > SOONEST_MS) location.reload();
  });
}

/** Sorts the table when a head is clicked, the other way at the next click. */
document.querySelector("table.sensors thead")?.addEventListener("click", async (event) => {
  const head = event.target.closest("th[data-key]");
  if (head) (await import("sf/sort-rows")).sortRows(head, (sensor) => store.sensor(sensor), (sensor, q) => store.number(sensor, q));
});

/** j and k move through the cards that match the search. */
function walk(step) {
  const shown = [...document.querySelectorAll("#cards > .card:not([hidden]), #cards > tr:not([hidden]) a")];
  const here = shown.indexOf(document.activeElement);
  shown[Math.max(0, Math.min(shown.length - 1, here + step))]?.focus();
}

/** Keeps the newest values for the offline page, as long as the server answers. */
async function keepForOffline() {
  const { keepValues, registerWorker } = await import("sf/last-values");
  const keep = () => asOf() === null && keepValues(clock.now(), cards.map(lastValue).filter(Boolean));
  keep();
  setInterval(keep, KEEP_EVERY_MS);
  addEventListener("pagehide", keep);
  await registerWorker();
}

function lastValue(card) {
  const shown = card.querySelector("sf-value");
  if (!shown) return null;
  const [sensor, quantity] = [card.dataset.sensor, shown.getAttribute("q")];
  return {
    name: store.sensor(sensor).name,
    value: textOf(sensor, quantity),
    at: store.newest(sensor, quantity).at,
    state: store.state(sensor),
    why: card.querySelector("[data-fact=why]").textContent,
  };
}

let reorder = null;
if (list) import("sf/sort-rows").then(({ problemsFirst }) => (reorder = problemsFirst(list)));
start();
startAnew();
keepForOffline();
const map = document.querySelector(".map");
if (map) import("sf/map-marks").then(({ followRows }) => tick.subscribe(followRows(map, standingText)));

/** The newest value as it may be shown now: a dash for the count of a day that has ended. */
function standingText(sensor, quantity) {
  const value = store.standing(sensor, quantity);
  return value === undefined ? null : valueParts(value, unitOf(sensor, quantity)).join(" ").trim();
}

/** The newest value of a quantity with its unit, null if there is none. */
function textOf(sensor, quantity) {
  const newest = store.newest(sensor, quantity);
  return newest && valueParts(newest.value, unitOf(sensor, quantity)).join(" ");
}
for (const { sensor } of page.sensors) store.subscribe(sensor, drawStates);
tick.subscribe(drawStates);
setInterval(() => document.hidden || drawLight(), LIGHT_EVERY_MS);
shortcuts.bind(" ", gettext`Pause or continue`, () => gate.toggle("reader"));
shortcuts.bind("f", gettext`Kiosk: fill the screen`, () => (location.search = "kiosk=1"));
shortcuts.bind("j", gettext`Next card`, () => walk(1));
shortcuts.bind("k", gettext`Previous card`, () => walk(-1));
