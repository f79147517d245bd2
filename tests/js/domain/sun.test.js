import assert from "node:assert/strict";
import { test } from "node:test";

import { isOvercast, nights, position, sky } from "sf/sun";

const at = (text) => Date.parse(text);

// Positions from domain/weather/sun.py.
const SUN = [
  ["2026-06-21T12:00:00Z", 52.24, 21.01, 57.1956, 216.4819],
  ["2026-11-22T08:31:07Z", 52.24, 21.01, 13.6727, 153.2886],
  ["2026-03-20T18:00:00Z", -33.87, 151.21, -25.0602, 108.2137],
  ["2026-12-21T02:00:00Z", 69.65, 18.96, -35.4606, 58.9214],
  ["2027-07-04T23:59:59Z", 40.64, -73.78, 4.046, 296.8545],
  ["2026-09-01T00:00:00Z", 0, 0, -81.6524, 359.6971],
];

test("the sun stands where the server says", () => {
  for (const [when, latitude, longitude, altitude, azimuth] of SUN) {
    const found = position(at(when), { latitude, longitude });
    assert.ok(Math.abs(found.altitude - altitude) < 0.001, `${when}: altitude ${found.altitude}`);
    assert.ok(Math.abs(found.azimuth - azimuth) < 0.001, `${when}: azimuth ${found.azimuth}`);
  }
});

test("the sky has a word for every altitude", () => {
  assert.deepEqual([20, 6.1, 6, -0.8, -0.9, -12, -12.1].map(sky), [
    "day",
    "day",
    "golden",
    "golden",
    "twilight",
    "twilight",
    "night",
  ]);
});

test("much less light than under a clear sky means clouds, but not near the horizon", () => {
  assert.ok(isOvercast(40, 100));
  assert.ok(!isOvercast(40, 600));
  assert.ok(!isOvercast(5, 1));
  assert.ok(!isOvercast(40, null));
});

test("a night lasts from sunset to sunrise", () => {
  const warsaw = { latitude: 52.24, longitude: 21.01 };

  const [[from, to], ...others] = nights(at("2026-11-22T11:00:00Z"), at("2026-11-23T11:00:00Z"), warsaw);

  assert.equal(others.length, 0);
  assert.ok(Math.abs(from - at("2026-11-22T14:33:00Z")) < 180_000, new Date(from).toISOString());
  assert.ok(Math.abs(to - at("2026-11-23T06:12:00Z")) < 180_000, new Date(to).toISOString());
});

test("there is no night in the polar summer, and only night in its winter", () => {
  const tromso = { latitude: 69.65, longitude: 18.96 };
  const [june, december] = [at("2026-06-21T00:00:00Z"), at("2026-12-21T00:00:00Z")];

  assert.deepEqual(nights(june, june + 86_400_000, tromso), []);
  assert.deepEqual(nights(december, december + 86_400_000, tromso), [[december, december + 86_400_000]]);
});
