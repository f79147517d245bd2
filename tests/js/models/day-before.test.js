import assert from "node:assert/strict";
import { test } from "node:test";

import { DayBefore } from "sf/day-before";

import { settle } from "../fakes.js";

const DAY = 86_400;
const NOW = 10 * DAY;

function makeDayBefore({ t, value, intervalS = 600, answers = async () => assert.fail("nothing to ask") }) {
  const asked = [];
  const before = new DayBefore({
    fetchJson: (path) => (asked.push(path), answers(path)),
    sensor: "s",
    intervalS,
    quantities: { temperature: { combine: "mean" } },
    series: { resolution: "raw", t, series: { temperature: { value } } },
    at: NOW,
  });
  return { before, asked };
}

test("the reading nearest to this time yesterday is compared with", () => {
  const { before } = makeDayBefore({ t: [NOW - DAY - 100, NOW - DAY + 90, NOW - DAY + 600], value: [1, 2, 3] });

  assert.equal(before.value("temperature", NOW), 2);
  assert.equal(before.value("temperature", NOW + 400), 3);
  assert.equal(before.value("humidity", NOW), null);
});

test("what was more than half an hour away is not this time", () => {
  const { before } = makeDayBefore({ t: [NOW - DAY - 1801], value: [1] });

  assert.equal(before.value("temperature", NOW), null);
});

test("a sensor that reports every six hours is compared with what it said about then", () => {
  const { before } = makeDayBefore({ t: [NOW - DAY - 4 * 3600], value: [1], intervalS: 6 * 3600 });

  assert.equal(before.value("temperature", NOW), 1);
});

test("after an hour the next one is asked for, once", async () => {
  const answers = async () => ({ resolution: "raw", t: [NOW - DAY + 3700], series: { temperature: { mean: [7] } } });
  const { before, asked } = makeDayBefore({ t: [NOW - DAY], value: [1], answers });

  before.reach(NOW + 3599);
  assert.deepEqual(asked, []);
  before.reach(NOW + 3600);
  before.reach(NOW + 3603);
  await settle();

  assert.equal(asked.length, 1);
  assert.match(asked[0], /^sensors\/s\/series\?quantities=temperature&from=779400&to=786600&points=150$/);
  assert.equal(before.value("temperature", NOW + 3700), 7);
});

test("what could not be fetched is not made up, and asked for again a minute later", async () => {
  const answers = async () => {
    throw new Error("no network");
  };
  const { before, asked } = makeDayBefore({ t: [NOW - DAY], value: [1], answers });

  await before.reach(NOW + 3600);
  await before.reach(NOW + 3630);
  assert.equal(before.value("temperature", NOW + 3600), null);
  await before.reach(NOW + 3660);

  assert.equal(asked.length, 2);
});
