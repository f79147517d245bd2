import assert from "node:assert/strict";
import { test } from "node:test";

import { ability, digest, fits } from "sf/this-browser";

const able = {
  isSecureContext: true,
  PushManager: class {},
  Notification: { permission: "default" },
  navigator: { serviceWorker: {} },
};

test("a browser that may be notified is not refused", () => {
  assert.equal(ability(able), null);
  assert.equal(ability({ ...able, Notification: { permission: "granted" } }), null);
});

test("each reason has a state of its own", () => {
  assert.equal(ability({ ...able, isSecureContext: false, PushManager: undefined }), "insecure");
  assert.equal(ability({ ...able, PushManager: undefined }), "unsupported");
  assert.equal(ability({ ...able, navigator: {} }), "unsupported");
  assert.equal(ability({ ...able, Notification: { permission: "denied" } }), "blocked");
});

test("a subscription fits the key that it was made for only", () => {
  const subscription = { options: { applicationServerKey: new Uint8Array([251, 239, 190, 255]).buffer } };

  assert.equal(fits(subscription, "----_w"), true);
  assert.equal(fits(subscription, "----_x"), false);
  assert.equal(fits({}, "----_w"), false);
});

test("the digest of an endpoint is the one in the page", async () => {
  const found = await digest("https://push.example.org/v2/abc", globalThis);

  assert.equal(found, "9a8dc067c66dee2de3f383a0f0ac5e72b8060d6e2f057f210ee145bc01322f0e");
});
