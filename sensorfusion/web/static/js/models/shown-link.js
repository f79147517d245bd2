import { gettext } from "sf/translation";

/**
 * The values of a shared link, from its socket: `show` gets each message, `ended` is called once the link shows nothing
 * any more. `base` is the path of the link below the page's own.
 */
const ENDED = 4410;
const RETRY_MS = 2_000;
const SILENT_MS = 10_000; // the first message comes at once
const ALIVE = "{}"; // of a stream of events, where sockets are blocked

export function follow({ base, show, ended, open = openSocket }) {
  const { lang, dataset } = document.documentElement;
  const live = `${base}live/?units=${dataset.units}&clock=${dataset.clock}&lang=${lang}`;
  const socket = open(live);
  let isHeard = false;
  const lost = async ({ code }) => {
    clearTimeout(silence);
    if (code === ENDED || !(await isThere(base))) return ended();
    const next = isHeard ? null : await import("sf/fallback").catch(() => null);
    setTimeout(follow, next && open === openSocket ? 0 : RETRY_MS, { base, show, ended, open: next?.carrierOf ?? open });
  };
  const silence = setTimeout(() => {
    socket.onmessage = socket.onclose = null;
    socket.close();
    lost({});
  }, SILENT_MS);
  socket.onmessage = ({ data }) => {
    isHeard = true;
    clearTimeout(silence);
    if (data !== ALIVE) show(JSON.parse(data));
  };
  socket.onclose = lost;
}

function openSocket(live) {
  const address = new URL(live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return new WebSocket(address);
}

/** Whether the link still shows something, which a refused handshake does not tell. */
async function isThere(base) {
  try {
    return (await fetch(`${base}latest/`, { cache: "no-store" })).status !== 404;
  } catch {
    return true;
  }
}

/** Writes the values of a message into their places; returns whether one has no place yet. */
export function write({ state, why, clock, values }) {
  for (const place of document.querySelectorAll("[data-state]")) place.dataset.state = state;
  document.querySelector("[data-fact=why]").textContent = why;
  if (clock) document.querySelector("[data-fact=clock]").textContent = gettext`Last reading ${clock}`;
  const places = [...document.querySelectorAll("[data-q]")];
  for (const place of places) {
    // A value that is no longer there was excluded or deleted.
    const parts = values[place.dataset.q] ?? ["–", "", ""];
    for (const [at, name] of ["b", "span", "small"].entries()) place.querySelector(name).textContent = parts[at];
  }
  return Object.keys(values).length > places.filter(({ dataset }) => dataset.q in values).length;
}
