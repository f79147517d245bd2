import assert from "node:assert/strict";
import { test } from "node:test";

import { SiteTime } from "sf/format";
import { ticks, valueTicks } from "sf/ticks";

const at = (text) => Date.parse(text);

const s = (text) => at(text) / 1000;

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

test("marks of weeks are at the first day of the reader's weeks", () => {
  const span = { from: s("2026-10-01T12:00:00Z"), to: s("2026-10-31T12:00:00Z"), count: 6, zone: "Europe/Warsaw" };
  const days = (weekday) => ticks({ ...span, weekday }).map(({ at }) => new Date(at * 1000 + 43_200_000).getUTCDate());

  assert.deepEqual(days(undefined), [5, 12, 19, 26]);
  assert.deepEqual(days("0"), [5, 12, 19, 26]); // as the attribute of the page says it
  assert.deepEqual(days("6"), [4, 11, 18, 25]);
  assert.deepEqual(days("5"), [3, 10, 17, 24, 31]);
});

test("marks of values are round and reach around them", () => {
  assert.deepEqual(valueTicks(9.3, 19), [8, 10, 12, 14, 16, 18, 20]);
  assert.deepEqual(valueTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(valueTicks(-0.4, 0.3), [-0.4, -0.2, 0, 0.2, 0.4]);
});
