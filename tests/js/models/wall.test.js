import assert from "node:assert/strict";
import { test } from "node:test";

import { HELD_MS, POLL_MS, WAKE_MS, Wall } from "sf/wall";

import { FakeTimers, settle } from "../fakes.js";

const S = 1_000;

/** A wall of some slides that are shown for 20 s each; `answer` may fail by throwing. */
function make({ slides = 3, answer = () => {}, second = () => 0 } = {}) {
  const timers = new FakeTimers();
  const asked = [];
  const failures = [];
  const told = (place) => ({ here: `?at=${place}`, next: `?at=${(place + 1) % slides}`, every: 20, second: second(timers) });
  const fetchPage = async (address) => {
    asked.push([timers.now(), address]);
    answer(address);
    return { place: Number(address.split("=")[1]) };
  };
  const wall = new Wall({ fetchPage, timers });
  const shown = [];
  wall.fetched.subscribe(({ place }, isTurn) => {
    shown.push([place, isTurn]);
    wall.take(told(place));
  });
  wall.failed.subscribe((status) => failures.push(status));
  wall.take(told(0));
  const pass = async (ms, step = 250) => {
    for (let past = 0; past < ms; past += step) {
      timers.pass(step);
      await settle();
    }
  };
  return { wall, asked, shown, failures, pass, timers };
}

test("a wall fetches its slide again, and the next when its time is over", async () => {
  const { shown, pass } = make();

  await pass(65 * S);

  assert.deepEqual(shown.filter(([, isTurn]) => isTurn).map(([place]) => place), [1, 2, 0]);
});

test("a wall of one sensor never turns", async () => {
  const { shown, pass } = make({ slides: 1 });

  await pass(300 * S);

  assert.ok(shown.length >= 25);
  assert.ok(shown.every(([place, isTurn]) => place === 0 && !isTurn));
});

test("a sensor that sends ten times a second is fetched once in two", async () => {
  const { wall, asked, pass } = make({ slides: 1 });

  for (let each = 0; each < 200; each += 1) {
    wall.wake();
    await pass(100, 100);
  }

  const gaps = asked.slice(1).map(([at], place) => at - asked[place][0]);
  assert.ok(Math.min(...gaps) >= WAKE_MS, `${Math.min(...gaps)}`);
  assert.ok(asked.length >= 9);
});

test("what changes during a fetch is fetched soon after it", async () => {
  const { wall, asked, pass } = make({ slides: 1, answer: () => wall?.wake() });

  await pass(POLL_MS + WAKE_MS + 500);

  assert.equal(asked.length, 2);
});

test("somebody who touches the wall keeps its slide", async () => {
  const { wall, shown, pass } = make();

  for (let each = 0; each < 12; each += 1) {
    wall.touch();
    await pass(10 * S);
  }
  assert.ok(shown.every(([, isTurn]) => !isTurn));

  await pass(HELD_MS + 500);
  assert.equal(shown.filter(([, isTurn]) => isTurn).length, 1);
});

test("the next slide can be asked for", async () => {
  const { wall, shown, pass } = make();
  wall.touch();

  wall.turn();
  await pass(500);

  assert.deepEqual(shown, [[1, true]]);
});

test("while the server does not answer the slide stays, and everything goes on after that", async () => {
  let isAway = true;
  const answer = () => {
    if (isAway) throw Object.assign(new Error("away"), { status: 502 });
  };
  const { shown, failures, asked, pass } = make({ answer });

  await pass(3_600 * S, S);
  assert.equal(shown.length, 0);
  assert.ok(failures.every((status) => status === 502));
  assert.ok(asked.length <= 3_600 / (POLL_MS / S) + 1);

  isAway = false;
  await pass(2 * POLL_MS);
  assert.equal(shown[0][0], 1);
});

test("the minute of the wall changes with the minute of the server", async () => {
  const { asked, pass, timers } = make({ slides: 1, second: (timers) => Math.floor((timers.now() - 1_000_000) / S) % 60 });
  const begun = timers.now();

  await pass(60 * S + 500);

  assert.ok(asked.some(([at]) => at - begun >= 60 * S && at - begun <= 60.5 * S));
});

test("after a month of turns there is one timer, and every slide had its time", async () => {
  const { shown, pass, timers } = make();
  let most = 0;
  const { after, cancel } = timers;
  const set = new Set();
  timers.after = (ms, run) => {
    const id = after(ms, () => (set.delete(id), run()));
    set.add(id);
    most = Math.max(most, set.size);
    return id;
  };
  timers.cancel = (id) => (set.delete(id), cancel(id));

  await pass(30 * 86_400 * S, 10 * S);

  const turns = shown.filter(([, isTurn]) => isTurn).length;
  assert.ok(turns > 30 * 86_400 / 20 * 0.6, `${turns} turns`);
  assert.equal(most, 1);
});
