/** Sorts the rows of the overview's table; loaded when the first head is clicked. */
const GRAVITY = ["offline", "late", "live", "pending", "paused"];

/** What rows are compared by: text, or a number with those that have none at the end. */
const KEYS = {
  state: ({ dataset }) => GRAVITY.indexOf(dataset.state),
  name: (row) => row.querySelector("th").textContent,
  site: (row) => row.cells[1].textContent,
  value: (row, { number }) => number(row.dataset.sensor, row.dataset.q) ?? Infinity,
  age: (row, { entry }) => -(entry(row.dataset.sensor)?.observedAt ?? -Infinity),
};

export function compare(a, b) {
  return typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
}

export function sortRows(head, entry, number) {
  const isDown = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const keyed = [...body.rows].map((row) => [KEYS[head.dataset.key](row, { entry, number }), row]);
  keyed.sort(([a], [b]) => (isDown ? -1 : 1) * compare(a, b));
  body.append(...keyed.map(([, row]) => row));
}
