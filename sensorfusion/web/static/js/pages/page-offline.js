import { gettext, pgettext } from "sf/translation";

/** The offline page: the last values with their times, and the page that was wanted as soon as the server answers. */
const EVERY_MS = 5000;
const { dataset } = document.documentElement;
const ownPath = `${dataset.root}offline/`;
const section = document.querySelector(".kept");

const CLOCKS = {
  12: { hour: "numeric", minute: "2-digit", hourCycle: "h12" },
  24: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};
const day = new Intl.DateTimeFormat(pgettext("language")`en-GB`, { day: "numeric", month: "short", year: "numeric" });

/** "13:04", with its day unless that is today. */
function said(at, time) {
  const date = day.format(at);
  return date === day.format(Date.now()) ? time.format(at) : `${time.format(at)}, ${date}`;
}

function made(name, ...children) {
  const element = document.createElement(name);
  if (name === "th") element.scope = "row";
  element.append(...children);
  return element;
}

/** The badge that the sensor had, as of then (states/badge.html). */
function badge(state, why) {
  const [mark, words] = [made("i"), made("span", why)];
  mark.className = "dot";
  words.dataset.fact = "why";
  const element = made("sf-badge", mark, words);
  element.dataset.state = state;
  return element;
}

function showValues({ at, rows, clock }) {
  const time = new Intl.DateTimeFormat(pgettext("language")`en-GB`, CLOCKS[clock] ?? CLOCKS[24]);
  section.querySelector("h2").textContent = gettext`Last values, as of ${said(at, time)}`;
  section.querySelector("tbody").replaceChildren(
    ...rows.map(({ name, value, at: observed, state, why }) =>
      made("tr", made("th", name), made("td", value), made("td", why ? badge(state, why) : said(observed, time))),
    ),
  );
  section.hidden = false;
}

/** Opens the page that was wanted. */
async function tryAgain() {
  try {
    await fetch(ownPath, { method: "HEAD", cache: "no-store" });
  } catch {
    return;
  }
  location.reload();
}

const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/);
if (theme) dataset.theme = theme[1];
import("sf/last-values").then(({ keptValues }) => {
  const kept = keptValues();
  if (kept?.rows?.length) showValues(kept);
});
if (location.pathname !== ownPath) {
  setInterval(tryAgain, EVERY_MS);
  addEventListener("online", tryAgain);
}
