import assert from "node:assert/strict";
import { test } from "node:test";

import { Spark } from "sf/spark";

const DAY = 86_400;
const spark = (points, more) => new Spark({ points, from: 0, to: DAY, stepS: 900, least: 0.4, ...more });

test("a sparkline is split where nothing came", () => {
  const { line, area } = spark([
    [0, 0],
    [900, 10],
    [9000, 5],
  ]).paths();

  assert.equal(line, "M0 28L1.3 4M12.5 16h0");
  assert.equal(area.match(/Z/g).length, 2);
});

test("a sparkline takes readings into its newest step and slides on", () => {
  const one = spark([[86_000, 5]]);

  one.take(86_300, 7);
  one.take(86_000, 100);
  assert.deepEqual(
    one.steps.map(([at, value]) => [at, +value.toFixed(3)]),
    [[86_300, 5.75]], // 5 lasted 500 s since the step began, 7 the 300 s after that
  );

  one.take(2 * DAY - 200, 2);
  assert.deepEqual(
    one.steps.map(([at]) => at),
    [86_300, 2 * DAY - 200],
  );
  assert.ok(one.paths().line.endsWith("M120 28h0"));
});

test("amounts are bars, and nothing joins them", () => {
  const { line, area } = spark(
    [
      [100, 2],
      [1000, 0],
      [2000, 1],
    ],
    { least: 0, combine: "sum" },
  ).paths();

  assert.equal(area, "M0 32V4.6H1.3V32ZM2.5 32V18.3H3.8V32Z"); // half as much is half as high
  assert.equal(line, `M0 32H3.8${area.replaceAll("Z", "")}`);
});

test("amounts of a step add up, of a counter the last counts", () => {
  const [rain, counter] = ["sum", "counter"].map((combine) => spark([[80_100, 1]], { least: 0, combine }));

  for (const each of [rain, counter]) each.take(80_200, 2);

  assert.deepEqual([rain.steps, counter.steps], [[[80_200, 3]], [[80_200, 2]]]);
});

test("an empty sparkline begins with what comes", () => {
  const empty = spark([]);
  assert.deepEqual(empty.paths(), { line: "", area: "" });

  empty.take(86_400, 3);

  assert.equal(empty.paths().line, "M120 16h0");
});

test("what is older than the window begins no line, and an only point that left it makes room", () => {
  const empty = spark([]);
  empty.take(-10, 3);
  assert.deepEqual(empty.steps, []);

  const old = spark([[-5, 3]]);
  old.take(DAY + 10, 4);
  assert.deepEqual(old.steps, [[DAY + 10, 4]]);
});

test("an extreme that left the window no longer flattens the line", () => {
  const one = spark([
    [100, 50],
    [DAY - 1800, 1],
    [DAY - 900, 2],
  ]);

  one.take(DAY + 200, 1);

  assert.ok(one.paths().line.includes(" 4L"));
});
