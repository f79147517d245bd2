import { gettext } from "sf/translation";

/**
 * The bands of a chart, what is usual and what is allowed: how far its axis follows them, and their words. The same
 * functions as the server's `reports/charts/band_words.py`. A week is [start, end, low, high].
 */

/** Widens the extremes of what is drawn to the levels that are no further away than they are apart. */
export function reach(low, high, levels) {
  const size = high - low;
  const near = levels.filter((level) => low - size <= level && level <= high + size);
  return [Math.min(low, ...near), Math.max(high, ...near)];
}

/** Cuts weeks to a span. */
export function areas(weeks, start, end) {
  return weeks
    .map(([begin, until, low, high]) => [Math.max(begin, start), Math.min(until, end), low, high])
    .filter(([begin, until]) => begin < until);
}

/** Names years: 2021, 2023–2025. */
export function yearsWords(years) {
  const runs = [];
  for (const year of [...new Set(years)].sort((a, b) => a - b)) {
    if (runs.at(-1)?.at(-1) === year - 1) runs.at(-1).push(year);
    else runs.push([year]);
  }
  return runs.map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]}–${run.at(-1)}`)).join(", ");
}

/** Says which week of a span is told: the newest one. */
export function weekWords(isNow, isOne) {
  return isNow ? gettext`this week` : isOne ? gettext`that week` : gettext`its last week`;
}

/** Says what is usual: `amounts` are two ends with their unit. */
export function usualSentence(amounts, which) {
  return gettext`Usual for ${which}: ${amounts}.`;
}

/** The legend of the usual range, which names its years. */
export function usualKey(amounts, which, isOne, years) {
  if (isOne) return gettext`Usual for ${which}: ${amounts}, 10 to 90\u00a0% of its hours in ${years}`;
  return gettext`Usual, week by week: 10 to 90\u00a0% of the hours of the same weeks in ${years}`;
}

/** The legend of the allowed band; an end may be missing. `high` has its unit, and `low` if it is alone. */
export function allowedWords(low, high) {
  if (!low) return gettext`Allowed: up to ${high}`;
  return high ? gettext`Allowed: ${low} to ${high}` : gettext`Allowed: from ${low}`;
}
