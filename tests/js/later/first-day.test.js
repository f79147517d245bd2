import assert from "node:assert/strict";
import { test } from "node:test";

import { FirstDay, soFar } from "sf/first-day";

const every = (seconds) => `${seconds} s`;
const line = () => ({ dataset: { since: "1000", count: "2", grows: "" }, hidden: false, textContent: "" });

test("the first readings are counted, until their interval is known", () => {
  const shown = line();
  const first = new FirstDay({ line: shown, lastAt: 4_000 });

  first.take([{ observedAt: 8_000 }], every);
  assert.equal(shown.textContent, "3 readings so far, about every 4 s");

  first.take([{ observedAt: 12_000 }, { observedAt: 16_000 }], every);
  assert.equal(shown.hidden, true);
  assert.equal(soFar(1, undefined, every), "1 reading so far");
});

test("the range grows with the age of the data, and not past what the reader chose", () => {
  const view = { name: "5m", isLive: true, choose: (name) => (view.name = name) };
  const first = new FirstDay({ line: line(), lastAt: 0 });

  first.grow(view, 1_299);
  assert.equal(view.name, "5m");
  first.grow(view, 1_301);
  assert.equal(view.name, "1h");

  view.name = "7d";
  first.grow(view, 1e9);
  assert.equal(view.name, "7d");
});
