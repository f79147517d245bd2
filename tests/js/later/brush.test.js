import assert from "node:assert/strict";
import { test } from "node:test";
import { Brush } from "sf/brush";
import { dayBeginS, dayNumber } from "sf/zone";

const ZONE = "Europe/Warsaw";
const at = (text) => Date.parse(text) / 1000;
const START = at("2026-03-20T00:00:00+01:00");
const END = at("2026-04-10T00:00:00+02:00"); // the clocks change on 29 March
const brush = () => new Brush({ start: START, end: END, zone: ZONE, startsH: 0 });
const day = (text) => dayNumber(at(`${text}T12:00:00+02:00`), ZONE);

test("a brush chooses whole days of the site, also where the clocks change", () => {
  const found = brush();

  found.choose(day("2026-03-30"), day("2026-03-29"));

  assert.deepEqual(found.span, [at("2026-03-29T00:00:00+01:00"), at("2026-03-31T00:00:00+02:00")]);
  assert.equal(found.span[1] - found.span[0], 47 * 3600);
});

test("handles neither pass each other nor leave the record", () => {
  const found = brush();
  found.choose(day("2026-03-25"), day("2026-03-28"));

  found.put("first", day("2026-04-05"));
  assert.deepEqual([found.first, found.last], [day("2026-03-28"), day("2026-03-28")]);
  found.put("first", -Infinity);
  found.put("last", Infinity);
  assert.deepEqual(found.span, [START, END]);
});

test("the window keeps its length where the record ends", () => {
  const found = brush();
  found.choose(day("2026-03-25"), day("2026-03-28"));

  found.moveTo(day("2026-04-09"));
  assert.deepEqual([found.first, found.last], [day("2026-04-06"), day("2026-04-09")]);
  found.moveTo(0);
  assert.deepEqual([found.first, found.last], [day("2026-03-20"), day("2026-03-23")]);
});

test("every share of the strip is a day of the record", () => {
  const found = brush();

  assert.equal(found.dayAt(-0.1), day("2026-03-20"));
  assert.equal(found.dayAt(0), day("2026-03-20"));
  assert.equal(found.dayAt(1), day("2026-04-09"));
  assert.equal(found.dayAt(1.5), day("2026-04-09"));
});

test("the window shows the charts' span exactly, and cut where it leaves the record", () => {
  const found = brush();
  const noon = dayBeginS(day("2026-03-20"), ZONE) + 43_200;

  found.show([noon, noon + 86_400]);
  assert.deepEqual([found.first, found.last], [day("2026-03-20"), day("2026-03-21")]);
  assert.deepEqual(found.edges.map((edge) => Math.round(edge * (END - START))), [43_200, 129_600]);
  found.show([START - 1e6, END + 1e6]);
  assert.deepEqual(found.edges, [0, 1]);
});
