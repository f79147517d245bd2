/** The offline page: the last values with their times, and the page that was wanted as soon as the server answers. */
const EVERY_MS = 5000;
const { dataset } = document.documentElement;
const ownPath = `${dataset.root}offline/`;
const section = document.querySelector(".kept");

const CLOCKS = {
  12: { hour: "numeric", minute: "2-digit", hourCycle: "h12" },
  24: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "13:04", with its day unless that is today. */
function said(at, time) {
  const date = day.format(at);
  return date === day.format(Date.now()) ? time.format(at) : `${time.format(at)}, ${date}`;
}

function cell(name, text) {
  const made = document.createElement(name);
  if (name === "th") made.scope = "row";
  made.textContent = text;
  return made;
}

function showValues({ at, rows, clock }) {
  const time = new Intl.DateTimeFormat("en-GB", CLOCKS[clock] ?? CLOCKS[24]);
  section.querySelector("h2").textContent = `Last values, as of ${said(at, time)}`;
  section.querySelector("tbody").replaceChildren(
    ...rows.map(({ name, value, at: observed }) => {
      const row = document.createElement("tr");
      row.append(cell("th", name), cell("td", value), cell("td", said(observed, time)));
      return row;
    }),
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
