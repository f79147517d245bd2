/**
 * The values of a shared link, from its socket: `show` gets each message, `ended` is called once the link shows nothing
 * any more. `base` is the path of the link below the page's own.
 */
const ENDED = 4410;
const RETRY_MS = 2_000;

export function follow({ base, show, ended }) {
  const { units, clock } = document.documentElement.dataset;
  const address = new URL(`${base}live/?units=${units}&clock=${clock}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.addEventListener("message", ({ data }) => show(JSON.parse(data)));
  socket.addEventListener("close", async ({ code }) => {
    if (code === ENDED || !(await isThere(base))) ended();
    else setTimeout(follow, RETRY_MS, { base, show, ended });
  });
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
  if (clock) document.querySelector("[data-fact=clock]").textContent = `Last reading ${clock}`;
  const places = [...document.querySelectorAll("[data-q]")];
  for (const place of places) {
    // A value that is no longer there was excluded or deleted.
    const parts = values[place.dataset.q] ?? ["–", "", ""];
    for (const [at, name] of ["b", "span", "small"].entries()) place.querySelector(name).textContent = parts[at];
  }
  return Object.keys(values).length > places.filter(({ dataset }) => dataset.q in values).length;
}
