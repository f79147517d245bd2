import assert from "node:assert/strict";
import { test } from "node:test";

import { target } from "sf/scrub";

test("arrow keys walk from point to point, with Shift by ten", () => {
  const instants = Array.from({ length: 30 }, (_, i) => i * 60);

  assert.equal(target({ key: "ArrowLeft" }, null, instants), 29 * 60);
  assert.equal(target({ key: "ArrowLeft" }, 600, instants), 540);
  assert.equal(target({ key: "ArrowRight", shiftKey: true }, 600, instants), 1200);
  assert.equal(target({ key: "ArrowRight" }, 29 * 60, instants), 29 * 60);
  assert.equal(target({ key: "Home" }, 600, instants), 0);
  assert.equal(target({ key: "Escape" }, 600, instants), null);
  assert.equal(target({ key: "a" }, 600, instants), undefined);
  assert.equal(target({ key: "Home" }, null, []), undefined);
});
