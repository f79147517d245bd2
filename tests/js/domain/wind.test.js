import assert from "node:assert/strict";
import { test } from "node:test";

import { compassPoint, shortestArc, steadiness } from "sf/wind";

test("the compass names sixteen points", () => {
  assert.deepEqual([0, 11.2, 11.3, 200, 247, 349, 360].map(compassPoint), ["N", "N", "NNE", "SSW", "WSW", "N", "N"]);
});

test("a needle takes the shortest way round", () => {
  assert.equal(shortestArc(350, 10), 370);
  assert.equal(shortestArc(10, 350), -10);
  assert.equal(shortestArc(370, 180), 540);
  assert.equal(shortestArc(725, 10), 730);
});

test("directions around north have their mean there", () => {
  const { middle, spread } = steadiness([350, 10, 355, 5].map((each) => [each, null]));

  assert.ok(Math.abs(middle) < 1e-9);
  assert.ok(spread > 7 && spread < 9);
  assert.equal(steadiness([[0, null], [180, null]]), null);
  assert.equal(steadiness([]), null);
});
