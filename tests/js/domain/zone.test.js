import assert from "node:assert/strict";
import { test } from "node:test";

import { dayStartS, instantS, offsetS } from "sf/zone";

const at = (text) => Date.parse(text);

const s = (text) => at(text) / 1000;

test("offsets follow daylight saving and odd zones", () => {
  assert.equal(offsetS(s("2026-07-01T00:00:00Z"), "Europe/Warsaw"), 7200);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "Europe/Warsaw"), 3600);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "Asia/Kathmandu"), 20_700);
  assert.equal(offsetS(s("2026-11-22T00:00:00Z"), "America/New_York"), -18_000);
});

test("a wall time that is skipped comes out after the change", () => {
  const skipped = s("2026-03-29T02:30:00Z"); // as if UTC; Warsaw goes from 02:00 to 03:00

  assert.equal(instantS(skipped, "Europe/Warsaw"), s("2026-03-29T01:30:00Z"));
});

test("local days begin at local midnight, on days of 23 and 25 hours too", () => {
  assert.equal(dayStartS(s("2026-03-29T12:00:00Z"), "Europe/Warsaw"), s("2026-03-28T23:00:00Z"));
  assert.equal(dayStartS(s("2026-10-25T12:00:00Z"), "Europe/Warsaw"), s("2026-10-24T22:00:00Z"));
});
