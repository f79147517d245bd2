import assert from "node:assert/strict";
import { test } from "node:test";

import { SiteTime } from "sf/format";
import { pill } from "sf/pill";

const at = (text) => Date.parse(text);

const s = (text) => at(text) / 1000;

const siteTime = new SiteTime("UTC");

const idle = { isPaused: false, count: 0 };

function pillOf({ link = { state: "open" }, gate = idle, isOnline = true, sensors = [], now = 1_000_000 } = {}) {
  const { state, word, more } = pill({ isOnline, link, gate, sensors, now, ownNow: now, siteTime });
  return [state, word, more.replaceAll("\u00a0", " ")];
}

test("the pill says what state the page is in", () => {
  const live = { state: "live", observedAt: 998_000 };

  assert.deepEqual(pillOf({ isOnline: false }), ["browser-offline", "You are offline", ""]);
  assert.deepEqual(pillOf({ link: { state: "connecting" } }), ["connecting", "Connecting", ""]);
  assert.deepEqual(pillOf({ link: { state: "waiting", retryAt: 1_003_400 } }), [
    "reconnecting",
    "Reconnecting",
    "in 4 s",
  ]);
  assert.deepEqual(pillOf({ gate: { isPaused: true, count: 12 }, sensors: [live] }), ["paused", "Paused", "· 12 new"]);
  assert.deepEqual(pillOf({ sensors: [live] }), ["live", "Live", "· 2 s ago"]);
  assert.deepEqual(pillOf({ sensors: [{ state: "late", observedAt: 820_000 }] }), ["late", "Late, last at 00:13", ""]);
  assert.deepEqual(pillOf({ sensors: [{ state: "offline", observedAt: 60_000 }] }), [
    "offline",
    "No data since 00:01",
    "",
  ]);
  assert.deepEqual(pillOf({ sensors: [{ state: "pending", observedAt: null }] }), ["live", "Listening", ""]);
});

test("the pill is as live as the liveliest sensor", () => {
  const sensors = [
    { state: "offline", observedAt: 0 },
    { state: "live", observedAt: 999_000 },
  ];

  assert.deepEqual(pillOf({ sensors }), ["live", "Live", "· 1 s ago"]);
});
