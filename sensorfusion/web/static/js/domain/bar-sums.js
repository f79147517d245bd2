import { barStartS } from "sf/zone";

/** Tracks as bars of the site's clock and days; only charts of amounts have them (`later/bars.js`). */
/**
 * Combines a track from an instant on in bars of the site's clock and days: amounts and a counter's increases are added
 * up. `before` is a counter's value before the track.
 */
export function bars(track, { widthS, zone = "UTC", startsH = 0, weekday, from = -Infinity }) {
  const { t, value, combine, widthS: bucketS } = track;
  const found = new Map();
  const amounts = combine === "counter" ? growth(track, track.before) : value;
  t.forEach((at, i) => {
    if (at < from && at + bucketS <= from) return;
    const start = barStartS(at, widthS, zone, startsH, weekday);
    const known = found.get(start) ?? { sum: 0, count: 0 };
    found.set(start, { sum: known.sum + amounts[i], count: known.count + 1 });
  });
  const isAmount = combine === "sum" || combine === "counter";
  return { t: [...found.keys()], v: [...found.values()].map(({ sum, count }) => (isAmount ? sum : sum / count)) };
}

/**
 * A counter's increase in each bucket since the end of the previous one: as the server knows it, who knows the calendar
 * by which counters restart, else as in its `domain/counters.py`. Of the first only the increase within it is known,
 * unless the value `before` it is.
 */
export function growth({ value, low, high, increase = [] }, before = undefined) {
  return value.map((last, i) => {
    const known = before ?? low[i];
    before = last;
    if (increase[i] !== undefined) return increase[i];
    if (low[i] >= known) return last - known;
    return (high[i] > last ? Math.max(0, high[i] - known) : 0) + last;
  });
}

/** Running totals of bars. */
export function running({ t, v }) {
  let total = 0;
  return { t, v: v.map((amount) => (total += amount)) };
}
