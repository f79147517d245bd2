import assert from "node:assert/strict";
import { test } from "node:test";

import { axisMarks } from "sf/scene";

const at = (text) => Date.parse(text);

test("a flat line is not magnified, and amounts stand on zero", () => {
  const flat = axisMarks(18, 18, { decimals: 1 });
  assert.ok(flat.at(-1) - flat[0] > 0.39);
  assert.equal(axisMarks(3, 9, { startsAtZero: true })[0], 0);
  assert.deepEqual(axisMarks(null, null), [0, 0.25, 0.5, 0.75, 1]);
});
