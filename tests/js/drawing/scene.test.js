import assert from "node:assert/strict";
import { test } from "node:test";

import { valueScale, winds } from "sf/scene";

test("a flat line is not magnified, and amounts stand on zero", () => {
  const flat = valueScale(18, 18, { decimals: 1 });
  assert.deepEqual([flat.low, flat.high], [17, 19]);

  assert.equal(valueScale(3, 9, { startsAtZero: true }).low, 0);
});

test("arrows know the speed of their winds", () => {
  const tracks = { wind_direction: { t: [0, 60, 120], value: [0, 90, 180] }, wind_speed: { t: [0, 120], value: [0.1, 5] } };
  const source = { track: (name) => tracks[name] };

  assert.deepEqual(winds(source).winds, [
    [0, 0.1],
    [90, null],
    [180, 5],
  ]);
  assert.equal(winds({ track: () => undefined }), null);
});

test("where nothing is drawn there is an axis all the same", () => {
  assert.deepEqual(valueScale(null, null, { startsAtZero: true }).marks, [0, 0.5, 1, 1.5, 2]);
});

test("the strip below zero has no marks", () => {
  const { low, high, marks } = valueScale(0, 10, { startsAtZero: true, strip: 0.2 });

  assert.ok(Math.abs(low + 0.2 * high) < 1e-9);
  assert.equal(marks[0], 0);
});
