import { Crosshair } from "sf/crosshair";
import "sf/frame";
import { gate, page, siteTime, start, stream, tick } from "sf/live";
import { palette } from "sf/palette";
import { pictureFile } from "sf/picture-file";
import "sf/sf-banner";
import "sf/sf-live";
import { shortcuts } from "sf/shortcuts";
import { gettext } from "sf/translation";

/**
 * Explore. The server renders everything for an address; this replaces the parts of the page by those of the next
 * address, and, while the span ends now, by newer ones of the same address.
 */
const LOADING_AFTER_MS = 300;
const SOONEST_MS = 2_000; // between two refreshes
const RATHER_MS = 5; // times as long as a refresh takes, between two of them
const FOCUS = "sensorfusion.explore.focus";

const chooser = document.querySelector("[data-chooser]");
let crosshair = null;
let life = new AbortController();
let turn = 0; // the newest navigation wins
let [hasNews, refreshedAt, tookMs] = [false, performance.now(), 0];

/** Whether the page follows the sensors of an address already; others need a page of their own. */
function isFollowed(search) {
  const known = new Set(page.sensors.map(({ sensor }) => sensor));
  return new URLSearchParams(search).getAll("s").every((name) => known.has(name.split(":")[0]));
}

function go(search) {
  if (isFollowed(search) && new URLSearchParams(search).has("s")) return load(search, true);
  const focused = document.activeElement;
  if (focused?.matches?.("[data-chooser] input[type=checkbox]")) sessionStorage.setItem(FOCUS, focused.value);
  location.assign(search);
}

/** Fetches the page of an address and shows its parts. */
async function load(search, isNew) {
  const mine = ++turn;
  const address = new URL(search, location.href).href;
  const slow = setTimeout(() => document.body.classList.add("loading"), LOADING_AFTER_MS);
  try {
    const { getPage } = await import("sf/fetched-page");
    const found = await getPage(address);
    if (mine !== turn) return;
    if (isNew) history.pushState(null, "", address);
    swap(found, ["head", "picture", "figures", "saved", "menu", "chosen"]);
    syncChooser(found);
    document.title = found.title;
    failed(false);
  } catch {
    if (mine === turn) failed(true, () => load(search, isNew));
  } finally {
    clearTimeout(slow);
    document.body.classList.remove("loading");
  }
}

/** Shows newer numbers of the same address; what the reader has opened or focused stays. */
async function refresh() {
  const mine = turn;
  const began = performance.now();
  hasNews = false;
  try {
    const { getPage } = await import("sf/fetched-page");
    const found = await getPage(location.href);
    if (mine === turn) swap(found, ["plot", "figure-rows"]);
  } catch {
    hasNews = true; // the next tick tries again
  }
  refreshedAt = performance.now();
  tookMs = refreshedAt - began;
}

function swap(found, names) {
  const focused = document.activeElement;
  const open = document.querySelector("[data-swap=plot] details")?.open;
  const at = crosshair?.at ?? null;
  for (const name of names) {
    const [old, fresh] = [document, found].map((each) => each.querySelector(`[data-swap="${name}"]`));
    if (old && fresh && !old.matches(":popover-open")) old.replaceWith(document.adoptNode(fresh));
  }
  const table = document.querySelector("[data-swap=plot] details");
  if (table && open) table.open = true;
  arm();
  if (!focused.isConnected) sameAs(focused)?.focus({ preventScroll: true });
  if (at !== null) crosshair.point(at);
}

/** The element that took the place of another. */
function sameAs(element) {
  if (element.id) return document.getElementById(element.id);
  const list = element.closest("nav, ul")?.getAttribute("aria-label");
  const within = list ? document.querySelector(`[aria-label="${CSS.escape(list)}"]`) : document.querySelector("main");
  return [...(within?.querySelectorAll("a, button") ?? [])].find((each) => each.textContent.trim() === element.textContent.trim());
}

function syncChooser(found) {
  const fresh = new Map([...found.querySelectorAll("[data-chooser] input[type=checkbox]")].map((each) => [each.value, each]));
  for (const each of chooser.querySelectorAll("input[type=checkbox]")) {
    const other = fresh.get(each.value);
    if (other) [each.checked, each.dataset.hue, each.dataset.dash] = [other.checked, other.dataset.hue, other.dataset.dash];
  }
}

function failed(hasFailed, again) {
  const note = document.getElementById("failure");
  note.hidden = !hasFailed;
  if (again) note.querySelector("button").onclick = again;
}

/** Attaches the crosshair to new pictures. */
function arm() {
  life.abort();
  life = new AbortController();
  const pictures = document.querySelectorAll(".picture[role=application]");
  const words = document.getElementById("reading");
  const time = siteTime(page.sensors[0]?.sensor);
  crosshair = new Crosshair(pictures, { words, time, zoomed: zoom }, life.signal);
  const address = document.getElementById("address");
  if (address) address.value = location.href;
}

function zoom(from, to) {
  const query = new URLSearchParams(location.search);
  if (to - from < 60) return;
  query.delete("r");
  query.set("from", Math.round(from));
  query.set("to", Math.round(to));
  go(`?${query}`);
}

/** The address with the ticked series, in the order in which they were ticked. */
function ticked() {
  const query = new URLSearchParams(location.search);
  const before = query.getAll("s");
  const now = [...chooser.querySelectorAll("input[type=checkbox]:checked")].map(({ value }) => value);
  query.delete("s");
  query.delete("v");
  for (const name of [...before.filter((each) => now.includes(each)), ...now.filter((each) => !before.includes(each))])
    query.append("s", name);
  return `?${query}`;
}

/** Shows only the quantities that contain every word typed, and opens their sensors. */
function find(text) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const row of chooser.querySelectorAll("li"))
    row.hidden = !words.every((word) => row.dataset.search.toLocaleLowerCase().includes(word));
  for (const sensor of chooser.querySelectorAll(".sensor")) {
    const isFound = sensor.querySelector("li:not([hidden])") !== null;
    sensor.hidden = !isFound;
    if (words.length && isFound) sensor.open = true;
  }
  for (const site of chooser.querySelectorAll(".site")) site.hidden = !site.querySelector(".sensor:not([hidden])");
}

async function savePicture() {
  const pictures = [...document.querySelectorAll(".picture > svg")];
  const title = document.querySelector("[data-swap=picture] h2").textContent;
  const legend = [...document.querySelectorAll(".chip > a:first-of-type")].map((each) => each.textContent).join(", ");
  const look = { background: palette.colour("surface"), ink: palette.colour("text") };
  const blob = await pictureFile(pictures, `${legend} · ${title}`, look);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "explore.png" });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Follows the link after the current one in a row of choices, or the first one. */
function next(row) {
  const links = [...document.querySelectorAll(`${row} a`)];
  links[(links.findIndex((each) => each.ariaCurrent) + 1) % links.length]?.click();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-action=png]")) return savePicture();
  const link = event.target.closest("main a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
addEventListener("popstate", () => (isFollowed(location.search) ? load(location.search, false) : location.reload()));

chooser.dataset.live = "";
chooser.addEventListener("change", ({ target }) => target.type === "checkbox" && go(ticked()));
chooser.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("find").addEventListener("input", ({ target }) => find(target.value));
if (matchMedia("(width < 900px)").matches && page.sensors.length) chooser.open = false;

const focus = sessionStorage.getItem(FOCUS);
sessionStorage.removeItem(FOCUS);
if (focus) {
  chooser.open = true;
  chooser.querySelector(`input[value="${CSS.escape(focus)}"]`)?.focus();
}

arm();
start();
stream.readings.subscribe(() => (hasNews = true));
tick.subscribe(() => {
  const isLive = !new URLSearchParams(location.search).has("from");
  const waited = performance.now() - refreshedAt;
  if (hasNews && isLive && !gate.isPaused && waited > Math.max(SOONEST_MS, RATHER_MS * tookMs)) refresh();
});
shortcuts.bind(" ", gettext`Pause or continue`, () => gate.toggle("reader"));
shortcuts.bind("/", gettext`Find a series`, () => ((chooser.open = true), document.getElementById("find").focus()));
shortcuts.bind("m", gettext`Next view`, () => next("nav.modes"));
shortcuts.bind("y", gettext`Compare with the next choice`, () => next("[data-swap=picture] .choices > nav:first-of-type"));
for (const [key, label] of [["<", gettext`Earlier`], [">", gettext`Later`], ["0", gettext`Now`]])
  shortcuts.bind(key, label, () => document.querySelector(`[data-key="${key}"]`)?.click());
