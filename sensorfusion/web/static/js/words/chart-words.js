import { shownText, shownWithUnit, valueText, withUnit } from "sf/format";
import { fixed } from "sf/numbers";
import { tables } from "sf/tables";

/**
 * The texts around a chart: marks of its axes, the instant under the crosshair, its sentence and its table. The same
 * words as the server's `reports/charts/cards.py`, which wrote them for the range the page was opened with.
 */
const DAY_S = 86_400;
const { smallest_step: SMALLEST_STEP } = tables.axis; // that is written with decimals
const AHEAD_S = 300; // a current reading may be some minutes ahead of this page's clock

export function tickText({ at, isDay, isMonth }, time) {
  if (isMonth) return time.month(at * 1000);
  return isDay ? time.day(at * 1000) : time.time(at * 1000);
}

/** A mark of the value axis with enough decimals for the step, and a short sign. */
export function axisText(value, step, unit) {
  if (step < SMALLEST_STEP) return shownText(value, unit);
  const decimals = [0, 1, 2, 3].find((each) => Math.abs(step - +step.toFixed(each)) < 1e-9) ?? 4;
  const symbol = unit?.symbol ?? "";
  return fixed(value, decimals) + (symbol.startsWith("°") ? "°" : symbol === "%" ? "%" : "");
}

/** The instant of the point, or the silence, under the crosshair. */
export function instantText({ at, until, silence }, time, lengthS, now = null) {
  const isToday = (each) => now === null || time.date(each * 1000) === time.date(now);
  const short = (each) => (Number.isFinite(each) ? time.time(each * 1000) : "");
  if (silence) return `no data ${short(silence[0])}–${short(silence[1])}`;
  const day = (each) => time.day(each * 1000);
  if (until - at > DAY_S / 2) return [...new Set([day(at), day(until - 3_600)])].join("–");
  return (lengthS > 1.5 * DAY_S || !isToday(at) ? `${day(at)}, ` : "") + short(at) + (until ? `–${short(until)}` : "");
}

/**
 * The chart in a sentence, for readers who do not see it: the extremes of its main quantity, or the sum of an amount.
 */
export function sentence(subject, { span: [from, to], words, now }) {
  const isAmount = subject?.look === "bars" && subject.track.combine !== "mean";
  if (isAmount && subject.v.length) {
    const total = subject.v.reduce((sum, value) => sum + value, 0);
    return total ? `${shownWithUnit(total, subject.unit)} in ${words}.` : `No rain in ${words}.`;
  }
  // The first bucket of a span may have begun before it.
  const bounds = isAmount ? null : subject?.track.bounds(from - subject.track.widthS / 2, to + AHEAD_S);
  if (!bounds) return `No readings in ${words}.`;
  const all = subject.track.combine === "vector" ? "Directions" : extremes(bounds, subject.unit);
  return now ? `${all} in ${words}; now ${now}.` : `${all} in ${words}.`;
}

function extremes([least, greatest], unit) {
  const [low, high] = [valueText(least, unit), valueText(greatest, unit)];
  return low === high ? `Always ${withUnit(greatest, unit)}` : `Between ${low} and ${withUnit(greatest, unit)}`;
}

/**
 * The rows of the chart's table, newest first, up to a limit: the numbers of all lines at an instant of any of them.
 */
export function rows(items, quantities, { span: [from, to], time, now }) {
  const columns = quantities.map((name) =>
    items.find((each) => each.quantity === name && each.isRead && !["faint", "total"].includes(each.look)),
  );
  const read = columns.filter(Boolean);
  const subject = read[0];
  // The first bucket of a span may have begun before it.
  const first = subject?.look === "bars" ? -Infinity : from - (subject?.track.widthS ?? 0) / 2;
  const isInside = (at) => at >= first && at <= to + AHEAD_S;
  const instants = [...new Set(read.flatMap(({ t }) => t))].filter(isInside).sort((a, b) => b - a);
  const every = Math.ceil(instants.length / tables.rows_most);
  const picked = instants.filter((at, i) => i % every === 0);
  return picked.map((at) => [
    rowText(at - (subject.look === "bars" ? 0 : subject.track.offsetS), subject, { time, now }),
    ...read.map((each) => each.numberAt(at)),
  ]);
}

/** When a row begins: a day has no time. */
function rowText(at, subject, { time, now }) {
  return rowWidthS(subject) >= DAY_S ? time.date(at * 1000) : time.since(at * 1000, now);
}

/** What the first column of the table holds. */
export function rowHead(subject) {
  const bar = Object.values(tables.ranges).find(({ bar_s: barS }) => barS === subject?.widthS);
  if (subject?.look === "bars" && bar) return bar.bar_head;
  return rowWidthS(subject) >= DAY_S ? "Day" : "Time";
}

const rowWidthS = (subject) => subject?.widthS ?? subject?.track.widthS ?? 0;
