import { AHEAD_S, DAY_S, HOUR_S } from "sf/basics";
import { shownText, shownWithUnit, valueText, withUnit } from "sf/format";
import { fixed, grouped } from "sf/numbers";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/**
 * The texts around a chart: marks of its axes, the instant under the crosshair, and its sentence. The same words as
 * the server's `reports/charts/cards.py`, which wrote them for the range the page was opened with.
 */
const { smallest_step: SMALLEST_STEP } = tables.axis; // that is written with decimals

export function tickText({ at, isDay, isMonth }, time) {
  if (isMonth) return time.month(at * 1000);
  return isDay ? time.day(at * 1000) : time.time(at * 1000);
}

/** A mark of the value axis with enough decimals for the step, and a short sign. */
export function axisText(value, step, unit) {
  if (step < SMALLEST_STEP || unit?.steps) return shownText(value, unit);
  const decimals = [0, 1, 2, 3].find((each) => Math.abs(step - +step.toFixed(each)) < 1e-9) ?? 4;
  return grouped(fixed(value, decimals)) + (unit?.symbol?.match(/^[°%]/) ?? "");
}

/** The instant of the point, or the silence, under the crosshair. */
export function instantText({ at, until, silence }, time, lengthS, now = null) {
  const isToday = (each) => now === null || time.date(each * 1000) === time.date(now);
  const short = (each) => (Number.isFinite(each) ? time.time(each * 1000) : "");
  if (silence) return gettext`no data ${short(silence[0])}–${short(silence[1])}`;
  const day = (each) => time.day(each * 1000);
  if (until - at > DAY_S / 2) return [...new Set([day(at), day(until - HOUR_S)])].join("–");
  return (lengthS > 1.5 * DAY_S || !isToday(at) ? `${day(at)}, ` : "") + short(at) + (until ? `–${short(until)}` : "");
}

/**
 * The chart in a sentence, for readers who do not see it: the extremes of its main quantity, or the sum of an amount.
 */
export function sentence(subject, { span: [from, to], words, now }) {
  const isAmount = subject?.look === "bars" && subject.track.combine !== "mean";
  if (isAmount && subject.v.length) {
    const total = subject.v.reduce((sum, value) => sum + value, 0);
    return total ? gettext`${shownWithUnit(total, subject.unit)} in ${words}.` : gettext`No rain in ${words}.`;
  }
  // The first bucket of a span may have begun before it.
  const bounds = isAmount ? null : subject?.track.bounds(from - subject.track.widthS / 2, to + AHEAD_S);
  if (!bounds) return gettext`No readings in ${words}.`;
  const all = subject.track.combine === "vector" ? gettext`Directions` : extremes(bounds, subject.unit);
  return now ? gettext`${all} in ${words}; now ${now}.` : gettext`${all} in ${words}.`;
}

/** The lowest value has its unit where that of the highest is not its own: 500 W and 2.3 kW. */
function extremes(bounds, unit) {
  const [low, high] = bounds.map((each) => valueText(each, unit));
  const [least, all] = bounds.map((each) => withUnit(each, unit));
  return low === high ? gettext`Always ${all}` : gettext`Between ${high === all ? least : low} and ${all}`;
}
