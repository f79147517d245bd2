/*
 * The service worker: shows the offline page in place of a page that cannot be loaded, and notifications of alerts. It
 * keeps that page and its static files, nothing else: no page of an account, and no answer of the API.
 */
const PREFIX = `offline ${KEPT.root} `; // other programs of this host may have caches too
const CACHE = PREFIX + KEPT.version;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});

addEventListener("activate", (event) => event.waitUntil(begin()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (KEPT.files.includes(pathname)) event.respondWith(file(request));
});

addEventListener("push", (event) => event.waitUntil(notify(event.data)));

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

/** Without cookies, so that no answer is one account's; the language is that of the page. */
async function keep() {
  const asked = { credentials: "omit", cache: "reload", headers: { "Accept-Language": KEPT.language } };
  const requests = [KEPT.page, ...KEPT.files].map((path) => new Request(path, asked));
  await (await caches.open(CACHE)).addAll(requests);
}

async function begin() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable(); // the request does not wait for the worker's start
  await clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(KEPT.page)) ?? Response.error();
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(request)) ?? Response.error();
  }
}

/** Browsers want a notification for each message, so one that cannot be read becomes one too. */
function notify(data) {
  const { title, text, key, link, severity } = message(data);
  return registration.showNotification(title, {
    body: text,
    tag: key, // a message that is sent again replaces the first
    icon: KEPT.icon,
    data: pageOf(link),
    requireInteraction: severity === "critical",
  });
}

function message(data) {
  try {
    return data.json();
  } catch {
    return { title: KEPT.alerts, text: "" };
  }
}

/** A page of ours at the address by which this browser knows the platform, whatever the server calls itself. */
function pageOf(link) {
  const { pathname, search } = new URL(link ?? "", location.origin);
  return new URL(pathname.startsWith(KEPT.root) && link ? pathname + search : `${KEPT.root}alerts/`, location.origin).href;
}

async function open(address) {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = windows.find(({ url }) => url === address);
  await (shown ? shown.focus() : clients.openWindow(address));
}

const kept = (request) => caches.match(request, { cacheName: CACHE, ignoreVary: true });
