import assert from "node:assert/strict";
import { test } from "node:test";

import { Track, align, numberIn, readTracks } from "sf/series";

function makeTrack(points, options = { intervalS: 60 }) {
  const track = new Track(options);
  for (const [at, value] of points) track.add(at, value);
  return track;
}

const pairs = ({ t, value }) => t.map((at, i) => [at, value[i]]);

test("points come out in time order whatever order they came in", () => {
  const track = makeTrack([
    [60, 1],
    [180, 3],
    [120, 2],
    [0, 0],
  ]);

  assert.deepEqual(pairs(track), [
    [0, 0],
    [60, 1],
    [120, 2],
    [180, 3],
  ]);
});

test("a bucket of directions takes winds by their speed, and calms not at all", () => {
  const track = new Track({ widthS: 300, intervalS: 60, combine: "vector" });
  for (const [at, direction, speed] of [
    [0, 0, 0.2],
    [60, 0, 0],
  ])
    track.take(at, direction, speed);
  assert.deepEqual(track.t, []);

  track.take(120, 180, 4);
  track.take(180, 0, 0.4);
  track.take(200, 90, 4);

  assert.equal(Math.round(track.value[0]), 135);
});

test("a calm does not turn a bucket of the server's", () => {
  const track = new Track({ widthS: 300, intervalS: 60, combine: "vector" });
  track.add(150, 200);

  track.take(200, 0, 0.1);
  assert.deepEqual(track.value, [200]);

  track.take(250, 260, null);
  assert.ok(track.value[0] > 200 && track.value[0] < 230);
});

test("the same instant again replaces the value", () => {
  assert.deepEqual(
    pairs(
      makeTrack([
        [60, 1],
        [120, 2],
        [60, 9],
      ]),
    ),
    [
      [60, 9],
      [120, 2],
    ],
  );
});

test("a silence of more than two and a half intervals is a gap", () => {
  const track = makeTrack([
    [0, 1],
    [150, 2],
    [301, 3],
  ]);

  assert.deepEqual(track.gaps(), [[150, 301]]);
});

test("late data closes the gap it belongs in", () => {
  const track = makeTrack([
    [0, 1],
    [300, 3],
  ]);
  assert.deepEqual(track.gaps(), [[0, 300]]);

  track.add(150, 2);

  assert.deepEqual(track.gaps(), []);
});

test("without a known interval the usual step tells what a gap is", () => {
  const track = makeTrack(
    [
      [0, 1],
      [10, 1],
      [20, 1],
      [30, 1],
      [100, 1],
    ],
    {},
  );

  assert.deepEqual(track.gaps(), [[30, 100]]);
});

test("one bucket that is missing shows, unless readings are rarer than buckets", () => {
  const points = [
    [0, 1],
    [300, 1],
    [900, 1],
  ];

  assert.deepEqual(makeTrack(points, { widthS: 300, intervalS: 60 }).gaps(), [[300, 900]]);
  assert.deepEqual(makeTrack(points, { widthS: 300, intervalS: 600 }).gaps(), []);
});

test("what lies before the range is dropped, but for where the line comes from and what tells its rhythm", () => {
  const track = makeTrack(Array.from({ length: 12 }, (_, i) => [i * 60, i]));

  track.trim(570);

  assert.deepEqual(track.t, [240, 300, 360, 420, 480, 540, 600, 660]);
});

test("an instant finds the nearest point, and in a gap the silence", () => {
  const track = makeTrack([
    [0, 0],
    [60, 1],
    [1000, 2],
  ]);

  assert.deepEqual(track.at(40), { index: 1 });
  assert.deepEqual(track.at(20), { index: 0 });
  assert.deepEqual(track.at(500), { silence: [60, 1000] });
  assert.deepEqual(track.at(990), { index: 2 });
  assert.deepEqual(track.at(5000), { silence: [1000, Infinity] });
  assert.deepEqual(new Track().at(1), { silence: [-Infinity, Infinity] });
});

test("bounds count only what lies in the range, with the extremes of buckets", () => {
  const track = new Track({ widthS: 300 });
  track.add(0, 5, 1, 9);
  track.add(300, 6, 4, 7);

  assert.deepEqual(track.bounds(100, 400), [4, 7]);
  assert.equal(track.bounds(1000, 2000), null);
});

test("a series is read with its buckets in their middles, without its empty rows", () => {
  const answer = {
    resolution: "5m",
    t: [0, 300, 600],
    series: { temperature: { mean: [1, null, 3], min: [0, null, 2], max: [2, null, 4] } },
  };

  const { temperature } = readTracks(answer, { intervalS: 60, quantities: { temperature: { combine: "mean" } } });

  assert.deepEqual(pairs(temperature), [
    [150, 1],
    [750, 3],
  ]);
  assert.deepEqual(
    [temperature.low, temperature.high],
    [
      [0, 2],
      [2, 4],
    ],
  );
  assert.ok(temperature.hasBand);
  assert.deepEqual(temperature.gaps(), [[150, 750]]);
});

test("amounts keep the start of their bucket, and yesterday is moved to today", () => {
  const answer = { resolution: "1h", t: [3600], series: { rain: { sum: [2], min: [0], max: [1] } } };

  const { rain } = readTracks(answer, { moved: (at) => at + 86_400, quantities: { rain: { combine: "sum" } } });

  assert.deepEqual(pairs(rain), [[90_000, 2]]);
});

test("a live reading is a point of its own among readings, and part of its bucket among buckets", () => {
  const raw = makeTrack([[0, 1]]);
  raw.take(60, 2);
  assert.deepEqual(pairs(raw), [
    [0, 1],
    [60, 2],
  ]);

  const buckets = new Track({ widthS: 300, intervalS: 60, combine: "mean" });
  buckets.add(150, 10, 9, 11); // 0 to 300
  buckets.take(240, 15); // it contains four readings by now
  buckets.take(310, 20);
  assert.deepEqual(pairs(buckets), [
    [150, 11],
    [450, 20],
  ]);
  assert.deepEqual(buckets.high, [15, 20]);

  const sums = new Track({ widthS: 300, combine: "sum" });
  sums.add(0, 1);
  sums.take(299, 0.5);
  sums.take(300, 2);
  assert.deepEqual(pairs(sums), [
    [0, 1.5],
    [300, 2],
  ]);
});

test("a value flagged bad is not drawn, nor what is no number", () => {
  assert.equal(numberIn({ values: { a: 1 } }, "a"), 1);
  assert.equal(numberIn({ values: { a: 1 }, flags: { a: 4 } }, "a"), null);
  assert.equal(numberIn({ values: { a: 1 }, flags: { a: 3 } }, "a"), 1);
  assert.equal(numberIn({ values: { a: "dry" } }, "a"), null);
  assert.equal(numberIn({ values: {} }, "a"), null);
});

test("columns share one time axis without making gaps in each other", () => {
  assert.deepEqual(
    align([
      { t: [0, 60, 120], v: [1, 2, 3] },
      { t: [60, 90], v: [5, 6] },
    ]),
    [
      [0, 60, 90, 120],
      [1, 2, undefined, 3],
      [undefined, 5, 6, undefined],
    ],
  );
});
