import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenSpan } from "sf/day-picker";

const s = (text) => Date.parse(text) / 1000;

test("the span of two days contains both, in any order", () => {
  const site = { zone: "Europe/Warsaw", startsH: 0 };
  const wanted = [s("2026-01-09T23:00Z"), s("2026-01-12T23:00Z")];

  assert.deepEqual(chosenSpan({ day: { value: "2026-01-10" }, through: { value: "2026-01-12" } }, site), wanted);
  assert.deepEqual(chosenSpan({ day: { value: "2026-01-12" }, through: { value: "2026-01-10" } }, site), wanted);
});

test("without a last day the span is the first, by the day of the site", () => {
  const found = chosenSpan({ day: { value: "2026-01-10" }, through: { value: "" } }, { zone: "UTC", startsH: 9 });

  assert.deepEqual(found, [s("2026-01-10T09:00Z"), s("2026-01-11T09:00Z")]);
});
