import { showKeys } from "sf/keys-help";
import "sf/sf-copy";
import "sf/sf-filter";
import { shortcuts } from "sf/shortcuts";

/** Features of every page: theme and units, the sensor switcher, the keyboard shortcuts and their help. */
const YEAR_S = 31_536_000;

const root = document.documentElement;

/**
 * Cookies, because the server renders the page in the chosen theme and units: no flash, and correct numbers without
 * scripts.
 */
function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=${root.dataset.root}; max-age=${YEAR_S}; samesite=lax${secure}`;
}

/** The choice after `value` in the list of the button of `action`. */
function after(action, value) {
  const choices = document.querySelector(`[data-action=${action}]`).dataset.choices.split(" ");
  return choices[(choices.indexOf(value) + 1) % choices.length];
}

function nextTheme() {
  const theme = after("theme", root.dataset.theme);
  root.dataset.theme = theme;
  remember("theme", theme);
  for (const button of document.querySelectorAll("[data-action=theme]")) label(button, `Theme: ${theme}`);
}

function nextUnits() {
  remember("units", after("units", root.dataset.units));
  location.reload();
}

function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}

function openSwitcher() {
  const search = document.querySelector("main sf-filter input");
  if (search) return search.focus();
  const switcher = document.getElementById("switcher");
  switcher?.showPopover();
  switcher?.querySelector("input")?.focus();
}

/** Arrow keys move through the rows that match the search, Enter in the search opens the first. */
function walkSwitcher(event) {
  const rows = [...event.currentTarget.querySelectorAll("li:not([hidden]) a")];
  const here = rows.indexOf(document.activeElement);
  if (event.key === "ArrowDown") rows[Math.min(here + 1, rows.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (rows[here - 1] ?? event.currentTarget.querySelector("input"))?.focus();
  else if (event.key === "Enter" && event.target.matches("input")) rows[0]?.click();
  else return;
  event.preventDefault();
}

for (const button of document.querySelectorAll("[data-action=theme]")) button.addEventListener("click", nextTheme);
for (const button of document.querySelectorAll("[data-action=units]")) button.addEventListener("click", nextUnits);
document.getElementById("switcher")?.addEventListener("keydown", walkSwitcher);
document.getElementById("switcher")?.addEventListener("toggle", ({ newState, target }) => {
  if (newState === "open") target.querySelector("input")?.focus();
});

shortcuts.bind("/", "Find a sensor", openSwitcher);
if (document.querySelector("[data-action=theme]")) shortcuts.bind("t", "Light or dark", nextTheme);
if (document.querySelector("[data-action=units]")) shortcuts.bind("u", "Units", nextUnits);
shortcuts.bind("?", "These keys", showKeys);
shortcuts.listen(document);
