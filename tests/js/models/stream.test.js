import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "sf/clock";
import { Stream } from "sf/stream";
import { Topic } from "sf/topic";

import { heard, settle } from "../fakes.js";

const A = "a0000000-0000-4000-8000-000000000000";
const B = "b0000000-0000-4000-8000-000000000000";

class FakeLink {
  retries = 0;
  opened = new Topic();
  message = new Topic();
  poll = new Topic();
  sent = [];
  pinged = null;
  heardAt = 0;

  send(message) {
    this.sent.push(message);
  }

  retry() {
    this.retries += 1;
  }
}

const reading = (seq, sensor = A) => ({
  sensor,
  seq,
  observed_at: new Date(1_800_000_000_000 + seq * 60_000).toISOString(),
  received_at: new Date(1_800_000_000_000 + seq * 60_000 + 50).toISOString(),
  values: { temperature: seq },
});

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** A stream whose server has the readings `stored` of each sensor, in pages of `pageSize`. */
function makeStream({
  sensors = [{ sensor: A, seq: 10 }],
  stored = {},
  pageSize = 1000,
  fail = () => false,
  withRefusals,
  now = 0,
} = {}) {
  const link = new FakeLink();
  const fetched = [];
  const retries = [];
  const fetchJson = async (path) => {
    fetched.push(path);
    if (fail(path)) throw new Error("away");
    const [, sensor, after] = path.match(/sensors\/([^/]+)\/readings\?after_seq=(\d+)/);
    const rest = (stored[sensor] ?? []).filter((seq) => seq > Number(after));
    return {
      readings: rest.slice(0, pageSize).map((seq) => reading(seq)),
      next: rest.length > pageSize ? "more" : null,
    };
  };
  const stream = new Stream({
    link,
    clock: new ServerClock(() => now),
    fetchJson,
    after: (ms, run) => retries.push({ ms, run }),
    withRefusals,
  });
  const told = [];
  stream.readings.subscribe((readings) => told.push(...readings));
  stream.follow(sensors);
  return {
    stream,
    link,
    fetched,
    retries,
    told,
    seqs: (sensor = A) => told.filter((each) => each.sensor === sensor).map(({ seq }) => seq),
  };
}

const says = (link, ...seqs) => link.message.publish({ type: "readings", readings: seqs.map((seq) => reading(seq)) });

test("at every opening it subscribes after what it has", () => {
  const { link } = makeStream({
    sensors: [
      { sensor: A, seq: 10 },
      { sensor: B, seq: 0 },
    ],
  });

  link.opened.publish();
  says(link, 11, 12);
  link.opened.publish();

  assert.deepEqual(
    link.sent.map(({ action, after }) => [action, after]),
    [
      ["subscribe", { [A]: 10, [B]: 0 }],
      ["subscribe", { [A]: 12, [B]: 0 }],
    ],
  );
});

test("refusals are asked for where a sensor is being set up", () => {
  const { link } = makeStream({ withRefusals: true });

  link.opened.publish();

  assert.equal(link.sent[0].refusals, true);
});

test("notices are told as they come", () => {
  const { stream, link } = makeStream({ withRefusals: true });
  const notices = heard(stream.noticed);

  link.message.publish({ type: "notice", sensor: A, code: "not_understood", subject: "em:0" });

  assert.deepEqual(
    notices.map(({ subject }) => subject),
    ["em:0"],
  );
});

test("readings are told in order with their instants in milliseconds", () => {
  const { link, told } = makeStream();

  says(link, 11, 12);

  assert.deepEqual(
    told.map(({ seq, isLate }) => [seq, isLate]),
    [
      [11, false],
      [12, false],
    ],
  );
  assert.equal(told[0].observedAt, Date.parse(reading(11).observed_at));
});

test("values that an exclusion covers are not told", () => {
  const { link, told, seqs } = makeStream();
  const covered = (seq, excluded) => ({ ...reading(seq), values: { temperature: seq, humidity: 60 }, excluded });

  const readings = [covered(11, ["temperature"]), covered(12, ["temperature", "humidity"])];
  link.message.publish({ type: "readings", readings: [...readings, reading(13)] });

  assert.deepEqual(
    told.map(({ seq, values }) => [seq, values]),
    [
      [11, { humidity: 60 }],
      [13, { temperature: 13 }],
    ],
  );
  assert.deepEqual(seqs(), [11, 13]);
});

test("a reading that is not newer is ignored", () => {
  const { link, seqs } = makeStream();

  says(link, 9, 10, 11, 11);
  says(link, 11);

  assert.deepEqual(seqs(), [11]);
});

test("readings of sensors that are not followed are ignored", () => {
  const { link, told } = makeStream();

  link.message.publish({ type: "readings", readings: [reading(1, B)] });

  assert.deepEqual(told, []);
});

test("readings that come in the wrong order are told in the right one", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: range(1, 13) } });

  says(link, 12, 11, 13);
  await settle();

  assert.deepEqual(seqs(), [11, 12, 13]);
});

test("what a gap left out is fetched and told before what came after it", async () => {
  const { link, seqs, fetched } = makeStream({ stored: { [A]: range(1, 20) } });

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 18 });
  says(link, 19, 20);
  assert.deepEqual(seqs(), []);
  await settle();

  assert.deepEqual(seqs(), range(11, 20));
  assert.equal(fetched[0], `sensors/${A}/readings?after_seq=10&limit=1000`);
});

test("a jump that nobody announced is fetched too", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: range(1, 15) } });

  says(link, 15);
  await settle();

  assert.deepEqual(seqs(), range(11, 15));
});

test("a change without a reading says that the past was rewritten", async () => {
  const { link, stream, seqs } = makeStream({ stored: { [A]: [...range(1, 10), 12, 13] } });
  const told = [];
  stream.rewritten.subscribe((sensor) => told.push(sensor));

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 11 });
  await settle();
  assert.deepEqual([seqs(), told], [[12, 13], [A]]);

  says(link, 14);
  await settle();
  assert.deepEqual(told, [A]);
});

test("a fetch follows the pages to their end", async () => {
  const { link, seqs, fetched } = makeStream({ stored: { [A]: range(1, 40) }, pageSize: 10 });

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 40 });
  for (let i = 0; i < 5; i++) await settle();

  assert.deepEqual(seqs(), range(11, 40));
  assert.equal(fetched.length, 3);
});

test("readings of other sensors do not wait for a gap", () => {
  const { link, seqs } = makeStream({
    sensors: [
      { sensor: A, seq: 10 },
      { sensor: B, seq: 0 },
    ],
  });

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 18 });
  link.message.publish({ type: "readings", readings: [reading(1, B)] });

  assert.deepEqual(seqs(B), [1]);
});

test("a reading that was corrected since is told once, under its newest seq", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: [11, 13, 14] } }); // 12 became 14

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 13 });
  await settle();
  says(link, 14, 15);

  assert.deepEqual(seqs(), [11, 13, 14, 15]);
});

test("readings deleted since do not hold the stream up", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: [11] } });

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 18 });
  await settle();
  says(link, 19);

  assert.deepEqual(seqs(), [11, 19]);
});

test("a fetch that fails is tried again, and nothing is told out of order meanwhile", async () => {
  let isAway = true;
  const { link, seqs, retries } = makeStream({ stored: { [A]: range(1, 13) }, fail: () => isAway });

  says(link, 13);
  await settle();
  assert.deepEqual(seqs(), []);

  isAway = false;
  retries.shift().run();
  await settle();
  assert.deepEqual(seqs(), [11, 12, 13]);
});

test("a server that was restored from a backup makes the page begin again", () => {
  const { stream, link, seqs } = makeStream();
  const restarted = heard(stream.restarted);
  const snapshots = heard(stream.snapshot);

  link.message.publish({ type: "snapshot", id: 1, sensors: [{ sensor: A, seq: 4, observed_at: null, values: {} }] });
  says(link, 5);

  assert.deepEqual(restarted, [A]);
  assert.deepEqual(
    snapshots.map(({ seq }) => seq),
    [4],
  );
  assert.deepEqual(seqs(), [5]);
});

test("too much to fetch reading by reading makes the page begin again", () => {
  const { stream, link, fetched, seqs } = makeStream();
  const restarted = heard(stream.restarted);

  link.message.publish({ type: "gap", sensor: A, after: 10, until: 50_000 });
  says(link, 50_001);

  assert.deepEqual(restarted, [A]);
  assert.deepEqual(fetched, []);
  assert.deepEqual(seqs(), [50_001]);
});

test("what came after the fact is counted", () => {
  const { stream, link, told } = makeStream({ now: Date.parse(reading(13).received_at) + 10 });
  const news = heard(stream.caughtUp);

  says(link, 11, 12, 13);

  assert.deepEqual(
    told.map(({ isLate }) => isLate),
    [true, true, false],
  );
  assert.deepEqual(news, [
    { sensor: A, count: 2, from: Date.parse(reading(11).observed_at), to: Date.parse(reading(12).observed_at) },
  ]);
});

test("a server that cannot read its database is asked again", () => {
  const { stream, link, retries } = makeStream();
  const failures = heard(stream.failed);

  link.message.publish({ type: "error", id: 1, code: "database_away", detail: "" });
  retries.shift().run();

  assert.equal(failures.length, 1);
  assert.equal(link.sent.at(-1).action, "subscribe");
});

test("many sensors are asked for in several messages", () => {
  const { link } = makeStream({ sensors: Array.from({ length: 1500 }, (_, i) => ({ sensor: `s${i}`, seq: i })) });

  link.opened.publish();

  assert.deepEqual(
    link.sent.map(({ sensors }) => sensors.length),
    [1000, 500],
  );
});

test("without a socket it fetches what is new of every sensor", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: range(1, 12) } });

  link.poll.publish();
  await settle();

  assert.deepEqual(seqs(), [11, 12]);
  assert.equal(link.retries, 1, "a server that answers has sockets again");
});

test("after a poll the stream goes on without a repeat", async () => {
  const { link, seqs } = makeStream({ stored: { [A]: range(1, 12) } });
  link.poll.publish();
  await settle();

  says(link, 11, 12, 13);

  assert.deepEqual(seqs(), [11, 12, 13]);
});

test("only the answer to the last ping sets the clock", () => {
  const link = new FakeLink();
  const clock = new ServerClock(() => 1000);
  const stream = new Stream({ link, clock, fetchJson: async () => ({}) });
  link.pinged = { id: 2, at: 100 };
  link.heardAt = 120;

  link.message.publish({ type: "pong", id: 1, at: "2030-01-01T00:00:00Z" });
  assert.equal(clock.roundTrip, null);

  link.message.publish({ type: "pong", id: 2, at: new Date(5110).toISOString() });
  assert.equal(clock.roundTrip, 20);
  assert.equal(clock.offset, 5000);
  assert.ok(stream);
});

test("any order with repeats and gaps comes out complete, once and in order", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round++) {
    const { link, seqs } = makeStream({ stored: { [A]: range(1, 60) }, pageSize: 7 });
    const all = range(11, 60).filter(() => random() > 0.2);
    all.sort(() => random() - 0.5);
    for (const seq of all) {
      if (random() < 0.1) link.message.publish({ type: "gap", sensor: A, after: 10, until: seq });
      says(link, seq);
      if (random() < 0.2) await settle();
    }
    says(link, 60);
    for (let i = 0; i < 30; i++) await settle();
    assert.deepEqual(seqs(), range(11, 60));
  }
});
