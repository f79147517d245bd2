import assert from "node:assert/strict";
import { test } from "node:test";

import { axisText, instantText, sentence } from "sf/chart-words";
import { SiteTime } from "sf/format";
import { Track } from "sf/series";

const at = (text) => Date.parse(text);

const s = (text) => at(text) / 1000;

const siteTime = new SiteTime("UTC");

function track(values, options) {
  const made = new Track(options);
  values.forEach((value, i) => made.add(i * 60, value));
  return made;
}

const celsius = { factor: 1, offset: 0, symbol: "°C", decimals: 1 };
const line = {
  quantity: "temperature",
  look: "line",
  isRead: true,
  unit: celsius,
  t: [0, 60, 120],
  v: [9.3, 19, 18.4],
  track: track([9.3, 19, 18.4]),
};

test("a chart's sentence tells its extremes in its span", () => {
  const live = { span: [0, 120], words: "the last 24 hours" };

  assert.equal(
    sentence(line, { ...live, now: "18.4 °C" }).replaceAll("\u00a0", " "),
    "Between 9.3 and 19.0 °C in the last 24 hours; now 18.4 °C.",
  );
  assert.equal(
    sentence(line, { ...live, span: [100, 200], words: "this span" }).replaceAll("\u00a0", " "),
    "Always 18.4 °C in this span.",
  );
  assert.equal(sentence(line, { ...live, span: [500, 600] }), "No readings in the last 24 hours.");
  assert.equal(sentence(undefined, live), "No readings in the last 24 hours.");
});

test("a chart of buckets tells the extremes of their readings", () => {
  const days = new Track({ widthS: 86_400 });
  days.add(43_200, 10, -8.4, 32.7);
  const subject = { ...line, track: days, t: days.t, v: days.value };

  assert.equal(
    sentence(subject, { span: [50_000, 90_000], words: "the last year" }).replaceAll("\u00a0", " "),
    "Between \u22128.4 and 32.7 °C in the last year.",
  );
});

test("a chart of amounts tells their sum", () => {
  const rain = {
    ...line,
    look: "bars",
    track: { combine: "sum" },
    unit: { symbol: "mm", decimals: 1 },
    v: [1, 0, 2.2],
  };
  const day = { span: [0, 120], words: "the last 7 days" };

  assert.equal(sentence(rain, day), "3.2\u00a0mm in the last 7 days.");
  assert.equal(sentence({ ...rain, v: [0, 0, 0] }, day), "No rain in the last 7 days.");
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
  assert.equal(instantText({ at: 3600 }, siteTime, 7 * 86_400), "1 Jan, 01:00");
  assert.equal(instantText({ at: 0, until: 86_400 }, siteTime, 30 * 86_400), "1 Jan");
  assert.equal(instantText({ at: 0, until: 7 * 86_400 }, siteTime, 365 * 86_400), "1 Jan–7 Jan");
  assert.equal(instantText({ silence: [3600, 7200] }, siteTime, 86_400), "no data 01:00–02:00");
  assert.equal(instantText({ silence: [3600, Infinity] }, siteTime, 86_400), "no data 01:00–");
});
