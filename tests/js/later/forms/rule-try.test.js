import assert from "node:assert/strict";
import { test } from "node:test";

import { valueAt } from "sf/rule-try";

const axis = { low: "-22.4", high: "-17.6", step: "0.1" };

test("a limit is dragged to the value at its place, as exact as it is shown", () => {
  assert.equal(valueAt(0, axis), -17.6);
  assert.equal(valueAt(1, axis), -22.4);
  assert.equal(valueAt(0.3, axis), -19);
  assert.equal(valueAt(0.307, axis), -19.1);
});
