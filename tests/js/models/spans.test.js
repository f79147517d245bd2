import assert from "node:assert/strict";
import { test } from "node:test";

import { Spans } from "sf/spans";

const brief = ({ spans }) => spans.map(({ state, start, end }) => [state, start, end]);

test("a reading holds until the next one, and no span reaches over a gap", () => {
  const spans = new Spans([], 150);
  for (const [at, state] of [[0, "false"], [60, "true"], [120, "true"], [180, "false"], [1000, "false"], [1060, "true"]])
    spans.take(at, state);

  assert.deepEqual(brief(spans), [
    ["false", 0, 60],
    ["true", 60, 180],
    ["false", 180, 180],
    ["false", 1000, 1060],
    ["true", 1060, 1060],
  ]);
  assert.equal(spans.times("true"), 2);
  assert.equal(spans.times("false"), 2);
  assert.equal(spans.totalS("false"), 120);
});

test("a reading that came again or late changes nothing", () => {
  const spans = new Spans([{ state: "open", start: 0, end: 60 }], 150);
  spans.take(60, "closed");
  spans.take(30, "closed");

  assert.deepEqual(brief(spans), [["open", 0, 60]]);
});

test("numbers widen the span they are in", () => {
  const spans = new Spans([], 150);
  for (const [at, state, number] of [[0, "above", -17], [60, "above", -14.2], [120, "within", -19]]) spans.take(at, state, number);

  assert.deepEqual(spans.spans[0], { state: "above", start: 0, end: 120, low: -17, high: -14.2 });
});
