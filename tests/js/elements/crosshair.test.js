import assert from "node:assert/strict";
import { test } from "node:test";

import { notesAt } from "sf/crosshair";

const span = [0, 3000];

test("a note is told at its instant and hardly beside it, a span within it", () => {
  const notes = [[100, null, "1 Note: Cleaned"], [1000, 2000, "2 Moved: Higher"]];
  const at = (instant) => notesAt({ notes, span }, instant);

  assert.deepEqual(at(100), ["1 Note: Cleaned"]);
  assert.deepEqual(at(110), ["1 Note: Cleaned"]);
  assert.deepEqual(at(111), []);
  assert.deepEqual(at(989), []);
  assert.deepEqual(at(1500), ["2 Moved: Higher"]);
  assert.deepEqual(at(2011), []);
});

test("a picture without notes tells none", () => {
  assert.deepEqual(notesAt({ span }, 100), []);
});
