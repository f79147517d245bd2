import assert from "node:assert/strict";
import { test } from "node:test";

import { rowHead, rows } from "sf/chart-table";
import { SiteTime } from "sf/format";
import { Track } from "sf/series";

const siteTime = new SiteTime("UTC");
const numberAt = (at) => `at ${at}`;
const line = { quantity: "temperature", look: "line", isRead: true, t: [0, 60, 120], track: new Track() };

test("rows of days have a date, rows of bars the head of their range", () => {
  const days = new Track({ widthS: 86_400 });
  days.add(43_200, 10);
  const subject = { ...line, track: days, t: days.t, v: days.value, numberAt };

  const found = rows([subject], ["temperature"], { span: [0, 1e9], time: siteTime, now: 15_000_000 });

  assert.deepEqual([rowHead(subject), found[0][0]], ["Day", "1 Jan 1970"]);
  assert.equal(rowHead({ ...subject, look: "bars", widthS: 604_800 }), "Week from");
  assert.equal(rowHead(line), "Time");
});

test("a table has at most a hundred rows, the newest first", () => {
  const t = Array.from({ length: 250 }, (_, i) => i * 60);
  const items = [
    { ...line, quantity: "temperature", look: "faint" },
    { ...line, t, numberAt },
  ];

  const found = rows(items, ["temperature", "dew_point"], { span: [0, 1e9], time: siteTime, now: 15_000_000 });

  assert.equal(found.length, 84);
  assert.deepEqual(found[0], ["04:09", "at 14940"]);
});
