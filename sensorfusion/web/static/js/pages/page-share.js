import { followChoices } from "sf/choices";

/** What a link shows, live: numbers come formatted, and a link that has ended takes the page with it. */
const ENDED = 4410;
const RETRY_MS = 2_000;
const ended = () => {
  document.querySelector("main").replaceChildren();
  location.reload();
};

function show({ state, clock, values }) {
  for (const place of document.querySelectorAll("main [data-state]")) place.dataset.state = state;
  if (clock) document.querySelector("[data-fact=clock]").textContent = `Last reading ${clock}`;
  const places = [...document.querySelectorAll("[data-q]")];
  for (const place of places) {
    // A value that is no longer there was excluded or deleted.
    const parts = values[place.dataset.q] ?? ["–", "", ""];
    for (const [at, name] of ["b", "span", "small"].entries()) place.querySelector(name).textContent = parts[at];
  }
  // The first value of a quantity has no place yet.
  if (Object.keys(values).length > places.filter(({ dataset }) => dataset.q in values).length) location.reload();
}

/** Whether the link still shows something, which a refused handshake does not tell. */
async function isThere() {
  try {
    return (await fetch("latest/", { cache: "no-store" })).status !== 404;
  } catch {
    return true;
  }
}

function follow() {
  const { units, clock } = document.documentElement.dataset;
  const address = new URL(`live/?units=${units}&clock=${clock}`, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.addEventListener("message", ({ data }) => show(JSON.parse(data)));
  socket.addEventListener("close", async ({ code }) => {
    if (code === ENDED || !(await isThere())) ended();
    else setTimeout(follow, RETRY_MS);
  });
}

followChoices();
follow();
