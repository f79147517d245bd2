import { follow, write } from "sf/shown-link";
import { gettext } from "sf/translation";

/** A part of a link in a page of another site, live. What is drawn of the day is fetched, on a new day and at most once a minute. */
const DRAWN_EVERY_MS = 60_000;
const day = document.querySelector("[data-fact=day]");
let last = null;
let drawnAt = Date.now();

async function draw() {
  drawnAt = Date.now();
  const { getPage } = await import("sf/fetched-page");
  const page = await getPage(location.href).catch(() => null);
  const now = page?.querySelector("[data-fact=day]");
  if (now) day.replaceChildren(...now.cloneNode(true).childNodes);
}

function show(message) {
  write(message);
  const isNew = last && message.at !== last.at;
  const isNextDay = last && message.day_ends_at !== last.day_ends_at;
  last = message;
  if (day && (isNextDay || (isNew && (Date.now() - drawnAt >= DRAWN_EVERY_MS || !day.childElementCount)))) draw();
}

const ended = () => document.querySelector("main").replaceChildren(gettext`The link has ended.`);

follow({ base: "../../", show, ended });
