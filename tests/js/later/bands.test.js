import assert from "node:assert/strict";
import { test } from "node:test";
import { Bands } from "sf/bands";

const DAY_S = 86_400;
const unit = { symbol: "°C", decimals: 1 };
const inFahrenheit = { factor: 1.8, offset: 32, symbol: "°F", decimals: 0 };
const weeks = [
  [0, 7 * DAY_S, -20.04, 3, [2023, 2024, 2025]],
  [7 * DAY_S, 14 * DAY_S, 1, 5.55, [2024, 2025]],
];
const told = (more) => ({ quantity: "temperature", low: null, high: null, covered: [0, 14 * DAY_S], weeks, asks: true, ...more });

function bands(span, more = {}, shown = unit, isLive = false) {
  const made = new Bands(told(more), shown);
  made.show(span, isLive);
  return made;
}

test("the sentence tells the newest week of the span, the legend all of one week and the years", () => {
  const one = bands([DAY_S, 2 * DAY_S]);
  const two = bands([6 * DAY_S, 8 * DAY_S], {}, unit, true);

  assert.equal(one.words, " Usual for that week: −20.0 to 3.0\u00a0°C.");
  assert.deepEqual(one.keys, [
    { look: "usual", words: "Usual for that week: −20.0 to 3.0\u00a0°C, 10 to 90\u00a0% of its hours in 2023–2025" },
  ]);
  assert.equal(two.words, " Usual for this week: 1.0 to 5.5\u00a0°C.");
  assert.deepEqual(two.keys, [
    { look: "usual", words: "Usual, week by week: 10 to 90\u00a0% of the hours of the same weeks in 2023–2025" },
  ]);
});

test("nothing is told of a week without earlier years, nor of a span that is too long", () => {
  assert.equal(bands([13 * DAY_S, 15 * DAY_S]).words, "");
  assert.deepEqual(bands([0, 32 * DAY_S]).keys, []);
  assert.deepEqual(bands([0, 32 * DAY_S]).areas, []);
  assert.deepEqual(bands([0, 32 * DAY_S]).cells(DAY_S), []);
});

test("areas, limits and the axis are in the reader's unit", () => {
  const found = bands([6 * DAY_S, 8 * DAY_S], { low: -25, high: 10 }, inFahrenheit);

  assert.deepEqual(found.areas, [
    [6 * DAY_S, 7 * DAY_S, -20.04 * 1.8 + 32, 37.4],
    [7 * DAY_S, 8 * DAY_S, 33.8, 5.55 * 1.8 + 32],
  ]);
  assert.deepEqual(found.allowed, [-13, 50]);
  assert.deepEqual(found.reach(35, 45), [33.8, 50]);
  assert.deepEqual(found.reach(undefined, undefined), [undefined, undefined]);
});

test("the range is asked for where a span leaves the weeks that are known, if it can have one", () => {
  assert.equal(bands([0, DAY_S]).lacks([0, 14 * DAY_S]), false);
  assert.equal(bands([0, DAY_S]).lacks([-1, DAY_S]), true);
  assert.equal(bands([0, DAY_S]).lacks([13 * DAY_S, 14 * DAY_S + 1]), true);
  assert.equal(bands([0, DAY_S]).lacks([0, 32 * DAY_S]), false);
  assert.equal(bands([0, DAY_S], { asks: false }).lacks([-1, DAY_S]), false);
  assert.equal(bands([0, DAY_S], { covered: null }).lacks([0, DAY_S]), true);
});

test("the API's answer takes the place of what was told", () => {
  const found = bands([20 * DAY_S, 21 * DAY_S]);
  assert.deepEqual(found.areas, []);
  const [from, to] = ["1970-01-15T00:00:00Z", "1970-01-22T00:00:00Z"];

  found.take({ from, to, weeks: [{ from, to, low: 2, high: 4, years: [1969] }] });

  assert.deepEqual(found.areas, [[20 * DAY_S, 21 * DAY_S, 2, 4]]);
  assert.equal(found.lacks([20 * DAY_S, 21 * DAY_S]), false);
  assert.deepEqual(found.cells(20 * DAY_S), ["2.0 to 4.0"]);
  assert.deepEqual(found.cells(22 * DAY_S), ["–"]);
});

test("an allowed end that is missing is told and drawn as open", () => {
  const found = bands([0, DAY_S], { high: 4, weeks: [], asks: false });
  const [filled, lines] = [[], []];
  const ctx = {
    save() {}, restore() {}, setLineDash() {}, beginPath() {}, stroke() {},
    fillRect: (...rect) => filled.push(rect),
    moveTo: (...to) => lines.push(to),
    lineTo() {},
  };
  const frame = { ctx, top: 0, left: 10, height: 100, width: 50, ratio: 1, clampX: (x) => x, x: (at) => at, y: (value) => 80 - value * 10 };

  found.draw(frame, { colour: (...colour) => colour.join(" ") }, "q-temp");

  assert.deepEqual(found.keys, [{ look: "allowed", words: "Allowed: up to 4.0\u00a0°C" }]);
  assert.deepEqual(filled, [[10, 40, 50, 60]]);
  assert.deepEqual(lines, [[10, 40]]);
});
