import assert from "node:assert/strict";
import { test } from "node:test";

import { Painter } from "sf/painter";

import { FakeTimers } from "../fakes.js";

/** A painter whose frames are triggered by the test; `log` holds what was painted. */
function makePainter() {
  const timers = new FakeTimers();
  const frames = [];
  const log = [];
  const painter = new Painter({
    requestFrame: (run) => frames.push(run),
    now: timers.now,
    later: (run, ms) => timers.after(ms, run),
  });
  const frame = () => frames.splice(0).forEach((run) => run());
  return { painter, timers, frames, frame, log, job: (name) => () => log.push(name) };
}

test("however often a job asks, it is painted once in the next frame", () => {
  const { painter, frames, frame, log, job } = makePainter();
  const value = job("value");

  for (let i = 0; i < 100; i++) painter.request(value);
  assert.equal(frames.length, 1);
  assert.deepEqual(log, []);

  frame();
  assert.deepEqual(log, ["value"]);
});

test("a job that may be painted four times a second waits for its time, others do not wait for it", () => {
  const { painter, timers, frame, log, job } = makePainter();
  const [slow, quick] = [job("slow"), job("quick")];
  painter.request(slow, 250);
  frame();

  timers.pass(50);
  painter.request(slow, 250);
  painter.request(quick);
  frame();
  assert.deepEqual(log, ["slow", "quick"]);

  timers.pass(200);
  frame();
  assert.deepEqual(log, ["slow", "quick", "slow"]);
});

test("a hidden page, which gets no frames, paints nothing and everything once when it is seen again", () => {
  const { painter, timers, frames, frame, log, job } = makePainter();
  const value = job("value");

  for (let i = 0; i < 60; i++) {
    painter.request(value, 250);
    timers.pass(1000);
  }
  assert.equal(frames.length, 1);

  frame();
  assert.deepEqual(log, ["value"]);
});

test("what has left the page is not painted", () => {
  const { painter, frame, log, job } = makePainter();
  const value = job("value");
  painter.request(value);

  painter.cancel(value);
  frame();

  assert.deepEqual(log, []);
});
