import assert from "node:assert/strict";
import { test } from "node:test";

import { beaufort, beaufortWord } from "sf/derived";

test("the Beaufort scale begins at calm and ends with the hurricane", () => {
  assert.deepEqual(
    [0, 0.3, 5.4, 5.5, 32.7].map((speed) => beaufort(speed)),
    [0, 1, 3, 4, 12],
  );
  assert.equal(beaufortWord(5.4), "gentle breeze");
});
