import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_MS, Carrier, FIRST_TRY_MS, LONGEST_TRY_MS } from "sf/carrier";

import { FakeSocket, FakeTimers } from "../fakes.js";

function makeCarrier({ hello = { action: "ping" } } = {}) {
  const timers = new FakeTimers();
  const [sockets, streams, heard] = [[], [], []];
  const opens = (list) => () => list[list.push(new FakeSocket()) - 1];
  const carrier = new Carrier({ socket: opens(sockets), hello, events: opens(streams), chosen: (name) => heard.push(name) }, timers);
  carrier.onopen = () => heard.push("open");
  carrier.onmessage = ({ data }) => heard.push(JSON.parse(data).type);
  carrier.onclose = ({ code }) => heard.push(code);
  return { carrier, timers, sockets, streams, heard };
}

/** One that carries events, since its socket was refused. */
function byEvents() {
  const made = makeCarrier();
  made.sockets[0].end();
  made.streams[0].accept();
  return made;
}

const isOpen = ({ isClosed }) => !isClosed;

test("a socket that answers carries", () => {
  const { sockets, streams, heard } = makeCarrier();

  sockets[0].accept();
  assert.deepEqual(sockets[0].sent, [{ action: "ping" }]);
  assert.deepEqual(heard, []);
  sockets[0].say({ type: "pong" });
  sockets[0].say({ type: "readings" });

  assert.deepEqual(heard, ["socket", "open", "pong", "readings"]);
  assert.equal(streams.length, 0);
});

test("where the server begins nothing is said to it", () => {
  const { sockets, heard } = makeCarrier({ hello: null });

  sockets[0].accept();
  sockets[0].say({ type: "values" });

  assert.deepEqual(sockets[0].sent, []);
  assert.deepEqual(heard, ["socket", "open", "values"]);
});

test("events carry when a socket is refused", () => {
  const { sockets, streams, heard } = makeCarrier();

  sockets[0].end();
  streams[0].accept();
  streams[0].say({ type: "snapshot" });

  assert.deepEqual(heard, ["events", "open", "snapshot"]);
});

test("events carry when a socket does not answer, opened or not", () => {
  for (const isAccepted of [false, true]) {
    const { timers, sockets, streams } = makeCarrier();
    if (isAccepted) sockets[0].accept();

    timers.pass(ANSWER_MS);

    assert.ok(sockets[0].isClosed);
    assert.equal(streams.length, 1);
  }
});

test("a socket that the server itself closes is not blocked", () => {
  for (const code of [1012, 1013, 4401, 4410]) {
    const { sockets, streams, heard } = makeCarrier();

    sockets[0].accept();
    sockets[0].end(code);

    assert.deepEqual(heard, [code]);
    assert.equal(streams.length, 0);
  }
});

test("without either it closes", () => {
  const { sockets, streams, heard } = makeCarrier();

  sockets[0].end();
  streams[0].end(4401);

  assert.deepEqual(heard, [4401]);
});

test("while events come a socket is tried at growing intervals", () => {
  const { timers, sockets } = byEvents();
  const waits = [];

  for (let tried = 1; tried < 9; tried++) {
    let wait = 0;
    for (; sockets.length === tried; wait += 60_000) timers.pass(60_000);
    waits.push(wait / 60_000);
    sockets.at(-1).end();
  }

  assert.equal(FIRST_TRY_MS, 60_000);
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
  assert.equal(LONGEST_TRY_MS, 1_800_000);
});

test("a socket that answers takes the place of events, and the link opens again by it", () => {
  const { timers, sockets, streams, heard } = byEvents();
  heard.length = 0;

  timers.pass(FIRST_TRY_MS);
  sockets[1].accept();
  assert.ok(isOpen(streams[0]));
  sockets[1].say({ type: "pong" });

  assert.deepEqual(heard, ["socket", "open", "pong"]);
  assert.ok(streams[0].isClosed);
  streams[0].say({ type: "readings" });
  assert.equal(heard.length, 3);
});

test("a socket that is tried in vain disturbs no events", () => {
  const { timers, sockets, streams, heard } = byEvents();

  timers.pass(FIRST_TRY_MS);
  sockets[1].end(4401);
  streams[0].say({ type: "readings" });

  assert.equal(heard.at(-1), "readings");
  assert.ok(isOpen(streams[0]));
});

test("what is sent goes to what carries", () => {
  const { carrier, sockets } = makeCarrier();
  sockets[0].accept();
  sockets[0].say({ type: "pong" });

  carrier.send('{"action":"subscribe"}');

  assert.deepEqual(sockets[0].sent.at(-1), { action: "subscribe" });
});

test("once closed it opens nothing", () => {
  const { carrier, timers, sockets, streams } = byEvents();
  timers.pass(FIRST_TRY_MS);

  carrier.close();
  timers.pass(LONGEST_TRY_MS);

  assert.deepEqual([sockets.length, streams.length], [2, 1]);
  assert.ok([...sockets, ...streams].every(({ isClosed }) => isClosed));
});

test("when events end it closes and tries nothing by itself", () => {
  const { timers, sockets, streams, heard } = byEvents();

  streams[0].end();
  const before = sockets.length;
  assert.equal(heard.at(-1), 1006);
  timers.pass(ANSWER_MS);

  assert.equal(sockets.length, before);
});
