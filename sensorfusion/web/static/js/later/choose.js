import { gettext } from "sf/translation";

/** Makes the choices of the frame: theme, units and clock. */
const YEAR_S = 31_536_000;

const THEMES = { auto: gettext`Theme: auto`, light: gettext`Theme: light`, dark: gettext`Theme: dark` };

const root = document.documentElement;

export function nextTheme() {
  const theme = after("theme", root.dataset.theme);
  root.dataset.theme = theme;
  remember("theme", theme);
  for (const button of document.querySelectorAll("[data-action=theme]")) label(button, THEMES[theme]);
}

/** Chooses the preset after this one; units that the reader put together are not given up for it, but the menu opens. */
export function nextUnits() {
  const menu = document.getElementById("choices");
  const rows = [...menu.querySelectorAll("[name=units]")];
  const here = rows.findIndex(({ value }) => value === root.dataset.units);
  if (!root.dataset.units.includes("-")) return rows[(here + 1) % rows.length].click();
  menu.togglePopover();
  rows[here].focus();
}

/** Remembers in this browser what a button of the menu is for; with that of single units, what is chosen above it. */
export function choose(button) {
  const singles = button.closest("details")?.querySelectorAll("select") ?? [];
  remember(button.name, [button.value, ...[...singles].map(({ value }) => value)].join("-"));
  location.reload();
}

/**
 * Cookies, because the server renders the page as it was chosen: no flash, and correct numbers without scripts.
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

function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}
