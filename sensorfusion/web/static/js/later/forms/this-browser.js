import { gettext } from "sf/translation";

/** "Notify this browser": whether it is notified, may be, or why it cannot be, and its subscription (Web Push). */
const KEYS = ["p256dh", "auth"];

/** Shows the state of this browser in the page's form, and subscribes it when that is sent. */
export async function offer(form, scope = globalThis) {
  const rows = [...form.parentElement.querySelectorAll("[data-browser]")];
  const show = (state) => {
    for (const each of form.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== state;
  };
  const renew = async () => {
    const able = ability(scope);
    const subscription = able ? null : await subscribed(scope);
    const mark = subscription && fits(subscription, form.dataset.push) && (await digest(subscription.endpoint, scope));
    const row = rows.find(({ dataset }) => dataset.browser === mark);
    if (row) claim(row, subscription);
    show(able ?? (row ? "on" : "off"));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe(form, scope).catch(({ message }) => fail(form, message).then(renew));
  });
  await renew();
}

/** Why this browser cannot be notified, as the name of a state; null if it can be. */
export function ability(scope) {
  if (!scope.isSecureContext) return "insecure";
  if (!scope.PushManager || !scope.Notification || !scope.navigator.serviceWorker) return "unsupported";
  return scope.Notification.permission === "denied" ? "blocked" : null;
}

/** Whether a subscription was made for this installation's key: it may have another one since then. */
export function fits(subscription, key) {
  const own = new Uint8Array(subscription.options?.applicationServerKey ?? []);
  return base64url(own) === key;
}

/** The digest by which the server names an endpoint in the page. */
export async function digest(endpoint, scope) {
  const found = await scope.crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function subscribe(form, scope) {
  await (await import("sf/last-values")).registerWorker();
  if (!(await registration(scope))) throw new Error(gettext`its service worker could not be registered`);
  const { pushManager } = await scope.navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && !fits(old, form.dataset.push)) await old.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push });
  const { endpoint, keys } = made.toJSON();
  form.elements.endpoint.value = endpoint;
  for (const name of KEYS) form.elements[name].value = keys[name];
  form.submit();
}

async function subscribed(scope) {
  return (await registration(scope))?.pushManager.getSubscription();
}

const registration = (scope) => scope.navigator.serviceWorker.getRegistration(document.documentElement.dataset.root);

/** Says which row is this browser; removing it ends the subscription here, too. */
function claim(row, subscription) {
  row.querySelector("[data-this]").hidden = false;
  const remove = row.querySelector("[data-remove]");
  remove.addEventListener("submit", async (event) => {
    event.preventDefault();
    await subscription.unsubscribe().catch(() => false); // then the push service says so to the server
    remove.submit();
  });
}

async function fail(form, message) {
  const said = form.querySelector("[data-failed]");
  said.textContent = gettext`This browser could not be subscribed: ${message}`;
  said.hidden = false;
}

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
