import { followChoices } from "sf/choices";
import { follow, write } from "sf/shown-link";

/**
 * What a link shows, live: numbers come formatted, and a link that has ended takes the page with it. Charts are drawn by
 * the server, and fetched with a reading once they would look different.
 */
const charts = document.querySelector("[data-drawn=charts]");
let drawnAt = Date.now();
let last = null;

function ended() {
  document.querySelector("main").replaceChildren();
  location.reload();
}

function show(message) {
  // The first value of a quantity has no place yet.
  if (write(message)) location.reload();
  const isNew = last !== null && message.at !== last;
  last = message.at;
  if (isNew && Date.now() - drawnAt >= Number(charts?.dataset.everyMs)) draw();
}

async function draw() {
  drawnAt = Date.now();
  (await import("sf/drawn")).draw();
}

followChoices();
follow({ base: "", show, ended });
