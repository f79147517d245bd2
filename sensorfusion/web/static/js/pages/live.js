import { getJson } from "sf/api";
import { Arrivals } from "sf/arrivals";
import { ServerClock } from "sf/clock";
import { DayBefore } from "sf/day-before";
import { SiteTime } from "sf/format";
import { Gate } from "sf/gate";
import { History } from "sf/history";
import { Link } from "sf/link";
import { Painter } from "sf/painter";
import { Renewal } from "sf/renewal";
import { Store } from "sf/store";
import { Stream, inMilliseconds } from "sf/stream";
import { Topic } from "sf/topic";
import { View } from "sf/view";

/** Objects shared by the elements of one page: its data, the clock, the stream, the view of the charts. */
const printed = document.getElementById("page-data");
export const page = { sensors: [], units: {}, quantities: {}, live: null, api: null, ...JSON.parse(printed?.textContent ?? "{}") };

/** Reads the API; `path` is relative to the address that the page was given for it. */
export const readApi = (path, options) => getJson(page.api + path, options);

export const clock = new ServerClock();
export const painter = new Painter();
let lostAt = null;

/** Since when the server does not answer, null while it does. Sensors are judged as of then: they may well send. */
export const asOf = () => lostAt;
export const store = new Store({
  now: () => lostAt ?? clock.now(),
  isDaily: (quantity) => page.quantities[quantity]?.is_daily,
});
export const link = new Link({ open: () => new WebSocket(socketAddress()) });
export const stream = new Stream({
  link,
  clock,
  fetchJson: readApi,
  withRefusals: document.querySelector("sf-onboard, sf-notices") !== null,
});
export const gate = new Gate();
export const arrivals = new Arrivals();
export const view = new View(document.querySelector("sf-range")?.dataset.range);
export const tick = new Topic(); // once a second while the page is visible
export const past = new History({
  fetchJson: readApi,
  view,
  nowS: () => clock.now() / 1000,
  intervalOf: (sensor) => store.sensor(sensor)?.intervalS ?? null,
  dayOf: siteDay,
  quantities: page.quantities,
});

export const renewal = new Renewal({
  fetchPage: async () => (await import("sf/fetched-page")).getPage(location.href),
  isHeld: () => gate.isPaused || link.state !== "open",
});

const siteTimes = new Map();

/** The wall clock of a sensor's site. */
export function siteTime(sensor) {
  const zone = store.sensor(sensor)?.place.time_zone ?? page.sensors[0]?.time_zone ?? "UTC";
  if (!siteTimes.has(zone)) siteTimes.set(zone, new SiteTime(zone, document.documentElement.dataset.clock));
  return siteTimes.get(zone);
}

/** How the days of a sensor's site are divided, and the day that the reader's weeks begin with. */
export function siteDay(sensor) {
  const { time_zone: zone = "UTC", day_starts_h: startsH = 0 } = store.sensor(sensor)?.place ?? {};
  return { zone, startsH, weekday: document.documentElement.dataset.weekday };
}

/** How values of a quantity are written: an entry of the page's table, or of the sensor's own. */
export function unitOf(sensor, quantity) {
  return store.sensor(sensor)?.place.units?.[quantity] ?? page.units[quantity];
}

/** {latitude, longitude} of a sensor, null if unknown. */
export function placeOf(sensor) {
  const { latitude, longitude } = store.sensor(sensor)?.place ?? {};
  return latitude == null || longitude == null ? null : { latitude, longitude };
}

const { responseStart = performance.now() } = performance.getEntriesByType("navigation")[0] ?? {};
if (page.now) clock.start(Date.parse(page.now), performance.timeOrigin + responseStart);
for (const sensor of page.sensors) store.load(inMilliseconds(sensor));

/** The values of the report's sensor a day before. */
export const dayBefore = page.day_before ? dayBeforeOf(page.sensors[0]) : null;

/** Connects the page: from the values the server rendered to the stream of later ones. */
export function start() {
  if (!page.live || !page.sensors.length) return;
  stream.follow(page.sensors);
  connectParts();
  watchWindow();
  setInterval(() => document.hidden || tick.publish(), 1000);
  link.start();
  import("sf/bell").then(({ follow }) => follow(link));
}

function dayBeforeOf({ sensor, interval_s: intervalS, observed_at: at, time_zone: zone }) {
  const { quantities, day_before: series } = page;
  return new DayBefore({ fetchJson: readApi, sensor, intervalS, quantities, series, at: Date.parse(at) / 1000, zone });
}

function connectParts() {
  link.changed.subscribe((state) => {
    if (state === "open") lostAt = null;
    else if (state !== "connecting") lostAt ??= clock.now();
    if (link.failures > 1) import("sf/fallback").then(({ follow }) => follow(link, page.live, stream), () => {});
  });
  stream.reached.subscribe((isReached) => (lostAt &&= isReached ? clock.now() : lostAt));
  stream.readings.subscribe((readings) => {
    arrivals.add(readings, clock.now());
    gate.push(readings);
  });
  gate.passed.subscribe((readings) => {
    renewal.take(readings, (quantity) => store.newest(readings[0].sensor, quantity));
    store.apply(readings);
    past.take(readings);
  });
  gate.overflowed.subscribe(() => past.load());
  stream.snapshot.subscribe((snapshot) => gate.isPaused || store.load(snapshot));
  stream.state.subscribe(({ sensor, state, name }) => store.setState(sensor, state, name));
  stream.restarted.subscribe((sensor) => {
    store.forget(sensor);
    past.load();
  });
}

/**
 * Reports the page's visibility to the link. Timers stop in hidden and frozen pages, so their return is a separate
 * event.
 */
function watchWindow() {
  addEventListener("online", () => link.retry());
  addEventListener("offline", () => link.browserOffline());
  addEventListener("pagehide", () => link.sleep());
  addEventListener("pageshow", ({ persisted }) => persisted && link.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return link.hide();
    link.wake();
    tick.publish();
  });
}

function socketAddress() {
  const address = new URL(page.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return address;
}
