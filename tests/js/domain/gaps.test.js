import assert from "node:assert/strict";
import { test } from "node:test";

import { silences } from "sf/gaps";

const at = (...steps) => steps.reduce((t, step) => [...t, t.at(-1) + step], [0]);
const times = (many, step) => new Array(many).fill(step);

test("an outage is a silence, in a slow rhythm as in a fast one", () => {
  assert.deepEqual(silences(at(...times(6, 60), 3600, ...times(6, 60))), [7]);
  assert.deepEqual(silences(at(...times(8, 3600), 18_000, ...times(8, 3600))), [9]);
});

test("a rhythm that changes is no silence", () => {
  assert.deepEqual(silences(at(...times(20, 3600), 1800, ...times(20, 3))), []);
  assert.deepEqual(silences(at(...times(20, 3), ...times(20, 3600))), []);
});

test("few steps are judged by the usual one, and without it not at all", () => {
  assert.deepEqual(silences([0, 60, 1000], { usual: 60 }), [2]);
  assert.deepEqual(silences([0, 60, 1000]), []);
});

test("what is no longer than a bucket allows is no silence", () => {
  assert.deepEqual(silences(at(1, 1, 1, 1, 10, 1, 1, 1), { least: 10 }), []);
});

test("an empty bucket is a silence where buckets are usually filled", () => {
  const hours = at(...times(5, 3600), 7200, ...times(5, 3600));

  assert.deepEqual(silences(hours, { width: 3600, usual: 60 }), [6]);
  assert.deepEqual(silences(hours, { width: 3600, usual: 4200 }), []);
});
