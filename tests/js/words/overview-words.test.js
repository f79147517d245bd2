import assert from "node:assert/strict";
import { test } from "node:test";

import { summary } from "sf/overview-words";

test("all sensors are told of in one sentence", () => {
  assert.equal(summary(["live"], 1), "1 sensor at 1 site, reporting");
  assert.equal(summary(["live", "live", "live"], 2), "3 sensors at 2 sites, all reporting");
  assert.equal(summary(["live", "offline"], 1), "2 sensors at 1 site, 1 without data");
  assert.equal(
    summary(["paused", "late", "offline", "late", "pending"], 1),
    "5 sensors at 1 site, 1 without data, 2 late, 1 waiting for a first reading and 1 paused",
  );
});
