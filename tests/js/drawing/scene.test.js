import assert from "node:assert/strict";
import { test } from "node:test";

import { valueScale } from "sf/scene";

test("a flat line is not magnified, and amounts stand on zero", () => {
  const flat = valueScale(18, 18, { decimals: 1 });
  assert.deepEqual([flat.low, flat.high], [17, 19]);

  assert.equal(valueScale(3, 9, { startsAtZero: true }).low, 0);
});

test("where nothing is drawn there is an axis all the same", () => {
  assert.deepEqual(valueScale(null, null, { startsAtZero: true }).marks, [0, 0.5, 1, 1.5, 2]);
});

test("the strip below zero has no marks", () => {
  const { low, high, marks } = valueScale(0, 10, { startsAtZero: true, strip: 0.2 });

  assert.ok(Math.abs(low + 0.2 * high) < 1e-9);
  assert.equal(marks[0], 0);
});
