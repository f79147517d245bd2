import { DAY_S, HOUR_S } from "sf/basics";
import { tables } from "sf/tables";
import { instantS, wallS } from "sf/zone";

/**
 * The marks of a time axis: round wall-clock times of the site, also on days of 23 or 25 hours. Instants are epoch
 * seconds.
 */
const MINUTE = 60;
const STEPS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * MINUTE)
  .concat([1, 2, 3, 6, 12].map((n) => n * HOUR_S))
  .concat([1, 2, 7].map((n) => n * DAY_S));
const MONTHS = [1, 2, 3, 6, 12];
const MONDAY = 4; // days after 1 January 1970

/** Returns about `count` marks at most in [from, to], as {at, isDay, isMonth}; weeks begin on `weekday`, 0 for Monday. */
export function ticks({ from, to, count, zone, weekday = 0 }) {
  const atLeast = (to - from) / Math.max(1, count);
  const step = STEPS.find((each) => each >= atLeast);
  return step
    ? everyStep(from, to, step, zone, +weekday)
    : everyMonth(from, to, MONTHS.find((n) => n * 30.5 * DAY_S >= atLeast) ?? 12, zone);
}

function everyStep(from, to, step, zone, weekday) {
  const found = [];
  // Days are counted from the first of a week, so that weekly marks fall on it.
  const origin = step > DAY_S ? (MONDAY + weekday) * DAY_S : 0;
  let wall = Math.ceil((wallS(from, zone) - origin) / step) * step + origin;
  for (let at; (at = instantS(wall, zone)) <= to; wall += step) {
    if (at >= from && at !== found.at(-1)?.at) found.push({ at, isDay: wall % DAY_S === 0, isMonth: false });
  }
  return found;
}

function everyMonth(from, to, months, zone) {
  const first = new Date(wallS(from, zone) * 1000);
  const found = [];
  for (let month = Math.floor(first.getUTCMonth() / months) * months; ; month += months) {
    const at = instantS(Date.UTC(first.getUTCFullYear(), month, 1) / 1000, zone);
    if (at > to) return found;
    if (at >= from) found.push({ at, isDay: true, isMonth: true });
  }
}

/**
 * Returns round numbers from at or below `low` to at or above `high`; as the server's
 * `reports/geometry.py`.
 */
export function valueTicks(low, high) {
  const rough = (high - low) / tables.axis.marks || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10, 20].find((factor) => factor * power >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => +((first + i) * step).toPrecision(12));
}
