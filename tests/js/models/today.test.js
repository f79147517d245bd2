import assert from "node:assert/strict";
import { test } from "node:test";

import { Today } from "sf/today";

const at = (text) => Date.parse(text) / 1000;
const MIDNIGHT = at("2026-11-22T00:00:00+01:00");
const NOON = MIDNIGHT + 12 * 3600;
const today = (known) => new Today({ day: { zone: "Europe/Warsaw", startsH: 0 }, now: NOON, ...known });

test("a new extreme takes the place of the old one with its instant, an equal one does not", () => {
  const day = today({ low: { value: 3, at: MIDNIGHT + 60 }, high: { value: 9, at: MIDNIGHT + 120 } });

  day.take(NOON + 1, 9);
  day.take(NOON + 2, 9.5);
  day.take(NOON + 3, 5);

  assert.deepEqual(day.low, { value: 3, at: MIDNIGHT + 60 });
  assert.deepEqual(day.high, { value: 9.5, at: NOON + 2 });
});

test("what was observed yesterday is not of today, however late it comes", () => {
  const day = today({ total: 1, until: NOON });

  day.take(MIDNIGHT - 1, -20);

  assert.deepEqual([day.low, day.total], [null, 1]);
});

test("the site's midnight begins anew", () => {
  const day = today({ low: { value: 3, at: NOON }, high: { value: 9, at: NOON }, total: 4, until: NOON });

  assert.ok(!day.turn(MIDNIGHT + 86_399));
  assert.ok(day.turn(MIDNIGHT + 86_400));
  assert.deepEqual([day.low, day.high, day.total], [null, null, null]);

  day.take(MIDNIGHT + 86_405, 0.2);
  assert.deepEqual([day.low.value, day.total], [0.2, 0.2]);
});

test("a day of a clock change has 23 hours", () => {
  const day = new Today({ day: { zone: "Europe/Warsaw", startsH: 0 }, now: at("2026-03-29T00:00:30+01:00") });

  assert.ok(!day.turn(at("2026-03-29T23:59:59+02:00")));
  assert.ok(day.turn(at("2026-03-30T00:00:00+02:00")));
});

test("a site's day begins at its own hour", () => {
  const day = new Today({ day: { zone: "Europe/Warsaw", startsH: 7 }, now: NOON, total: 2, until: NOON });

  assert.equal(day.start, MIDNIGHT + 7 * 3600);
  assert.ok(!day.turn(MIDNIGHT + 86_400));
  day.take(MIDNIGHT + 6 * 3600, -20); // of the day before
  assert.ok(day.turn(MIDNIGHT + 86_400 + 7 * 3600));
  assert.deepEqual([day.low, day.total], [null, null]);
});

test("amounts that come in order add up, what comes late is left to the server", () => {
  const day = today({ total: 1.5, until: NOON });

  day.take(NOON + 3, 0.2);
  day.take(NOON + 6, 0.3);
  day.take(NOON + 6, 0.4); // a correction
  day.take(NOON - 60, 0.4); // late

  assert.equal(+day.total.toFixed(9), 2);
});
