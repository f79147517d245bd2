/** The choices that a reader makes in the frame, the theme and the units. */
const YEAR_S = 31_536_000;

const root = document.documentElement;

export function nextTheme() {
  const theme = after("theme", root.dataset.theme);
  root.dataset.theme = theme;
  remember("theme", theme);
  for (const button of document.querySelectorAll("[data-action=theme]")) label(button, `Theme: ${theme}`);
}

export function nextUnits() {
  remember("units", after("units", root.dataset.units));
  location.reload();
}

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

function label(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}
