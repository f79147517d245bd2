import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { headline, todayText, wordOf } from "sf/span-words";
import { Spans } from "sf/spans";

/** The server's results: tests/reports/same_spans.py. */
const same = JSON.parse(readFileSync(new URL("../same.json", import.meta.url)));

test("sentences about spans are those of the server", () => {
  assert.ok(same.spans.length > 40);
  for (const { spans, longest, start, now, told, isCurrent, isExact, ...said } of same.spans) {
    const found = new Spans(spans.map(([state, begin, end]) => ({ state, start: begin, end })), longest);
    const lasting = found.lasting(now);

    assert.equal(lasting !== found, isCurrent);
    assert.equal(todayText(lasting.between(start, now), told, now - start), said.sentence);
    const word = wordOf(spans.at(-1)[0], told);
    assert.equal(headline(word, "14:02", "15:00", { isCurrent, isExact }), said.headline);
  }
});
