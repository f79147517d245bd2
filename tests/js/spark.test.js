import assert from "node:assert/strict";
import { test } from "node:test";

import { Spark } from "sf/spark";

const spark = (points, more) => new Spark({ points, from: 0, to: 86_400, stepS: 900, low: 0, high: 10, ...more });

test("a sparkline is split where nothing came", () => {
  const { line, area } = spark([
    [0, 0],
    [900, 10],
    [9000, 5],
  ]).paths();

  assert.equal(line, "M0 29.5L1.3 2.5M12.5 16h0");
  assert.equal(area.match(/Z/g).length, 2);
});

test("a sparkline takes readings into its newest step and slides on", () => {
  const one = spark([[86_000, 5]]);

  one.take(86_300, 7);
  one.take(86_000, 100);
  assert.equal(one.paths().line, "M119.9 13.3h0");

  one.take(2 * 86_400 - 1, 2);
  assert.equal(one.paths().line.match(/M/g).length, 1);
});
