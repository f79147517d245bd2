import assert from "node:assert/strict";
import { test } from "node:test";

import { why } from "sf/station-words";

test("one sentence says why a value is not fresh", () => {
  assert.equal(why("live", "14:32"), "");
  assert.equal(why("late", "14:32"), "Late, last at 14:32");
  assert.equal(why("offline", "21 Nov, 14:32"), "No data since 21 Nov, 14:32");
  assert.equal(why("paused", "14:32"), "Paused, last at 14:32");
  assert.equal(why("paused", ""), "Paused");
  assert.equal(why("pending", ""), "Waiting for the first reading");
});
