import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "sf/clock";
import { Gate } from "sf/gate";
import { stateAt } from "sf/liveness";
import { Store } from "sf/store";

import { heard } from "../fakes.js";

const NOW = 1_800_000_000_000;
const S = "s";

function makeStore({ now = () => NOW, interval_s = 60, ...more } = {}) {
  const store = new Store({ now });
  store.load({
    sensor: S,
    name: "Orchard",
    seq: 1,
    observedAt: NOW - 30_000,
    receivedAt: NOW - 29_000,
    state: "live",
    interval_s,
    values: { temperature: 18 },
    ...more,
  });
  return store;
}

const reading = (secondsAgo, values) => ({ sensor: S, observedAt: NOW - secondsAgo * 1000, receivedAt: NOW, values });

test("a newer reading takes the place of what was shown", () => {
  const store = makeStore();

  store.apply([reading(5, { temperature: 19 })]);

  assert.deepEqual(store.newest(S, "temperature"), { value: 19, at: NOW - 5000 });
});

test("a late reading does not hide a newer one", () => {
  const store = makeStore();

  store.apply([reading(5, { temperature: 19 }), reading(600, { temperature: 4 })]);

  assert.equal(store.newest(S, "temperature").value, 19);
  assert.equal(store.sensor(S).observedAt, NOW - 5000);
});

test("a late reading brings a quantity that was not known", () => {
  const store = makeStore();

  store.apply([reading(600, { humidity: 70 })]);

  assert.deepEqual(store.newest(S, "humidity"), { value: 70, at: NOW - 600_000 });
});

test("a correction of the same instant counts", () => {
  const store = makeStore();

  store.apply([reading(5, { temperature: 19 }), reading(5, { temperature: 18.5 })]);

  assert.equal(store.newest(S, "temperature").value, 18.5);
});

test("a reading marked as one from a clock that is ahead does not hide the present", () => {
  const store = makeStore();

  store.apply([{ ...reading(-3600, { temperature: 99 }), flags: { observed_at: 3 } }]);

  assert.equal(store.newest(S, "temperature").value, 18);
  assert.equal(store.sensor(S).observedAt, NOW - 30_000);
});

test("a reading some minutes ahead that the server did not mark is the newest", () => {
  const store = makeStore();

  store.apply([reading(-290, { temperature: 19 })]);

  assert.equal(store.newest(S, "temperature").value, 19);
  assert.equal(store.state(S), "live");
});

test("a snapshot's values are taken as they are, whatever this page's clock says", () => {
  const store = makeStore();

  store.load({ sensor: S, seq: 2, observedAt: NOW + 3_600_000, values: { temperature: 20 } });

  assert.equal(store.newest(S, "temperature").value, 20);
});

test("only a number is one", () => {
  const store = makeStore({ values: { temperature: 18, condition: "fog", door_open: true } });

  assert.deepEqual(
    ["temperature", "condition", "door_open", "humidity"].map((name) => store.number(S, name)),
    [18, null, null, null],
  );
});

test("values that are older than the newest reading keep their own instant", () => {
  const store = makeStore({ values: { temperature: 18, humidity: 60 }, older: { humidity: NOW / 1000 - 7200 } });

  assert.equal(store.newest(S, "humidity").at, NOW - 7_200_000);
});

test("a probe that died alone is offline, its station is not", () => {
  const store = makeStore({ values: { temperature: 18, humidity: 60 }, older: { humidity: NOW / 1000 - 7200 } });

  assert.equal(store.quantityState(S, "humidity"), "offline");
  assert.equal(store.quantityState(S, "temperature"), "live");
  assert.equal(store.state(S), "live");
});

test("a quantity that comes more rarely than its station's others is not late for that", () => {
  const store = makeStore({ values: { temperature: 18, rain: 0 }, older: { rain: NOW / 1000 - 300 } });

  assert.equal(store.quantityState(S, "rain"), "live");
});

test("a quantity nobody has seen is pending", () => {
  assert.equal(makeStore().quantityState(S, "uv_index"), "pending");
});

test("what was shown is forgotten when the server begins again", () => {
  const store = makeStore();

  store.forget(S);
  store.load({ sensor: S, seq: 1, observedAt: NOW - 900_000, values: { temperature: 3 } });

  assert.equal(store.newest(S, "temperature").value, 3);
  assert.equal(store.sensor(S).name, "Orchard");
  assert.equal(store.sensor(S).intervalS, 60);
});

test("only those who watch a sensor hear of it", () => {
  const store = makeStore();
  const heardOf = [];
  store.subscribe(S, (entry) => heardOf.push(entry.sensor));
  store.subscribe("other", () => heardOf.push("other"));

  store.apply([reading(1, { temperature: 20 }), { ...reading(1, {}), sensor: "unknown" }]);

  assert.deepEqual(heardOf, [S]);
});

test("a paused sensor is neither late nor offline, and its name may change", () => {
  const store = makeStore({ observedAt: NOW - 86_400_000 });
  assert.equal(store.state(S), "offline");

  store.setState(S, "paused", "Old orchard");

  assert.equal(store.state(S), "paused");
  assert.equal(store.sensor(S).name, "Old orchard");
});

test("a sensor is late after two and a half intervals and offline after five, but not too soon", () => {
  const after = (seconds, intervalS) => stateAt({ lastAt: 0, intervalS, now: seconds * 1000, status: "active" });

  assert.deepEqual(
    [149, 150, 599, 600].map((s) => after(s, 60)),
    ["live", "late", "late", "offline"],
  );
  assert.deepEqual(
    [9, 10, 600].map((s) => after(s, 1)),
    ["live", "late", "offline"],
  );
  assert.deepEqual(
    [8999, 9000, 18000].map((s) => after(s, 3600)),
    ["live", "late", "offline"],
  );
  assert.deepEqual(
    [3599, 3600].map((s) => after(s, null)), // nothing is late before its interval is known
    ["live", "offline"],
  );
  assert.equal(stateAt({ lastAt: null, intervalS: 60, now: NOW }), "pending");
});

test("the quickest ping tells the offset of the clock", () => {
  const clock = new ServerClock(() => 100_000);
  clock.start(105_000, 100_000);
  assert.equal(clock.now(), 105_000);

  clock.sample(0, 3_500, 1_000);
  clock.sample(2_000, 5_010, 2_020);
  clock.sample(4_000, 9_000, 6_000);

  assert.equal(clock.offset, 3_000);
  assert.equal(clock.roundTrip, 2_000);
});

test("a paused page holds readings back, counts them and shows them in order when it goes on", () => {
  const gate = new Gate();
  const passed = heard(gate.passed);

  gate.pause("reader");
  gate.push([1, 2]);
  gate.push([3]);
  assert.equal(gate.count, 3);
  assert.deepEqual(passed, []);

  gate.resume("reader");
  assert.deepEqual(passed, [[1, 2], [3]]);
  assert.equal(gate.count, 0);
});

test("a page goes on when the last reason to pause is gone", () => {
  const gate = new Gate();
  gate.pause("reader");
  gate.pause("past");

  gate.resume("past");
  assert.ok(gate.isPaused);

  gate.resume("reader");
  assert.ok(!gate.isPaused);
});

test("a long pause forgets what it held and asks for all anew", () => {
  const gate = new Gate();
  const overflowed = heard(gate.overflowed);
  gate.pause("reader");

  for (let i = 0; i < 6; i++) gate.push(new Array(1000).fill(i));
  gate.resume("reader");

  assert.equal(overflowed.length, 1);
});

test("a flag comes and goes with the newest value", () => {
  const store = makeStore({ values: { temperature: 45 }, flags: { temperature: 4 } });
  assert.equal(store.newest(S, "temperature").flag, 4);

  store.apply([{ ...reading(30, { temperature: 45 }), flags: { temperature: 3 } }]);
  assert.equal(store.newest(S, "temperature").flag, 3);

  store.apply([reading(5, { temperature: 19 })]);
  assert.equal(store.newest(S, "temperature").flag, undefined);
});

test("a value is not current once it is half an hour older than the newest reading", () => {
  const store = makeStore();

  store.apply([reading(1900, { humidity: 70 }), reading(5, { temperature: 19 })]);

  assert.equal(store.number(S, "humidity"), 70);
  assert.equal(store.current(S, "humidity"), null);
  assert.equal(store.current(S, "temperature"), 19);
  assert.ok(store.isReporting(S));
});

test("the count of a day that has ended stays newest, and is neither shown nor current", () => {
  let now = Date.parse("2026-11-22T22:59:00Z"); // 23:59 in Warsaw
  const store = new Store({ now: () => now, isDaily: (quantity) => quantity === "rain_day" });
  const values = { rain_day: 4.2, temperature: 9 };
  store.load({ sensor: S, seq: 1, observedAt: now - 30_000, interval_s: 60, values, time_zone: "Europe/Warsaw" });

  assert.equal(store.standing(S, "rain_day"), 4.2);
  now += 60_000;

  assert.deepEqual([store.standing(S, "rain_day"), store.current(S, "rain_day")], [null, null]);
  assert.equal(store.newest(S, "rain_day").value, 4.2);
  assert.equal(store.standing(S, "temperature"), 9);
  assert.equal(store.standing(S, "humidity"), undefined);
});
