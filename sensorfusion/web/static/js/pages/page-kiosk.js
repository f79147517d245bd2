import { gettext } from "sf/translation";
import { Wall } from "sf/wall";

/**
 * A wall that runs for weeks: the server draws every slide, and the socket only tells when to fetch it again. So a
 * restart, a lost socket, the end of a day and a new release of the scripts are one case: the next fetch.
 */
const IDLE_MS = 3_000; // until the pointer is hidden
const SOCKET_WAIT_MS = 5_000;
const TIMEOUT_MS = 20_000;
const OTHER_PAGE = 200; // that of the sign-in, or of a link's password
const SIGNED_OUT = gettext`This screen is signed out. Sign in again,`;
const LOCKED = gettext`The link asks for its password again. Enter it,`;

const root = document.documentElement;
const trouble = document.querySelector(".kiosk-trouble");
const wall = new Wall({ fetchPage });
let main = document.querySelector("main");
let socket = null;
let socketAt = -Infinity;
let open = (live) => new WebSocket(absolute(live).replace(/^http/, "ws"));
let idle = null;
let lastClock = main.dataset.clock;

const { leave, tv } = main.dataset;
const isShared = !main.dataset.sensor;
const absolute = (path) => new URL(path, location.href).href;
const filesOf = (page) => [...page.querySelectorAll("script[src], link[rel=stylesheet]")].map((each) => each.src || each.href);
const release = filesOf(document).join();

/** Fetches a page as a document, within a time; a redirect is an error with the status 200. */
function fetchPage(address) {
  return new Promise((resolve, reject) => {
    const request = Object.assign(new XMLHttpRequest(), { responseType: "document", timeout: TIMEOUT_MS });
    const wanted = absolute(`${address}&again=1`);
    const fail = (status) => reject(Object.assign(new Error(`status ${status}`), { status }));
    request.onerror = request.ontimeout = request.onabort = () => fail(0);
    request.onload = () => {
      const isWall = request.status === 200 && request.responseXML?.querySelector("main.kiosk");
      return isWall ? resolve(request.responseXML) : fail(request.status);
    };
    request.open("GET", wanted);
    request.send();
  });
}

function show(page, isTurn) {
  if (filesOf(page).join() !== release) return location.reload();
  const next = document.adoptNode(page.querySelector("main.kiosk"));
  const swap = () => {
    main.replaceWith(next);
    main = next;
    dress();
  };
  tell("");
  document.title = page.title;
  if (isTurn && document.startViewTransition) document.startViewTransition(swap).finished.catch(() => {});
  else swap();
  if (isTurn) hangUp();
  take(next.dataset);
}

function take(data) {
  lastClock = data.clock;
  wall.take({ here: data.here, next: data.next, every: Number(data.every), second: Number(data.second) });
  if (!socket && performance.now() - socketAt >= SOCKET_WAIT_MS) connect(data);
}

/** The sun's place in the sky, which a policy against styles in pages keeps out of the markup. */
function dress() {
  const [x, y] = main.dataset.sun?.split(" ") ?? [];
  if (!x) return;
  main.style.setProperty("--sun-x", `${100 * x}%`);
  main.style.setProperty("--sun-y", `${100 * y}%`);
}

/** Says what is wrong. A page of someone who may no longer see it goes dark; without an answer it keeps its values. */
function fail(status) {
  hangUp();
  const code = gettext`or open ${absolute(tv)} here for a code.`;
  if ([OTHER_PAGE, 401, 403].includes(status)) darken(`${isShared ? LOCKED : SIGNED_OUT} ${code}`, gettext`Open it`);
  else if (status === 404) darken(gettext`Nothing is shown here any more. Ask for a new link, ${code}`);
  else {
    main.toggleAttribute("data-away", true);
    if (main.childElementCount) tell(gettext`The server does not answer. These are the last values, as of ${lastClock}.`);
  }
}

function darken(sentence, action) {
  main.replaceChildren();
  tell(sentence);
  if (!action) return;
  const again = Object.assign(document.createElement("a"), { href: location.href, textContent: action });
  trouble.append(" ", again);
}

function tell(sentence) {
  trouble.hidden = !sentence;
  if (trouble.textContent !== sentence) trouble.textContent = sentence;
}

function connect({ live, sensor }) {
  socketAt = performance.now();
  const made = open(live, sensor);
  let isHeard = false;
  socket = made;
  made.onopen = () => sensor && made.send(JSON.stringify({ action: "subscribe", id: 1, sensors: [sensor] }));
  made.onmessage = () => {
    isHeard = true;
    wall.wake();
  };
  made.onclose = () => {
    if (socket !== made) return;
    socket = null;
    if (!isHeard) import("sf/fallback").then(({ carrierOf }) => (open = carrierOf), () => {}); // it may be blocked
    wall.wake();
  };
}

/** Ends the socket without asking why; the next slide has its own. */
function hangUp() {
  const old = socket;
  [socket, socketAt] = [null, -Infinity];
  if (!old) return;
  old.onopen = old.onmessage = old.onclose = null;
  old.close();
}

function touch() {
  wall.touch();
  root.toggleAttribute("data-idle", false);
  clearTimeout(idle);
  idle = setTimeout(() => root.toggleAttribute("data-idle", true), IDLE_MS);
}

const KEYS = {
  Escape: () => (location.href = leave),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.()),
  ArrowRight: () => wall.turn(),
};

/** Browsers release the lock whenever the page is hidden. */
async function keepAwake() {
  if (document.hidden) return;
  await navigator.wakeLock?.request("screen").catch(() => {});
  wall.wake();
}

for (const type of ["pointermove", "pointerdown", "keydown", "wheel"]) addEventListener(type, touch, { passive: true });
addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => !ctrlKey && !metaKey && !altKey && KEYS[key]?.());
addEventListener("online", () => wall.wake());
document.addEventListener("visibilitychange", keepAwake);
wall.fetched.subscribe(show);
wall.failed.subscribe(fail);
dress();
take(main.dataset);
keepAwake();
idle = setTimeout(() => root.toggleAttribute("data-idle", true), IDLE_MS);
