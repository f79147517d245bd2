import assert from "node:assert/strict";
import { test } from "node:test";

import { reason, summary } from "sf/overview-words";

test("all sensors are told of in one sentence", () => {
  assert.equal(summary(["live"], 1), "1 sensor at 1 site, reporting");
  assert.equal(summary(["live", "live", "live"], 2), "3 sensors at 2 sites, all reporting");
  assert.equal(summary(["live", "offline"], 1), "2 sensors at 1 site, 1 without data");
  assert.equal(
    summary(["paused", "late", "offline", "late", "pending"], 1),
    "5 sensors at 1 site, 1 without data, 2 late, 1 waiting for a first reading and 1 paused",
  );
});

test("a card says why its value is not fresh", () => {
  assert.equal(reason("live", "14:32"), "");
  assert.equal(reason("late", "14:32"), "Late, last at 14:32");
  assert.equal(reason("offline", "21 Nov, 14:32"), "No data since 21 Nov, 14:32");
  assert.equal(reason("paused", "14:32"), "Paused, last at 14:32");
  assert.equal(reason("pending", null), "Waiting for the first reading");
});
