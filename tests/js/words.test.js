import assert from "node:assert/strict";
import { test } from "node:test";

import { axisText, instantText, rows, sentence } from "sf/chart-words";
import { SiteTime, ageText, fixed, valueText, withUnit } from "sf/format";
import { pill } from "sf/pill";
import { axisMarks } from "sf/scene";
import { target } from "sf/scrub";
import { isOvercast, nights, position, sky } from "sf/sun";
import { ticks, valueTicks } from "sf/ticks";
import { View } from "sf/view";
import { beaufort, compassPoint, shortestArc, steadiness } from "sf/wind";
import { instantS, midnightS, offsetS } from "sf/zone";

const at = (text) => Date.parse(text);
const s = (text) => at(text) / 1000;

test("numbers have fixed decimals, a real minus and no sign when they are zero", () => {
  assert.equal(fixed(18.44, 1), "18.4");
  assert.equal(fixed(-3.25, 1), "\u22123.3");
  assert.equal(fixed(-0.04, 1), "0.0");
  assert.equal(fixed(1013, 0), "1013");
});

test("values are shown in the reader's unit", () => {
  const fahrenheit = { factor: 1.8, offset: 32, symbol: "°F", decimals: 0 };

  assert.equal(withUnit(20, fahrenheit), "68\u00a0°F");
  assert.equal(withUnit(247, { factor: 1, offset: 0, symbol: "°", decimals: 0 }), "247°");
  assert.equal(withUnit(5, undefined), "5.0");
  assert.equal(valueText(null), "–");
  assert.equal(valueText(true), "yes");
  assert.equal(valueText("cloudy"), "cloudy");
});

test("ages are in one unit, rounded down, never negative", () => {
  const ages = [-5_000, 0, 59_999, 60_000, 3_599_000, 3_600_000, 86_399_000, 86_400_000];

  assert.deepEqual(
    ages.map((each) => ageText(each).replace("\u00a0", " ")),
    ["0 s ago", "0 s ago", "59 s ago", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "1 d ago"],
  );
});

test("times are those of the site", () => {
  const time = new SiteTime("Europe/Warsaw");

  assert.equal(time.time(at("2026-11-22T06:05:00Z")), "07:05");
  assert.equal(time.since(at("2026-11-22T00:30:00Z"), at("2026-11-22T12:00:00Z")), "01:30");
  assert.equal(time.since(at("2026-11-21T22:30:00Z"), at("2026-11-22T12:00:00Z")), "21 Nov, 23:30");
});

test("offsets follow daylight saving and odd zones", () => {
  assert.equal(offsetS(s("2026-07-01T00:00:00Z"), "Europe/Warsaw"), 7200);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "Europe/Warsaw"), 3600);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "Asia/Kathmandu"), 20_700);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "America/New_York"), -18_000);
});

test("a wall time that is skipped comes out after the change", () => {
  const skipped = s("2026-03-29T02:30:00Z"); // as if UTC; Warsaw goes from 02:00 to 03:00

  assert.equal(instantS(skipped, "Europe/Warsaw"), s("2026-03-29T01:30:00Z"));
});

test("local days begin at local midnight, on days of 23 and 25 hours too", () => {
  assert.equal(midnightS(s("2026-03-29T12:00:00Z"), "Europe/Warsaw"), s("2026-03-28T23:00:00Z"));
  assert.equal(midnightS(s("2026-10-25T12:00:00Z"), "Europe/Warsaw"), s("2026-10-24T22:00:00Z"));
});

test("marks of time stand at round local times across a change of the clock", () => {
  const marks = ticks({
    from: s("2026-10-24T21:00:00Z"),
    to: s("2026-10-25T23:30:00Z"),
    count: 9,
    zone: "Europe/Warsaw",
  });
  const time = new SiteTime("Europe/Warsaw");

  assert.deepEqual(
    marks.map((each) => time.time(each.at * 1000)),
    ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"],
  );
  assert.equal(marks[1].at - marks[0].at, 4 * 3600);
  assert.deepEqual(
    marks.map(({ isDay }) => isDay),
    [true, false, false, false, false, false, false, false, true],
  );
});

test("a year has marks at the first of months", () => {
  const marks = ticks({ from: s("2025-11-22T00:00:00Z"), to: s("2026-11-22T00:00:00Z"), count: 12, zone: "UTC" });

  assert.equal(marks.length, 12);
  assert.equal(marks[0].at, s("2025-12-01T00:00:00Z"));
  assert.ok(marks.every(({ isMonth }) => isMonth));
});

test("marks of values are round and reach around them", () => {
  assert.deepEqual(valueTicks(9.3, 19), [7.5, 10, 12.5, 15, 17.5, 20]);
  assert.deepEqual(valueTicks(0, 1), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(valueTicks(-0.4, 0.3), [-0.4, -0.2, 0, 0.2, 0.4]);
});

test("a flat line is not magnified, and amounts stand on zero", () => {
  const flat = axisMarks(18, 18, { decimals: 1 });
  assert.ok(flat.at(-1) - flat[0] > 0.39);
  assert.equal(axisMarks(3, 9, { startsAtZero: true })[0], 0);
  assert.deepEqual(axisMarks(null, null), [0, 0.25, 0.5, 0.75, 1]);
});

test("the compass names sixteen points", () => {
  assert.deepEqual([0, 11.2, 11.3, 200, 247, 349, 360].map(compassPoint), ["N", "N", "NNE", "SSW", "WSW", "N", "N"]);
});

test("the Beaufort scale begins at calm and ends with the hurricane", () => {
  assert.deepEqual(
    [0, 0.3, 5.4, 5.5, 32.7].map((speed) => beaufort(speed).force),
    [0, 1, 3, 4, 12],
  );
  assert.equal(beaufort(5.4).name, "gentle breeze");
});

test("a needle takes the shortest way round", () => {
  assert.equal(shortestArc(350, 10), 370);
  assert.equal(shortestArc(10, 350), -10);
  assert.equal(shortestArc(370, 180), 540);
  assert.equal(shortestArc(725, 10), 730);
});

test("directions around north have their mean there", () => {
  const { middle, spread } = steadiness([350, 10, 355, 5]);

  assert.ok(Math.abs(middle) < 1e-9);
  assert.ok(spread > 7 && spread < 9);
  assert.equal(steadiness([0, 180]), null);
  assert.equal(steadiness([]), null);
});

// Positions from domain/sun.py.
const SUN = [
  ["2026-06-21T12:00:00Z", 52.24, 21.01, 57.1956, 216.4819],
  ["2026-11-22T08:31:07Z", 52.24, 21.01, 13.6727, 153.2886],
  ["2026-03-20T18:00:00Z", -33.87, 151.21, -25.0602, 108.2137],
  ["2026-12-21T02:00:00Z", 69.65, 18.96, -35.4606, 58.9214],
  ["2027-07-04T23:59:59Z", 40.64, -73.78, 4.046, 296.8545],
  ["2026-09-01T00:00:00Z", 0, 0, -81.6524, 359.6971],
];

test("the sun stands where the server says", () => {
  for (const [when, latitude, longitude, altitude, azimuth] of SUN) {
    const found = position(at(when), { latitude, longitude });
    assert.ok(Math.abs(found.altitude - altitude) < 0.001, `${when}: altitude ${found.altitude}`);
    assert.ok(Math.abs(found.azimuth - azimuth) < 0.001, `${when}: azimuth ${found.azimuth}`);
  }
});

test("the sky has a word for every altitude", () => {
  assert.deepEqual([20, 6.1, 6, -0.8, -0.9, -12, -12.1].map(sky), [
    "day",
    "day",
    "golden",
    "golden",
    "twilight",
    "twilight",
    "night",
  ]);
});

test("much less light than under a clear sky means clouds, but not near the horizon", () => {
  assert.ok(isOvercast(40, 100));
  assert.ok(!isOvercast(40, 600));
  assert.ok(!isOvercast(5, 1));
  assert.ok(!isOvercast(40, null));
});

test("a night lasts from sunset to sunrise", () => {
  const warsaw = { latitude: 52.24, longitude: 21.01 };

  const [[from, to], ...others] = nights(at("2026-11-22T11:00:00Z"), at("2026-11-23T11:00:00Z"), warsaw);

  assert.equal(others.length, 0);
  assert.ok(Math.abs(from - at("2026-11-22T14:33:00Z")) < 180_000, new Date(from).toISOString());
  assert.ok(Math.abs(to - at("2026-11-23T06:12:00Z")) < 180_000, new Date(to).toISOString());
});

test("there is no night in the polar summer, and only night in its winter", () => {
  const tromso = { latitude: 69.65, longitude: 18.96 };
  const [june, december] = [at("2026-06-21T00:00:00Z"), at("2026-12-21T00:00:00Z")];

  assert.deepEqual(nights(june, june + 86_400_000, tromso), []);
  assert.deepEqual(nights(december, december + 86_400_000, tromso), [[december, december + 86_400_000]]);
});

const siteTime = new SiteTime("UTC");
const idle = { isPaused: false, count: 0 };

function pillOf({ link = { state: "open" }, gate = idle, isOnline = true, sensors = [], now = 1_000_000 } = {}) {
  const { state, word, more } = pill({ isOnline, link, gate, sensors, now, ownNow: now, siteTime });
  return [state, word, more.replaceAll("\u00a0", " ")];
}

test("the pill says what state the page is in", () => {
  const live = { state: "live", observedAt: 998_000 };

  assert.deepEqual(pillOf({ isOnline: false }), ["browser-offline", "You are offline", ""]);
  assert.deepEqual(pillOf({ link: { state: "connecting" } }), ["connecting", "Connecting", ""]);
  assert.deepEqual(pillOf({ link: { state: "waiting", retryAt: 1_003_400 } }), [
    "reconnecting",
    "Reconnecting",
    "in 4 s",
  ]);
  assert.deepEqual(pillOf({ gate: { isPaused: true, count: 12 }, sensors: [live] }), ["paused", "Paused", "· 12 new"]);
  assert.deepEqual(pillOf({ sensors: [live] }), ["live", "Live", "· 2 s ago"]);
  assert.deepEqual(pillOf({ sensors: [{ state: "late", observedAt: 820_000 }] }), ["late", "Late", "· 3 min"]);
  assert.deepEqual(pillOf({ sensors: [{ state: "offline", observedAt: 60_000 }] }), [
    "offline",
    "No data",
    "since 00:01",
  ]);
  assert.deepEqual(pillOf({ sensors: [{ state: "pending", observedAt: null }] }), ["live", "Listening", ""]);
});

test("the pill is as live as the liveliest sensor", () => {
  const sensors = [
    { state: "offline", observedAt: 0 },
    { state: "live", observedAt: 999_000 },
  ];

  assert.deepEqual(pillOf({ sensors }), ["live", "Live", "· 1 s ago"]);
});

test("a named range ends now and moves on, a zoom stands still", () => {
  const view = new View("6h");
  assert.deepEqual(view.span(100_000), [78_400, 100_000]);

  view.zoom(80_000, 90_000);
  assert.deepEqual([view.span(200_000), view.isLive], [[80_000, 90_000], false]);

  view.reset();
  assert.ok(view.isLive);
});

test("the address holds the view, and what else it said", () => {
  const view = new View("24h");
  view.zoom(1000, 5000);
  assert.equal(view.query("?theme=dark"), "theme=dark&r=24h&from=1000&to=5000");

  const other = new View();
  other.read("?r=7d&from=1000&to=5000");
  assert.deepEqual([other.name, other.span(0)], ["7d", [1000, 5000]]);

  other.read("?r=nonsense");
  assert.deepEqual([other.name, other.isLive], ["7d", true]);
});

test("a step past the present returns to it", () => {
  const view = new View("1h");

  view.step(-1, 100_000);
  assert.deepEqual(view.span(), [92_800, 96_400]);

  view.step(1, 100_000);
  assert.ok(view.isLive);
});

test("a zoom of less than a minute is none", () => {
  const view = new View("1h");

  view.zoom(10, 20);

  assert.ok(view.isLive);
});

test("arrow keys walk from point to point, with Shift by ten", () => {
  const instants = Array.from({ length: 30 }, (_, i) => i * 60);

  assert.equal(target({ key: "ArrowLeft" }, null, instants), 29 * 60);
  assert.equal(target({ key: "ArrowLeft" }, 600, instants), 540);
  assert.equal(target({ key: "ArrowRight", shiftKey: true }, 600, instants), 1200);
  assert.equal(target({ key: "ArrowRight" }, 29 * 60, instants), 29 * 60);
  assert.equal(target({ key: "Home" }, 600, instants), 0);
  assert.equal(target({ key: "Escape" }, 600, instants), null);
  assert.equal(target({ key: "a" }, 600, instants), undefined);
  assert.equal(target({ key: "Home" }, null, []), undefined);
});

const celsius = { factor: 1, offset: 0, symbol: "°C", decimals: 1 };
const line = {
  quantity: "temperature",
  look: "line",
  isRead: true,
  unit: celsius,
  t: [0, 60, 120],
  v: [9.3, 19, 18.4],
};
const findAt = (at) => ({ at, text: `at ${at}` });

test("a chart's sentence tells its extremes in its span", () => {
  const live = { span: [0, 120], name: "24h", isLive: true };

  assert.equal(
    sentence(line, { ...live, now: "18.4 °C" }).replaceAll("\u00a0", " "),
    "Between 9.3 and 19.0 °C in the last 24 hours; now 18.4 °C.",
  );
  assert.equal(
    sentence(line, { ...live, span: [100, 200], isLive: false }).replaceAll("\u00a0", " "),
    "Between 18.4 and 18.4 °C in this span.",
  );
  assert.equal(sentence(line, { ...live, span: [500, 600] }), "No readings in the last 24 hours.");
  assert.equal(sentence(undefined, live), "No readings in the last 24 hours.");
});

test("a chart of amounts tells their sum", () => {
  const rain = {
    ...line,
    look: "bars",
    track: { combine: "sum" },
    unit: { symbol: "mm", decimals: 1 },
    v: [1, 0, 2.2],
  };
  const day = { span: [0, 120], name: "7d", isLive: true };

  assert.equal(sentence(rain, day), "3.2\u00a0mm in the last 7 days.");
  assert.equal(sentence({ ...rain, v: [0, 0, 0] }, day), "Nothing in the last 7 days.");
});

test("a table has at most a hundred rows, the newest first", () => {
  const t = Array.from({ length: 250 }, (_, i) => i * 60);
  const items = [
    { ...line, quantity: "temperature", look: "faint" },
    { ...line, t, find: findAt },
  ];

  const found = rows(items, ["temperature", "dew_point"], { span: [0, 1e9], time: siteTime, now: 15_000_000 });

  assert.equal(found.length, 84);
  assert.deepEqual(found[0], ["04:09", "at 14940"]);
});

test("the marks of an axis have as many decimals as they are apart", () => {
  assert.equal(axisText(-17.5, 0.5, celsius), "\u221217.5°");
  assert.equal(axisText(20, 5, celsius), "20°");
  assert.equal(axisText(12.5, 2.5, celsius), "12.5°");
  assert.equal(axisText(0.25, 0.25, { symbol: "mm" }), "0.25");
});

test("the readout says when, how long, or that there was silence", () => {
  assert.equal(instantText({ at: 3600 }, siteTime, 86_400), "01:00");
  assert.equal(instantText({ at: 3600, until: 7200 }, siteTime, 86_400), "01:00–02:00");
  assert.match(instantText({ at: 3600 }, siteTime, 7 * 86_400), /^Thu,? 1 Jan, 01:00$/); // Node and browsers differ
  assert.equal(instantText({ silence: [3600, 7200] }, siteTime, 86_400), "no data 01:00–02:00");
  assert.equal(instantText({ silence: [3600, Infinity] }, siteTime, 86_400), "no data 01:00–");
});
