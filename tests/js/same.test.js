import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { axisText, sentence } from "sf/chart-words";
import { SiteTime, differenceText, inUnit, lastDigit, shortText, sizeText, valueText, withUnit } from "sf/format";
import { valueScale } from "sf/scene";
import { SENTENCES, tileSentence } from "sf/sentences";
import { Track } from "sf/series";
import { readingText } from "sf/scene";
import { Spark } from "sf/spark";
import { ticks } from "sf/ticks";

/**
 * The server's results: tests/reports/same_words.py, written by `make same`; those in another language are only of what
 * languages differ in.
 */
const same = JSON.parse(readFileSync(new URL(process.env.SAME ?? "same.json", import.meta.url)));
const NOW = 1_795_608_000;
const ZONE = "Europe/Warsaw";

// Functions of the scripts only. Values as text have examples of their own below.
const OF_SCRIPTS_ALONE = {
  "bar-sums": ["bars", "running"], // drawing
  format: ["SiteTime", "differenceText", "inUnit", "isNothing", "lastDigit", "shortText", "shownText", "shownWithUnit", "sizeText", "valueParts", "valueText", "withUnit"],
  gaps: ["longestStep"], // part of silences(), for the crosshair
  sun: ["isUp", "nights"], // the server finds nights by formula, the scripts by bisection
  series: ["Track", "align", "firstAfter", "isAhead", "numberIn", "readTracks"], // state and drawing
  wind: ["shortestArc"], // for the turning needle
  resolution: ["subtitle", "withSymbol"], // of a scene
  zone: ["formatter"],
};

const nearly = (found, wanted, given) =>
  assert.ok(found === wanted || Math.abs(found - wanted) < 1e-6, `${given}: ${found}, not ${wanted}`);

/** Compares results: numbers approximately, at any depth. */
function alike(found, wanted, given) {
  if (typeof wanted === "number") return nearly(found, wanted, given);
  if (wanted === null || typeof wanted !== "object") return assert.equal(found, wanted, given);
  assert.deepEqual(Object.keys(found), Object.keys(wanted), given);
  for (const key of Object.keys(wanted)) alike(found[key], wanted[key], given);
}

for (const [name, functions] of Object.entries(same.formulas)) {
  const module = await import(`sf/${name}`);

  test(`${name}: each function of the scripts has the server's answers to hold it`, () => {
    const own = Object.keys(module).filter((each) => typeof module[each] === "function");
    const held = own.filter((each) => !OF_SCRIPTS_ALONE[name]?.includes(each));
    assert.deepEqual(held, Object.keys(functions).sort());
  });

  for (const [each, cases] of Object.entries(functions))
    test(`${name}: ${each} answers as the server does`, () => {
      assert.ok(cases.length);
      for (const [given, wanted] of cases) alike(module[each](...given), wanted, JSON.stringify(given));
    });
}

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

test("numbers of any size are written as the server writes them, whatever says how", () => {
  for (const { unit, values, step, ...wanted } of same.of_any_size) {
    const write = {
      text: withUnit,
      number: valueText,
      difference: (value) => differenceText(value, unit, same.of),
      size: sizeText,
    };
    for (const [kind, texts] of Object.entries(wanted))
      assert.deepEqual(values.map((value) => write[kind](value, unit)), texts, `${kind}, ${JSON.stringify(unit)}`);
    values.forEach((value, i) => assert.ok(Math.abs(lastDigit(inUnit(value, unit), unit) / step[i] - 1) < 1e-9 || step[i] === 0, value));
  }
});

test("the quantities with a sentence of their own are the server's", { skip: !same.has_sentence }, () => {
  assert.deepEqual(Object.keys(SENTENCES).sort(), same.has_sentence);
});

test("tiles say what the server says", () => {
  for (const { name, system, values, steps, hours, altitude, wet_at: wetAt, is_mean: isMean, is_current: isCurrent, says } of same.sentences) {
    const told = { steps, hours, altitude, wetAt, isMean, isCurrent, at: NOW, now: NOW };
    told.number = (each) => values[each] ?? null;
    told.unit = (each) => same.units[system][each];
    told.clock = (at) => new SiteTime(ZONE).since(at * 1000, NOW * 1000);
    assert.equal(tileSentence(name, told), says, `${name} of ${JSON.stringify(values)}, ${system}`);
  }
});

test("charts say what the server says", () => {
  for (const { system, quantity, words, bounds, amounts, has_any: hasAny, now, says } of same.charts) {
    const unit = same.units[system][quantity];
    const track = new Track();
    if (bounds) track.add(10, bounds[0], ...bounds);
    const shown = (amounts ?? []).map((each) => inUnit(each, unit));
    const subject = { unit, track, look: amounts ? "bars" : "line", v: shown, t: shown };
    if (amounts) track.combine = "sum";
    if (hasAny !== undefined) track.combine = "vector";
    if (hasAny) track.add(10, 350);
    const said = sentence(subject, { span: [0, 20], words, now: now == null ? "" : readingText(quantity, now, unit) });
    assert.equal(said, says);
  }
});

test("instants are written as the server writes them, by the clock of every site", () => {
  const assertSaid = (site, at, now, wanted) => {
    const found = Object.fromEntries(Object.keys(wanted).map((kind) => [kind, site[kind](at * 1000, now * 1000)]));
    assert.deepEqual(found, wanted, `${at} in ${site.zone}`);
  };
  for (const { zone, at, now, said_12: said12, ...wanted } of same.times) {
    assertSaid(new SiteTime(zone), at, now, wanted);
    assertSaid(new SiteTime(zone, "12"), at, now, said12);
  }
});

test("axes span what the server's span, and have its marks", () => {
  for (const { values, low, high, labels, ...options } of same.scales) {
    const { marks, ...found } = valueScale(...values, options);
    const isNear = (one, other) => assert.ok(Math.abs(one - other) <= 1e-9 * Math.max(1e-6, high - low), `${values}: ${one}, ${other}`);
    isNear(found.low, low);
    isNear(found.high, high);
    assert.deepEqual(marks.map((mark) => axisText(mark, marks[1] - marks[0], options.unit)), labels, `${values}`);
  }
});

test("the weeks of a month are marked where the server marks them", { skip: !same.weeks }, () => {
  for (const { at, ...span } of same.weeks)
    assert.deepEqual(ticks({ ...span, count: 6 }).map((mark) => mark.at), at, `${span.zone} from ${span.weekday}`);
});

test("sparklines are drawn as the server draws them", { skip: !same.lines }, () => {
  const coordinates = (path) => path.match(/-?[\d.]+/g)?.map(Number) ?? [];
  for (const { from, to, step, least, points, combine, ...wanted } of same.lines) {
    const drawn = new Spark({ points: JSON.parse(points), from, to, stepS: step, least: +least, combine }).paths();
    for (const part of ["line", "area"]) {
      const [found, expected] = [coordinates(drawn[part]), coordinates(wanted[part])];
      assert.equal(found.length, expected.length, part);
      // The two round differently by a tenth of a pixel.
      found.forEach((each, i) => assert.ok(Math.abs(each - expected[i]) < 0.11, `${part}: ${each}, ${expected[i]}`));
    }
  }
});
