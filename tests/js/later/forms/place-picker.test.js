import assert from "node:assert/strict";
import { test } from "node:test";

import { moved, placeAt, viewOf } from "sf/place-picker";

const WORLD = viewOf(null, false);

test("a point of the outline is a place", () => {
  assert.deepEqual(placeAt(WORLD, 0.5, 0.5), [0, 0]);
  assert.deepEqual(placeAt(WORLD, 0.75, 0.25), [45, 90]);
  assert.deepEqual(placeAt(WORLD, 0, 1), [-90, -180]);
});

test("the closer view is around the place, and a point of it is a place too", () => {
  const view = viewOf([52.2, 21], true);

  assert.deepEqual(view, [1710, 228, 600, 300]);
  assert.deepEqual(placeAt(view, 0.5, 0.5).map((degrees) => degrees.toFixed(1)), ["52.2", "21.0"]);
});

test("the closer view stays inside the outline", () => {
  assert.deepEqual(viewOf([90, 180], true), [3000, 0, 600, 300]);
  assert.deepEqual(viewOf([-90, -180], true), [0, 1500, 600, 300]);
});

test("arrow keys go round the world and stop at the poles", () => {
  assert.deepEqual(moved([10, 20], "ArrowUp", 1), [11, 20]);
  assert.deepEqual(moved([10, 20], "ArrowLeft", 0.5), [10, 19.5]);
  assert.deepEqual(moved([89.5, 0], "ArrowUp", 10), [90, 0]);
  assert.deepEqual(moved([0, 179], "ArrowRight", 10), [0, -171]);
});
