/** Sorts the overview: its table by the head that is clicked, and otherwise all by their problems. */
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
  head.closest("table").tBodies[0].append(...resorted(head, { entry, number }));
}

/** Returns the rows as the head says that they are sorted. */
function resorted(head, values) {
  const sign = head.getAttribute("aria-sort") === "descending" ? -1 : 1;
  const keyed = [...head.closest("table").tBodies[0].rows].map((row) => [KEYS[head.dataset.key](row, values), row]);
  return keyed.sort(([a], [b]) => sign * compare(a, b)).map(([, row]) => row);
}

const SLIDE = { duration: 200, easing: "cubic-bezier(.2,.7,.2,1)" }; // --d-2, --ease
const AT_ONCE = { duration: 50, easing: "step-end" }; // long enough for a busy browser to draw one frame of it

/**
 * Keeps the sensors with problems first while the overview is open, in the order in which the server lists them. Nothing
 * moves under the pointer or the focus: the order is changed at the next moment when both are elsewhere. What moves
 * begins where it was, so that no layout shifts, and slides to its new place. Returns what to call when states may have
 * changed.
 */
export function problemsFirst(list) {
  const head = list.closest("table")?.tHead;
  let known = null;
  return () => {
    const now = signature(list);
    if (now === known || isInUse(list)) return;
    known = now;
    const sorted = head?.querySelector("[aria-sort]");
    if (!sorted) place(list, head ? rowsInOrder(list) : cardsInOrder(list));
    else if (sorted.dataset.key === "state") place(list, resorted(sorted));
  };
}

const sensorOf = (item) => (item.dataset.sensor ? item : item.querySelector("[data-sensor]"));
const isAlerted = (item) => !!item.querySelector("[data-swap][data-severity]");
const standing = (item) => `${isAlerted(item)} ${sensorOf(item)?.dataset.state}`;
const signature = (list) => [...list.children].map(standing).join();
const isInUse = (list) => list.querySelector(":scope > :hover") || list.contains(document.activeElement);

const gravity = (item) => GRAVITY.indexOf(sensorOf(item).dataset.state);
const nameOf = (item) => item.querySelector("h3, th a").textContent;
const compared = (a, b) => (a < b ? -1 : Number(a > b));
/** Compares by keys in turn; the last ones are texts, in the order of their characters as on the server. */
const by =
  (...keys) =>
  (a, b) =>
    keys.reduce((found, key) => found || compared(key(a), key(b)), 0);
const isCalm = (item) => !isAlerted(item);

function rowsInOrder(list) {
  const siteOf = (row) => row.querySelector(".site-name").textContent;
  return [...list.children].sort(by(isCalm, gravity, siteOf, nameOf));
}

/** Cards stay with their site; sites with a problem come first. */
function cardsInOrder(list) {
  const groups = [];
  for (const item of list.children) {
    if (item.matches(".site")) groups.push({ site: item, cards: [] });
    else groups.at(-1).cards.push(item);
  }
  for (const { cards } of groups) cards.sort(by(isCalm, gravity, nameOf));
  const isWell = ({ cards }) => !cards.some((card) => gravity(card) < GRAVITY.indexOf("live"));
  groups.sort(by(isWell, ({ site }) => site.querySelector("h2").textContent));
  return groups.flatMap(({ site, cards }) => [site, ...cards]);
}

/** Puts items in an order. All are put in again: one that stayed while others pass it would count as a shift. */
function place(list, order) {
  const before = new Map(order.map((item) => [item, item.getBoundingClientRect()]));
  list.append(...order);
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? AT_ONCE : SLIDE;
  for (const [item, was] of before) {
    const is = item.getBoundingClientRect();
    const [x, y] = [was.left - is.left, was.top - is.top];
    if (x || y) item.animate({ transform: [`translate(${x}px, ${y}px)`, "none"] }, motion);
  }
}
