import assert from "node:assert/strict";
import { test } from "node:test";

import { SiteTime, ageText, valueText, withUnit } from "sf/format";
import { fixed } from "sf/numbers";

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
  const ages = [-5_000, 0, 59_999, 60_000, 3_599_000, 3_600_000, 172_799_000, 172_800_000];

  assert.deepEqual(
    ages.map((each) => ageText(each).replace("\u00a0", " ")),
    ["0 s ago", "0 s ago", "59 s ago", "1 min ago", "59 min ago", "1 h ago", "47 h ago", "2 d ago"],
  );
});

test("times are those of the site", () => {
  const time = new SiteTime("Europe/Warsaw");

  assert.equal(time.time(at("2026-11-22T06:05:00Z")), "07:05");
  assert.equal(time.since(at("2026-11-22T00:30:00Z"), at("2026-11-22T12:00:00Z")), "01:30");
  assert.equal(time.since(at("2026-11-21T22:30:00Z"), at("2026-11-22T12:00:00Z")), "21 Nov, 23:30");
});
