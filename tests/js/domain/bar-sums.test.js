import assert from "node:assert/strict";
import { test } from "node:test";

import { bars, running } from "sf/bar-sums";
import { Track, readTracks } from "sf/series";

function makeTrack(points, options = { intervalS: 60 }) {
  const track = new Track(options);
  for (const [at, value] of points) track.add(at, value);
  return track;
}

test("bars add up amounts in half-open spans aligned to midnight", () => {
  const track = makeTrack(
    [
      [0, 1],
      [3599, 2],
      [3600, 4],
    ],
    { combine: "sum" },
  );

  assert.deepEqual(bars(track, { widthS: 3600 }), { t: [0, 3600], v: [3, 4] });
});

test("bars begin where the span does, a counter's with what it had before", () => {
  const points = [
    [0, 1],
    [1800, 3],
    [3600, 4],
  ];

  const made = ["sum", "counter"].map((combine) => bars(makeTrack(points, { combine }), { widthS: 3600, from: 1000 }));

  assert.deepEqual(made, [
    { t: [0, 3600], v: [3, 4] },
    { t: [0, 3600], v: [2, 1] },
  ]);
});

test("bars of a counter are what it grew by, also when it began again", () => {
  const track = makeTrack(
    [
      [0, 5],
      [600, 6],
      [1200, 6.5],
      [1800, 0.2],
    ],
    { combine: "counter" },
  );

  const { v } = bars(track, { widthS: 3600 });

  assert.equal(v[0].toFixed(1), "1.7");
});

test("bars of a mean are its mean", () => {
  assert.deepEqual(
    bars(
      makeTrack([
        [0, 2],
        [10, 4],
      ]),
      { widthS: 3600 },
    ).v,
    [3],
  );
});

test("bars of days begin at local midnight, on days of a clock change too, and weeks on Mondays", () => {
  const s = (text) => Date.parse(text) / 1000;
  const hours = Array.from({ length: 48 }, (_, i) => [s("2026-11-01T00:00:00-04:00") + i * 3600, 1]);
  const track = makeTrack(hours, { combine: "sum" });
  const zone = "America/New_York";

  assert.deepEqual(bars(track, { widthS: 86_400, zone }), {
    t: [s("2026-11-01T00:00:00-04:00"), s("2026-11-02T00:00:00-05:00")],
    v: [25, 23],
  });
  assert.deepEqual(bars(track, { widthS: 7 * 86_400, zone }), {
    t: [s("2026-10-26T00:00:00-04:00"), s("2026-11-02T00:00:00-05:00")],
    v: [25, 23],
  });
});

test("running totals grow from bar to bar", () => {
  assert.deepEqual(running({ t: [0, 1, 2], v: [1, 0, 2] }).v, [1, 1, 3]);
});

test("a counter's bars are what the server says that it grew by, and go on from there", () => {
  const answer = { resolution: "1h", t: [0, 3600, 7200], series: { rain_day: { last: [2, 4, 5], min: [0, 4, 5], max: [2, 4, 5], increase: [null, 4, 1] } } };
  const { rain_day: track } = readTracks(answer, { quantities: { rain_day: { combine: "counter" } } });
  track.take(7800, 5.5);

  assert.deepEqual(bars(track, { widthS: 3600 }).v, [2, 4, 1.5]);
});
