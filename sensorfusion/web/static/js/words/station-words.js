import { intervalText } from "sf/format";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/** What is said of a sensor that has stopped: the server's `web/values/freshness.py` and `reports/words.py`. */

/** Why a value is not fresh, empty if it is: "No data since 14:32". `since` is its instant, empty if there was none. */
export function why(state, since) {
  if (!since) return state === "paused" ? gettext`Paused` : gettext`Waiting for the first reading`;
  return state in tables.leads ? `${tables.leads[state]} ${since}` : "";
}

/** The sentence above a page that is not live, empty if it is. */
export function silence(state, since, intervalS) {
  if (state === "paused") return gettext`${why(state, since)}. New readings are refused.`;
  const expected = intervalS ? gettext` Expected every ${intervalText(intervalS)}.` : "";
  return state === "offline" ? `${why(state, since)}.${expected}` : "";
}

/** What is shown while the server does not answer: "as of 13:04". */
export function asOfWords(time) {
  return gettext`as of ${time}`;
}

/** How a number compares with yesterday's. */
export function moved(by, hue, isNothing) {
  const words = tables.more_less[hue] ?? tables.more_less[""];
  return (isNothing ? gettext`the same as` : words[by > 0 ? 0 : 1] + gettext` than`) + gettext` yesterday at this time`;
}
