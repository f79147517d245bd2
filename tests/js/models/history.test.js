import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "sf/history";
import { View } from "sf/view";

import { settle } from "../fakes.js";

const pairs = ({ t, value }) => t.map((at, i) => [at, value[i]]);

const series = (t, mean, resolution = "raw") => ({
  resolution,
  t,
  series: { temperature: { mean, min: mean, max: mean } },
});

function makeHistory({ answers, lead = series([], []), now = 100_000 }) {
  const asked = [];
  const view = new View("1h");
  const past = new History({
    fetchJson: (path, { signal }) => {
      asked.push(path);
      return path.endsWith("points=60") ? Promise.resolve(lead) : answers(path, signal);
    },
    view,
    nowS: () => now,
    intervalOf: () => 60,
    quantities: { temperature: { combine: "mean" } },
  });
  return { past, view, asked };
}

const live = (at, value) => [{ sensor: "s", observedAt: at * 1000, values: { temperature: value } }];

test("one request brings the columns of all charts of a sensor, others what was before and yesterday", async () => {
  const { past, asked } = makeHistory({ answers: async () => series([99_000], [1]) });
  past.want("s", ["temperature", "dew_point"], { ghosts: ["temperature"] });
  past.want("s", ["pressure", "temperature"]);

  await past.load();

  assert.equal(asked.length, 3);
  assert.match(
    asked[0],
    /^sensors\/s\/series\?quantities=temperature,dew_point,pressure&from=96400&to=100300&points=400$/,
  );
  assert.match(asked[1], /quantities=temperature,dew_point,pressure&from=94000&to=96400&points=60$/);
  assert.match(asked[2], /quantities=temperature&from=2800&to=20800&/);
});

test("what was drawn stays until the new columns are here, and an overtaken answer is ignored", async () => {
  const waiting = [];
  const { past } = makeHistory({ answers: () => new Promise((resolve) => waiting.push(resolve)) });
  past.want("s", ["temperature"]);
  past.load();
  past.load();

  waiting[1](series([99_000], [2]));
  await settle();
  waiting[0](series([99_000], [1]));
  await settle();

  assert.deepEqual(past.track("s", "temperature").value, [2]);
});

test("readings that come while columns are under way are not lost", async () => {
  const waiting = [];
  const { past } = makeHistory({ answers: () => new Promise((resolve) => waiting.push(resolve)) });
  past.want("s", ["temperature"]);
  past.load();

  past.take(live(99_970, 7));
  waiting[0](series([99_900], [1]));
  await settle();
  past.take(live(99_990, 8));

  assert.deepEqual(pairs(past.track("s", "temperature")), [
    [99_900, 1],
    [99_970, 7],
    [99_990, 8],
  ]);
});

test("a line comes from what was before its span, where that is single readings", async () => {
  const answers = async () => series([99_000, 99_003], [3, 4]);
  const [slow, fast] = [series([92_000, 95_600], [1, 2]), series([92_000, 95_600], [1, 2], "1h")];

  for (const [lead, t] of [
    [slow, [92_000, 95_600, 99_000, 99_003]],
    [fast, [99_000, 99_003]],
  ]) {
    const { past } = makeHistory({ answers, lead });
    past.want("s", ["temperature"]);
    await past.load();
    assert.deepEqual(past.track("s", "temperature").t, t);
  }
});

test("live data older than the range changes nothing", async () => {
  const { past } = makeHistory({ answers: async () => series([99_900], [1]) });
  past.want("s", ["temperature"]);
  await past.load();

  past.take(live(50_000, 7));

  assert.deepEqual(pairs(past.track("s", "temperature")), [[99_900, 1]]);
});

test("a load that fails says so", async () => {
  const { past } = makeHistory({ answers: async () => Promise.reject(new Error("away")) });
  const failures = [];
  past.failed.subscribe((sensor, error) => failures.push([sensor, error.message]));
  past.want("s", ["temperature"]);

  await past.load();

  assert.deepEqual(failures, [["s", "away"]]);
  assert.ok(past.hasFailed);
});

test("the columns keep their view until those of another have arrived", async () => {
  let answers = async () => series([99_900], [1]);
  const { past, view } = makeHistory({ answers: (...given) => answers(...given) });
  past.want("s", ["temperature"]);
  assert.equal(past.viewOf("s"), undefined);
  await past.load();

  view.choose("7d");
  answers = async () => Promise.reject(new Error("away"));
  await past.load();

  assert.equal(past.viewOf("s").words, "the last hour");
  answers = async () => series([99_900], [1], "1h");
  await past.load();
  assert.equal(past.viewOf("s").words, "the last 7 days");
  assert.ok(!past.hasFailed);
});
