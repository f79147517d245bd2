import { intervalText } from "sf/format";
import { tables } from "sf/tables";

/** What is said of a sensor that has stopped, and of its main number, as in the server's `reports/words.py`. */

/** The sentence above a page that is not live, empty if it is; `since` is when the last reading was, in words. */
export function silence(state, since, intervalS) {
  if (state === "paused") return `This sensor is paused: its readings are refused. The last one is of ${since}.`;
  const expected = intervalS ? ` Expected every ${intervalText(intervalS)}.` : "";
  return state === "offline" ? `${tables.leads[state]} ${since}.${expected}` : "";
}

/** Since when the main number is old, empty if it is not: "No data since 14:32, 3 h ago". */
export function stale(state, since, age) {
  return state !== "late" && state in tables.leads ? `${tables.leads[state]} ${since}, ${age}` : "";
}

/** How a number compares with yesterday's. */
export function moved(by, hue, isNothing) {
  const words = tables.more_less[hue] ?? tables.more_less[""];
  return (isNothing ? "the same as" : words[by > 0 ? 0 : 1] + " than") + " yesterday at this time";
}
