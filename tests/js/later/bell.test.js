import assert from "node:assert/strict";
import { test } from "node:test";

import { follow } from "sf/bell";
import { Topic } from "sf/topic";
import { FakeTimers } from "../fakes.js";

const AS_SHOWN = { type: "alerts", sites: [{ seq: 4 }, { seq: 3 }] };

class FakeLink {
  opened = new Topic();
  message = new Topic();
  sent = [];

  send = (message) => this.sent.push(message.action);
}

/** A page whose one mark is replaced by that of a fetched page. */
function page(text, seen = "7") {
  const marks = new Map([["alerts-top", { text, dataset: { swap: "alerts-top", seen } }]]);
  for (const mark of marks.values()) {
    mark.replaceWith = (fresh) => marks.set("alerts-top", fresh);
    mark.querySelector = () => null; // nothing in it has the focus
  }
  return {
    text: () => marks.get("alerts-top").text,
    querySelectorAll: () => [...marks.values()],
    querySelector: () => marks.get("alerts-top"),
    adoptNode: (node) => node,
  };
}

function begin() {
  const [link, timers, root] = [new FakeLink(), new FakeTimers(), page("none")];
  const fetched = [];
  const fetchPage = async () => fetched[fetched.push(page("1", "9")) - 1];
  follow(link, { root, fetchPage, after: timers.after });
  const settle = async () => {
    timers.pass(1_000);
    await new Promise(setImmediate);
  };
  return { link, root, fetched, settle };
}

test("alerts are asked for at once, and at each opening of the socket", () => {
  const { link } = begin();
  link.opened.publish();

  assert.deepEqual(link.sent, ["alerts", "alerts"]);
});

test("several alerts fetch the page once, and its count replaces the one that is shown", async () => {
  const { link, root, fetched, settle } = begin();
  link.message.publish(AS_SHOWN);
  link.message.publish({ type: "alert" });
  link.message.publish({ type: "alert" });
  link.message.publish({ type: "readings" });
  assert.equal(root.text(), "none");
  await settle();

  assert.equal(fetched.length, 1);
  assert.equal(root.text(), "1");
});

test("what happened before the first answer, or during a disconnect, is fetched once", async () => {
  const { link, fetched, settle } = begin();
  link.message.publish({ type: "alerts", sites: [{ seq: 4 }, { seq: 5 }] });
  await settle();
  assert.equal(fetched.length, 1);

  link.message.publish({ type: "alerts", sites: [{ seq: 4 }, { seq: 5 }] });
  await settle();
  assert.equal(fetched.length, 1);
});

test("an answer that says what the page knew fetches nothing", async () => {
  const { link, fetched, settle } = begin();
  link.message.publish(AS_SHOWN);
  link.opened.publish();
  link.message.publish(AS_SHOWN);
  await settle();

  assert.equal(fetched.length, 0);
});
