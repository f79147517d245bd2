import assert from "node:assert/strict";
import { test } from "node:test";

import { Arrivals } from "sf/arrivals";

const NOW = 1_800_000_000_000;
const reading = (more) => ({ observedAt: NOW - 300, receivedAt: NOW - 50, isLate: false, ...more });

test("readings are counted by the second for a minute", () => {
  const arrivals = new Arrivals();

  arrivals.add([reading(), reading()], NOW);
  arrivals.add([reading()], NOW + 5_000);

  assert.equal(arrivals.perMinute(NOW + 5_000), 3);
  assert.deepEqual(arrivals.perSecond(NOW + 5_000).slice(-6), [2, 0, 0, 0, 0, 1]);
  assert.equal(arrivals.perMinute(NOW + 62_000), 1);
});

test("the latency is that of readings that came at once", () => {
  const arrivals = new Arrivals();

  arrivals.add([reading()], NOW);
  arrivals.add([reading({ observedAt: 0, isLate: true })], NOW + 10);

  assert.deepEqual(arrivals.latency, { sensorMs: 250, serverMs: 50 });
});
