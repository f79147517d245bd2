import assert from "node:assert/strict";
import { test } from "node:test";

import { Renewal, isOfThePast } from "sf/renewal";

import { settle } from "../fakes.js";

const NEWEST = { temperature: { value: 20, at: 60_000 }, humidity: { value: 50, at: 30_000 } };
const newest = (name) => NEWEST[name];
const reading = (observedAt, values, flags) => ({ sensor: "s", seq: 9, observedAt, values, flags });

test("the newest reading of its quantities changes nothing of the past", () => {
  assert.ok(!isOfThePast(reading(60_001, { temperature: 21 }), newest));
  assert.ok(!isOfThePast(reading(60_000, { temperature: 20, rain: 1 }), newest), "more of one reading");
  assert.ok(!isOfThePast(reading(45_000, { humidity: 51 }), newest), "a part of a station that is slower");
  assert.ok(!isOfThePast(reading(1, { temperature: 21 }, { observed_at: 1 }), newest), "ahead of its time");
});

test("late readings, corrections and changed flags do", () => {
  assert.ok(isOfThePast(reading(59_000, { temperature: 21 }), newest));
  assert.ok(isOfThePast(reading(60_000, { temperature: 19 }), newest));
  assert.ok(isOfThePast(reading(60_000, { temperature: 20 }, { temperature: 4 }), newest));
});

function make({ fetchPage = async () => "page", isHeld = () => false } = {}) {
  const waiting = [];
  const renewal = new Renewal({ fetchPage, isHeld, after: (ms, run) => waiting.push(run), random: () => 0 });
  const shown = [];
  renewal.renewed.subscribe((page, arrived) => shown.push([page, arrived.map(({ seq }) => seq)]));
  return { renewal, shown, next: async () => (waiting.shift()(), await settle()), waiting };
}

test("several late readings renew the page once", async () => {
  const { renewal, shown, next, waiting } = make();
  renewal.take([reading(1, { temperature: 1 })], newest);
  renewal.take([reading(2, { temperature: 1 })], newest);

  await next();

  assert.deepEqual(shown, [["page", []]]);
  await next();
  assert.equal(waiting.length, 0);
});

test("what arrives while the page is fetched is handed over", async () => {
  let answer;
  const { renewal, shown, next } = make({ fetchPage: () => new Promise((resolve) => (answer = resolve)) });
  renewal.take([reading(1, { temperature: 1 })], newest);
  await next();

  renewal.take([{ ...reading(70_000, { temperature: 1 }), seq: 12 }], newest);
  answer("page");
  await settle();

  assert.deepEqual(shown, [["page", [12]]]);
});

test("a page that is held, or a server that does not answer, is tried again", async () => {
  let [isHeld, fails] = [true, true];
  const fetchPage = async () => (fails ? Promise.reject(new Error("no answer")) : "page");
  const { renewal, shown, next } = make({ fetchPage, isHeld: () => isHeld });
  renewal.take([reading(1, { temperature: 1 })], newest);

  await next();
  isHeld = false;
  await next();
  fails = false;
  await next();

  assert.deepEqual(shown, [["page", []]]);
});
