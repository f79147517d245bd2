import { bars, running } from "sf/bar-sums";
import { DAY_S } from "sf/basics";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/** The contents of a chart of bars, imported when the first one is drawn. */
const DAYS_UP_TO_S = 92 * DAY_S; // chosen spans up to this have bars of days, unlike the year

/** The bars of a chart's first quantity, and their running total; `shared` are functions of `drawing/scene.js`. */
export function barItems({ quantities }, source, [from, to], day, shared) {
  const { inUnit, item, numberAt, withUnit } = shared;
  return quantities
    .filter((name) => source.track(name))
    .slice(0, 1)
    .flatMap((name) => {
      const track = source.track(name);
      const widthS = barWidthS(to - from);
      const sums = bars(track, { widthS, from, ...day });
      const unit = source.unit(name);
      const text = (value) => withUnit(value, unit);
      const bar = {
        ...item(name, source, "bars"),
        widthS,
        t: sums.t,
        v: sums.v.map((value) => inUnit(value, unit)),
        isSubject: true,
      };
      bar.find = (at) => findBar(sums, at, widthS, text);
      bar.numberAt = (at) => numberAt(sums.t, sums.v, at, unit);
      const amounts = running(sums);
      const total = {
        ...bar,
        look: "total",
        label: gettext`Total`,
        isSubject: false,
        t: amounts.t,
        v: amounts.v.map((value) => inUnit(value, unit)),
      };
      total.find = (at) => findBar(amounts, at, widthS, text);
      total.end = text(amounts.v.at(-1) ?? 0); // its height has no scale of its own
      return track.combine === "mean" ? [bar] : [total, bar];
    });
}

/** The width of bars in a span: that of the shortest range that contains it. */
function barWidthS(spanS) {
  const ranges = Object.values(tables.ranges);
  const found = ranges.find(({ length_s: lengthS }) => spanS <= lengthS) ?? ranges.at(-1);
  return spanS <= DAYS_UP_TO_S ? Math.min(found.bar_s, DAY_S) : found.bar_s;
}

function findBar({ t, v }, at, widthS, text) {
  const i = t.findLastIndex((start) => start <= at);
  if (i < 0 || at >= t[i] + widthS) return { silence: [t[i] + widthS || -Infinity, t[i + 1] ?? Infinity] };
  return { at: t[i], until: t[i] + widthS, text: text(v[i]) };
}
