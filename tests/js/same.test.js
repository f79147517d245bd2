import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { comfortWord, dewPoint, feelsLike, tendencyWord, uvWord } from "sf/derived";
import { differenceText, shortText, sizeText, spanText, withUnit } from "sf/format";
import { valueScale } from "sf/scene";
import { DOUBTS, tileSentence } from "sf/sentences";
import { Spark } from "sf/spark";
import { beaufort } from "sf/wind";
import { offsetS } from "sf/zone";

/** The server's answers: tests/reports/same_words.py. */
const same = JSON.parse(readFileSync(new URL("same.json", import.meta.url)));
const NOW = 1_795_608_000;
const ZONE = "Europe/Warsaw";

const nearly = (found, wanted, given) =>
  assert.ok(found === wanted || Math.abs(found - wanted) < 1e-6, `${given}: ${found}, not ${wanted}`);

test("it feels as the server says", () => {
  for (const [t, rh, v, wanted] of same.feels_like) nearly(feelsLike(t, rh, v), wanted, [t, rh, v]);
});

test("the dew point is the server's", () => {
  for (const [t, rh, wanted] of same.dew_point) nearly(dewPoint(t, rh), wanted, [t, rh]);
});

test("dew points, UV, pressure and wind have the server's words", () => {
  for (const [value, wanted] of same.comfort) assert.equal(comfortWord(value), wanted, value);
  for (const [value, wanted] of same.uv) assert.equal(uvWord(value), wanted, value);
  for (const [value, wanted] of same.tendency) assert.equal(tendencyWord(value), wanted, value);
  for (const [value, force, name] of same.beaufort) assert.deepEqual(beaufort(value), { force, name }, `${value}`);
});

test("spans have the server's words", () => {
  for (const [seconds, wanted] of same.spans) assert.equal(spanText(seconds), wanted);
});

test("values and differences are written as the server writes them, in every system of units", () => {
  for (const { name, system, values, ...wanted } of same.numbers) {
    const unit = same.units[system][name];
    const write = { text: withUnit, short: shortText, difference: differenceText, size: sizeText };
    for (const [kind, texts] of Object.entries(wanted))
      assert.deepEqual(
        values.map((value) => write[kind](value, unit)),
        texts,
        `${kind} of ${name}, ${system}`,
      );
  }
});

test("tiles say what the server says", () => {
  for (const { name, system, values, steps, altitude, wet_at: wetAt, is_mean: isMean, says } of same.sentences) {
    const told = { steps, altitude, wetAt, isMean, at: NOW, now: NOW };
    told.number = (each) => values[each] ?? null;
    told.unit = (each) => same.units[system][each];
    told.clock = (at) => new Date((at + offsetS(at, ZONE)) * 1000).toISOString().slice(11, 16);
    assert.equal(tileSentence(name, told), says, `${name} of ${JSON.stringify(values)}, ${system}`);
  }
});

test("axes span what the server's span, and have its marks", () => {
  for (const { values, low, high, marks, ...options } of same.scales) {
    const found = valueScale(...values, options);
    nearly(found.low, low, values);
    nearly(found.high, high, values);
    assert.deepEqual(found.marks, marks, `${values}`);
  }
});

test("sparklines are drawn as the server draws them", () => {
  const coordinates = (path) => path.match(/-?[\d.]+/g)?.map(Number) ?? [];
  for (const { from, to, step, least, points, ...wanted } of same.lines) {
    const drawn = new Spark({ points: JSON.parse(points), from, to, stepS: step, least: +least }).paths();
    for (const part of ["line", "area"]) {
      const [found, expected] = [coordinates(drawn[part]), coordinates(wanted[part])];
      assert.equal(found.length, expected.length, part);
      // A tenth of a pixel is where the two round differently.
      found.forEach((each, i) => assert.ok(Math.abs(each - expected[i]) < 0.11, `${part}: ${each}, ${expected[i]}`));
    }
  }
});

test("a doubtful value is called what the server calls it", () => assert.deepEqual(DOUBTS, same.doubts));
