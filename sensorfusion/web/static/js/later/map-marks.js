/** The marks of the overview's map repeat its list: the values of their sensors, and the state that is worst. */
const GRAVITY = ["offline", "late", "live", "pending", "paused"];

export function worst(states) {
  return GRAVITY.find((state) => states.includes(state));
}

/** Returns what updates the marks of a map: states from the list's rows, values by `textOf(sensor, quantity)`. */
export function followRows(map, textOf) {
  const marks = [...map.querySelectorAll("[data-mark]")].map((mark) => [mark, rowsOf(mark)]);
  return () => marks.forEach(([mark, rows]) => draw(mark, rows, textOf));
}

function rowsOf(mark) {
  return mark.dataset.mark.trim().split(" ").map((sensor) => document.querySelector(`#cards [data-sensor="${sensor}"]`));
}

function draw(mark, rows, textOf) {
  const state = worst(rows.map(({ dataset }) => dataset.state));
  if (mark.dataset.state !== state) {
    mark.dataset.state = state;
    mark.querySelector("use").setAttribute("href", `#mark-${state}`);
  }
  const value = mark.querySelector(".value");
  const shown = value && rows[0].querySelector("sf-value");
  const text = shown && textOf(shown.getAttribute("sensor"), shown.getAttribute("q"));
  if (!text || value.textContent === text) return;
  value.textContent = text;
  const link = mark.querySelector("a");
  link.setAttribute("aria-label", `${link.dataset.name}: ${text}`);
}
