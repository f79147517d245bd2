import { tables } from "sf/tables";

/** The states of sensors in words, as in the server's `reports/overview.py`. */
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** "3 sensors at 1 site, all reporting", from the states of all. */
export function summary(states, sites) {
  const start = `${plural(states.length, "sensor")} at ${plural(sites, "site")}`;
  const others = Object.entries(tables.counted)
    .map(([state, words]) => [states.filter((each) => each === state).length, words])
    .filter(([count]) => count)
    .map((each) => each.join(" "));
  if (!others.length) return `${start}, ${states.length === 1 ? "reporting" : "all reporting"}`;
  return `${start}, ${[others.slice(0, -1).join(", "), others.at(-1)].filter(Boolean).join(" and ")}`;
}
