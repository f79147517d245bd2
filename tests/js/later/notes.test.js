import assert from "node:assert/strict";
import { test } from "node:test";
import { Notes } from "sf/notes";
import { View } from "sf/view";

const HOUR_S = 3_600;
const NOON_S = Date.parse("2026-11-20T12:00:00Z") / 1000;
const time = { date: (ms) => new Date(ms).toISOString().slice(0, 10), time: (ms) => new Date(ms).toISOString().slice(11, 16) };

function notes(...results) {
  const made = new Notes({ time, nowS: () => NOON_S });
  made.take(results);
  return made;
}

const cleaned = { kind: "maintenance", text: "Cleaned", start: "2026-11-20T10:00:00Z", end: "2026-11-20T11:00:00Z" };
const moved = { kind: "moved", text: "Two metres higher", start: "2026-11-20T11:30:00Z", end: null };

test("notes are numbered from the oldest, in the list and on the charts", () => {
  const both = notes(moved, cleaned);

  assert.deepEqual(
    both.rows.map(({ kind, when }) => [kind, when]),
    [
      ["Maintenance", "2026-11-20, 10:00 – 2026-11-20, 11:00"],
      ["Moved", "2026-11-20, 11:30"],
    ],
  );
  assert.deepEqual(both.marks([NOON_S - 4 * HOUR_S, NOON_S]), [
    { number: 1, left: 50, width: 25 },
    { number: 2, left: 87.5, width: null },
  ]);
});

test("a mark that reaches out of the span ends at its edge, and one outside is not drawn", () => {
  assert.deepEqual(notes(moved, cleaned).marks([NOON_S - 1.5 * HOUR_S, NOON_S - 0.5 * HOUR_S]), [
    { number: 1, left: 0, width: 50 },
  ]);
  assert.deepEqual(notes(cleaned).marks([NOON_S - HOUR_S, NOON_S]), []);
});

test("a live view asks for what comes too, a fixed one for its span", () => {
  const view = new View("1h");
  assert.equal(notes().query(view), `from=${NOON_S - HOUR_S}&page_size=50`);

  view.zoom(NOON_S - 60, NOON_S);
  assert.equal(notes().query(view), `from=${NOON_S - 60}&to=${NOON_S}&page_size=50`);
});
