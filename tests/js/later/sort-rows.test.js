import assert from "node:assert/strict";
import { test } from "node:test";

import { compare } from "sf/sort-rows";

test("names with numbers are sorted as people count, and rows without a value come last", () => {
  assert.deepEqual(["Freezer 10", "Freezer 2"].sort(compare), ["Freezer 2", "Freezer 10"]);
  assert.deepEqual([Infinity, 3, -2].sort(compare), [-2, 3, Infinity]);
});
