import assert from "node:assert/strict";
import { test } from "node:test";

import { Events } from "sf/events";

import { settle } from "../fakes.js";

/** Events whose response is written by the test. */
function makeEvents({ status = 200 } = {}) {
  let body;
  const stream = new ReadableStream({ start: (controller) => (body = controller) });
  const heard = [];
  let signal;
  const events = new Events(async (given) => {
    signal = given;
    return new Response(stream, { status });
  });
  events.onopen = () => heard.push("open");
  events.onmessage = ({ data }) => heard.push(JSON.parse(data));
  events.onclose = ({ code }) => heard.push(code);
  const write = async (bytes) => {
    body.enqueue(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    for (let i = 0; i < 5; i++) await settle();
  };
  return { events, heard, write, end: () => body.close(), signal: () => signal };
}

async function settled() {
  for (let i = 0; i < 10; i++) await settle();
}

test("each event is a message, however the response is cut", async () => {
  const { heard, write } = makeEvents();
  const bytes = new TextEncoder().encode('retry: 2000\nid: a.1\ndata: {"name":"Gärtnerei"}\n\ndata: {"n":2}\n\n');

  for (const each of bytes) await write(Uint8Array.of(each));

  assert.deepEqual(heard, ["open", { name: "Gärtnerei" }, { n: 2 }]);
});

test("a comment is heard as a message without members", async () => {
  const { heard, write } = makeEvents();

  await write(":\n\n");

  assert.deepEqual(heard, ["open", {}]);
});

test("the end of the response closes it", async () => {
  const { heard, end } = makeEvents();

  end();
  await settled();

  assert.deepEqual(heard, ["open", 1006]);
});

test("a refused request closes it with the status", async () => {
  for (const [status, code] of [
    [401, 4401],
    [404, 4404],
    [503, 4503],
  ]) {
    const { heard } = makeEvents({ status });
    await settled();
    assert.deepEqual(heard, [code]);
  }
});

test("a request without an answer closes it as a lost socket", async () => {
  const codes = [];
  const events = new Events(() => Promise.reject(new TypeError("network")));
  events.onclose = ({ code }) => codes.push(code);

  await settled();

  assert.deepEqual(codes, [1006]);
});

test("closing ends the request, and nothing more is heard", async () => {
  const { events, heard, write, signal } = makeEvents();
  await write('data: {"n":1}\n\n');

  events.close();
  await write('data: {"n":2}\n\n');

  assert.ok(signal().aborted);
  assert.deepEqual(heard, ["open", { n: 1 }]);
});
