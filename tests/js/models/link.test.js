import assert from "node:assert/strict";
import { test } from "node:test";

import { HIDDEN_MS, Link, PING_MS, POLL_MS, SILENCE_MS } from "sf/link";

import { FakeSocket, FakeTimers, heard } from "../fakes.js";

function makeLink({ random = () => 0.5 } = {}) {
  const timers = new FakeTimers();
  const sockets = [];
  const open = () => sockets[sockets.push(new FakeSocket()) - 1];
  const link = new Link({ open, timers, random });
  return { link, timers, sockets, socket: () => sockets.at(-1) };
}

function openLink() {
  const made = makeLink();
  made.link.start();
  made.socket().accept();
  made.socket().say({ type: "pong" });
  return made;
}

test("a link connects, opens and tells so", () => {
  const { link, socket } = makeLink();
  const states = heard(link.changed);

  link.start();
  socket().accept();

  assert.deepEqual(states, ["connecting", "open"]);
});

test("starting twice opens one socket", () => {
  const { link, sockets } = makeLink();

  link.start();
  link.start();

  assert.equal(sockets.length, 1);
});

test("the waits double from half a second to thirty seconds and never end", () => {
  const { link, timers, sockets, socket } = makeLink();
  const waits = [];

  link.start();
  for (let i = 0; i < 9; i++) {
    socket().end();
    waits.push(link.retryAt - timers.now());
    timers.pass(link.retryAt - timers.now());
  }

  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(sockets.length, 10);
});

test("waits are spread by thirty per cent", () => {
  for (const [random, wait] of [
    [0, 350],
    [1, 650],
  ]) {
    const { link, timers, socket } = makeLink({ random: () => random });
    link.start();
    socket().end();
    assert.equal(link.retryAt - timers.now(), wait);
  }
});

test("a server that accepts and closes at once is not asked twice a second", () => {
  const { link, timers, socket } = makeLink();
  link.start();

  for (let i = 0; i < 4; i++) {
    socket().accept();
    socket().end();
    timers.pass(link.retryAt - timers.now());
  }

  socket().end();
  assert.equal(link.retryAt - timers.now(), 8000);
});

test("a message ends the count of failures", () => {
  const { link, timers, socket } = makeLink();
  link.start();
  socket().end();
  timers.pass(500);
  socket().accept();
  socket().say({ type: "pong" });

  socket().end();

  assert.equal(link.retryAt - timers.now(), 500);
});

test("a handshake that nobody answers is given up after ten seconds", () => {
  const { link, timers, socket } = makeLink();
  link.start();
  const first = socket();

  timers.pass(10_000);

  assert.equal(link.state, "waiting");
  assert.ok(first.isClosed);
});

test("a socket that opens and then says nothing is given up after ten seconds", () => {
  const { link, timers, socket } = makeLink();
  link.start();
  const first = socket();
  first.accept();

  timers.pass(10_000);

  assert.equal(link.state, "waiting");
  assert.ok(first.isClosed);
});

test("silence counts as two failures, a refusal as one", () => {
  const { link, timers, socket } = makeLink();
  link.start();
  socket().end();
  assert.equal(link.failures, 1);

  link.retry();
  timers.pass(10_000);

  assert.equal(link.failures, 3);
});

test("what it opens may be replaced", () => {
  const { link, sockets, socket } = makeLink();
  const other = new FakeSocket();
  link.start();
  socket().end();

  link.open = () => other;
  link.retry();
  other.accept();

  assert.equal(link.state, "open");
  assert.equal(sockets.length, 1);
});

test("it pings when it opens and every fifteen seconds", () => {
  const { timers, socket } = openLink();

  socket().say({ type: "pong" });
  timers.pass(PING_MS);
  socket().say({ type: "pong" });
  timers.pass(PING_MS);

  assert.deepEqual(
    socket().sent.map(({ action, id }) => [action, id]),
    [
      ["ping", 1],
      ["ping", 2],
      ["ping", 3],
    ],
  );
});

test("after thirty-five seconds of silence the socket is replaced", () => {
  const { link, timers, sockets } = openLink();

  timers.pass(SILENCE_MS + PING_MS);

  assert.ok(sockets[0].isClosed);
  assert.equal(sockets.length, 2);
  assert.equal(link.state, "connecting");
});

test("what a replaced socket says is not heard", () => {
  const { link, timers, sockets } = openLink();
  const messages = heard(link.message);
  timers.pass(SILENCE_MS + PING_MS);

  sockets[0].say({ type: "readings", readings: [] });
  sockets[0].end();

  assert.deepEqual(messages, []);
  assert.equal(link.state, "connecting");
});

test("a page that wakes from sleep finds its dead socket out at once", () => {
  const { link, timers, sockets } = openLink();
  timers.freeze(3_600_000);

  link.wake();

  assert.equal(sockets.length, 2);
});

test("a hidden page keeps its socket for five minutes", () => {
  const { link, timers, socket } = openLink();
  const talk = () => socket().say({ type: "readings", readings: [] });
  link.hide();

  for (let passed = 0; passed < HIDDEN_MS - 10_000; passed += 10_000) talk(timers.pass(10_000));
  assert.equal(link.state, "open");

  timers.pass(10_000);
  assert.equal(link.state, "asleep");
  assert.ok(socket().isClosed);
});

test("a page that is looked at again in time keeps its socket", () => {
  const { link, timers, socket, sockets } = openLink();
  link.hide();
  timers.pass(10_000);

  link.wake();
  for (let i = 0; i < 40; i++) {
    timers.pass(10_000);
    socket().say({ type: "pong" });
  }

  assert.equal(sockets.length, 1);
});

test("a page that slept connects when it is looked at", () => {
  const { link, sockets } = openLink();
  link.sleep();

  link.wake();

  assert.equal(link.state, "connecting");
  assert.equal(sockets.length, 2);
});

test("a sleeping link tries nothing", () => {
  const { link, timers, sockets } = openLink();

  link.sleep();
  timers.pass(3_600_000);

  assert.equal(sockets.length, 1);
});

test("a click on the countdown connects at once", () => {
  const { link, sockets, socket } = makeLink();
  link.start();
  socket().end();

  link.retry();

  assert.equal(sockets.length, 2);
});

test("a retry does not disturb a socket that is open", () => {
  const { link, sockets } = openLink();

  link.retry();

  assert.equal(sockets.length, 1);
});

test("an offline browser waits for its network, then connects at once", () => {
  const { link, timers, sockets } = openLink();

  link.browserOffline();
  timers.pass(600_000);
  assert.equal(sockets.length, 1);

  link.retry();
  assert.equal(link.state, "connecting");
});

test("after three failures it asks for polling, again every thirty seconds, until it opens", () => {
  const { link, timers, socket } = makeLink();
  const polls = heard(link.poll);
  link.start();
  for (let i = 0; i < 3; i++) {
    assert.equal(polls.length, 0);
    socket().end();
    if (i < 2) timers.pass(link.retryAt - timers.now());
  }
  assert.equal(polls.length, 1);

  timers.pass(POLL_MS);
  assert.equal(polls.length, 2);

  link.retry();
  socket().accept();
  socket().say({ type: "pong" });
  timers.pass(SILENCE_MS - 1);
  assert.equal(polls.length, 2);
});

test("the code of a close is kept until the next opening", () => {
  const { link, socket } = openLink();

  socket().end(4401);
  assert.equal(link.closeCode, 4401);

  link.retry();
  socket().accept();
  assert.equal(link.closeCode, null);
});

test("nothing is sent while there is no socket", () => {
  const { link, socket } = makeLink();
  link.start();

  link.send({ action: "subscribe" });

  assert.deepEqual(socket().sent, []);
});
