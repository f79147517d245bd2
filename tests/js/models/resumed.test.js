import assert from "node:assert/strict";
import { test } from "node:test";

import { positionOf, resumed } from "sf/resumed";

import { settle } from "../fakes.js";

const ONE = "1f0fbcaa-ff3e-4d5b-9a53-1f0f6a0f2a11";
const OTHER = "00000000-0000-0000-0000-000000000001";
const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`00000000-0000-0000-0000-${String(i).padStart(12, "0")}`, 7]));

/** Opens a stream whose response is `text`; returns the request and what is heard. */
async function opened(t, { text = "", status = 200, ...given }) {
  const asked = [];
  const heard = [];
  t.mock.method(globalThis, "fetch", async (url, options) => {
    asked.push({ query: Object.fromEntries(url.searchParams), headers: options.headers });
    return new Response(text, { status });
  });
  const stream = resumed({ address: "http://here/api/v1/stream", ...given });
  stream.onopen = () => heard.push("open");
  stream.onmessage = ({ data }) => heard.push(JSON.parse(data));
  stream.onclose = ({ code }) => heard.push(code);
  for (let i = 0; i < 10; i++) await settle();
  return { ...asked[0], heard };
}

test("an id is the first 22 characters of its bytes in base64url", () => {
  assert.equal(positionOf({ [ONE]: 18, [OTHER]: 0 }), "Hw-8qv8-TVuaUx8Pag8qEQ.18~AAAAAAAAAAAAAAAAAAAAAQ.0");
});

test("one sensor is named, and resumed by the header", async (t) => {
  const { query, headers } = await opened(t, { after: { [ONE]: 18 }, query: { alerts: "true" } });

  assert.deepEqual(query, { ids: "false", sensor: ONE, alerts: "true" });
  assert.deepEqual(headers, { "Last-Event-ID": "Hw-8qv8-TVuaUx8Pag8qEQ.18" });
});

test("of several sensors comes all that may be seen, with the program's own headers", async (t) => {
  const { query, headers } = await opened(t, { after: { [ONE]: 1, [OTHER]: 2 }, headers: { Authorization: "Bearer x" } });

  assert.deepEqual(query, { ids: "false" });
  assert.deepEqual(Object.keys(headers), ["Authorization", "Last-Event-ID"]);
});

test("above a hundred sensors what is missing is told as gaps behind the snapshot", async (t) => {
  const [first, second] = Object.keys(many);
  const snapshot = { type: "snapshot", sensors: [{ sensor: first, seq: 9 }, { sensor: second, seq: 7 }, { sensor: ONE, seq: 5 }] };
  const { headers, heard } = await opened(t, { after: many, text: `data: ${JSON.stringify(snapshot)}\n\n` });

  assert.deepEqual(headers, {});
  assert.deepEqual(heard, ["open", snapshot, { type: "gap", sensor: first, after: 7, until: 9 }, 1006]);
});

test("a sensor that is gone is told as on a socket, which stays open", async (t) => {
  const { heard } = await opened(t, { after: { [ONE]: 1 }, status: 404 });

  assert.deepEqual(heard, ["open", { type: "error", code: "unknown_sensor" }]);
});

test("any other refusal closes", async (t) => {
  const { heard } = await opened(t, { after: { [ONE]: 1 }, status: 401 });

  assert.deepEqual(heard, [4401]);
});
