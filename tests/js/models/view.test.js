import assert from "node:assert/strict";
import { test } from "node:test";

import { View } from "sf/view";

test("a named range ends now and moves on, a zoom stands still", () => {
  const view = new View("6h");
  assert.deepEqual(view.span(100_000), [78_400, 100_000]);

  view.zoom(80_000, 90_000);
  assert.deepEqual([view.span(200_000), view.isLive], [[80_000, 90_000], false]);

  view.reset();
  assert.ok(view.isLive);
});

test("the address holds the view, and what else it said", () => {
  const view = new View("24h");
  view.zoom(1000, 5000);
  assert.equal(view.query("?theme=dark"), "theme=dark&r=24h&from=1000&to=5000");

  const other = new View();
  other.read("?r=7d&from=1000&to=5000");
  assert.deepEqual([other.name, other.span(0)], ["7d", [1000, 5000]]);

  other.read("?r=nonsense");
  assert.deepEqual([other.name, other.isLive], ["7d", true]);
});

test("a step past the present returns to it", () => {
  const view = new View("1h");

  view.step(-1, 100_000);
  assert.deepEqual(view.span(), [92_800, 96_400]);

  view.step(1, 100_000);
  assert.ok(view.isLive);
});

test("a zoom of less than a minute is none", () => {
  const view = new View("1h");

  view.zoom(10, 20);

  assert.ok(view.isLive);
});

test("a step forth that nearly reaches the present returns to it, also after some minutes", () => {
  const view = new View("1h");
  view.step(-1, 100_000);

  view.step(1, 100_600);

  assert.ok(view.isLive);
});

test("a copy stays as it is, and equals only the same view", () => {
  const view = new View("1h");
  const copy = view.copy();
  assert.ok(copy.equals(view));

  view.zoom(80_000, 90_000);

  assert.deepEqual([copy.words, view.words, copy.equals(view)], ["the last hour", "this span", false]);
});
